// Fingerprints of texts: the names of kernels in the cache, and what tells a damaged one.
#pragma once

#include <string>
#include <string_view>

namespace noisetrap {

/// 32 hexadecimal digits (XXH3, 128 bits).
std::string fingerprint(std::string_view text);

}  // namespace noisetrap
