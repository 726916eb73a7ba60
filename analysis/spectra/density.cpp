#include "analysis/spectra/density.hpp"

#include <cmath>
#include <numbers>

#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

Estimate mean_of(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    double mean = 0, square = 0;
    for (const double v : values) mean += v / n;
    for (const double v : values) square += (v - mean) * (v - mean);
    return {mean, std::sqrt(square / (n - 1) / n)};
}

}  // namespace

Estimate SpectralQuadrature::trace() const { return mean_of(traces); }

Estimate SpectralQuadrature::share_below(double x) const {
    std::vector<double> shares;
    for (const auto& probe : probes) {
        double share = 0;
        for (std::size_t j = 0; j < probe.values.size(); ++j)
            if (probe.values[j] < x) share += probe.weights[j];
        shares.push_back(share);
    }
    return mean_of(shares);
}

double SpectralQuadrature::density(double x, double width) const {
    double sum = 0;
    for (const auto& probe : probes)
        for (std::size_t j = 0; j < probe.values.size(); ++j) {
            const double z = (x - probe.values[j]) / width;
            sum += probe.weights[j] * noisetrap::exp(-z * z / 2);
        }
    return sum / (static_cast<double>(probes.size()) * width * std::sqrt(2 * std::numbers::pi));
}

SpectralQuadrature spectral_quadrature(const Product& product, std::size_t size, std::uint64_t probes,
                                       std::size_t steps, std::uint64_t seed) {
    SpectralQuadrature quadrature{size, {}, {}};
    std::vector<double> signs(size);
    for (std::uint64_t k = 0; k < probes; ++k) {
        for (std::size_t i = 0; i < size; ++i)
            signs[i] = variate_of<double>(seed, Stream::user_defined, k, i, Law::two_point);
        const auto krylov = lanczos(product, signs, steps);
        quadrature.probes.push_back(ritz_values(krylov));
        quadrature.traces.push_back(static_cast<double>(size) * krylov.diagonal.front());
    }
    return quadrature;
}

}  // namespace noisetrap
