// A folder that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace noisetrap {

/// Writes a whole file and brings it to the disk. Throws InputError that names it as `shown`.
void write_synced(const std::filesystem::path& file, const std::string& shown, const std::string& text);

/// Files are written into a hidden folder: beside `target`, which commit() then makes in one step, or, where
/// `target` is an empty folder already, inside it, and commit() moves them up. Without commit() all of it
/// vanishes, parent folders that were made for it included. Throws InputError where the target is not empty
/// or cannot be written.
class OutputFolder {
    std::filesystem::path target_, partial_;
    std::vector<std::filesystem::path> made_parents_;  // outermost first
    bool existed_ = false;

  public:
    explicit OutputFolder(const std::string& target);
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    const std::filesystem::path& path() const { return partial_; }
    /// Where a file will be, for messages.
    std::string shown(const std::string& name) const { return (target_ / name).string(); }
    void write(const std::string& name, const std::string& text) const;
    /// Throws InputError unless that many bytes are free on the disk.
    void require_space(std::uintmax_t bytes) const;
    void commit();

  private:
    void make_parents();
};

}  // namespace noisetrap
