// Networks of layers, each fully connected to the next (multilayer perceptrons), and the gradient of their loss on one
// sample, for plain numbers and for duals: with duals it carries a Hessian-vector product along.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/networks/data_set.hpp"
#include "analysis/networks/unit_function.hpp"

namespace noisetrap {

/// f is what the network answers, y the target.
enum class NetworkLoss : int {
    square,    // |f - y|^2 / 2
    logistic,  // log(1 + exp(-y f)), y = -1 or 1
    softmax,   // log sum exp f - f[y], y a class
};
inline constexpr const char* network_loss_names[] = {"square", "logistic", "softmax"};

/// Parameters come layer after layer: the weights from the layer before, one row a unit, then the biases if there are
/// any. The last layer is linear.
struct Network {
    std::vector<std::size_t> widths;  // inputs, units of each hidden layer, outputs
    UnitFunction unit = UnitFunction::tanh;
    bool bias = false;
    NetworkLoss loss = NetworkLoss::square;

    std::size_t layers() const { return widths.size() - 1; }
    std::size_t parameters() const {
        std::size_t count = 0;
        for (std::size_t k = 0; k < layers(); ++k) count += widths[k + 1] * (widths[k] + (bias ? 1 : 0));
        return count;
    }
};

/// Works out gradients, in memory of its own that every sample uses again.
template <class X>
class NetworkGradient {
    const Network& network_;
    std::vector<std::vector<X>> values_,
        slopes_;  // of the units of each layer: what the function is, and its slope
    std::vector<X> pull_,
        pull_before_;  // the loss's derivatives by the sums of a layer, and of the one before

    void go_forward(const X* at, const double* input) {
        for (std::size_t i = 0; i < network_.widths[0]; ++i) values_[0][i] = X{} + input[i];
        for (std::size_t k = 0; k < network_.layers(); ++k) {
            const std::size_t from = network_.widths[k], to = network_.widths[k + 1];
            const X* bias = at + to * from;
            for (std::size_t j = 0; j < to; ++j, at += from) {
                X sum = network_.bias ? bias[j] : X{};
                for (std::size_t i = 0; i < from; ++i) sum = fma(at[i], values_[k][i], sum);
                if (k + 1 == network_.layers()) {
                    values_[k + 1][j] = sum;
                    continue;
                }
                const auto unit = unit_value(network_.unit, sum);
                values_[k + 1][j] = unit.value, slopes_[k][j] = unit.slope;
            }
            if (network_.bias) at += to;
        }
    }

    /// The loss's derivatives by the outputs.
    void pull_outputs(const double* target) {
        const auto& f = values_.back();
        pull_.resize(f.size());
        if (network_.loss == NetworkLoss::square) {
            for (std::size_t j = 0; j < f.size(); ++j) pull_[j] = f[j] - target[j];
        } else if (network_.loss == NetworkLoss::logistic) {
            const double y = target[0];
            pull_[0] = -y / (exp(y * f[0]) + 1.0);
        } else {
            double largest = value_of(f[0]);
            for (const X& output : f) largest = value_of(output) > largest ? value_of(output) : largest;
            X sum{};
            for (std::size_t j = 0; j < f.size(); ++j) sum = sum + (pull_[j] = exp(f[j] - largest));
            for (X& share : pull_) share = share / sum;
            auto& right = pull_[static_cast<std::size_t>(target[0])];
            right = right - 1.0;
        }
    }

  public:
    explicit NetworkGradient(const Network& network)
        : network_(network), values_(network.layers() + 1), slopes_(network.layers()) {
        for (std::size_t k = 0; k <= network.layers(); ++k) values_[k].resize(network.widths[k]);
        for (std::size_t k = 0; k < network.layers(); ++k) slopes_[k].resize(network.widths[k + 1]);
    }

    /// Sets `gradient`, of as many numbers as there are parameters.
    void operator()(const X* parameters, const double* input, const double* target, X* gradient) {
        go_forward(parameters, input);
        pull_outputs(target);
        std::size_t end = network_.parameters();
        for (std::size_t k = network_.layers(); k-- > 0;) {
            const std::size_t from = network_.widths[k], to = network_.widths[k + 1];
            const std::size_t begin = end - to * (from + (network_.bias ? 1 : 0));
            pull_before_.assign(from, X{});
            for (std::size_t j = 0; j < to; ++j) {
                const X* weights = parameters + begin + j * from;
                for (std::size_t i = 0; i < from; ++i) {
                    gradient[begin + j * from + i] = pull_[j] * values_[k][i];
                    pull_before_[i] = fma(pull_[j], weights[i], pull_before_[i]);
                }
                if (network_.bias) gradient[begin + to * from + j] = pull_[j];
            }
            end = begin;
            if (k == 0) return;
            for (std::size_t i = 0; i < from; ++i) pull_before_[i] = pull_before_[i] * slopes_[k - 1][i];
            pull_.swap(pull_before_);
        }
    }
};

/// What the network answers to an input.
std::vector<double> answer_of(const Network&, const std::vector<double>& parameters, const double* input);
/// exp(f) over its sum.
std::vector<double> softmax_of(const std::vector<double>& f);

/// The loss on one sample.
double loss_of(const Network&, const std::vector<double>& parameters, const double* input,
               const double* target);

}  // namespace noisetrap
