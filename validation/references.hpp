// Losses, optimisers and walks as papers and textbooks have them, in plain numbers: what the engine is compared with
// shares no line with its models.
#pragma once

#include <cstdint>
#include <vector>

namespace noisetrap {

/// Du, Jin, Lee, Jordan, Singh and Poczos 2017 (arXiv 1705.10412), equation for f; its gradient by complex steps
/// (Squire and Trapp 1998), hence to the last digits and without a derivative worked out by hand.
struct PlainOctopus {
    std::size_t axes;
    double gamma = 1, L = 1, tau = 2.718281828459045;

    std::vector<double> gradient(const std::vector<double>& x) const;
    /// The first step of gradient descent after which the last axis is 2 tau long, from `start` on each; `most` where
    /// there is none before.
    std::uint64_t steps_of_descent(double rate, double start, std::uint64_t most) const;
};

/// AMSGrad (Reddi, Kale and Kumar 2018) in one dimension, with Adam's weights for the first steps, as PyTorch has them.
class PlainAmsGrad {
    double rate_, beta1_, beta2_, epsilon_;
    double x_, mean_ = 0, square_ = 0, largest_square_ = 0;
    int n_ = 0;

  public:
    PlainAmsGrad(double rate, double beta1, double beta2, double epsilon, double x0)
        : rate_(rate), beta1_(beta1), beta2_(beta2), epsilon_(epsilon), x_(x0) {}
    void step(double gradient);
    double x() const { return x_; }
    /// What multiplies a gradient in the step of a heavy ball, once the divisor no longer grows.
    double effective_rate() const;
};

/// The walk of fair steps +1 and -1 from 0, by adding up the odds of its places.
struct PlainWalk {
    /// P(T = n), n = 0 to `steps`, of the first step after which it is `barrier` away from 0.
    static std::vector<double> exit_odds(int barrier, int steps);
    /// The mean number of the first `steps` steps after which it is less than `radius` away from 0.
    static double mean_steps_within(double radius, int steps);
};

/// P(T > t) of Brownian motion from 0 that leaves |x| < radius at T: 4/pi sum (-1)^k/(2k + 1)
/// exp(-(2k + 1)^2 pi^2 t/(8 radius^2)) (Feller 1971, X.5).
double brownian_survival(double t, double radius);

/// P(T > n), n = 0 to `steps`, of the walk of Gaussian steps from 0 that is `radius` or more away from 0 first after step
/// T: the law of the places inside is passed on by quadrature, to many digits where the steps are not much shorter than a
/// twentieth of the radius.
std::vector<double> gaussian_walk_survival(double deviation, double radius, int steps);

/// dx = a x dt + sigma x dW + tau dV with independent noises, from x = 1, in Milstein's steps without their Levy area: the
/// variance of a level of a multilevel estimate of E x(time), the mean of a path and of the path with the noises of its steps
/// swapped in pairs, less the path of half as many steps (Giles and Szpruch 2014). From the second moments of the three,
/// which one pair of steps passes on to the next. `steps` is even.
double antithetic_level_variance(double a, double sigma, double tau, double time, int steps);

/// E x(time)^2 of Euler's steps of dx = (mu x - x^3) dt + zeta x dW with the coefficients taken at |x| <= h^(-1/2) at most (Mao
/// 2015), from a normal x(0): the mean of the square is taken back through the steps, as a function of x on a grid.
double truncated_mean_square(double mu, double zeta, double h, int steps, double deviation);

}  // namespace noisetrap
