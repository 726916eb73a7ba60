#include "analysis/growth/lyapunov.hpp"

#include <Eigen/QR>
#include <cmath>
#include <limits>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

// Carries the frame one step on; returns log|R_kk|.
ArrayXd advance(MatrixXd& frame, const MatrixXd& matrix) {
    require(matrix.rows() == frame.rows() && matrix.cols() == matrix.rows(),
            "Lyapunov exponents need square matrices of one size");
    require(matrix.allFinite(), "a matrix of the product is not finite");
    const Eigen::HouseholderQR<MatrixXd> split(matrix * frame);
    frame.setIdentity();
    frame.applyOnTheLeft(split.householderQ());
    return split.matrixQR().diagonal().array().abs().log();
}

// The first columns of the identity.
MatrixXd first_frame(Index dimensions, int leading) {
    require(leading >= 0 && leading <= dimensions, "more Lyapunov exponents are wanted than there are");
    return MatrixXd::Identity(dimensions, leading == 0 ? dimensions : leading);
}

// The exponents of one run.
ArrayXd one_run(const std::function<MatrixXd()>& next_matrix, const LyapunovRuns& how) {
    MatrixXd frame;
    ArrayXd sum;
    for (std::uint64_t n = 0; n < how.warm_up + how.steps; ++n) {
        const MatrixXd matrix = next_matrix();
        if (n == 0) frame = first_frame(matrix.rows(), how.leading);
        const ArrayXd growth = advance(frame, matrix);
        if (n > how.warm_up)
            sum += growth;
        else
            sum = growth;  // those of the warm-up do not count
    }
    return sum / static_cast<double>(how.steps);
}

Estimate over_runs(const ArrayXd& values) {
    if (std::isinf(values.minCoeff())) return {-std::numeric_limits<double>::infinity(), 0};
    const auto count = static_cast<std::size_t>(values.size());
    return Moments::of({values.data(), count}).mean_estimate();
}

}  // namespace

std::vector<Estimate> lyapunov_exponents(const std::function<MatrixXd()>& next_matrix,
                                         const LyapunovRuns& how) {
    require(how.steps > 0 && how.runs >= 2, "Lyapunov exponents need steps, and at least two runs");
    Eigen::ArrayXXd values;  // one row a run
    for (std::uint64_t run = 0; run < how.runs; ++run) {
        const ArrayXd exponents = one_run(next_matrix, how);
        if (run == 0) values.resize(static_cast<Index>(how.runs), exponents.size());
        require(exponents.size() == values.cols(), "Lyapunov exponents need square matrices of one size");
        values.row(static_cast<Index>(run)) = exponents;
    }
    std::vector<Estimate> estimates;
    for (Index k = 0; k < values.cols(); ++k) estimates.push_back(over_runs(values.col(k)));
    return estimates;
}

}  // namespace noisetrap
