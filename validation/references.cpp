#include "validation/references.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

namespace noisetrap {
namespace {

using Complex = std::complex<double>;

/// x of that size, with its derivative.
Complex size_of(Complex x) { return x.real() < 0 ? -x : x; }

Complex leaving(const PlainOctopus& o, Complex s) {
    const Complex d = s - o.tau;
    return -o.gamma * s * s + (10 * o.gamma - 14 * o.L) / (3 * o.tau) * d * d * d +
           (5 * o.L - 3 * o.gamma) / (2 * o.tau * o.tau) * d * d * d * d;
}

Complex holding(const PlainOctopus& o, Complex s) {
    const Complex d = (s - 2 * o.tau) / o.tau;
    return -o.gamma - (o.L + o.gamma) * (10.0 * d * d * d + 15.0 * d * d * d * d + 6.0 * d * d * d * d * d);
}

/// The paper's f, but for constants. The first axis that is shorter than 2 tau is being left.
Complex value(const PlainOctopus& o, const std::vector<Complex>& x) {
    const auto left = [&](Complex s) { return o.L * (s - 4 * o.tau) * (s - 4 * o.tau); };
    Complex f = 0;
    std::size_t i = 0;
    for (; i < x.size() && std::abs(x[i].real()) >= 2 * o.tau; ++i) f += left(size_of(x[i]));
    if (i == x.size()) return f;
    const Complex s = size_of(x[i]), next = i + 1 < x.size() ? x[i + 1] : 0;
    f += s.real() <= o.tau ? -o.gamma * s * s + o.L * next * next
                           : leaving(o, s) + holding(o, s) * next * next;
    for (std::size_t j = i + 2; j < x.size(); ++j) f += o.L * x[j] * x[j];
    return f;
}

}  // namespace

std::vector<double> PlainOctopus::gradient(const std::vector<double>& x) const {
    constexpr double tiny = 1e-100;
    std::vector<Complex> at(x.begin(), x.end());
    std::vector<double> slope(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        at[i] = {x[i], tiny};
        slope[i] = value(*this, at).imag() / tiny;
        at[i] = x[i];
    }
    return slope;
}

std::uint64_t PlainOctopus::steps_of_descent(double rate, double start, std::uint64_t most) const {
    std::vector<double> x(axes, start);
    for (std::uint64_t n = 1; n < most; ++n) {
        const auto slope = gradient(x);
        for (std::size_t i = 0; i < axes; ++i) x[i] -= rate * slope[i];
        if (std::abs(x.back()) >= 2 * tau) return n;
    }
    return most;
}

void PlainAmsGrad::step(double gradient) {
    ++n_;
    mean_ = beta1_ * mean_ + (1 - beta1_) * gradient;
    square_ = beta2_ * square_ + (1 - beta2_) * gradient * gradient;
    largest_square_ = std::max(largest_square_, square_);
    const double first = 1 - std::pow(beta1_, n_), second = 1 - std::pow(beta2_, n_);
    x_ -= rate_ * (mean_ / first) / (std::sqrt(largest_square_ / second) + epsilon_);
}

double PlainAmsGrad::effective_rate() const {
    return rate_ * (1 - beta1_) / (std::sqrt(largest_square_) + epsilon_);
}

}  // namespace noisetrap
