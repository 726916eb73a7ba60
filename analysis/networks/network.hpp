// Networks whose shape is read at run time, and the gradient of their loss on one sample, for plain numbers and for duals:
// with duals it carries a Hessian-vector product along. The gradients themselves are those that kernels step.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/networks/data_set.hpp"
#include "models/networks/network_gradient.hpp"

namespace noisetrap {

/// A shape as models/networks/network_shape.hpp wants it.
struct Network {
    std::vector<std::size_t> widths;  // inputs, units of each hidden layer, outputs
    UnitFunction unit = UnitFunction::tanh;
    bool bias = false;  // of layers
    NetworkLoss loss = NetworkLoss::square;
    NetworkKind kind = NetworkKind::layers;
    std::size_t steps = 1;  // of a recurrent network

    std::size_t layers() const { return widths.size() - 1; }
    std::size_t width(std::size_t k) const { return widths[k]; }
    std::size_t parameters() const { return parameter_count(*this); }
};

/// Works out gradients, in memory of its own that every sample uses again.
template <class X>
class NetworkGradient {
    const Network& network_;
    std::vector<X> work_;

  public:
    explicit NetworkGradient(const Network& network) : network_(network), work_(workspace_of(network)) {}

    /// The numbers of the outputs, and see(sum) for the sum of every hidden unit.
    template <class See>
    const X* outputs(const X* parameters, const double* input, const See& see) {
        const auto* f = network_outputs(
            network_, [parameters](std::size_t p) { return parameters[p]; },
            [input](std::size_t i) { return X{} + input[i]; }, work_.data());
        for_each_sum(network_, work_.data(), see);
        return f;
    }
    /// Sets `gradient`, of as many numbers as there are parameters.
    void operator()(const X* parameters, const double* input, const double* target, X* gradient) {
        const bool classes = network_.loss == NetworkLoss::softmax;
        network_gradient(
            network_, [parameters](std::size_t p) { return parameters[p]; },
            [input](std::size_t i) { return X{} + input[i]; },
            [=](std::size_t j) {
                return classes ? static_cast<double>(j == static_cast<std::size_t>(target[0])) : target[j];
            },
            work_.data(), [gradient](std::size_t p, const X& g) { gradient[p] = g; });
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
