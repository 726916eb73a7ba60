#pragma once

#include "engine/run.hpp"

namespace noisetrap {

/// Percent, time left and speed on standard error; nothing at all unless that is a terminal.
Progress terminal_progress(const char* what);
/// Clears the line that terminal_progress has written.
void end_progress();

}  // namespace noisetrap
