#include "engine/statistics/joint_moments.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/statistics/row_formulas.hpp"

namespace noisetrap {

JointMoments JointMoments::of(const JointRows& rows) {
    const auto moments_of = [&](std::uint64_t n, auto taken) {
        const auto each = [&](auto f) {
            for (std::size_t i = 0; i < rows[0].size(); ++i)
                if (const double row[] = {rows[0][i], rows[1][i], rows[2][i]}; taken(row[0])) f(row);
        };
        return joint_moments(each, n);
    };
    if (rows[0].empty()) return {};
    const auto all = moments_of(rows[0].size(), [](double) { return true; });
    if (std::isfinite(all.mean[0])) return all;
    const auto counts = [](double x) { return is_finite(x); };
    const auto finite = std::count_if(rows[0].begin(), rows[0].end(), counts);
    return finite == 0 ? JointMoments{} : moments_of(static_cast<std::uint64_t>(finite), counts);
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
