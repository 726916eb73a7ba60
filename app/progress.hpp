#pragma once

#include <string>

#include "engine/runs/run.hpp"

namespace noisetrap {

/// 40 s, 3 min 05 s, 2 h 07 min, 12 days
std::string duration(double seconds);
/// So many seconds of work say how long the rest will take.
inline constexpr double first_guess = 0.15;
/// A line of its own on standard error where so many seconds are many, with what stops the run.
void announce_if_long(const char* what, double seconds, const char* stopping);
/// First a line where the run is long, then percent, time left and speed on standard error; nothing at all
/// unless that is a terminal.
Progress terminal_progress(const char* what);
/// Clears the line that terminal_progress has written.
void end_progress();

}  // namespace noisetrap
