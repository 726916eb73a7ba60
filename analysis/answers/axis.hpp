// Answers that follow from the axis that a model is, in the limit of small steps and step by step: what the rows of
// several models are made of.
#pragma once

#include "analysis/answers/answers.hpp"
#include "analysis/laws/moments.hpp"

namespace noisetrap {

/// dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt. Of a recursion per step: a -> l a, sigma -> l sigma,
/// tau -> l tau.
struct Axis {
    double a, sigma, tau = 0, rho = 0;

    /// Where drift and all noise vanish at one point x ends there; without diffusive noise it ends at 0.
    bool stays_noisy() const;
};
using AxisOf = Axis (*)(const Question&);

/// E(A - 1) and Var A of one step x -> A x + B.
struct StepMoments {
    double drift, variance;
};
using StepOf = StepMoments (*)(const Question&);

// Of the SDE
Value sde_growth(AxisOf);
Value sde_mean_square(AxisOf);
Value sde_tail(AxisOf);
Value sde_moment(AxisOf, double FirstTwoMoments::*);

// Of steps with these moments
Value small_step_rate(StepOf);
Value mean_square_rate(StepOf);
Value square_factor(StepOf);

/// 1 + a dt + sigma sqrt(dt) Z: a step of Euler-Maruyama, or of a recursion at dt = 1.
template <AxisOf axis>
StepMoments euler_step(const Question& q) {
    const auto [a, sigma, tau, rho] = axis(q);
    return {a * q.dt(), sigma * sigma * q.dt()};
}
Value euler_moment(AxisOf, double FirstTwoMoments::*);

// Of a recursion, A = 1 + a + sigma Z
using LawOf = Law (*)(const Question&);
Value recursion_growth(AxisOf, LawOf);
Value recursion_tail(AxisOf, LawOf);
inline Law gaussian(const Question&) { return Law::gaussian; }

/// Of E log|x| without diffusive noise, whose growth rate is that `of` the SDE or the scheme.
Value mean_log_abs_without_diffusion(AxisOf, Of of);

void append(Answers& rows, const Answers& more);

/// Rows of the SDE's stationary law. Where the steps themselves escape it is nobody's limit.
Answers stationary_answers(std::string_view method, AxisOf);

}  // namespace noisetrap
