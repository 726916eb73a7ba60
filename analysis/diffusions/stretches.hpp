// Where on the line a diffusion is noisy: paths do not pass from one such stretch to another against the drift.
#pragma once

#include <functional>
#include <vector>

#include "analysis/diffusions/fokker_planck.hpp"

namespace noisetrap {

/// An open interval on which the variance is positive and the drift finite. Ends may be infinite; at a finite one the
/// noise vanishes, or a formula ends.
struct Stretch {
    double low, high;
    bool contains(double x) const { return low < x && x < high; }
};

/// The stretches of dx = drift dt + sum of amplitudes dW_i in rising order, cut where all amplitudes vanish together: at
/// roots of the first (roots_on_the_line), where its sign does not change at 0 and at places of a grid alone.
std::vector<Stretch> noisy_stretches(const Diffusion& diffusion,
                                     const std::vector<std::function<double(double)>>& amplitudes);

}  // namespace noisetrap
