// What theory says of one axis: for the SDE, and apart, for the recursion that is really run.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "analysis/laws/moments.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Not a number where theory has no closed form.
struct Prediction {
    double sde = unknown;         // dx = a x dt + sigma x dW + tau dV
    double scheme = unknown;      // the recursion itself, at its step size
    double stationary = unknown;  // the SDE's value as t grows
};

/// The parameters of one axis (linear-sde, or noisy-saddle under sgd; of other processes nothing is known
/// here). A recursion's SDE is its small-step limit, time counted in steps: a -> l a, sigma -> l sigma, tau
/// -> l tau.
class AxisTheory {
  public:
    AxisTheory(const Simulation&, std::size_t ensemble);

    Prediction growth_rate() const;
    Prediction mean(double t) const;
    Prediction variance(double t) const;
    Prediction mean_log_abs(double t) const;
    Prediction cdf(double x, double t) const;
    Prediction quantile(double p, double t) const;
    Prediction mean_exit_time(double radius) const;

  private:
    enum class Kind { other, recursion, euler_maruyama, milstein, splitting };
    Prediction moment(double t, double FirstTwoMoments::*of) const;

    static Kind kind_of(const CatalogueEntry&);

    template <class Value>
    double stationary(char what, double at, Value value) const;
    struct LogLaw {
        double mean, deviation;
    };
    std::optional<LogLaw> log_law(double t) const;

    Kind kind_;
    Law law_ = Law::gaussian;
    double a_ = unknown, sigma_ = unknown, tau_ = unknown, rho_ = unknown, x0_, dt_;
    std::shared_ptr<const StationaryLaw> stationary_;          // null where there is none
    mutable std::map<std::pair<char, double>, double> known_;  // values of the stationary law
};

}  // namespace noisetrap
