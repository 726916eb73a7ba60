#include "app/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

namespace noisetrap {

std::string duration(double seconds) {
    if (!(seconds < 1e9)) return "many years";
    const auto s = static_cast<long>(seconds + 0.5);
    if (s < 60) return fmt::format("{} s", s);
    if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
    if (s < 100 * 3600) return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
    return fmt::format("{} days", s / 86400);
}

void announce_if_long(const char* what, double seconds, const char* stopping) {
    constexpr double long_run = 10;
    if (seconds > long_run)
        std::fputs(fmt::format("\r\033[K{}: some {} to go; {}\n", what, duration(seconds), stopping).c_str(),
                   stderr);
}

Progress terminal_progress(const char* what) {
    if (!isatty(STDERR_FILENO)) return {};
    return [what, announced = false](std::uint64_t done, std::uint64_t total, double seconds) mutable {
        if (done == 0 || seconds <= 0) {
            std::fputs(fmt::format("\r\033[K{}: under way for {}", what, duration(seconds)).c_str(), stderr);
            return;
        }
        const double part = static_cast<double>(done) / static_cast<double>(total);
        if (seconds > first_guess && !std::exchange(announced, true))
            announce_if_long(what, seconds * (1 - part) / part, "Ctrl-C stops");
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
