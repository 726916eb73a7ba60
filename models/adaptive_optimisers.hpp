// Optimisers that divide each coordinate of the gradient by its typical size. They remember root mean
// squares, not squares: every number of a state is a length, which the engine scales together.
#pragma once

#include <array>

#include "engine/catalogue/cost.hpp"
#include "engine/catalogue/params.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"

namespace noisetrap {

/// sqrt(keep r^2 + add g^2), coordinate by coordinate.
template <class Real, class X, int D>
NOISETRAP_HD State<X, D> root_of_squares(Real keep, const State<X, D>& r, Real add, const State<X, D>& g) {
    return each<D>([&](int i) NOISETRAP_INLINED {
        return sqrt(fma(keep * r.at[i], r.at[i], add * (g.at[i] * g.at[i])));
    });
}

/// x - rate m/(scale r + epsilon), coordinate by coordinate; rate and epsilon in units of length.
template <class X, int D, class Real>
NOISETRAP_HD State<X, D> divided_step(const State<X, D>& x, Real rate, const State<X, D>& m, Real scale,
                                      const State<X, D>& r, Real epsilon) {
    return each<D>([&](int i)
                       NOISETRAP_INLINED { return x.at[i] - rate * m.at[i] / (scale * r.at[i] + epsilon); });
}

/// 1 - beta^n, n = 1, 2, ...: what the weights of a running mean that started at 0 add up to.
template <class Real>
NOISETRAP_HD Real weight_so_far(double beta, unsigned long long n) {
    return static_cast<Real>(beta == 0 ? 1.0 : -exp_minus_one(static_cast<double>(n) * log(beta)));
}

/// Tieleman and Hinton (2012), lecture 6.5.
struct RmsProp {
    static constexpr const char* name = "rmsprop";
    static constexpr const char* equation =
        "r^2 <- decay r^2 + (1 - decay) f'^2,  x <- x - learning_rate f'/(r + epsilon)";
    static constexpr int memory = 1;
    static constexpr bool kicks = false, differentiable = true;
    double learning_rate = 0.01, decay = 0.99, epsilon = 1e-8;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &RmsProp::learning_rate, 0, 1e6, "length", "step size"),
            noisetrap::number("decay", &RmsProp::decay, 0, 1, "-", "of the mean square, each step"),
            noisetrap::number("epsilon", &RmsProp::epsilon, 1e-100, 1e6, "length/step", "added to r")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        using Real = typename Here::Real;
        const auto gradient = here.gradient(x);
        auto& r = kept[0];
        r = root_of_squares(static_cast<Real>(decay), r, static_cast<Real>(1 - decay), gradient);
        x = divided_step(x, static_cast<Real>(learning_rate) * here.unit, gradient, static_cast<Real>(1), r,
                         static_cast<Real>(epsilon) * here.unit);
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// Duchi, Hazan and Singer (2011).
struct AdaGrad {
    static constexpr const char* name = "adagrad";
    static constexpr const char* equation = "r^2 <- r^2 + f'^2,  x <- x - learning_rate f'/(r + epsilon)";
    static constexpr int memory = 1;
    static constexpr bool kicks = false, differentiable = true;
    double learning_rate = 0.1, epsilon = 1e-10;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &AdaGrad::learning_rate, 0, 1e6, "length", "step size"),
            noisetrap::number("epsilon", &AdaGrad::epsilon, 1e-100, 1e6, "length/step", "added to r")};
    }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        using Real = typename Here::Real;
        constexpr Real one = 1;
        const auto gradient = here.gradient(x);
        auto& r = kept[0];
        r = root_of_squares(one, r, one, gradient);
        x = divided_step(x, static_cast<Real>(learning_rate) * here.unit, gradient, one, r,
                         static_cast<Real>(epsilon) * here.unit);
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// What Adam and AMSGrad have in common: running means m of the gradient and r^2 of its square.
struct RunningMoments {
    double learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

    template <class Optimiser>
    static auto common_parameters() {
        return std::array{noisetrap::number<Optimiser>("learning_rate", &Optimiser::learning_rate, 0, 1e6,
                                                       "length", "step size"),
                          noisetrap::number<Optimiser>("beta1", &Optimiser::beta1, 0, 0.999999, "-",
                                                       "of the mean, each step"),
                          noisetrap::number<Optimiser>("beta2", &Optimiser::beta2, 0, 0.999999, "-",
                                                       "of the mean square, each step"),
                          noisetrap::number<Optimiser>("epsilon", &Optimiser::epsilon, 1e-100, 1e6,
                                                       "length/step", "added to r")};
    }
    template <class Point, class Real>
    NOISETRAP_HD void take_in(const Point& gradient, Point& m, Point& r, Real) const {
        const auto b1 = static_cast<Real>(beta1), b2 = static_cast<Real>(beta2);
        m = fma(b1, m, (1 - b1) * gradient);
        r = root_of_squares(b2, r, 1 - b2, gradient);
    }
    /// x - learning_rate m/(size + epsilon), both without the weight of the zeros that they started from.
    template <class Point, class Here>
    NOISETRAP_HD Point moved(const Point& x, const Point& m, const Point& size, const Here& here) const {
        using Real = typename Here::Real;
        const Real rate = static_cast<Real>(learning_rate) / weight_so_far<Real>(beta1, here.n + 1);
        const Real scale = 1 / sqrt(weight_so_far<Real>(beta2, here.n + 1));
        return divided_step(x, rate * here.unit, m, scale, size, static_cast<Real>(epsilon) * here.unit);
    }
    Cost cost(const LossCost& loss) const { return {loss.gradient}; }
};

/// Kingma and Ba (2015).
struct Adam : RunningMoments {
    static constexpr const char* name = "adam";
    static constexpr const char* equation =
        "m <- beta1 m + (1 - beta1) f',  r^2 <- beta2 r^2 + (1 - beta2) f'^2,  x <- x - learning_rate "
        "m/(1 - beta1^n) / (r/sqrt(1 - beta2^n) + epsilon)";
    static constexpr int memory = 2;
    static constexpr bool kicks = false, differentiable = true;

    static auto parameters() { return common_parameters<Adam>(); }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        auto &m = kept[0], &r = kept[1];
        take_in(here.gradient(x), m, r, typename Here::Real{});
        x = moved(x, m, r, here);
    }
};

/// Adam whose denominator never falls (Reddi, Kale and Kumar 2018), with Adam's weights for the first steps
/// as in PyTorch; the paper has none.
struct AmsGrad : RunningMoments {
    static constexpr const char* name = "amsgrad";
    static constexpr const char* equation =
        "m and r as in adam,  s <- max(s, r),  x <- x - learning_rate m/(1 - beta1^n) / (s/sqrt(1 - beta2^n) "
        "+ epsilon)";
    static constexpr int memory = 3;
    static constexpr bool kicks = false, differentiable = true;

    static auto parameters() { return common_parameters<AmsGrad>(); }
    template <class Point, class Here>
    NOISETRAP_HD void step(Point& x, Point* kept, const Here& here) const {
        auto &m = kept[0], &r = kept[1], &s = kept[2];
        take_in(here.gradient(x), m, r, typename Here::Real{});
        s = each<Here::dimensions>([&](int i) NOISETRAP_INLINED {
            return select(value_of(r.at[i]) > value_of(s.at[i]), r.at[i], s.at[i]);
        });
        x = moved(x, m, s, here);
    }
};

}  // namespace noisetrap
