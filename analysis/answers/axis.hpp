// Answers that follow from the axis that a model is: what the rows of several models are made of.
#pragma once

#include <functional>

#include "analysis/answers/answers.hpp"
#include "analysis/growth/scheme_growth.hpp"

namespace noisetrap {

/// dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt. Of a recursion per step: a -> l a, sigma -> l sigma,
/// tau -> l tau.
struct Axis {
    double a, sigma, tau = 0, rho = 0;
};
using AxisOf = std::function<Axis(const Question&)>;

using OnAxis = double (*)(const Axis&, const Question&);
inline Value on(AxisOf axis, OnAxis value) {
    return [=](const Question& q) { return value(axis(q), q); };
}

/// Words for an equation that is meant in Ito's sense, or else in Stratonovich's.
Formula meant(const char* ito, const char* stratonovich);

// The next are of the SDE.
double sde_growth(const Axis&, const Question&);
double sde_mean_square(const Axis&, const Question&);
double sde_tail(const Axis&, const Question&);

/// Where drift and all noise vanish at one point x ends there; without diffusive noise it ends at 0.
bool stays_noisy(const Axis&);

/// Growth rates of any scheme on dx = a x dt + sigma x dW, meant as the run means it; `axis` gives a and sigma as the
/// equation has them.
template <class Scheme>
Value growth_under(AxisOf axis) {
    return [=](const Question& q) {
        const auto [a, sigma, tau, rho] = axis(q);
        return scheme_growth_rate<Scheme>(a, sigma, q.dt(), q.run.stratonovich);
    };
}

/// The next are of a recursion, A = 1 + a + sigma Z.
double step_growth_of(NoiseLaw, const Axis&);
double step_tail_of(NoiseLaw, const Axis&);

/// E(A - 1) and Var A of one step x -> A x + B.
struct StepMoments {
    double drift, variance;
};
using StepOf = StepMoments (*)(const Axis&, double dt);
/// A = 1 + a dt + sigma sqrt(dt) Z: a step of Euler-Maruyama, or of a recursion at dt = 1.
StepMoments euler_step(const Axis&, double dt);
Value small_step_rate(AxisOf, StepOf);
Value mean_square_rate(AxisOf, StepOf);

/// (a - sigma^2/2)^2/(2 sigma^2) where -sigma^2/2 < a < sigma^2/2, the edge of a continuum of rates, and -a below, that of
/// the mean; both whatever rho is. Of a stationary law alone.
double sde_relaxation(const Axis&, const Question&);

// Rows
void append(Answers& rows, const Answers& more);
/// Rows about the SDE's stationary law. Where the steps themselves escape it is nobody's limit.
Answers stationary_answers(std::string_view method, AxisOf);
/// Mean and variance, of the SDE or of Euler's steps.
Answers moment_answers(std::string_view method, AxisOf, Of, bool listed = true);
/// small_step and mean_square of a recursion, whose small_step is its SDE's by definition.
Answers factor_answers(std::string_view method, AxisOf);
/// All that is known of a linear SDE under any scheme, with the axis as the equation has it.
Answers linear_rows(AxisOf given);
/// E log|x| without diffusive noise.
Answers log_size_answers(std::string_view method, AxisOf);

}  // namespace noisetrap
