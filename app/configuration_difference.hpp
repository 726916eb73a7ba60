// Where two configurations differ.
#pragma once

#include <string>

namespace noisetrap {

/// The first key whose value differs, in words, of two resolved configurations as TOML; empty where none does. The words
/// of a page do not count.
std::string difference_of(const std::string& before, const std::string& now);

}  // namespace noisetrap
