// Optimisers: small recursions over any loss, as published. f' is the gradient of one sample (or minibatch),
// F' the full gradient; a step is x <- ... .
#pragma once

#include <array>

#include "engine/catalogue/cost.hpp"
#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"

namespace noisetrap {

/// Stochastic gradient descent (Robbins and Monro 1951).
struct Sgd {
    static constexpr const char* name = "sgd";
    static constexpr const char* equation = "x <- x - learning_rate f'(x; sample)";
    static constexpr int memory = 0;
    static constexpr bool kicks = false, linear = true, differentiable = true;
    double learning_rate = 1.0;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Sgd::learning_rate, 0, 1e6, "-", "step size l")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point*, const Here& here) const {
        x = fma(-static_cast<typename Here::Real>(learning_rate), here.gradient(x), x);
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// The steps become smaller: the inverse (Robbins and Monro 1951), step and exponential schedules, and half a
/// cosine (Loshchilov and Hutter 2017, without restarts).
struct Annealed {
    enum Schedule : int { inverse, steps, cosine, exponential };
    static constexpr const char* schedule_names[] = {"inverse", "step", "cosine", "exponential"};
    static constexpr const char* name = "annealed";
    static constexpr const char* equation =
        "x <- x - l[n] f'(x; sample),  l[n] = learning_rate times 1/(1 + n/horizon), "
        "factor^floor(n/horizon), "
        "(1 + cos(pi n/horizon))/2 until n = horizon, or exp(-n/horizon)";
    static constexpr int memory = 0;
    static constexpr bool kicks = false, linear = true, differentiable = true;
    double learning_rate = 1.0, horizon = 100, factor = 0.5;
    int schedule = inverse;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Annealed::learning_rate, 0, 1e6, "-", "l[0]"),
            noisetrap::number("horizon", &Annealed::horizon, 1, 1e15, "steps", "time scale of the schedule"),
            noisetrap::number("factor", &Annealed::factor, 1e-6, 1, "-", "of schedule 'step', each horizon"),
            noisetrap::word("schedule", &Annealed::schedule, schedule_names, "how l[n] falls")};
    }
    /// l[n]/l[0], at x = n/horizon.
    template <class Real>
    NOISETRAP_HD Real share(unsigned long long n) const {
        const auto x = static_cast<Real>(static_cast<double>(n) / horizon);
        if (schedule == inverse) return 1 / (1 + x);
        if (schedule == exponential) return exp(-x);
        if (schedule == steps) {
            const auto drops = static_cast<Real>(static_cast<unsigned long long>(x));
            return exp(drops * static_cast<Real>(log(factor)));
        }
        // (1 + cos pi x)/2 = cos^2(pi x/2) = sin^2(pi (1 - x)/2)
        const auto half = sine_cosine_pi((1 - x) / 2).sine;
        return x < 1 ? half * half : 0;
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point*, const Here& here) const {
        using Real = typename Here::Real;
        const Real rate = static_cast<Real>(learning_rate) * share<Real>(here.n);
        x = fma(-rate, here.gradient(x), x);
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// The heavy ball (Polyak 1964).
struct Momentum {
    static constexpr const char* name = "momentum";
    static constexpr const char* equation = "v <- momentum v - learning_rate f'(x; sample),  x <- x + v";
    static constexpr int memory = 1;
    static constexpr bool kicks = false, linear = true, differentiable = true;
    double learning_rate = 1.0, momentum = 0.9;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Momentum::learning_rate, 0, 1e6, "-", "step size l"),
            noisetrap::number("momentum", &Momentum::momentum, 0, 1, "-", "share of v that is kept")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        using Real = typename Here::Real;
        auto& v = kept[0];
        v = fma(-static_cast<Real>(learning_rate), here.gradient(x), static_cast<Real>(momentum) * v);
        x = x + v;
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// Accelerated gradient (Nesterov 1983), as a momentum whose gradient is taken where it leads to (Sutskever
/// et al. 2013).
struct Nesterov {
    static constexpr const char* name = "nesterov";
    static constexpr const char* equation =
        "v <- momentum v - learning_rate f'(x + momentum v; sample),  x <- x + v";
    static constexpr int memory = 1;
    static constexpr bool kicks = false, linear = true, differentiable = true;
    double learning_rate = 1.0, momentum = 0.9;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Nesterov::learning_rate, 0, 1e6, "-", "step size l"),
            noisetrap::number("momentum", &Nesterov::momentum, 0, 1, "-", "share of v that is kept")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        using Real = typename Here::Real;
        auto& v = kept[0];
        const auto carried = static_cast<Real>(momentum) * v;
        v = fma(-static_cast<Real>(learning_rate), here.gradient(x + carried), carried);
        x = x + v;
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// Noise of one's own. threshold = 0: at every step (Ge et al. 2015). Otherwise where the gradient is small
/// and the last kick `interval` steps ago or more, before the step is taken from there (Jin et al. 2017,
/// algorithm 2, whose kick is uniform on a ball: law = 'uniform' is that in one dimension).
struct Perturbed {
    static constexpr const char* name = "perturbed";
    static constexpr const char* equation =
        "x <- x - learning_rate f'(x; sample) + radius z if threshold = 0; otherwise x <- x + radius z where "
        "|f'| <= "
        "threshold, but not within `interval` steps, and then x <- x - learning_rate f'(x; sample)";
    static constexpr int memory = 1;  // its first number: steps to go until the next kick, in units of length
    static constexpr bool kicks = true, differentiable = true;
    double learning_rate = 1.0, radius = 0.1, threshold = 0, interval = 1;
    Law law = Law::gaussian;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Perturbed::learning_rate, 0, 1e6, "-", "step size l"),
            noisetrap::number("radius", &Perturbed::radius, 0, 1e100, "length",
                              "of the kick: standard deviation of each coordinate"),
            noisetrap::number("threshold", &Perturbed::threshold, 0, 1e100, "length/step",
                              "kicks where |f'| is no larger; 0: at every step"),
            noisetrap::number("interval", &Perturbed::interval, 1, 1e9, "steps",
                              "fewest steps between two kicks"),
            noisetrap::law("law", &Perturbed::law, "law of the kick")};
    }
    Complaint complaint() const { return unless_whole("interval", interval); }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        using Real = typename Here::Real;
        const auto deviation = static_cast<Real>(radius), rate = static_cast<Real>(learning_rate);
        auto& wait = kept[0].at[0];
        if (threshold == 0) {
            x = here.kicked(fma(-rate, here.gradient(x), x), deviation);
            return;
        }
        const Real limit = static_cast<Real>(threshold) * here.unit;
        const bool kick =
            (value_of(squared_length(here.gradient(x))) <= limit * limit) & (value_of(wait) < here.unit / 2);
        x = select(kick, here.kicked(x, deviation), x);
        x = fma(-rate, here.gradient(x), x);
        wait = (wait - wait) +
               select(kick, (static_cast<Real>(interval) - 1) * here.unit, value_of(wait) - here.unit);
    }
    /// With a threshold each kick asks for a second gradient, at most once an interval: counted as if always.
    Cost cost(const LossCost& loss) const {
        return {loss.gradient, threshold == 0 ? 0 : loss.gradient, static_cast<std::uint64_t>(interval)};
    }
};

