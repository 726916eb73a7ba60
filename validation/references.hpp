// A loss and an optimiser as their papers have them, in plain numbers: what the engine is compared with shares no line
// with its models.
#pragma once

#include <cstdint>
#include <vector>

namespace noisetrap {

/// Du, Jin, Lee, Jordan, Singh and Poczos 2017 (arXiv 1705.10412), equation for f; its gradient by complex steps
/// (Squire and Trapp 1998), hence to the last digits and without a derivative worked out by hand.
struct PlainOctopus {
    std::size_t axes;
    double gamma = 1, L = 1, tau = 2.718281828459045;

    std::vector<double> gradient(const std::vector<double>& x) const;
    /// The first step of gradient descent after which the last axis is 2 tau long, from `start` on each; `most` where
    /// there is none before.
    std::uint64_t steps_of_descent(double rate, double start, std::uint64_t most) const;
};

/// AMSGrad (Reddi, Kale and Kumar 2018) in one dimension, with Adam's weights for the first steps, as PyTorch has them.
class PlainAmsGrad {
    double rate_, beta1_, beta2_, epsilon_;
    double x_, mean_ = 0, square_ = 0, largest_square_ = 0;
    int n_ = 0;

  public:
    PlainAmsGrad(double rate, double beta1, double beta2, double epsilon, double x0)
        : rate_(rate), beta1_(beta1), beta2_(beta2), epsilon_(epsilon), x_(x0) {}
    void step(double gradient);
    double x() const { return x_; }
    /// What multiplies a gradient in the step of a heavy ball, once the divisor no longer grows.
    double effective_rate() const;
};

}  // namespace noisetrap
