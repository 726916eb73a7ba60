// The headers that kernel units include. The program carries their text, so that a kernel is always compiled from
// the very headers that the program itself was built from.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace noisetrap {

struct ShippedHeader {
    std::string_view path, text;  // path as in #include
};
/// Generated when the program is built (cmake/Headers.cmake).
std::span<const ShippedHeader> shipped_headers();
/// A fingerprint of all of them.
const std::string& shipped_headers_fingerprint();

}  // namespace noisetrap
