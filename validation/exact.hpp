// The exact answers, each with its source; where the formula lives in analysis/, the header says more. None shares a
// line with the engine's loop, its noise or its models, but where it says so.
//
// growth.hpp          E log|1 + a + xi| for three laws, trap windows, Kesten's exponent (Kesten 1973, Goldie
//                     1991); a - sigma^2/2 (Ito); growth, tail, stability of schemes (Saito and Mitsui 1996)
// binomial_law.hpp    P(|x[n]| < |x[0]|) under two-point noise alone
// moments.hpp         E x, E x^2 of recursion and SDE (linear recursions)
// stationary_law.hpp  inverse gamma, Student t, Pearson IV (Wong 1964)
// fokker_planck.hpp   laws on their way, survival curves, collapse odds (numerical)
// exit_time.hpp       mean exit times (Karlin and Taylor 1981)
// strong_error.hpp    endpoint errors of Euler-Maruyama and Milstein (products of steps)
// quartic_well.hpp    gamma law, thresholds (Chen et al. 2023)
// heavy_ball.hpp      invariant measure on the projective line; and the QR method, which multiplies matrices of a
//                     generator of its own
// remedies.hpp, remedy_answers.hpp
//                     rates over the population that was drawn; attractive_noise_of_samples shares the words of its
//                     samples with the model
// references.hpp      octopus (Du et al. 2017) by complex steps; AMSGrad (Reddi et al. 2018) in plain numbers. The
//                     latter takes the noise of each path from a run of plain gradient descent, 1 + a + xi
// known_values.hpp    what sweeps are compared with: the same formulas
// below               log-normal law (Ito); tau sqrt N; overshoot of a barrier (Chernoff 1965, Siegmund 1979)
#pragma once

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "analysis/diffusions/exit_time.hpp"
#include "analysis/diffusions/fokker_planck.hpp"
#include "analysis/growth/binomial_law.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "analysis/laws/strong_error.hpp"

namespace noisetrap {

/// log|x_t / x_0| ~ Normal((a - sigma^2/2) t, sigma^2 t) of dx = a x dt + sigma x dW.
class LogNormalLaw {
    boost::math::normal log_size_;

  public:
    LogNormalLaw(double a, double sigma, double x0, double time)
        : log_size_(std::log(std::abs(x0)) + sde_growth_rate(a, sigma) * time,
                    std::abs(sigma) * std::sqrt(time)) {}
    double cdf_of_log(double log_x) const { return boost::math::cdf(log_size_, log_x); }
    double survival_of_log(double log_x) const { return boost::math::cdf(complement(log_size_, log_x)); }
};

/// tau sqrt N: standard deviation of x[N] - x[0] under diffusive noise alone.
inline double diffusion_deviation(double tau, double steps) { return tau * std::sqrt(steps); }

/// -zeta(1/2)/sqrt(2 pi): a random walk of small Gaussian steps of deviation s overshoots a barrier by this
/// many s on average; watched at its steps only, it behaves as if the barrier were so much farther away
/// (Broadie, Glasserman and Kou 1997).
inline constexpr double mean_overshoot = 0.5825971579390106702;

}  // namespace noisetrap
