// A sweep that a laboratory has run.
#pragma once

#include "analysis/sweeps/sweep_findings.hpp"

namespace noisetrap {

struct SweptPoints {
    Sweep sweep;
    SweepState state;
    SweepFindings found;
};

}  // namespace noisetrap
