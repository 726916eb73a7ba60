// Bridges to Boost.Odeint (host only): the noise-free limit as an independent oracle, and a stochastic
// stepper that satisfies Odeint's Stepper concept, so that one noisy path runs under Odeint's integrate
// functions.
#pragma once

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <cstdint>

#include "engine/noise/variates.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {

/// x(t) of dx/dt = drift(x) from x0, to a relative error near 1e-12 (Dormand-Prince 5, step control).
template <class Drift>
double noise_free(Drift drift, double x0, double t) {
    using namespace boost::numeric::odeint;
    double x = x0;
    const auto system = [&](const double& at, double& rate, double) { rate = drift(at); };
    integrate_adaptive(make_controlled<runge_kutta_dopri5<double>>(1e-13, 1e-13), system, x, 0.0, t, t / 100);
    return x;
}

/// A scheme as an Odeint stepper along path `path` of the ensemble with this seed; the system is a model such
/// as LinearSde. With Variate = float the path has the very bits of the engine's in mixed precision.
template <class Scheme, class Variate = float>
class OdeintStepper {
    std::uint64_t seed_, path_;

  public:
    using state_type = double;
    using deriv_type = double;
    using value_type = double;
    using time_type = double;
    using order_type = unsigned short;
    using stepper_category = boost::numeric::odeint::stepper_tag;
    static constexpr order_type order() { return 1; }

    OdeintStepper(std::uint64_t seed, std::uint64_t path) : seed_(seed), path_(path) {}

    /// From t to t + dt; t must be a multiple of dt, since the noise is a function of the step's number t /
    /// dt.
    template <class Model>
    void do_step(const Model& model, double& x, double t, double dt) const {
        const auto step = static_cast<std::uint64_t>(std::llround(t / dt));
        const auto sde = model.template per_step<double>(dt);
        using Process = Discretised<typename Model::template Step<double>, Scheme>;
        const Process process{sde};
        Draw<double, Process::noises> noise{};
        for (int i = 0; i < std::min(process.active_noises(), Process::noises); ++i)
            if (process.law(i) != Law::none)
                noise.z[i] = variate_of<Variate>(seed_, noise_stream(i), path_, step, process.law(i));
        x = process.step(x, 1.0, step, noise);
    }
};

}  // namespace noisetrap
