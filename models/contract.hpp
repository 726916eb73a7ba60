// What a model, a loss, an optimiser and a scheme must have, as concepts; and, at the door of a kernel, one sentence
// for each member that is missing.
//
// An SDE is a struct of parameters with `name`, `equation`, `parameters()`, a template `Step<Real>` and
// `per_step<Real>(dt)`, which gives the coefficients per time step. A step has
//   Number                      the type Real
//   noises, active_noises()     the most normals that a step takes, and how many with these parameters
//   drift(x, unit)              the mean change of a step; X may be a number or a Dual
//   drifted(x, unit)            x + drift(x, unit)
//   amplitude(x, unit)          of the first noise; only for schemes that take one noise, as Milstein's
//   diffused(from, x, unit, noise)   from + the noises at x
//   variance(x, unit)           of the noise of one step
//   moves_zero(), has_length, lowest_exponent, differentiable   as in engine/paths/process.hpp
//   at(n)                       optional: the coefficients of step n, where they depend on time
//   later(share)                optional, beside at(n): those when `share` of that step has gone by; only for schemes
//                               that look ahead, as Heun's
//   additive()                  optional: does no noise depend on x? only for schemes of additive noise, as sra1
// OneNoise (sde/one_noise.hpp) makes most of that of drift and amplitude.
//
// A loss is a struct of parameters with `name`, `equation`, `parameters()`, a template `Loss<Real>` and
// `loss<Real>()`. A Loss<Real> has
//   dimensions, noises          coordinates, and the most variates of a sample
//   sample(draw)                one draw of its noise, ready for use
//   gradient(x, unit, sample)   f'(x; sample); plain numbers where dimensions = 1, else State<X, dimensions>
//   mean_gradient(x, unit)      its mean over the samples
//   law(i), uses(i)             of variate i: its law, and whether these parameters need it
//   moves_zero()                does anything move x = 0?
//   differentiable              false where the gradient jumps
//   linear, starts, gather(z), cost()   optional: is the gradient linear in x; coordinates that start at x0, else 1;
//                               other numbers made of the variates; its samples, else one a gradient
//
// An optimiser is a struct of parameters with the published update:
//   memory                      vectors that it keeps beside x, all 0 at first
//   kicks                       does it add noise of its own? then also `law`
//   differentiable              false where its step jumps, as a sign does
//   step(x, kept, here)         here: the gradients, the step's number, the unit of length (models/optimised.hpp)
//   cost(loss_cost)             in gradients of single samples
//   linear, deterministic       optional: is a step linear in vectors and gradients; does it never ask for a sample
#pragma once

#include <concepts>
#include <type_traits>

#include "engine/noise/law.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

// clang-format 14 would give every requirement of an assertion three lines.
// clang-format off
template <class Model>
concept IsSde = requires { typename Model::template Step<double>; };
template <class Model>
concept IsLoss = requires { typename Model::template Loss<double>; };

/// Schemes of one noise need its amplitude, and Milstein's the slope of it.
template <class Step>
concept HasAmplitude = Step::noises == 1 && requires(const Step& s, Dual<double> x) { s.amplitude(x, 1.0); };

/// Schemes of additive noise have to be told that it is.
template <class Step>
concept SaysAdditive = requires(const Step& s) { { s.additive() } -> std::same_as<bool>; };

/// Splitting needs the exact flow of the part with attractive noise, and a half step of the rest.
template <class Step>
concept CanSplit = requires(const Step& s, double x, Draw<double, 1> noise) {
    s.half_rest(x, 1.0);
    s.attracted(x, 1.0, noise);
    { s.largest_log_step() } -> std::convertible_to<double>;
};

