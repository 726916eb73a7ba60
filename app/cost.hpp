// What a run will cost, told before it: --dry-run.
#pragma once

#include <string>
#include <vector>

#include "engine/input/sweep.hpp"

namespace noisetrap {

/// Path-steps, time, memory, and kernels that are not there yet, as lines of text. Parts of these runs are stepped for
/// a moment, to see how fast that is here; nothing is compiled or written.
std::string cost_text(const std::vector<Simulation>&);
std::string cost_text(const Sweep&);

}  // namespace noisetrap
