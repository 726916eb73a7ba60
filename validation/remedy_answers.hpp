// Exact answers for remedies that have no closed form, by quadrature.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace noisetrap {

/// xi_i of the samples of a finite-sum saddle: mean 0 and standard deviation sigma over all of them.
std::vector<double> attractive_noise_of_samples(std::uint32_t samples, std::uint32_t population,
                                                double sigma);

enum class Drawing { with_replacement, without_replacement };

/// E log|1 + a + mean of xi over a batch| over all the batches that can be drawn, per step. With E log|u| as
/// an integral over the law's characteristic function phi, and a Gaussian G of the same mean and variance,
///     E log|m + X| - E log|m + G| = int_0^inf Re e^(ikm) (phi_G(k) - phi_X(k)) dk/k,
/// where phi_X of a batch is a power with, and an elementary symmetric polynomial without replacement. Right
/// to about 1/N for batches of 2 or 3 (their atoms are not resolved), far better for larger ones.
double minibatch_growth(std::span<const double> xi, std::uint32_t batch, Drawing drawing, double a);

/// SVRG with landmark x*, Gaussian xi, learning rate 1: E log|x[n]/x*| after n = 0 ... steps steps of an
/// inner loop, by stepping u_n(z) = E u_(n-1)((1 + a + xi) z + a), u_0 = log|1 + z|, z = x/x* - 1, on a grid.
/// For sigma up to 0.25: factors near 0, which lead back to the landmark, must be rare.
std::vector<double> svrg_loop_growth(double a, double sigma, std::uint64_t steps);

}  // namespace noisetrap