template <class Sde>
constexpr void require_step() {
    static_assert(requires { typename Sde::Number; }, "an SDE's Step<Real> needs `using Number = Real`");
    static_assert(requires { Sde::noises; }, "an SDE's Step<Real> needs the member `noises`");
    static_assert(requires { Sde::has_length; }, "an SDE's Step<Real> needs the member `has_length`");
    static_assert(requires { Sde::lowest_exponent; }, "an SDE's Step<Real> needs the member `lowest_exponent`");
    static_assert(requires { Sde::differentiable; },
                  "an SDE's Step<Real> needs the member `differentiable`: false where drift or amplitude jumps");
    static_assert(requires(const Sde& s) { { s.moves_zero() } -> std::same_as<bool>; },
                  "an SDE's Step<Real> needs the member `moves_zero()`");
    static_assert(requires(const Sde& s) { { s.active_noises() } -> std::same_as<int>; },
                  "an SDE's Step<Real> needs the member `active_noises()`");
    static_assert(requires(const Sde& s, double x) { s.drift(x, 1.0); },
                  "an SDE's Step<Real> needs the member `drift(x, unit)`");
    static_assert(requires(const Sde& s, double x) { s.drifted(x, 1.0); },
                  "an SDE's Step<Real> needs the member `drifted(x, unit)`");
    static_assert(requires(const Sde& s, double x, Draw<double, 1> z) { s.diffused(x, x, 1.0, z); },
                  "an SDE's Step<Real> needs the member `diffused(from, x, unit, noise)`");
    static_assert(requires(const Sde& s, double x) { s.variance(x, 1.0); },
                  "an SDE's Step<Real> needs the member `variance(x, unit)`");
    static_assert(std::is_trivially_copyable_v<Sde>, "an SDE's Step<Real> must be plain numbers, copied byte by byte");
}

template <class Loss>
constexpr void require_loss() {
    static_assert(requires { Loss::dimensions; }, "a loss's Loss<Real> needs the member `dimensions`");
    static_assert(requires { Loss::noises; }, "a loss's Loss<Real> needs the member `noises`");
    static_assert(requires { Loss::differentiable; },
                  "a loss's Loss<Real> needs the member `differentiable`: false where the gradient jumps");
    static_assert(requires(const Loss& f) { { f.moves_zero() } -> std::same_as<bool>; },
                  "a loss's Loss<Real> needs the member `moves_zero()`");
    static_assert(requires(const Loss& f) { { f.law(0) } -> std::same_as<Law>; },
                  "a loss's Loss<Real> needs the member `law(i)`");
    static_assert(requires(const Loss& f) { { f.uses(0) } -> std::same_as<bool>; },
                  "a loss's Loss<Real> needs the member `uses(i)`");
    static_assert(requires(const Loss& f, Draw<double, Loss::noises> z) { f.sample(z); },
                  "a loss's Loss<Real> needs the member `sample(draw)`");
    static_assert(std::is_trivially_copyable_v<Loss>, "a loss's Loss<Real> must be plain numbers, copied byte by byte");
}

template <class Optimiser>
constexpr void require_optimiser() {
    static_assert(requires { { Optimiser::name } -> std::convertible_to<const char*>; },
                  "an optimiser needs the member `name`: static constexpr const char* name");
    static_assert(requires { Optimiser::memory; }, "an optimiser needs the member `memory`");
    static_assert(requires { Optimiser::kicks; }, "an optimiser needs the member `kicks`");
    static_assert(requires { Optimiser::differentiable; },
                  "an optimiser needs the member `differentiable`: false where its step jumps");
    static_assert(std::is_trivially_copyable_v<Optimiser>, "an optimiser must be plain numbers, copied byte by byte");
}

template <class Scheme>
constexpr void require_scheme() {
    static_assert(requires { Scheme::name; }, "a scheme needs the member `name`");
    static_assert(requires { Scheme::calculus; }, "a scheme needs the member `calculus`");
    static_assert(requires { Scheme::takes; }, "a scheme needs the member `takes`: the noises that it takes");
    static_assert(requires { Scheme::first_law; }, "a scheme needs the member `first_law`, that of its variates");
}

/// What the host asks of a model of either kind.
template <class Model>
constexpr void require_model() {
    static_assert(IsSde<Model> || IsLoss<Model>,
                  "a model needs the member template `Step<Real>` (an SDE) or `Loss<Real>` (a loss)");
    static_assert(requires { { Model::name } -> std::convertible_to<const char*>; },
                  "a model needs the member `name`: static constexpr const char* name");
    static_assert(requires { { Model::equation } -> std::convertible_to<const char*>; },
                  "a model needs the member `equation`: static constexpr const char* equation");
    static_assert(requires { Model::parameters(); }, "a model needs the member `parameters()`");
    if constexpr (IsSde<Model>) {
        static_assert(requires(const Model& m) { m.template per_step<double>(1.0); },
                      "an SDE needs the member `per_step<Real>(dt)`");
        require_step<typename Model::template Step<double>>();
    } else if constexpr (IsLoss<Model>) {
        static_assert(requires(const Model& m) { m.template loss<double>(); }, "a loss needs the member `loss<Real>()`");
        require_loss<typename Model::template Loss<double>>();
    }
}

// clang-format on
}  // namespace noisetrap
