// Fingerprints of texts: the names of kernels in the cache, and what tells a damaged one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace noisetrap {

/// 32 hexadecimal digits (XXH3, 128 bits).
std::string fingerprint(std::string_view text);

/// The fingerprint of a header and of the headers beside it that it includes.
std::string header_fingerprint(const std::filesystem::path& header);

/// A header of the user's, and its fingerprint when it was looked at; empty where there is none.
struct UserHeader {
    std::string path, mark;
};

}  // namespace noisetrap
