// A folder that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace noisetrap {

/// Files are written into a hidden folder beside `target`; commit() moves it into place in one step; without
/// commit it vanishes. Throws InputError where the target is not empty or cannot be written.
class OutputFolder {
    std::filesystem::path target_, partial_;

  public:
    explicit OutputFolder(const std::string& target);
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    const std::filesystem::path& path() const { return partial_; }
    void write(const std::string& name, const std::string& text) const;
    /// Throws InputError unless that many bytes are free on the disk.
    void require_space(std::uintmax_t bytes) const;
    void commit();
};

}  // namespace noisetrap
