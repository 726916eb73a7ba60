// What is asked of a saddle of a landscape, and how the samples that its loss is the mean of differ there.
#pragma once

#include <string>
#include <vector>

#include "models/landscapes/landscape.hpp"

namespace noisetrap {

class ConfigReader;

/// Samples differ along eigenvectors of the Hessian, each of which is then a problem in one dimension. Numbers are by
/// eigenvector, from the lowest on, and 0 where they end.
struct AdviceSettings {
    Point at;                        // empty: the saddle that most searches end at
    std::string name;                // of the point, where it has one
    std::vector<double> sigma, tau;  // standard deviations of a sample's curvature, and of its gradient
    double samples = 1;              // that the loss is the mean of
    std::vector<double> learning_rates;
    std::vector<int> batches;
    double start = 0, far = 0;  // distances between which optimisers run
    double tolerance = 0;       // as of search

    bool noisy() const { return !sigma.empty() || !tau.empty(); }
};

/// The table [noise], and of [advise] what is about noise.
void read_noise(ConfigReader&, AdviceSettings&, std::size_t parameters);
/// The distances and the tolerance.
void read_distances(ConfigReader&, AdviceSettings&);

}  // namespace noisetrap
