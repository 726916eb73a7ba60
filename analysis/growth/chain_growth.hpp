// The mean of a quantity along a Markov chain of finitely many places. Not for installing: Eigen.
#pragma once

#include <Eigen/Dense>

namespace noisetrap {

/// The rate of f - jump f + rate = growth, sum f = 0 (Poisson's equation): the mean of `growth` under the
/// stationary law of the chain whose row i of `jump` holds the odds of a jump from place i.
inline double mean_growth(const Eigen::MatrixXd& jump, const Eigen::VectorXd& growth) {
    const Eigen::Index n = growth.size();
    Eigen::MatrixXd system = Eigen::MatrixXd::Ones(n + 1, n + 1);
    system.topLeftCorner(n, n) = Eigen::MatrixXd::Identity(n, n) - jump;
    system(n, n) = 0;
    Eigen::VectorXd right(n + 1);
    right << growth, 0;
    return system.partialPivLu().solve(right)[n];
}

}  // namespace noisetrap
