#include "engine/statistics/joint_moments.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace noisetrap {

/// f(place in JointMoments::product, a, b) for each pair of columns.
template <class F>
static void for_each_pair(F f) {
    std::size_t i = 0;
    for (std::size_t a = 0; a < joint_columns; ++a)
        for (std::size_t b = a; b < joint_columns; ++b) f(i++, a, b);
}

/// The moments of some rows; the mean is not finite where a row is not.
static JointMoments moments_of_all(const JointRows& rows) {
    JointMoments m;
    const std::size_t n = rows[0].size();
    m.count = n;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t c = 0; c < joint_columns; ++c) m.mean[c] += rows[c][i];
    for (double& mean : m.mean) mean /= static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
        double d[joint_columns];
        for (std::size_t c = 0; c < joint_columns; ++c) d[c] = rows[c][i] - m.mean[c];
        for_each_pair(
            [&](std::size_t pair, std::size_t a, std::size_t b) { m.product[pair] += d[a] * d[b]; });
    }
    return m;
}

JointMoments JointMoments::of(const JointRows& rows) {
    if (rows[0].empty()) return {};
    const auto all = moments_of_all(rows);
    if (std::isfinite(all.mean[0])) return all;
    std::array<std::vector<double>, joint_columns> finite;
    for (std::size_t i = 0; i < rows[0].size(); ++i)
        for (std::size_t c = 0; c < joint_columns; ++c)
            if (std::isfinite(rows[0][i])) finite[c].push_back(rows[c][i]);
    return finite[0].empty() ? JointMoments{} : moments_of_all({finite[0], finite[1], finite[2]});
}

void JointMoments::merge(const JointMoments& o) {
    if (o.count == 0) return;
    if (count == 0) {
        *this = o;
        return;
    }
    const auto na = static_cast<double>(count), nb = static_cast<double>(o.count), n = na + nb;
    std::array<double, joint_columns> d;
    for (std::size_t c = 0; c < joint_columns; ++c) d[c] = o.mean[c] - mean[c];
    for_each_pair([&](std::size_t pair, std::size_t a, std::size_t b) {
        product[pair] += o.product[pair] + d[a] * d[b] * (na * nb / n);
    });
    for (std::size_t c = 0; c < joint_columns; ++c) mean[c] += d[c] * (nb / n);
    count += o.count;
}

double JointMoments::product_of(std::size_t a, std::size_t b) const {
    double found = 0;
    if (a > b) std::swap(a, b);
    for_each_pair([&](std::size_t pair, std::size_t i, std::size_t j) {
        if (i == a && j == b) found = product[pair];
    });
    return found;
}

}  // namespace noisetrap
