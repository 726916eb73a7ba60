#include "analysis/answers/theory.hpp"

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <stdexcept>

#include "analysis/diffusions/exit_time.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"

namespace noisetrap {
namespace {

double value_of(const ParameterValues& values, const char* key, double otherwise) {
    const auto found = values.find(key);
    return found == values.end() ? otherwise : std::get<double>(found->second);
}

Law law_of(const ParameterValues& values) {
    const auto found = values.find("law");
    return found == values.end() ? Law::gaussian : law_named(std::get<std::string>(found->second));
}

/// A closed form, or not a number where it does not apply.
template <class F>
double where_defined(F f) {
    try {
        return f();
    } catch (const std::domain_error&) {
        return unknown;
    }
}

}  // namespace

AxisTheory::Kind AxisTheory::kind_of(const CatalogueEntry& entry) {
    if (entry.model == "noisy-saddle" && entry.method == "sgd") return Kind::recursion;
    if (entry.model == "linear-sde" && entry.method == "euler-maruyama") return Kind::euler_maruyama;
    if (entry.model == "linear-sde" && entry.method == "milstein") return Kind::milstein;
    if (entry.model == "linear-sde" && entry.method == "splitting") return Kind::splitting;
    return Kind::other;
}

AxisTheory::AxisTheory(const Simulation& s, std::size_t ensemble)
    : kind_(kind_of(*s.entry)),
      law_(law_of(s.ensembles[ensemble])),
      x0_(s.x0_deviation == 0 ? s.x0 : unknown),
      dt_(s.dt) {
    if (kind_ == Kind::other) return;
    const auto& model = s.ensembles[ensemble];
    const double l = kind_ == Kind::recursion ? value_of(s.method, "learning_rate", 1) : 1;
    a_ = l * value_of(model, "a", 0);
    sigma_ = l * value_of(model, "sigma", 0);
    tau_ = l * value_of(model, "tau", 0);
    rho_ = value_of(model, "rho", 0);
    // Where the recursion itself escapes, the SDE's law is nobody's limit.
    if (growth_rate().scheme >= 0) return;
    try {
        stationary_ = std::make_shared<const StationaryLaw>(stationary_law(a_, sigma_, tau_, rho_));
    } catch (const std::domain_error&) {
        stationary_ = nullptr;
    }
}

Prediction AxisTheory::growth_rate() const {
    if (kind_ == Kind::other) return {};
    Prediction p{sde_growth_rate(a_, sigma_), unknown, unknown};
    if (kind_ == Kind::recursion) p.scheme = noisetrap::mean_log_abs(law_, 1 + a_, sigma_);
    if (kind_ == Kind::euler_maruyama) p.scheme = euler_growth_rate(a_, sigma_, dt_);
    if (kind_ == Kind::milstein) p.scheme = milstein_growth_rate(a_, sigma_, dt_);
    if (kind_ == Kind::splitting) p.scheme = p.sde;
    return p;
}

Prediction AxisTheory::moment(double t, double FirstTwoMoments::*of) const {
    if (kind_ == Kind::other) return {};
    const auto sde = sde_moments(a_, sigma_, tau_, rho_, x0_, t);
    Prediction p{sde.*of, unknown, unknown};
    if (kind_ == Kind::milstein || kind_ == Kind::splitting) return p;
    const double root = std::sqrt(dt_);  // of an Euler-Maruyama step; 1 for a recursion
    const auto steps = static_cast<std::int64_t>(std::llround(t / dt_));
    const auto scheme = recursion_moments(a_ * dt_, sigma_ * root, tau_ * root, rho_, x0_, steps);
    p.scheme = scheme.*of;
    return p;
}

Prediction AxisTheory::mean(double t) const { return moment(t, &FirstTwoMoments::first); }
Prediction AxisTheory::variance(double t) const { return moment(t, &FirstTwoMoments::variance); }

/// What is asked of the stationary law at every time is worked out once.
template <class Value>
double AxisTheory::stationary(char what, double at, Value value) const {
    if (!stationary_) return unknown;
    const auto [entry, is_new] = known_.try_emplace({what, at}, unknown);
    if (is_new) entry->second = where_defined([&] { return value(*stationary_); });
    return entry->second;
}

Prediction AxisTheory::mean_log_abs(double t) const {
    Prediction p;
    if (tau_ == 0 && x0_ != 0) {
        const auto rate = growth_rate();
        p.sde = std::log(std::abs(x0_)) + rate.sde * t;
        p.scheme = std::log(std::abs(x0_)) + rate.scheme * t;
    }
    p.stationary = stationary('m', 0, [](const StationaryLaw& law) { return law.mean_log_abs(); });
    return p;
}

/// SDE, tau = 0: log(x_t / x_0) ~ Normal((a - sigma^2/2) t, sigma^2 t).
std::optional<AxisTheory::LogLaw> AxisTheory::log_law(double t) const {
    if (kind_ == Kind::recursion || tau_ != 0 || !(sigma_ > 0) || t <= 0 || x0_ == 0) return std::nullopt;
    return LogLaw{sde_growth_rate(a_, sigma_) * t, sigma_ * std::sqrt(t)};
}

Prediction AxisTheory::cdf(double x, double t) const {
    Prediction p;
    if (const auto law = log_law(t)) {
        const double ratio = x / x0_,
                     below = ratio > 0 ? boost::math::cdf(boost::math::normal(law->mean, law->deviation),
                                                          std::log(ratio))
                                       : 0;
        p.sde = x0_ > 0 ? below : 1 - below;
    }
    p.stationary = stationary('F', x, [x](const StationaryLaw& law) { return law.cdf(x); });
    return p;
}

Prediction AxisTheory::quantile(double q, double t) const {
    Prediction p;
    if (const auto law = log_law(t))
        p.sde = x0_ * std::exp(boost::math::quantile(boost::math::normal(law->mean, law->deviation),
                                                     x0_ > 0 ? q : 1 - q));
    p.stationary = stationary('q', q, [q](const StationaryLaw& law) { return law.quantile(q); });
    return p;
}

/// Of the SDE alone: a recursion jumps over the radius.
Prediction AxisTheory::mean_exit_time(double radius) const {
    if (kind_ == Kind::other || kind_ == Kind::recursion) return {};
    return {where_defined([&] { return noisetrap::mean_exit_time(a_, sigma_, tau_, rho_, radius, x0_); }),
            unknown, unknown};
}

}  // namespace noisetrap
