// Lyapunov exponents of products of random matrices, by simulation on the host.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

struct LyapunovRuns {
    std::uint64_t steps;         // that count, in each run
    std::uint64_t runs = 32;     // independent; standard errors are taken over them
    std::uint64_t warm_up = 64;  // steps before, in which the frame turns to its stationary directions
    int leading = 0;             // exponents wanted, the largest ones; 0 stands for all
};

/// The d exponents of x <- M x, per step, in falling order: a frame Q is carried along, M Q = Q' R by
/// Householder reflections, and the k-th exponent is the mean of log|R_kk| (Benettin et al. 1980, Meccanica
/// 15, 9). The largest few take as many columns of the frame. `next_matrix` draws the next d x d matrix,
/// independent of the ones before. The exponents of a singular product are -infinity or, by rounding, very
/// negative: below log 1e-16 or so the numbers mean nothing. Any finite run is off by O(1/steps), alike in
/// all runs where noise is very weak: standard errors do not show it. Throws std::domain_error where matrices
/// are not square, of different sizes or not finite, where there are no steps or fewer than 2 runs, and where
/// more exponents are wanted than there are.
std::vector<Estimate> lyapunov_exponents(const std::function<Eigen::MatrixXd()>& next_matrix,
                                         const LyapunovRuns& how);

}  // namespace noisetrap
