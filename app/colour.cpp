#include "app/colour.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace noisetrap {

static bool has_colour(std::FILE* stream) {
    const char *none = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
    if (none && *none) return false;
    return isatty(fileno(stream)) && terminal && std::strcmp(terminal, "dumb") != 0;
}

std::string shown(std::FILE* stream, Look look, const std::string& text) {
    if (!has_colour(stream)) return text;
    constexpr const char* codes[] = {"\033[1m", "\033[31m", "\033[33m"};  // in the order of Look
    return codes[static_cast<int>(look)] + text + "\033[0m";
}

}  // namespace noisetrap
