// What a network is made of. A shape that the compiler knows has the same members as one that is read at run time
// (analysis/networks/network.hpp), so that the gradients of network_gradient.hpp are written once for both.
#pragma once

#include <cstddef>

#include "models/networks/unit_function.hpp"

namespace noisetrap {

enum class NetworkKind : int {
    layers,     // each fully connected to the next, the last one linear
    gates,      // f = sum over j of u[j] phi(w[j] x[j]): one unit for each input
    recurrent,  // h[t] = phi(W h[t-1] + U x[t]), h[0] = 0; f = V h[T]
};
inline constexpr const char* network_kind_names[] = {"layers", "gates", "recurrent"};

/// f is what the network answers, y the target.
enum class NetworkLoss : int {
    square,    // |f - y|^2 / 2
    logistic,  // log(1 + exp(-y f)), y = -1 or 1
    softmax,   // log sum exp f - f[y], y a class
};
inline constexpr const char* network_loss_names[] = {"square", "logistic", "softmax"};

/// widths: inputs, units of each hidden layer, outputs. A recurrent network has one hidden layer, and its inputs are
/// those of one of `steps` times. Parameters come in the order
///   layers:     layer after layer the weights, a row a unit, then the biases if there are any
///   gates:      w, then u
///   recurrent:  W, U and V, each row after row
template <class Shape>
NOISETRAP_HD constexpr std::size_t parameter_count(const Shape& shape) {
    const std::size_t first = shape.width(0), hidden = shape.width(1);
    if (shape.kind == NetworkKind::gates) return 2 * first;
    if (shape.kind == NetworkKind::recurrent) return hidden * (hidden + first + shape.width(2));
    std::size_t count = 0;
    for (std::size_t k = 0; k < shape.layers(); ++k)
        count += shape.width(k + 1) * (shape.width(k) + (shape.bias ? 1 : 0));
    return count;
}
/// Numbers of a sample.
template <class Shape>
NOISETRAP_HD constexpr std::size_t inputs_of(const Shape& shape) {
    return shape.width(0) * (shape.kind == NetworkKind::recurrent ? shape.steps : 1);
}
template <class Shape>
NOISETRAP_HD constexpr std::size_t outputs_of(const Shape& shape) {
    return shape.width(shape.layers());
}
/// Numbers of a sample in the table, targets with them, as far as a shape tells: a network that answers its inputs has no
/// others.
template <class Shape>
NOISETRAP_HD constexpr std::size_t numbers_of_sample(const Shape& shape) {
    return inputs_of(shape) + (shape.loss == NetworkLoss::softmax ? 1 : outputs_of(shape));
}
/// Samples of so many numbers are read row by row and then turned, where there are lanes; of fewer each number is gathered.
template <class Shape>
NOISETRAP_HD constexpr bool has_long_rows(const Shape& shape) {
    return numbers_of_sample(shape) >= 6;
}
/// How far apart the rows of a table begin: long ones are padded, so that registers are read whole.
template <class Shape>
NOISETRAP_HD constexpr std::size_t row_of_table(const Shape& shape) {
    const std::size_t numbers = numbers_of_sample(shape);
    return has_long_rows(shape) ? (numbers + 15) / 16 * 16 : numbers;
}
/// Numbers that a gradient is worked out in.
template <class Shape>
NOISETRAP_HD constexpr std::size_t workspace_of(const Shape& shape) {
    const std::size_t first = shape.width(0), hidden = shape.width(1), outputs = outputs_of(shape);
    if (shape.kind == NetworkKind::gates) return 3 * first + 1;
    if (shape.kind == NetworkKind::recurrent)
        return inputs_of(shape) + (2 * shape.steps + 3) * hidden + hidden * (hidden + first) + 2 * outputs;
    std::size_t count = 0, widest = first;
    for (std::size_t k = 0; k <= shape.layers(); ++k) {
        count += 2 * shape.width(k);
        widest = shape.width(k) > widest ? shape.width(k) : widest;
    }
    return count + 2 * widest;
}

/// A shape that is known to the compiler.
template <NetworkKind kind_, UnitFunction unit_, bool bias_, NetworkLoss loss_, std::size_t steps_,
          std::size_t... widths_>
struct StaticNetwork {
    static constexpr NetworkKind kind = kind_;
    static constexpr UnitFunction unit = unit_;
    static constexpr bool bias = bias_;
    static constexpr NetworkLoss loss = loss_;
    static constexpr std::size_t steps = steps_;
    static NOISETRAP_HD constexpr std::size_t layers() { return sizeof...(widths_) - 1; }
    static NOISETRAP_HD constexpr std::size_t width(std::size_t k) {
        constexpr std::size_t widths[] = {widths_...};
        return widths[k];
    }
};

}  // namespace noisetrap
