// Claims about a remedy that changes the noise: larger batches, of samples drawn with replacement and
// without.
#include <fmt/core.h>

#include <cmath>

#include "analysis/growth/remedies.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/remedy_answers.hpp"

namespace noisetrap {
namespace {

struct DataSet {
    std::uint32_t samples;
    double a, sigma;

    Simulation drawing(Drawing how, const std::vector<std::uint32_t>& batches, std::uint64_t steps,
                       std::uint64_t paths) const {
        auto s = under("finite-sum-saddle", "sgd", {}, {}, 1, steps, paths);
        s.ensembles.clear();
        for (const auto batch : batches)
            s.ensembles.push_back(
                {{"a", a},
                 {"sigma", sigma},
                 {"tau", 0.0},
                 {"samples", static_cast<double>(samples)},
                 {"population", 1.0},
                 {"batch_size", static_cast<double>(batch)},
                 {"draws", how == Drawing::with_replacement ? "with-replacement" : "without-replacement"}});
        return s;
    }
    std::vector<double> xi() const { return attractive_noise_of_samples(samples, 1, sigma); }
};

Claim batch_claim(const char* statement, const DataSet& data, std::uint32_t batch, Drawing how,
                  const Estimate& measured) {
    return {"remedy: larger batches", statement,
            fmt::format("a = {}, sigma = {}, N = {}, b = {}{}", data.a, data.sigma, data.samples, batch,
                        how == Drawing::with_replacement ? "" : ", not replaced"),
            measured, WrongTheory::of(minibatch_growth(data.xi(), batch, how, data.a))};
}

/// So many samples that the mean of a batch is as good as Gaussian.
Panel many_samples(Laboratory& laboratory, std::vector<Claim>& claims) {
    const DataSet data{16384, 0.1, 1.4};
    const std::vector<std::uint32_t> batches = {1, 2, 4, 8, 11, 12, 16, 24};
    const auto measured =
        growth_of_each(laboratory, data.drawing(Drawing::with_replacement, batches, 32, 1 << 21));
    const auto claim = [&](std::size_t i, const char* statement) {
        claims.push_back(batch_claim(statement, data, batches[i], Drawing::with_replacement, measured[i]));
    };
    claim(0, "single samples: mean of log|1 + a + xi_i|");
    claim(4, "trapped, though b > sigma^2/(2a): E log|1 + a + mean xi|");
    claim(5, "escapes, one sample more: E log|1 + a + mean xi|");
    const auto dense = even_ratios(1, 32, 150);
    std::vector<double> recursion_rates, sde_rates;
    for (double b : dense) {
        recursion_rates.push_back(step_growth(Law::gaussian, data.a, data.sigma / std::sqrt(b)));
        sde_rates.push_back(sde_growth_rate(data.a, data.sigma / std::sqrt(b)));
    }
    Panel panel("16384 samples, a = 0.1, σ = 1.4", "batch size b  (samples)", "growth rate γ  (1/step)");
    panel.x_scale("log").y_limits(-0.3, 0.1).level("trapped below", 0);
    panel.theory("E log|1 + a + σ Z/√b|", dense, recursion_rates)
        .reference("SDE: a − σ²/(2b)", dense, sde_rates)
        .points("measured", {batches.begin(), batches.end()}, measured)
        .mark("critical batch", critical_batch(Law::gaussian, data.a, data.sigma, 1).value());
    const double of_sde = critical_batch(data.a, data.sigma);
    panel.reference("SDE: critical batch σ²/(2a)", {of_sde, of_sde}, {-1, 1});
    return panel;
}

/// Drawn without replacement, half of the samples are about as quiet as N of them with replacement.
Panel few_samples(Laboratory& laboratory, std::vector<Claim>& claims) {
    const DataSet data{64, 0.1, 2.8};
    const std::vector<std::uint32_t> batches = {8, 16, 32};
    Panel panel("64 samples, a = 0.1, σ = 2.8", "batch size b  (samples)", "growth rate γ  (1/step)");
    panel.level("trapped below", 0);
    std::vector<std::uint32_t> all;
    for (std::uint32_t b = 4; b <= data.samples; b += 2) all.push_back(b);
    for (const auto how : {Drawing::with_replacement, Drawing::without_replacement}) {
        const bool replaced = how == Drawing::with_replacement;
        const auto measured = growth_of_each(laboratory, data.drawing(how, batches, 32, 1 << 15));
        claims.push_back(batch_claim(replaced ? "half of the samples, replaced: trapped"
                                              : "half of the samples, not replaced: escapes",
                                     data, batches[2], how, measured[2]));
        std::vector<double> exact;
        for (const auto b : all) exact.push_back(minibatch_growth(data.xi(), b, how, data.a));
        const char* name = replaced ? "with replacement" : "without replacement";
        panel.theory(name, {all.begin(), all.end()}, exact)
            .points(name, {batches.begin(), batches.end()}, measured);
    }
    return panel;
}

}  // namespace

Evidence remedy_batch(Laboratory& laboratory) {
    Evidence evidence;
    const auto many = many_samples(laboratory, evidence.claims),
               few = few_samples(laboratory, evidence.claims);
    evidence.figures["remedy-batch"] =
        figure("Larger batches free the path",
               "Left: above the critical batch, 11.5 samples, |*x*| grows; the SDE promises that from 9.8 "
               "on. The samples' own skewness and kurtosis move the rates of batches of 11 and 12 by less "
               "than 0.0002. Right: few samples. Drawn without replacement a batch is quieter by √((*N* − "
               "*b*)/(*N* − 1)): half of the samples escape where half of them, replaced, are trapped. The "
               "curves average over all batches that can be drawn.",
               {many, few});
    return evidence;
}

}  // namespace noisetrap
