// A folder that appears whole or not at all.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace noisetrap {

/// Writes a whole file and brings it to the disk. Throws InputError that names it as `shown`.
void write_synced(const std::filesystem::path& file, const std::string& shown, const std::string& text);

/// The same, in one step: the file is at any moment the one before or the one after. A version that was cut off is called
/// ".NAME.partial".
void replace_synced(const std::filesystem::path& file, const std::string& shown, const std::string& text);

/// Writes a file that is not there yet: another one is left alone and refused.
void write_new_file(const std::string& file, const std::string& text);

/// What becomes of results that are at the target already: refused, refused with a word about --fresh, or
/// replaced in one step at the end. Anything that noisetrap did not write is always refused.
enum class Earlier { refused, refused_with_hint, replaced };

/// Files are written into a hidden folder: beside `target`, which commit() then makes in one step, or, where
/// `target` is an empty folder already, inside it, and commit() moves them up. Without commit() all of it
/// vanishes, parent folders that were made for it included; what a process that was killed has left is removed by the
/// next one. Throws InputError where the target is not empty
/// or cannot be written, unless these are earlier results that may be replaced.
class OutputFolder {
    std::filesystem::path target_, partial_;
    std::vector<std::filesystem::path> made_parents_;  // outermost first
    bool existed_ = false, replaces_ = false;
    int lock_ = -1;  // of the hidden folder: one that nobody has locked is abandoned

  public:
    explicit OutputFolder(const std::string& target, Earlier = Earlier::refused);
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
    void refuse_what_is_there(const std::string& target, Earlier);
    void replace_target();
};

/// The folder of --out, whose earlier results --fresh replaces; none where `target` is empty.
std::unique_ptr<OutputFolder> asked_folder(const std::string& target, bool fresh);

}  // namespace noisetrap
