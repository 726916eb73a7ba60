// Claims about networks at saddles: one axis gives the odds of leaving, its growth rate and the window of a recurrent unit;
// units with several inputs and outputs are freed by their noise.
#include "validation/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numbers>
#include <utility>

#include "analysis/critical/landscape_file.hpp"
#include "analysis/networks/dense_unit.hpp"
#include "analysis/networks/digits.hpp"
#include "analysis/networks/features.hpp"
#include "engine/runs/backend.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/network_presets.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "networks";

/// Growth in the network beside that of one axis, at the critical learning rate and below it.
void append_growth(Laboratory& laboratory, std::vector<Claim>& claims, int pixel, int batch) {
    auto config = escape_from_preset(
        "gate-odds", {fmt::format("data.inputs=[{}]", pixel), "escape.steps=1", "escape.growth_paths=20000"});
    const double critical = *threshold_of(config, measure_point(config), batch).learning_rate;
    config.batches = {batch};
    config.learning_rates = {0.7 * critical, critical};
    const auto found = laboratory.escape(std::move(config));
    for (const auto& run : found.result.runs)
        claims.push_back({section,
                          run.learning_rate < critical
                              ? "a unit on one pixel: growth below the trap"
                              : "a unit on one pixel: no growth where the trap begins",
                          fmt::format("pixel {}, l = {:.6g}, b = {}", pixel, run.learning_rate, batch),
                          *run.growth, WrongTheory::of(*run.predicted_growth.value)});
}

// --- a recurrent unit in a population of sequences

/// h <- tanh(w h + U x), f = V h at U = V = 0 multiplies U + V by 1 + l y z, z = sum of w^k x[T - k], where the target is
/// y = q sum of m^k x[T - k] / its deviation + a normal number: given z, y is c z + s times a normal number.
struct SequencePopulation {
    double slope, rest, deviation;  // c, s and that of z

    SequencePopulation(double w, double signal, double memory, int length) {
        double zz = 0, zm = 0, mm = 0;
        for (int k = 0; k < length; ++k) {
            zz += std::pow(w, 2 * k);
            zm += std::pow(w * memory, k);
            mm += std::pow(memory, 2 * k);
        }
        slope = signal * zm / std::sqrt(mm) / zz;
        rest = std::sqrt(signal * signal + 1 - slope * slope * zz);
        deviation = std::sqrt(zz);
    }

    double growth(double l) const {
        const auto of_z = [&](double u) {
            const double z = deviation * u;
            return std::exp(-u * u / 2) * step_growth(Law::gaussian, l * slope * z * z, l * rest * z);
        };
        using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
        return 2 * Rule::integrate(of_z, 0.0, 12.0, 12, 1e-9) / std::sqrt(2 * std::numbers::pi);
    }
};

/// log|1 - l h| of the unit's own curvatures h along the way out, over a data set of the population.
Estimate growth_of_samples(const std::vector<double>& curvature, double l) {
    std::vector<double> logs;
    for (const double h : curvature) logs.push_back(std::log(std::abs(1 - l * h)));
    return Moments::of(logs).mean_estimate();
}

// --- units with several inputs and outputs

/// A unit's weights under noise alone, of length 1 after every step.
class NoisyUnit {
    std::vector<double> w_, v_, dw_, dv_;
    boost::random::mt19937_64 random_;
    boost::random::normal_distribution<double> normal_;

    /// Adds to the weights what they gain, and says how long they are then.
    double move() {
        double square = 0;
        for (auto [weights, gain] : {std::pair{&w_, &dw_}, {&v_, &dv_}})
            for (std::size_t i = 0; i < weights->size(); ++i) {
                (*weights)[i] += std::exchange((*gain)[i], 0.0);
                square += (*weights)[i] * (*weights)[i];
            }
        return std::sqrt(square);
    }

  public:
    NoisyUnit(std::size_t inputs, std::size_t outputs, double deviation, std::uint64_t seed)
        : w_(inputs, 1.0),
          v_(outputs, 0.5),
          dw_(inputs),
          dv_(outputs),
          random_(seed),
          normal_(0, deviation) {}

    /// The growth of log length over so many steps.
    double advance(int steps) {
        double grown = 0;
        for (int n = 0; n < steps; ++n) {
            for (std::size_t i = 0; i < v_.size(); ++i)
                for (std::size_t j = 0; j < w_.size(); ++j) {
                    const double noise = normal_(random_);
                    dw_[j] += noise * v_[i];
                    dv_[i] += noise * w_[j];
                }
            const double length = move();
            for (auto* weights : {&w_, &v_})
                for (double& x : *weights) x /= length;
            grown += std::log(length);
        }
        return grown;
    }
};

/// Growth over s^2, of steps of variance `step`, over pieces of 100 units of time after 20 that do not count: many times
/// what the angle between inputs and outputs takes to forget its start.
Estimate dense_unit_growth(int inputs, int outputs, double step, std::uint64_t steps, std::uint64_t seed) {
    const auto piece = static_cast<int>(100 / step);
    NoisyUnit unit(static_cast<std::size_t>(inputs), static_cast<std::size_t>(outputs), std::sqrt(step),
                   seed);
    unit.advance(piece / 5);
    std::vector<double> rates;
    for (std::uint64_t done = 0; done < steps || rates.size() < 2; done += static_cast<std::uint64_t>(piece))
        rates.push_back(unit.advance(piece) / (piece * step));
    return Moments::of(rates).mean_estimate();
}

