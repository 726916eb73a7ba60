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

void NetworkLandscape::hessian_times_each(std::span<const double> x, std::span<const double> vectors,
                                          std::span<double> products) const {
    constexpr std::size_t together = directions_at_once;
    const std::size_t n = x.size();
    for (std::size_t first = 0; first < vectors.size(); first += together * n) {
        const auto some = vectors.subspan(first, std::min(together * n, vectors.size() - first));
        std::vector<double> directions(together * n);  // those beyond the last are 0
        std::ranges::copy(some, directions.begin());
        const auto mean = mean_gradient(x, directions, together);
        std::ranges::copy(std::span(mean).subspan(n, some.size()), products.subspan(first).begin());
    }
}

void NetworkLandscape::hessian(std::span<const double> x, std::span<double> by_columns) const {
    constexpr std::size_t together = directions_at_once;
    const std::size_t n = x.size();
    for (std::size_t first = 0; first < n; first += together) {
        const std::size_t count = std::min(together, n - first);
        std::vector<double> axes(count * n);
        for (std::size_t k = 0; k < count; ++k) axes[k * n + first + k] = 1;
        hessian_times_each(x, axes, by_columns.subspan(first * n, count * n));
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

/// d/dt of W -> exp(tE) W exp(-tE), U -> exp(tE) U, V -> V exp(-tE), E with a 1 at (a, b), times `sign`.
static void add_exchange(Point& move, std::span<const double> x, const Network& network, std::size_t a,
                         std::size_t b, double sign) {
    const std::size_t h = network.width(1), d = network.width(0), outputs = network.width(2);
    const std::size_t u = h * h, v = u + h * d;
    for (std::size_t i = 0; i < h; ++i) move[a * h + i] += sign * x[b * h + i];
    for (std::size_t i = 0; i < h; ++i) move[i * h + b] -= sign * x[i * h + a];
    for (std::size_t i = 0; i < d; ++i) move[u + a * d + i] += sign * x[u + b * d + i];
    for (std::size_t j = 0; j < outputs; ++j) move[v + j * h + b] -= sign * x[v + j * h + a];
}

/// add(move, a, b, sign) for every pair of units of a layer that may be exchanged; of relu units each with itself alone.
template <class Add>
static void append_exchanges(std::vector<Point>& moves, std::size_t size, std::size_t units,
                             UnitFunction unit, bool decays, Add add) {
    const bool linear = unit == UnitFunction::linear;
    for (std::size_t a = 0; a < units; ++a)
        for (std::size_t b = 0; b < units; ++b) {
            const bool scale = a == b && !decays && (linear || unit == UnitFunction::relu);
            const bool mix = a != b && linear && (!decays || a < b);
            if (!scale && !mix) continue;
            Point move(size);
            add(move, a, b, 1);
            if (decays) add(move, b, a, -1);
            moves.push_back(std::move(move));
        }
}

std::vector<Point> NetworkLandscape::generators(std::span<const double> x) const {
    const bool decays = weight_decay_ > 0;
    std::vector<Point> moves;
    if (network_.kind == NetworkKind::recurrent) {
        append_exchanges(moves, x.size(), network_.width(1), network_.unit, decays,
                         [&](Point& move, std::size_t a, std::size_t b, double sign) {
                             add_exchange(move, x, network_, a, b, sign);
                         });
        const std::size_t hidden = network_.width(1), outputs = network_.width(2);
        for (std::size_t i = 0; network_.loss == NetworkLoss::softmax && !decays && i < hidden; ++i) {
            moves.emplace_back(x.size());
            for (std::size_t j = 0; j < outputs; ++j) moves.back()[x.size() - (outputs - j) * hidden + i] = 1;
        }
        return moves;
    }
    if (network_.kind == NetworkKind::gates) {
        const std::size_t gates = network_.width(0);
        const bool scale = network_.unit == UnitFunction::linear || network_.unit == UnitFunction::relu;
        for (std::size_t j = 0; scale && !decays && j < gates; ++j) {
            moves.emplace_back(x.size());
            moves.back()[j] = x[j], moves.back()[gates + j] = -x[gates + j];
        }
        return moves;
    }
    const auto layers = layers_of(network_);
    for (std::size_t k = 0; k + 1 < layers.size(); ++k)
        append_exchanges(moves, x.size(), layers[k].to, network_.unit, decays,
                         [&](Point& move, std::size_t a, std::size_t b, double sign) {
                             add_exchange(move, x, layers[k], layers[k + 1], a, b, sign);
                         });
    if (network_.loss != NetworkLoss::softmax || decays) return moves;
    for (std::size_t i = 0; i < layers.back().columns(); ++i) {
        Point move(x.size());
        for (std::size_t j = 0; j < layers.back().to; ++j) move[layers.back().place(j, i)] = 1;
        moves.push_back(std::move(move));
    }
    return moves;
}

}  // namespace noisetrap
