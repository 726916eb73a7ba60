// The exact answers, each with its source; where the formula lives in analysis/, the header says more.
//
//   E log|1 + a + xi| for three laws, trap windows, Kesten's exponent     growth.hpp        Kesten 1973,
//   Goldie 1991 P(|x[n]| < |x[0]|), two-point noise alone                             binomial_law.hpp  the
//   binomial law E x, E x^2 of recursion and SDE                                       moments.hpp linear
//   recursions a - sigma^2/2; growth rate, tail and stability of Euler-Maruyama      growth.hpp        Ito;
//   Saito and Mitsui 1996 log-normal law without diffusive noise                                below Ito
//   inverse gamma, Student t, Pearson IV                                  stationary_law.hpp Wong 1964
//   laws on their way, survival curves                                    fokker_planck.hpp numerical,
//   independent mean exit times                                                       exit_time.hpp Karlin
//   and Taylor 1981 overshoot of a barrier watched at steps only                          below Chernoff
//   1965, Siegmund 1979 endpoint errors of Euler-Maruyama and Milstein strong_error.hpp  products of steps
//   quartic well                                                          quartic_well.hpp  Chen et al. 2023
#pragma once

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "analysis/binomial_law.hpp"
#include "analysis/exit_time.hpp"
#include "analysis/fokker_planck.hpp"
#include "analysis/growth.hpp"
#include "analysis/moments.hpp"
#include "analysis/quartic_well.hpp"
#include "analysis/stationary_law.hpp"
#include "analysis/strong_error.hpp"

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
