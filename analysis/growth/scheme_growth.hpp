// What a scheme makes of dx = a x dt + sigma x dW: one step multiplies x by a random factor A. It is found by stepping
// the scheme's own code from x = 1, so that no scheme needs a theory of its own.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>

#include "models/linear_sde.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {

/// A as a function of the two variates of a step: a polynomial in the first, linear in the second, both normal; or of
/// three values.
struct StepFactor {
    std::function<double(double first, double second)> value;
    bool three_points = false;

    /// E log|A|, to some 1e-11.
    double mean_log() const;
    struct Moments {
        double drift, variance;  // E(A - 1), Var A
    };
    Moments moments() const;

  private:
    /// One uniform variate of each value that Ri1 makes of it, and the odds.
    struct Outcome {
        double first, odds;
    };
    static constexpr Outcome outcomes[] = {{-1.5, 1.0 / 6}, {0, 2.0 / 3}, {1.5, 1.0 / 6}};
};

/// The equation is meant in the sense of `meant`.
template <class Scheme, Calculus meant>
StepFactor step_factor(double a, double sigma, double dt) {
    using Process = Discretisation<LinearSdeStep<double>, Scheme, meant>;
    const Process process{LinearSde{a, sigma, 0, 0}.per_step<double>(dt)};
    constexpr int second =
        LinearSdeStep<double>::noises;  // the place of the second variate of the first noise
    const auto value = [process](double first, double of_pair) {
        Draw<double, Process::noises> noise{};
        noise.z[0] = first;
        if constexpr (Scheme::in_pairs) noise.z[second] = of_pair;
        return process.step(1.0, Zero{}, 0, noise);
    };
    return {value, std::is_same_v<Scheme, Ri1>};
}
template <class Scheme>
StepFactor step_factor(double a, double sigma, double dt, bool stratonovich = false) {
    return stratonovich ? step_factor<Scheme, Calculus::stratonovich>(a, sigma, dt)
                        : step_factor<Scheme, Calculus::ito>(a, sigma, dt);
}

/// E log|A|/dt, per unit of time; not a number where the scheme does not take the noise.
template <class Scheme>
double scheme_growth_rate(double a, double sigma, double dt, bool stratonovich = false) {
    if (Scheme::takes == Takes::additive && sigma != 0) return std::numeric_limits<double>::quiet_NaN();
    return step_factor<Scheme>(a, sigma, dt, stratonovich).mean_log() / dt;
}

}  // namespace noisetrap