/// Variance reduction (Johnson and Zhang 2013): x* is where x was at the last multiple of `interval`.
struct Svrg {
    static constexpr const char* name = "svrg";
    static constexpr const char* equation =
        "x <- x - learning_rate (f'(x; sample) - f'(x*; sample) + F'(x*)),  x* <- x every `interval` steps";
    static constexpr int memory = 1;
    static constexpr bool kicks = false, linear = true, differentiable = true;
    double learning_rate = 1.0, interval = 100, samples = 1000;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Svrg::learning_rate, 0, 1e6, "-", "step size l"),
            noisetrap::number("interval", &Svrg::interval, 1, 1e9, "steps",
                              "between two landmarks, a whole number"),
            noisetrap::number("samples", &Svrg::samples, 1, 1e15, "samples",
                              "cost of F' where the loss does not say how many samples it has")};
    }
    Complaint complaint() const { return unless_whole("interval", interval); }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        auto& landmark = kept[0];
        landmark = select(here.n % static_cast<unsigned long long>(interval) == 0, x, landmark);
        const auto gradient = here.gradient(x) - here.gradient(landmark) + here.mean_gradient(landmark);
        x = fma(-static_cast<typename Here::Real>(learning_rate), gradient, x);
    }
    Cost cost(const LossCost& loss) const {
        return {2 * loss.gradient, loss.full > 0 ? loss.full : samples, static_cast<std::uint64_t>(interval)};
    }
};

/// Steps of one length (Nesterov 1984; Hazan et al. 2015), learning_rate but for gradients of epsilon or
/// less.
struct NormalisedSgd {
    static constexpr const char* name = "normalised-sgd";
    static constexpr const char* equation = "x <- x - learning_rate f'/(|f'| + epsilon),  f' = f'(x; sample)";
    static constexpr int memory = 0;
    static constexpr bool kicks = false, differentiable = true;
    double learning_rate = 0.01, epsilon = 1e-8;

    static auto parameters() {
        return std::array{noisetrap::number("learning_rate", &NormalisedSgd::learning_rate, 0, 1e6, "length",
                                            "length of a step"),
                          noisetrap::number("epsilon", &NormalisedSgd::epsilon, 1e-100, 1e6, "length/step",
                                            "keeps zero gradients from being divided by zero")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point*, const Here& here) const {
        using Real = typename Here::Real;
        const auto gradient = here.gradient(x);
        const auto length = sqrt(squared_length(gradient)) + static_cast<Real>(epsilon) * here.unit;
        const Real rate = static_cast<Real>(learning_rate) * here.unit;
        x = x - (rate / length) * gradient;
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// Without noise (Cauchy 1847).
struct GradientDescent {
    static constexpr const char* name = "gradient-descent";
    static constexpr const char* equation = "x <- x - learning_rate F'(x)";
    static constexpr int memory = 0;
    static constexpr bool kicks = false, linear = true, deterministic = true, differentiable = true;
    double learning_rate = 1.0, samples = 1000;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &GradientDescent::learning_rate, 0, 1e6, "-", "step size l"),
            noisetrap::number("samples", &GradientDescent::samples, 1, 1e15, "samples",
                              "cost of F' where the loss does not say how many samples it has")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point*, const Here& here) const {
        x = fma(-static_cast<typename Here::Real>(learning_rate), here.mean_gradient(x), x);
    }
    Cost cost(const LossCost& loss) const { return {loss.full > 0 ? loss.full : samples}; }
};

}  // namespace noisetrap
