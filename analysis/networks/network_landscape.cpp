#include "analysis/networks/network_landscape.hpp"

#include <algorithm>
#include <cmath>

namespace noisetrap {
namespace {

/// Where the parameters of one layer lie: rows of weights, then biases.
struct LayerPlaces {
    std::size_t begin, from, to;
    bool bias;

    std::size_t weight(std::size_t row, std::size_t column) const { return begin + row * from + column; }
    /// The bias counts as the weight of a last column.
    std::size_t columns() const { return from + (bias ? 1 : 0); }
    std::size_t place(std::size_t row, std::size_t column) const {
        return column < from ? weight(row, column) : begin + to * from + row;
    }
};

std::vector<LayerPlaces> layers_of(const Network& network) {
    std::vector<LayerPlaces> layers;
    std::size_t begin = 0;
    for (std::size_t k = 0; k < network.layers(); ++k) {
        layers.push_back({begin, network.widths[k], network.widths[k + 1], network.bias});
        begin += layers.back().to * layers.back().columns();
    }
    return layers;
}

/// d/dt of exp(tE) W and W' exp(-tE), E with a 1 at (a, b), times `sign`.
void add_exchange(Point& move, std::span<const double> x, const LayerPlaces& before, const LayerPlaces& after,
                  std::size_t a, std::size_t b, double sign) {
    for (std::size_t i = 0; i < before.columns(); ++i)
        move[before.place(a, i)] += sign * x[before.place(b, i)];
    for (std::size_t j = 0; j < after.to; ++j) move[after.weight(j, b)] -= sign * x[after.weight(j, a)];
}

}  // namespace

std::vector<double> NetworkLandscape::mean_gradient(std::span<const double> x,
                                                    std::span<const double> directions,
                                                    std::size_t count) const {
    const std::size_t n = x.size();
    std::vector<double> sums((count + 1) * n);
    sum_over_samples(network_, samples_, x.data(), directions.data(), count, sums.data(),
                     best_instruction_set());
    const double share = 1 / static_cast<double>(data_.samples());
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = share * sums[i] + weight_decay_ * (i < n ? x[i] : directions[i - n]);
    return sums;
}

double NetworkLandscape::value(std::span<const double> x) const {
    const std::vector<double> parameters(x.begin(), x.end());
    double sum = 0, square = 0;
    for (std::size_t i = 0; i < data_.samples(); ++i)
        sum += loss_of(network_, parameters, data_.input_of(i), data_.target_of(i));
    for (const double p : x) square += p * p;
    return sum / static_cast<double>(data_.samples()) + weight_decay_ * square / 2;
}

void NetworkLandscape::gradient(std::span<const double> x, std::span<double> slope) const {
    std::ranges::copy(mean_gradient(x, {}, 0), slope.begin());
}

void NetworkLandscape::hessian_times(std::span<const double> x, std::span<const double> v,
                                     std::span<double> product) const {
    const auto mean = mean_gradient(x, v, 1);
    std::ranges::copy(std::span(mean).subspan(x.size()), product.begin());
}

void NetworkLandscape::hessian(std::span<const double> x, std::span<double> by_columns) const {
    constexpr std::size_t together = directions_at_once;
    const std::size_t n = x.size();
    for (std::size_t first = 0; first < n; first += together) {
        const std::size_t count = std::min(together, n - first);
        std::vector<double> axes(together * n);
        for (std::size_t k = 0; k < count; ++k) axes[k * n + first + k] = 1;
        const auto mean = mean_gradient(x, axes, together);
        std::ranges::copy(std::span(mean).subspan(n, count * n), by_columns.subspan(first * n).begin());
    }
}

std::vector<double> NetworkLandscape::invariants(std::span<const double> x) const {
    constexpr std::size_t few = 8;
    const std::vector<double> parameters(x.begin(), x.end());
    std::vector<double> answers;
    for (std::size_t k = 0; k < few; ++k) {
        auto answer = answer_of(network_, parameters, data_.input_of(k * data_.samples() / few));
        if (network_.loss == NetworkLoss::softmax) answer = softmax_of(answer);
        answers.insert(answers.end(), answer.begin(), answer.end());
    }
    return answers;
}

std::vector<Point> NetworkLandscape::generators(std::span<const double> x) const {
    const auto layers = layers_of(network_);
    const bool decays = weight_decay_ > 0, linear = network_.unit == UnitFunction::linear;
    std::vector<Point> moves;
    for (std::size_t k = 0; k + 1 < layers.size(); ++k)
        for (std::size_t a = 0; a < layers[k].to; ++a)
            for (std::size_t b = 0; b < layers[k].to; ++b) {
                const bool scale = a == b && !decays && (linear || network_.unit == UnitFunction::relu);
                const bool mix = a != b && linear && (!decays || a < b);
                if (!scale && !mix) continue;
                Point move(x.size());
                add_exchange(move, x, layers[k], layers[k + 1], a, b, 1);
                if (decays) add_exchange(move, x, layers[k], layers[k + 1], b, a, -1);
                moves.push_back(std::move(move));
            }
    if (network_.loss != NetworkLoss::softmax || decays) return moves;
    for (std::size_t i = 0; i < layers.back().columns(); ++i) {
        Point move(x.size());
        for (std::size_t j = 0; j < layers.back().to; ++j) move[layers.back().place(j, i)] = 1;
        moves.push_back(std::move(move));
    }
    return moves;
}

}  // namespace noisetrap
