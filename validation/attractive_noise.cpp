// Attractive noise alone: x <- (1 +- sigma) x with equal odds. E x[n] = x[0] for ever, and yet x[n] -> 0.
#include <fmt/core.h>

#include <cmath>

#include "analysis/growth/binomial_law.hpp"
#include "validation/exact.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {
namespace {

constexpr double sigma = 0.1;
constexpr std::uint64_t paths = 1 << 20;
const std::vector<int> panels = {10, 20, 100, 1000};

/// Edges halfway, in log |x|, between neighbouring atoms.
std::vector<double> edges_between(const std::vector<BinomialAtom>& atoms) {
    std::vector<double> edges;
    for (std::size_t k = 0; k + 1 < atoms.size(); ++k)
        edges.push_back(std::exp((atoms[k].log_ratio + atoms[k + 1].log_ratio) / 2));
    return edges;
}

Estimate frequency_inside(const std::vector<BinomialAtom>& atoms, const EdgeCounts& counts) {
    std::uint64_t inside = 0;
    for (std::size_t k = 0; k < atoms.size(); ++k)
        if (atoms[k].log_ratio < 0) inside += counts.counts[k];
    return proportion(inside, counts.total());
}

/// Pearson's chi-square over the atoms that expect 10 paths or more; its mean and standard deviation under
/// the law.
Claim chi_square(int n, const std::vector<BinomialAtom>& atoms, const EdgeCounts& counts) {
    double chi_square = 0, rest = 0;
    std::uint64_t in_rest = 0;
    int cells = 0;
    const auto add = [&](double expected, double seen) {
        chi_square += (seen - expected) * (seen - expected) / expected;
        ++cells;
    };
    for (std::size_t k = 0; k < atoms.size(); ++k) {
        const double expected = atoms[k].probability * static_cast<double>(paths);
        if (expected >= 10) {
            add(expected, static_cast<double>(counts.counts[k]));
        } else {
            rest += expected;
            in_rest += counts.counts[k];
        }
    }
    if (rest >= 10) add(rest, static_cast<double>(in_rest));
    const double freedom = cells - 1;
    return {"attractive noise",
            "whole law of x[n]: chi-square, its mean and s.d.",
            fmt::format("two-point, sigma = {}, n = {}", sigma, n),
            {chi_square, std::sqrt(2 * freedom)},
            freedom};
}

nlohmann::ordered_json panel(int n, const std::vector<BinomialAtom>& atoms, const EdgeCounts& counts) {
    nlohmann::ordered_json json = {
        {"n", n}, {"odds_inside", odds_inside(n, sigma)}, {"atoms", nlohmann::json::array()}};
    for (std::size_t k = 0; k < atoms.size(); ++k) {
        const auto frequency = proportion(counts.counts[k], counts.total());
        json["atoms"].push_back({{"log_ratio", atoms[k].log_ratio},
                                 {"probability", atoms[k].probability},
                                 {"frequency", frequency.value},
                                 {"standard_error", frequency.standard_error}});
    }
    return json;
}

}  // namespace

Experiment attractive_noise(Laboratory& laboratory) {
    const std::vector<int> steps = {2, 4, 10, 20, 100, 1000};
    auto simulation =
        recursion({{"a", 0.0}, {"sigma", sigma}, {"tau", 0.0}, {"law", "two-point"}}, 1.0, 1000, paths);
    simulation.observe.growth = true;
    for (int n : steps) {
        simulation.observe.steps.push_back(static_cast<std::uint64_t>(n));
        simulation.observe.bin_edges.push_back(edges_between(binomial_law(n, sigma)));
    }
    const auto summary = laboratory.run(simulation).front();

    Experiment e{"attractive", {{"sigma", sigma}, {"paths", paths}, {"panels", nlohmann::json::array()}}, {}};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const int n = steps[i];
        const auto atoms = binomial_law(n, sigma);
        const auto& counts = summary.times[i].value.bins[i];
        e.claims.push_back({"attractive noise", "P(|x[n]| < |x[0]|), exact binomial law",
                            fmt::format("two-point, sigma = {}, n = {}", sigma, n),
                            frequency_inside(atoms, counts), odds_inside(n, sigma)});
        if (n >= 10) e.claims.push_back(chi_square(n, atoms, counts));
        if (n >= 10) e.data["panels"].push_back(panel(n, atoms, counts));
    }
    e.claims.push_back({"attractive noise", "E x[n] = x[0], though x[n] -> 0",
                        fmt::format("two-point, sigma = {}, n = 20", sigma),
                        summary.times[3].value.moments.mean_estimate(), 1.0});
    const auto growth = summary.log_growth.moments.mean_estimate();
    e.claims.push_back({"attractive noise",
                        "growth rate, log(1 - sigma^2)/2 per step",
                        fmt::format("two-point, sigma = {}", sigma),
                        {growth.value / 1000, growth.standard_error / 1000},
                        exact(Quantity::growth, Of::scheme, {simulation})});
    return e;
}

}  // namespace noisetrap
