#include "engine/kernels/fingerprint.hpp"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <regex>
#include <set>

#include "engine/kernels/cache.hpp"
#include "engine/kernels/headers.hpp"

namespace noisetrap {
namespace fs = std::filesystem;

std::string fingerprint(std::string_view text) {
    const auto hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

/// The text of a header and of all headers that it includes from beside it.
static void collect_text(const fs::path& header, std::set<fs::path>& seen, std::string& text) {
    if (!seen.insert(header).second) return;
    const auto own = text_of(header);
    text += own + "\n";
    static const std::regex include("#\\s*include\\s*\"([^\"]+)\"");
    for (std::sregex_iterator match(own.begin(), own.end(), include), end; match != end; ++match)
        if (const auto inner = header.parent_path() / (*match)[1].str(); fs::exists(inner))
            collect_text(fs::weakly_canonical(inner), seen, text);
}

std::string header_fingerprint(const fs::path& header) {
    std::set<fs::path> seen;
    std::string text;
    collect_text(header, seen, text);
    return fingerprint(text);
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
