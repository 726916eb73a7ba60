// A critical point of a landscape with noise on the eigenvectors of its Hessian, measured as a network at a saddle is.
#pragma once

#include "analysis/critical/landscape_file.hpp"
#include "analysis/networks/measurement.hpp"

namespace noisetrap {

struct LandscapeMeasurement {
    Measurement measured;
    std::string point;        // "the point {1,3}", as sentences name it
    std::size_t index = 1;    // of the Hessian
    bool index_known = true;  // else there are at least so many
    std::size_t noisy = 0;    // eigenvectors along which samples differ
};

/// The growth rate of the whole point at this learning rate: that of the fastest way out, E log|1 + l(a + sigma Z/sqrt b)|
/// of one axis, since noise that is diagonal in the eigenvectors leaves every axis to itself; or infinity where noise
/// throws paths across an axis along which the loss rises.
double growth_of_axes(const Measurement&, const AdviceSettings&, double learning_rate, int batch);

/// At advice.at, or at the saddle that most searches end at. Throws SettingError where the point is not critical, or
/// where nothing leads down from it; InputError where no search ends at a saddle; Interrupted.
LandscapeMeasurement measure(const LandscapeFile&, StopToken = {});

}  // namespace noisetrap
