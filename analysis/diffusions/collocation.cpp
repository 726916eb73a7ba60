#include "analysis/diffusions/collocation.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/legendre.hpp>

namespace noisetrap {
namespace {

// sum_k (2k + 1) P_k(t) int_{-1}^x P_k, because (2k + 1) int_{-1}^x P_k = P_{k+1}(x) - P_{k-1}(x).
double integrated_kernel(double t, double x) {
    using boost::math::legendre_p;
    double sum = x + 1;
    for (int k = 1; k < static_cast<int>(collocation_nodes); ++k)
        sum += legendre_p(k, t) * (legendre_p(k + 1, x) - legendre_p(k - 1, x));
    return sum;
}

}  // namespace

// The polynomial through f is sum_j f_j w_j sum_k (k + 1/2) P_k(t_j) P_k: Gauss quadrature is exact for its
// Legendre coefficients.
Collocation::Collocation() {
    using Rule = boost::math::quadrature::gauss<double, collocation_nodes>;
    constexpr std::size_t half = collocation_nodes / 2;
    for (std::size_t i = 0; i < half; ++i) {
        node[half + i] = Rule::abscissa()[i];
        node[half - 1 - i] = -Rule::abscissa()[i];
        weight[half + i] = weight[half - 1 - i] = Rule::weights()[i];
    }
    for (std::size_t i = 0; i < collocation_nodes; ++i)
        for (std::size_t j = 0; j < collocation_nodes; ++j)
            integral[i][j] = weight[j] / 2 * integrated_kernel(node[j], node[i]);
}

const Collocation& collocation() {
    static const Collocation table;
    return table;
}

double dot(const NodeValues& a, const NodeValues& b) {
    double sum = 0;
    for (std::size_t i = 0; i < collocation_nodes; ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace noisetrap
