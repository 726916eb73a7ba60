// The members of a zip file, as NumPy's savez and savez_compressed write them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace noisetrap {

/// Names and contents, in the order of the file's directory. Throws InputError, with `shown` as the file's name, where
/// that is damaged, or where a member is packed by another method than deflate.
std::vector<std::pair<std::string, std::string>> zip_members(const std::string& bytes,
                                                             const std::string& shown);

}  // namespace noisetrap
