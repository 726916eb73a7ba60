#include "analysis/spectra/density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

/// Their products share what depends on the point alone, and their bases are in memory together.
constexpr std::uint64_t most_probes_together = 4;
/// Longer bases are made one after the other.
constexpr std::size_t most_together = 1 << 20;

Estimate mean_of(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    double mean = 0, square = 0;
    for (const double v : values) mean += v / n;
    for (const double v : values) square += (v - mean) * (v - mean);
    return {mean, std::sqrt(square / (n - 1) / n)};
}

/// Those that variate_of gives, four at a time.
void draw_signs(std::vector<double>& signs, std::uint64_t seed, std::uint64_t probe) {
    using Block = VariateBlock<double, 1>;
    Block block(seed, Stream::user_defined);
    block.set(0, probe);
    for (std::size_t first = 0; first < signs.size(); first += group_steps) {
        Block::Words words;
        double z[group_steps][1];
        block.begin(first / group_steps, 0, 1, Law::two_point, true);
        block.draw(0, Law::two_point, words);
        Block::transform(words, Law::two_point, z);
        for (std::size_t k = 0; k < group_steps && first + k < signs.size(); ++k) signs[first + k] = z[k][0];
    }
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
    const Products one_by_one = [&](std::span<const double> vectors, std::span<double> products) {
        for (std::size_t first = 0; first < vectors.size(); first += size)
            product(vectors.subspan(first, size), products.subspan(first, size));
    };
    return spectral_quadrature_together(one_by_one, size, probes, steps, seed);
}

SpectralQuadrature spectral_quadrature_together(const Products& products, std::size_t size,
                                                std::uint64_t probes, std::size_t steps, std::uint64_t seed) {
    SpectralQuadrature quadrature{size, {}, {}};
    const std::uint64_t together = size * steps <= most_together ? most_probes_together : 1;
    for (std::uint64_t first = 0; first < probes; first += together) {
        std::vector<std::vector<double>> signs(std::min(together, probes - first), std::vector<double>(size));
        for (std::size_t k = 0; k < signs.size(); ++k) draw_signs(signs[k], seed, first + k);
        for (const auto& krylov : lanczos_of_each(products, signs, steps)) {
            quadrature.probes.push_back(ritz_values(krylov));
            quadrature.traces.push_back(static_cast<double>(size) * krylov.diagonal.front());
        }
    }
    return quadrature;
}

}  // namespace noisetrap
