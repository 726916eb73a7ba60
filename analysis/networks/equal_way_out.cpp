#include "analysis/networks/equal_way_out.hpp"

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"

namespace noisetrap {
namespace {

double total_loss(const Network& network, const DataSet& data, const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i < data.samples(); ++i)
        sum += loss_of(network, x, data.input_of(i), data.target_of(i));
    return sum;
}

}  // namespace

std::vector<double> equal_way_out(const Network& network, const DataSet& data,
                                  const std::vector<double>& point) {
    constexpr double nearest = 0.1, farthest = 2, rounding = 1e-13;
    const double here = total_loss(network, data, point);
    std::vector<double> e(point.size(), 1 / std::sqrt(static_cast<double>(point.size())));
    for (double away = nearest; away < farthest; away *= 2) {
        const auto fall = [&] {
            auto at = point;
            for (std::size_t p = 0; p < at.size(); ++p) at[p] += away * e[p];
            return here - total_loss(network, data, at);
        };
        const double positive = fall();
        e[0] = -e[0];
        const double negative = fall();
        if (!(negative > positive)) e[0] = -e[0];
        const double more = std::max(positive, negative);
        if (more > rounding * here) return e;
        if (!(more >= -rounding * here)) break;
        e[0] = std::abs(e[0]);
    }
    throw InputError(
        "measure.way_out = 'equal': the mean loss falls neither with all parameters alike nor with the first "
        "one of the other sign, so that this is no way out of the point");
}

}  // namespace noisetrap
