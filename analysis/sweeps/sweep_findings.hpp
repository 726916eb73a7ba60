// What a sweep found, beside what theory says at the same points.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/sweeps/sweeping.hpp"

namespace noisetrap {

struct TheoryField {
    std::string name;           // "SDE", "exact", ...
    std::vector<double> value;  // as the grid; not a number where there is none
};

/// The crossings of one direction in one panel, across the first axis.
struct BoundaryCurve {
    std::size_t panel;
    bool rising;
    std::vector<double> x;  // empty where there is one axis alone
    std::vector<double> y, standard_error, low, high;
    std::vector<double> theory;  // beside each y; not a number where there is none
};

struct SweepFindings {
    std::vector<std::vector<TheoryField>> theory;  // of each observable
    std::vector<Phase> phases, exact_phases;       // as the grid; empty where not asked for, or not known
    std::size_t undecided = 0;                     // points
    std::size_t disagree = 0;                      // decided points whose exact phase is another
    std::uint64_t failed = 0;                      // paths
    std::optional<Boundary> boundary;
    std::vector<BoundaryCurve> curves;
    std::string boundary_theory;  // name of the theory beside the curves, or empty
};

/// Theory of the process as it is run, rather than of its limit, where it is known; else null.
const TheoryField* closest(const std::vector<TheoryField>&);

SweepFindings findings_of(const Sweep&, const SweepState&, std::optional<Boundary>);

}  // namespace noisetrap
