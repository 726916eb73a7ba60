#include "app/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace noisetrap {

std::string duration(double seconds) {
    const auto s = static_cast<long>(seconds + 0.5);
    if (s < 60) return fmt::format("{} s", s);
    if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
    return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

Progress terminal_progress(const char* what) {
    if (!isatty(STDERR_FILENO)) return {};
    return [what](std::uint64_t done, std::uint64_t total, double seconds) {
        if (done == 0 || seconds <= 0) return;
        const double part = static_cast<double>(done) / static_cast<double>(total);
        const double speed = static_cast<double>(done) / seconds;
        std::fputs(fmt::format("\r\033[K{}: {:.0f} %, {} left, {:.2e} path-steps/s", what, 100 * part,
                               duration(seconds * (1 - part) / part), speed)
                       .c_str(),
                   stderr);
    };
}

void end_progress() {
    if (isatty(STDERR_FILENO)) std::fputs("\r\033[K", stderr);
}

}  // namespace noisetrap
