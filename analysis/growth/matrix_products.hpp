// Products of random matrices: a critical point in d dimensions, x <- (I + D + Xi) x, for the structures that
// the noise Xi of a gradient can have. x -> 0 almost surely iff the top Lyapunov exponent is negative.
// Z, G: standard normal, all independent, drawn anew at every step.
//
//   plain      x <- sigma G x, no identity and no a: Newman's product, exact for every exponent
//   dense      D = a I, Xi = sigma G
//   symmetric  D = a I, Xi = sigma (G + G^T)/2, as a Hessian's noise: deviation sigma on the diagonal and
//              sigma/sqrt 2 beside it, which makes the law the same in every orthonormal basis
//   commuting  D = a I, Xi = sigma diag(Z_1, ..., Z_d): d one-dimensional recursions. One Z common to
//              all axes has the same exponents: they belong to each axis alone.
//   low_rank   D = a u u^T - |a| (I - u u^T), Xi = sigma Z u u^T: one direction u to escape along, and
//              noise in it alone. The one-dimensional trap stands so in any d. So do real networks: few of
//              the Hessian's eigenvalues are negative or large (Sagun et al. 2017, arXiv:1706.04454), and
//              the noise of minibatch gradients lies mostly along those directions (Zhu et al. 2019,
//              arXiv:1803.00195).
//
// Bad input throws std::domain_error. The sign of sigma does not matter.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "analysis/growth/growth.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

enum class Structure { plain, dense, symmetric, commuting, low_rank };
inline constexpr const char* structure_names[] = {"plain", "dense", "symmetric", "commuting", "low-rank"};

struct MatrixProduct {
    static constexpr int most_dimensions = 32;
    Structure structure;
    int dimension;    // d, 1 to most_dimensions
    double a, sigma;  // per step; plain takes no a
};

/// Draws the matrices one by one, column after column into d^2 numbers. u = (1, ..., 1)/sqrt d.
std::function<void(std::span<double>)> next_matrix(const MatrixProduct&, std::uint64_t seed);

/// The first `count` exponents per step by the QR method (analysis/growth/lyapunov.hpp), standard errors over
/// independent runs of `steps` each. The frame needs to turn under low-rank noise only: there each run begins
/// with as many steps that do not count, and `steps` should be many times sigma^2 over the square of the gap
/// between the two exponents.
std::vector<Estimate> simulated_exponents(const MatrixProduct&, int count, std::uint64_t steps,
                                          std::uint64_t runs, std::uint64_t seed);

/// The k-th exponent, k = 1 to d in falling order, of dx = D x dt + dXi x (Ito), per unit of time:
///     dense      a + sigma^2 (d - 2k)/2
///     symmetric  a + sigma^2 (d + 1 - 4k)/4
///     commuting  a - sigma^2/2
///     low_rank   a - sigma^2/2 once, -|a| otherwise
/// (Le Jan 1985; Newman 1986). Not a number for plain.
double sde_exponent(const MatrixProduct&, int k);

/// The SDE's Euler-Maruyama scheme as a product: a -> a h, sigma -> sigma sqrt h. Its exponents divided by h
/// tend to the SDE's with an error of first order. Not for plain.
MatrixProduct euler_product(const MatrixProduct& sde, double h);

/// The k-th exponent of the product itself, per step, where it is known:
///     plain      log sigma + 1/2 [log 2 + psi((d - k + 1)/2)] (Newman 1986)
///     dense, symmetric, k = 1: E log|(I + D + Xi) e_1|. Their laws are the same in every orthonormal basis,
///                so that the factors by which |x| grows are independent, whichever way x points.
///     commuting  E log|1 + a + sigma Z|
///     low_rank   the same once, log|1 - |a|| otherwise
std::optional<double> exact_exponent(const MatrixProduct&, int k);

/// Open range of sigma in which the SDE's top exponent is negative; nothing where it never is. For a > 0
/// dense noise traps in d = 1 only and symmetric noise in d = 1 and 2 (sigma^2 > 2a, 4a), commuting and
/// low-rank noise in any d (sigma^2 > 2a), all of them without an upper edge. Not for plain.
std::optional<TrapWindow> sde_trap_window(Structure, int dimension, double a);

/// The same for the product itself. In d = 2 symmetric noise then traps for a < 0.0413320 only.
std::optional<TrapWindow> trap_window(Structure, int dimension, double a);

}  // namespace noisetrap
