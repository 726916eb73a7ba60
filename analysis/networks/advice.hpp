// Which optimiser leaves a saddle of a network most cheaply: measured, and said in sentences.
#pragma once

#include "analysis/networks/measurement.hpp"

namespace noisetrap {

/// An optimiser on its way from measure.start to measure.far along the way out.
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

struct Advice {
    Measurement measurement;
    double curvature = 0;                // |H|, the largest size of an eigenvalue
    std::vector<WayOut> ways;            // cheapest first; those that do not leave are last
    std::vector<std::string> sentences;  // the first one names the optimiser
};

/// Stochastic gradient descent by its growth rates; the others by running them with the gradient of all samples, from a
/// point that lies measure.start away in a random direction.
Advice advise(const NetworkConfig&);

}  // namespace noisetrap
