// Optimisers beside a saddle: how many steps and gradients each takes until it has left, and what it keeps.
#pragma once

#include <string>
#include <vector>

#include "engine/stop.hpp"
#include "models/landscapes/landscape.hpp"

namespace noisetrap {

/// An optimiser on its way from `start` to `far` along the way out.
struct WayOut {
    std::string name, settings;
    double memory = 0;           // numbers that it keeps, those of the point among them
    double cost_per_step = 0;    // gradients of single samples; a Hessian-vector product counts as two
    double steps = 0, cost = 0;  // until it has left; the cost in gradients of single samples
    /// Within the budget; of noise, whether its growth rate is positive beyond four errors, at l below twice the
    /// inverse of the largest positive eigenvalue.
    bool leaves = false;
    bool measured = false;  // else predicted from a growth rate
};

/// Where optimisers start: in a random direction, `start` away from a critical point. They have left where they are
/// `far` away in the space of the steepest ways out, of which `ways_out` is an orthonormal basis, vector after vector.
struct StartingLine {
    Point saddle;
    std::vector<double> ways_out;
    double a = 0, curvature = 0;  // the loss falls with curvature -a along them; |H|
    double start = 0, far = 0;
    double samples = 1;  // gradients of single samples that one of the loss takes
    StopToken stop = {};
};

/// Each with the gradient of the loss itself. Throws Interrupted.
std::vector<WayOut> race(const Landscape&, const StartingLine&);

/// Those that leave come first.
void sort_by_cost(std::vector<WayOut>&);

/// Of the first of the ways. `gradients`: what is counted, in words.
std::string cheapest_sentence(const std::vector<WayOut>&, const char* gradients);
std::string curvature_sentence(double a, double curvature);

}  // namespace noisetrap