void append_dense(Laboratory& laboratory, std::vector<Claim>& claims, int inputs, int outputs) {
    constexpr double fine = 1.0 / 64;
    const auto steps = laboratory.paths_of(1 << 23);
    std::array<Estimate, 3> at;
    for (int i = 0; i < 3; ++i)  // at 4, 2 and 1 fine steps
        at[static_cast<std::size_t>(i)] =
            dense_unit_growth(inputs, outputs, fine * (4 >> i), steps, laboratory.take_seed());
    const auto limit = extrapolate(at[1], at[2]);
    claims.push_back({section, "a unit with noise alone: exponent over s^2",
                      fmt::format("{} inputs, {} outputs", inputs, outputs), limit.estimate,
                      WrongTheory::of(dense_unit_exponent(inputs, outputs)), limit.discretisation,
                      change_by_third(at[0].value, at[1].value, at[2].value)});
}

}  // namespace

Evidence network_odds(Laboratory& laboratory) {
    Evidence evidence;
    if (!digits_text().empty()) {
        const auto gate = laboratory.escape(escape_from_preset("gate-odds", {"escape.growth_steps=0"}));
        evidence.claims = odds_claims("a unit on one pixel", gate);
    }
    const auto recurrent = laboratory.escape(escape_from_preset("recurrent", {"escape.growth_steps=0"}));
    for (auto& claim : odds_claims("a recurrent unit", recurrent))
        evidence.claims.push_back(std::move(claim));
    return evidence;
}

Evidence network_thresholds(Laboratory& laboratory) {
    Evidence evidence;
    if (digits_text().empty()) return evidence;
    for (const auto& [pixel, batch] : {std::pair{22, 1}, {36, 1}, {36, 2}, {61, 1}})
        append_growth(laboratory, evidence.claims, pixel, batch);
    return evidence;
}

Evidence network_recurrent_window(Laboratory& laboratory) {
    const auto config =
        escape_from_preset("recurrent", {fmt::format("data.samples={}", laboratory.paths_of(400'000)),
                                         fmt::format("data.noise_seed={}", laboratory.take_seed())});
    const auto saddle = measure_point(config).saddle;
    const SequencePopulation population(0.6, 0.1, 0.8, 8);
    Evidence evidence;
    for (const auto& [l, where] :
         {std::pair{0.1375923574, "lower edge"}, {0.5, "inside"}, {1.04834, "upper edge"}})
        evidence.claims.push_back({section, fmt::format("a recurrent unit: growth at the window's {}", where),
                                   fmt::format("l = {:.6g}", l), growth_of_samples(saddle.curvature, l),
                                   WrongTheory::of(population.growth(l))});
    return evidence;
}

/// Of all gates the share that the errors of the other gates tell to be off or on: at least nine tenths, with the spread
/// over gates as error, since the runs of one gate are alike.
Evidence network_features(Laboratory& laboratory) {
    Evidence evidence;
    if (digits_text().empty()) return evidence;
    auto config = *training_from_preset("switched-off", {"train.checkpoints=31"}).run.training;
    config.seed = laboratory.take_seed();
    config.paths = std::clamp<std::uint64_t>(laboratory.paths_of(64), 16, 64);
    const auto map = feature_map(config, train(config), 1e-4, *make_cpu_backend("omp", 0));
    std::vector<double> shares;
    for (const auto& gate : map.gates)
        shares.push_back(static_cast<double>(gate.right) / static_cast<double>(map.paths));
    Claim claim{
        section, "gates that noise switches off: told by the errors of the other gates",
        fmt::format("l = {:g}, {} runs of {} gates", config.learning_rate(), map.paths, map.gates.size()),
        Moments::of(shares).mean_estimate(), WrongTheory::of(0.95)};
    claim.bias = 0.05;
    evidence.claims.push_back(claim);
    return evidence;
}

/// The log difference of two equal units over the steps between two distances, which paths of the whole network need.
Evidence network_equal_units(Laboratory& laboratory) {
    const auto to = [&](double far) {
        return laboratory.escape(escape_from_preset(
            "equal-units",
            {"escape.learning_rates=[0.2]", "measure.steps=40000", fmt::format("escape.far={}", far)}));
    };
    const auto near = to(1e-5), far = to(1e-3);
    const auto &first = near.result.runs[0].exit_time, &last = far.result.runs[0].exit_time;
    const double steps = last.value - first.value, growth = std::log(100.0) / steps;
    const auto& beside = *far.result.measured.predictions[0].transverse;
    const double error = growth / steps * std::hypot(first.standard_error, last.standard_error);
    Evidence evidence;
    evidence.claims.push_back({section, "two equal units: growth of their difference", "l = 0.2, b = 1",
                               Estimate{growth, std::hypot(error, beside.error)},
                               WrongTheory::of(beside.rate)});
    return evidence;
}

/// Steps of whole size leave out a few hundredths of what the walk in continuous time takes.
Evidence network_depth(Laboratory& laboratory) {
    Evidence evidence;
    if (digits_text().empty()) return evidence;
    for (const char* name : {"depth-three", "depth-four"}) {
        const auto chain = laboratory.escape(escape_from_preset(name, {}));
        for (const auto& run : chain.result.runs) {
            Claim claim{section, "a chain of linear units: steps to leave zero",
                        fmt::format("{}, l = {:g}", name, run.learning_rate), run.exit_time,
                        WrongTheory::of(*run.predicted_time.value)};
            claim.bias = 0.03 * *run.predicted_time.value;
            evidence.claims.push_back(claim);
        }
    }
    return evidence;
}

Evidence network_dense_units(Laboratory& laboratory) {
    Evidence evidence;
    for (const auto& [inputs, outputs] : {std::pair{2, 1}, {3, 1}, {4, 1}, {4, 2}})
        append_dense(laboratory, evidence.claims, inputs, outputs);
    return evidence;
}

}  // namespace noisetrap
