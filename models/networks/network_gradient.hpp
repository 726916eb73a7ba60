// The gradient of a network's loss on one sample, by back-propagation (Rumelhart, Hinton and Williams 1986; through
// time: Werbos 1990). It is written once, for numbers, for duals, which carry a Hessian-vector product along, and for
// packs of replicas.
//
//   at(p)       parameter p
//   input(i)    number i of the sample
//   target(j)   what output j is to be; of classes 1 for the right one, else 0
//   work        workspace_of(shape) numbers
//   give(p, g)  is told the derivative by parameter p, once each, after which at(p) is not asked for any more
#pragma once

#include <type_traits>

#include "models/networks/network_shape.hpp"

namespace noisetrap {

/// The loss's derivatives by the outputs f.
template <class Shape, class X, class Target>
NOISETRAP_HD void pull_outputs(const Shape& shape, const X* f, const Target& target, X* pull) {
    using Real = Base<X>;
    const std::size_t outputs = outputs_of(shape);
    if (shape.loss == NetworkLoss::square) {
        for (std::size_t j = 0; j < outputs; ++j) pull[j] = f[j] - target(j);
    } else if (shape.loss == NetworkLoss::logistic) {
        const auto y = target(0);
        pull[0] = -y / (exp(y * f[0]) + static_cast<Real>(1));
    } else {
        Real largest = value_of(f[0]);
        for (std::size_t j = 1; j < outputs; ++j) largest = larger_of(largest, value_of(f[j]));
        X sum{};
        for (std::size_t j = 0; j < outputs; ++j) {
            pull[j] = exp(f[j] - largest);
            sum = sum + pull[j];
        }
        for (std::size_t j = 0; j < outputs; ++j) pull[j] = pull[j] / sum - target(j);
    }
}

// What the outputs are worked out in, and the derivatives from that. Of layers `work` holds for each layer its values and
// then the sums of its units; two rows for the derivatives follow.

/// So many units of a layer share what they read. What each of them adds up, and in which order, is that of one alone.
#if defined(__AVX512F__)
inline constexpr std::size_t units_together = 8;
#else
inline constexpr std::size_t units_together = 4;
#endif

/// Fewer where a number is many packs: their sums are to stay in registers.
template <class X>
inline constexpr std::size_t units_at_once = units_together;

/// Whether a number carries derivatives.
template <class X>
inline constexpr bool has_directions = !std::is_same_v<X, Base<X>>;

/// A value of a layer as far as directions move it: those of the first are the sample's, and stay.
template <bool of_sample, class X>
NOISETRAP_HD auto value_before(const X& value) {
    if constexpr (of_sample) {
        return value_of(value);
    } else {
        return value;
    }
}

/// each(count, j) for the units j to j + count - 1 of a layer, count being a constant: most of them `together`, then two,
/// and at last one.
template <std::size_t together, class Each>
NOISETRAP_HD void in_groups(std::size_t units, const Each& each) {
    std::size_t j = 0;
    for (; j + together <= units; j += together) each(std::integral_constant<std::size_t, together>{}, j);
    if constexpr (together > 2)
        for (; j + 2 <= units; j += 2) each(std::integral_constant<std::size_t, 2>{}, j);
    if (together > 1 && j < units) each(std::integral_constant<std::size_t, 1>{}, j);
}

/// The sums of the units j to j + count - 1 of a layer whose weights begin with parameter p.
template <std::size_t count, bool of_sample, class Shape, class X, class At>
NOISETRAP_HD void add_up(const Shape& shape, const At& at, const X* values, std::size_t p, std::size_t from,
                         std::size_t to, std::size_t j, X* sums) {
    X sum[count];
    NOISETRAP_UNROLL
    for (std::size_t u = 0; u < count; ++u) sum[u] = shape.bias ? at(p + to * from + j + u) : X{};
    for (std::size_t i = 0; i < from; ++i) {
        const auto value = value_before<of_sample>(values[i]);
        NOISETRAP_UNROLL
        for (std::size_t u = 0; u < count; ++u) sum[u] = fma(at(p + (j + u) * from + i), value, sum[u]);
    }
    NOISETRAP_UNROLL
    for (std::size_t u = 0; u < count; ++u) sums[j + u] = sum[u];
}

/// The derivatives by their weights; and, unless `before` is null, what they add to those by the values before.
template <std::size_t count, bool of_sample, class Shape, class X, class At, class Give>
NOISETRAP_HD void hand_on(const Shape& shape, const At& at, const X* values, std::size_t p, std::size_t from,
                          std::size_t to, std::size_t j, const X* pull, X* before, const Give& give) {
    X here[count];
    NOISETRAP_UNROLL
    for (std::size_t u = 0; u < count; ++u) here[u] = pull[j + u];
    for (std::size_t i = 0; i < from; ++i) {
        const auto value = value_before<of_sample>(values[i]);
        X sum = before ? before[i] : X{};
        NOISETRAP_UNROLL
        for (std::size_t u = 0; u < count; ++u) {
            if (before) sum = fma(here[u], at(p + (j + u) * from + i), sum);
            give(p + (j + u) * from + i, here[u] * value);
        }
        if (before) before[i] = sum;
    }
    if (shape.bias)
        for (std::size_t u = 0; u < count; ++u) give(p + to * from + j + u, here[u]);
}

template <class Shape, class X, class At, class Input>
NOISETRAP_HD const X* outputs_of_layers(const Shape& shape, const At& at, const Input& input, X* work) {
    const std::size_t layers = shape.layers();
    for (std::size_t i = 0; i < shape.width(0); ++i) work[i] = input(i);
    std::size_t p = 0;
    X* values = work;
    NOISETRAP_UNROLL
    for (std::size_t k = 0; k < layers; ++k) {
        const std::size_t from = shape.width(k), to = shape.width(k + 1);
        X *next = values + 2 * from, *sums = next + to;
        const auto add = [&](auto of_sample) NOISETRAP_INLINED {
            in_groups<units_at_once<X>>(to, [&](auto count, std::size_t j) NOISETRAP_INLINED {
                add_up<count(), of_sample()>(shape, at, values, p, from, to, j, sums);
            });
        };
        if (k == 0 && has_directions<X>) {
            add(std::true_type{});
        } else {
            add(std::false_type{});
        }
        for (std::size_t j = 0; j < to; ++j)
            next[j] = k + 1 == layers ? sums[j] : unit_value(shape.unit, sums[j]);
        values = next;
        p += to * (from + (shape.bias ? 1 : 0));
    }
    return values;
}

template <class Shape, class X, class At, class Target, class Give>
NOISETRAP_HD void gradient_of_layers(const Shape& shape, const At& at, const Target& target, const X* f,
                                     X* work, const Give& give) {
    const std::size_t layers = shape.layers();
    std::size_t widest = 0, all = 0, p = parameter_count(shape);
    for (std::size_t k = 0; k <= layers; ++k) {
        all += 2 * shape.width(k);
        widest = shape.width(k) > widest ? shape.width(k) : widest;
    }
    X *pull = work + all, *before = pull + widest;
    pull_outputs(shape, f, target, pull);
    const X* values = f;
    NOISETRAP_UNROLL
    for (std::size_t after = 0; after < layers; ++after) {
        const std::size_t k = layers - 1 - after, from = shape.width(k), to = shape.width(k + 1);
        p -= to * (from + (shape.bias ? 1 : 0));
        values -= 2 * from;
        if (k > 0)
            for (std::size_t i = 0; i < from; ++i) before[i] = X{};
        X* const handed = k > 0 ? before : nullptr;
        const auto hand = [&](auto of_sample) NOISETRAP_INLINED {
            in_groups<units_at_once<X>>(to, [&](auto count, std::size_t j) NOISETRAP_INLINED {
                hand_on<count(), of_sample()>(shape, at, values, p, from, to, j, pull, handed, give);
            });
        };
        if (k == 0 && has_directions<X>) {
            hand(std::true_type{});
        } else {
            hand(std::false_type{});
        }
        if (k == 0) return;
        for (std::size_t i = 0; i < from; ++i)
            before[i] = before[i] * unit_slope(shape.unit, values[from + i], values[i]);
        X* const other = pull;
        pull = before, before = other;
    }
}

/// Of gates `work` holds inputs, sums, values, and the output with its derivative.
template <class Shape, class X, class At, class Input>
NOISETRAP_HD const X* outputs_of_gates(const Shape& shape, const At& at, const Input& input, X* work) {
    const std::size_t gates = shape.width(0);
    X *x = work, *sums = x + gates, *values = sums + gates, *f = values + gates;
    f[0] = X{};
    for (std::size_t j = 0; j < gates; ++j) {
        x[j] = input(j);
        sums[j] = at(j) * x[j];
        values[j] = unit_value(shape.unit, sums[j]);
        f[0] = fma(at(gates + j), values[j], f[0]);
    }
    return f;
}

template <class Shape, class X, class At, class Target, class Give>
NOISETRAP_HD void gradient_of_gates(const Shape& shape, const At& at, const Target& target, const X* f,
                                    X* work, const Give& give) {
    const std::size_t gates = shape.width(0);
    const X *x = work, *sums = x + gates, *values = sums + gates;
    X pull[1];  // of the one output
    pull_outputs(shape, f, target, pull);
    for (std::size_t j = 0; j < gates; ++j) {
        const X outer = pull[0] * at(gates + j);
        give(gates + j, pull[0] * values[j]);
        give(j, outer * unit_slope(shape.unit, sums[j], values[j]) * x[j]);
    }
}

/// Of a recurrent network `work` holds the inputs of all times, h of all times from 0 on, the sums, the outputs, and room
/// for the derivatives.
template <class Shape, class X, class At, class Input>
NOISETRAP_HD const X* outputs_of_recurrent(const Shape& shape, const At& at, const Input& input, X* work) {
    const std::size_t d = shape.width(0), h = shape.width(1), outputs = shape.width(2), steps = shape.steps;
    const std::size_t u = h * h, v = u + h * d;  // where U and V begin
    X *x = work, *values = x + steps * d, *sums = values + (steps + 1) * h, *f = sums + steps * h;
    for (std::size_t i = 0; i < steps * d; ++i) x[i] = input(i);
    for (std::size_t j = 0; j < h; ++j) values[j] = X{};
    for (std::size_t t = 0; t < steps; ++t)
        for (std::size_t j = 0; j < h; ++j) {
            X sum{};
            for (std::size_t i = 0; i < h; ++i) sum = fma(at(j * h + i), values[t * h + i], sum);
            for (std::size_t i = 0; i < d; ++i) sum = fma(at(u + j * d + i), x[t * d + i], sum);
            sums[t * h + j] = sum;
            values[(t + 1) * h + j] = unit_value(shape.unit, sum);
        }
    for (std::size_t j = 0; j < outputs; ++j) {
        f[j] = X{};
        for (std::size_t i = 0; i < h; ++i) f[j] = fma(at(v + j * h + i), values[steps * h + i], f[j]);
    }
    return f;
}

template <class Shape, class X, class At, class Target, class Give>
NOISETRAP_HD void gradient_of_recurrent(const Shape& shape, const At& at, const Target& target, const X* f,
                                        X* work, const Give& give) {
    const std::size_t d = shape.width(0), h = shape.width(1), outputs = shape.width(2), steps = shape.steps;
    const std::size_t u = h * h, v = u + h * d;
    X *x = work, *values = x + steps * d, *sums = values + (steps + 1) * h,
      *error = sums + steps * h + outputs, *pull = error + outputs, *before = pull + h, *inner = before + h;
    pull_outputs(shape, f, target, error);
    for (std::size_t i = 0; i < h; ++i) pull[i] = X{};
    for (std::size_t p = 0; p < v; ++p) inner[p] = X{};
    for (std::size_t j = 0; j < outputs; ++j)
        for (std::size_t i = 0; i < h; ++i) {
            pull[i] = fma(error[j], at(v + j * h + i), pull[i]);
            give(v + j * h + i, error[j] * values[steps * h + i]);
        }
    for (std::size_t t = steps; t-- > 0;) {
        for (std::size_t i = 0; i < h; ++i) before[i] = X{};
        for (std::size_t j = 0; j < h; ++j) {
            const X here = pull[j] * unit_slope(shape.unit, sums[t * h + j], values[(t + 1) * h + j]);
            for (std::size_t i = 0; i < h; ++i) {
                inner[j * h + i] = fma(here, values[t * h + i], inner[j * h + i]);
                before[i] = fma(here, at(j * h + i), before[i]);
            }
            for (std::size_t i = 0; i < d; ++i)
                inner[u + j * d + i] = fma(here, x[t * d + i], inner[u + j * d + i]);
        }
        for (std::size_t i = 0; i < h; ++i) pull[i] = before[i];
    }
    for (std::size_t p = 0; p < v; ++p) give(p, inner[p]);
}

/// What the network answers: numbers within `work`.
template <class Shape, class X, class At, class Input>
NOISETRAP_HD const X* network_outputs(const Shape& shape, const At& at, const Input& input, X* work) {
    switch (shape.kind) {
        case NetworkKind::gates:
            return outputs_of_gates(shape, at, input, work);
        case NetworkKind::recurrent:
            return outputs_of_recurrent(shape, at, input, work);
        case NetworkKind::layers:
            break;
    }
    return outputs_of_layers(shape, at, input, work);
}

/// see(sum) for the sum of every hidden unit, once the outputs are known.
template <class Shape, class X, class See>
NOISETRAP_HD void for_each_sum(const Shape& shape, const X* work, const See& see) {
    const std::size_t first = shape.width(0), hidden = shape.width(1);
    if (shape.kind == NetworkKind::gates) {
        for (std::size_t j = 0; j < first; ++j) see(work[first + j]);
    } else if (shape.kind == NetworkKind::recurrent) {
        const X* sums = work + inputs_of(shape) + (shape.steps + 1) * hidden;
        for (std::size_t j = 0; j < shape.steps * hidden; ++j) see(sums[j]);
    } else {
        const X* values = work;
        for (std::size_t k = 1; k < shape.layers(); ++k) {
            values += 2 * shape.width(k - 1);
            for (std::size_t j = 0; j < shape.width(k); ++j) see(values[shape.width(k) + j]);
        }
    }
}

template <class Shape, class X, class At, class Input, class Target, class Give>
NOISETRAP_HD void network_gradient(const Shape& shape, const At& at, const Input& input, const Target& target,
                                   X* work, const Give& give) {
    const X* f = network_outputs(shape, at, input, work);
    switch (shape.kind) {
        case NetworkKind::layers:
            return gradient_of_layers(shape, at, target, f, work, give);
        case NetworkKind::gates:
            return gradient_of_gates(shape, at, target, f, work, give);
        case NetworkKind::recurrent:
            return gradient_of_recurrent(shape, at, target, f, work, give);
    }
}

}  // namespace noisetrap
