// A request to stop, set by signal handlers and looked at by whatever takes long.
#pragma once

#include <atomic>

namespace noisetrap {

inline std::atomic<bool> stop_requested = false;

}  // namespace noisetrap
