// What Ctrl-C asks of whatever the program is doing.
#pragma once

#include "engine/runs/simulation.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

inline StopSource interrupt;

/// Run settings that heed it.
inline RunSettings interruptible() {
    RunSettings run;
    run.stop = interrupt.token();
    return run;
}

}  // namespace noisetrap
