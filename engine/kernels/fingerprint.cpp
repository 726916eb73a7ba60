#include "engine/kernels/fingerprint.hpp"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include "engine/kernels/headers.hpp"

namespace noisetrap {

std::string fingerprint(std::string_view text) {
    const auto hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

const std::string& shipped_headers_fingerprint() {
    static const std::string of_all = [] {
        std::string text;
        for (const auto& header : shipped_headers())
            text += fmt::format("{}\n{}\n", header.path, header.text);
        return fingerprint(text);
    }();
    return of_all;
}

}  // namespace noisetrap
