#pragma once

#include <string>

#include "engine/run.hpp"

namespace noisetrap {

/// 40 s, 3 min 05 s, 2 h 07 min
std::string duration(double seconds);
/// Percent, time left and speed on standard error; nothing at all unless that is a terminal.
Progress terminal_progress(const char* what);
/// Clears the line that terminal_progress has written.
void end_progress();

}  // namespace noisetrap
