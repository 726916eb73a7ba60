// A network under an optimiser, on a data set in memory: what the wide block steps (engine/paths/wide_block.hpp).
#pragma once

#include <type_traits>

#include "engine/noise/sample_source.hpp"
#include "engine/numbers/pack.hpp"
#include "engine/numbers/state.hpp"
#include "models/networks/network_gradient.hpp"

namespace noisetrap {

/// What a process knows beside its shape. The state is the displacement from `base`, so that distances far below the
/// size of the parameters are kept. Tables belong to whoever made the process.
template <class Optimiser, class Real>
struct NetworkSetting {
    Optimiser optimiser;
    SampleRule rule;
    const Real* table;  // sample after sample: inputs, then targets
    std::uint32_t row, first_target;
    const Real* base;      // where the displacement is 0
    Real decay;            // of weights: adds decay times the parameter to its derivative
    float label_noise;     // deviation of what is added anew to the target of every sample that is taken
    Real near_squared;     // a path whose distance comes below has fallen in
    const Real* subspace;  // orthonormal vectors in which distance is measured, each of the numbers `support`
    const std::uint32_t* support;
    const Real* way_out;  // e, of all parameters
    std::uint32_t vectors, supported;
    bool any_angle;  // a path starts in any direction of the subspace; else along e
    double* kept;    // the parameters of every path at each observed step, step after step; or null
    std::uint64_t kept_paths;
};

/// An optimiser looks at the gradient at one point of its own, and steps each coordinate by itself: here with a gradient
/// that is known.
template <class Real_, class X>
struct KnownGradient {
    using Real = Real_;
    static constexpr int dimensions = 1;
    X known;
    unsigned long long n;
    Real unit = 1;
    NOISETRAP_HD State<X, 1> gradient(const State<X, 1>&) const { return {{known}}; }
};
/// Here it is asked where that point is.
template <class Real_, class X>
struct AskedPoint {
    using Real = Real_;
    static constexpr int dimensions = 1;
    State<X, 1>& point;
    unsigned long long n;
    Real unit = 1;
    NOISETRAP_HD State<X, 1> gradient(const State<X, 1>& x) const {
        point = x;
        return {{X{}}};
    }
};

/// What a path keeps from step to step: the parameters, and `memory` numbers of the optimiser for each.
template <class Shape>
NOISETRAP_HD constexpr std::size_t kept_numbers(const Shape& shape, int memory) {
    return parameter_count(shape) * (1 + static_cast<std::size_t>(memory));
}
/// Whether a slice of so many lanes reads samples row by row and then turns them.
template <class Shape>
NOISETRAP_HD constexpr bool turns_rows(const Shape& shape, int lanes) {
    return lanes > 1 && has_long_rows(shape);
}
/// What a slice works a step out in: the gradient, its sum over a batch, and the rows that are turned.
template <class Shape>
NOISETRAP_HD constexpr std::size_t step_numbers(const Shape& shape, int lanes) {
    return workspace_of(shape) + parameter_count(shape) +
           (turns_rows(shape, lanes) ? row_of_table(shape) : 0);
}

/// `moved`: the base is not zero.
template <class Shape, class Optimiser, bool moved, class Real>
struct NetworkProcess : NetworkSetting<Optimiser, Real> {
    static constexpr bool is_wide = true, has_length = false, differentiable = false;
    static constexpr int noises = 1;
    static constexpr std::int64_t lowest_exponent = 0;
    static constexpr std::size_t parameters = parameter_count(Shape{}),
                                 numbers_of_path = kept_numbers(Shape{}, Optimiser::memory),
                                 sample_numbers = numbers_of_sample(Shape{});
    template <int W>
    static constexpr std::size_t workspace = step_numbers(Shape{}, W);
    template <int W>
    static constexpr bool by_rows = turns_rows(Shape{}, W);
    int active_noises() const { return 1; }
    Law law(int) const { return Law::uniform; }
    bool moves_zero() const { return false; }

    /// One step of a slice.
    template <int W, class X>
    NOISETRAP_HD void step(X* s, X* work, std::uint64_t n, SliceSamples<W>& samples) const {
        const auto at = [&](std::size_t p) NOISETRAP_INLINED { return asked(s, p, n); };
        samples.begin(n);
        if (this->rule.batch == 1) {
            gradient<W>(at, work, samples, 0,
                        [&](std::size_t p, const X& g) NOISETRAP_INLINED { update(s, p, n, at(p), g); });
            return;
        }
        X* sum = work + workspace_of(Shape{});
        for (std::size_t p = 0; p < parameters; ++p) sum[p] = X{};
        for (std::uint32_t place = 0; place < this->rule.batch; ++place)
            gradient<W>(at, work, samples, place,
                        [&](std::size_t p, const X& g) NOISETRAP_INLINED { sum[p] = sum[p] + g; });
        const Real share = 1 / static_cast<Real>(this->rule.batch);
        for (std::size_t p = 0; p < parameters; ++p) update(s, p, n, at(p), share * sum[p]);
    }

    /// In each lane, of the displacement: the square of its length in the subspace, and what it has along e.
    template <class X>
    NOISETRAP_HD X distance_squared(const X* s) const {
        if (this->supported == parameters && this->vectors == parameters)
            return sum_of_squares(parameters, [s](std::size_t i) NOISETRAP_INLINED { return s[i]; });
        if (this->vectors == this->supported)
            return sum_of_squares(this->supported,
                                  [&](std::size_t i) NOISETRAP_INLINED { return s[this->support[i]]; });
        X sum{};
        for (std::uint32_t v = 0; v < this->vectors; ++v) {
            X part{};
            for (std::uint32_t i = 0; i < this->supported; ++i)
                part = fma(X(this->subspace[v * this->supported + i]), s[this->support[i]], part);
            sum = fma(part, part, sum);
        }
        return sum;
    }
    template <class X>
    NOISETRAP_HD X along(const X* s) const {
        X sum{};
        for (std::size_t p = 0; p < parameters; ++p) sum = fma(X(this->way_out[p]), s[p], sum);
        return sum;
    }

    NOISETRAP_HD bool keeps() const { return this->kept != nullptr; }
    /// Displacements come from numbers of `Real`, and their sums with the base are those that gradients are taken at.
    NOISETRAP_HD void keep(std::uint64_t place, std::uint64_t path, std::size_t p, Real displacement) const {
        if (p < parameters)
            this->kept[(place * this->kept_paths + path) * parameters + p] =
                static_cast<double>(displacement + this->base[p]);
    }

    /// The displacement of one path at its start, `distance` from the base; at(p) is where its number p is kept, now 0.
    template <class At>
    NOISETRAP_HD void start(std::uint64_t seed, std::uint64_t path, double distance, const At& at) const {
        if (!this->any_angle) {
            for (std::size_t p = 0; p < parameters; ++p)
                at(p) = static_cast<Real>(distance * static_cast<double>(this->way_out[p]));
            return;
        }
        double squares = 0;
        for (std::uint32_t v = 0; v < this->vectors; ++v) {
            const auto words = philox_words(counter_of(path, v), key_of(seed, Stream::start));
            const auto* word = words.word;
            const double z = normal_pair(join(word[0], word[1]), join(word[2], word[3])).first;
            squares = fma(z, z, squares);
            if (this->vectors == this->supported) {  // a turned basis of the whole gives the same law
                at(this->support[v]) = static_cast<Real>(z);
                continue;
            }
            for (std::uint32_t i = 0; i < this->supported; ++i) {
                Real& x = at(this->support[i]);
                x = fma(static_cast<Real>(z), this->subspace[v * this->supported + i], x);
            }
        }
        const auto scale = static_cast<Real>(distance / sqrt(squares));
        for (std::uint32_t i = 0; i < this->supported; ++i)
            at(this->support[i]) = scale * at(this->support[i]);
    }

  private:
    /// Of the numbers of(0) to of(count - 1). Several sums go side by side, which do not wait for each other.
    template <class Of>
    NOISETRAP_HD static auto sum_of_squares(std::size_t count, const Of& of) {
        using X = std::remove_cvref_t<decltype(of(0))>;
        constexpr std::size_t abreast = 8;
        X sum[abreast] = {};
        std::size_t i = 0;
        for (; i + abreast <= count; i += abreast) {
            NOISETRAP_UNROLL
            for (std::size_t u = 0; u < abreast; ++u) {
                const X part = of(i + u);
                sum[u] = fma(part, part, sum[u]);
            }
        }
        for (; i < count; ++i) {
            const X part = of(i);
            sum[0] = fma(part, part, sum[0]);
        }
        for (std::size_t half = abreast / 2; half > 0; half /= 2)
            for (std::size_t u = 0; u < half; ++u) sum[u] = sum[u] + sum[u + half];
        return sum[0];
    }

    /// The parameter at which the optimiser wants the gradient.
    template <class X>
    NOISETRAP_HD X asked(const X* s, std::size_t p, std::uint64_t n) const {
        State<X, 1> x{{s[p]}}, kept[Optimiser::memory + 1], point;
        for (int m = 0; m < Optimiser::memory; ++m)
            kept[m].at[0] = s[p + static_cast<std::size_t>(m + 1) * parameters];
        this->optimiser.step(x, kept, AskedPoint<Real, X>{point, n});
        if constexpr (moved) {
            return point.at[0] + X(this->base[p]);
        } else {
            return point.at[0];
        }
    }
    template <class X>
    NOISETRAP_HD void update(X* s, std::size_t p, std::uint64_t n, const X& parameter, const X& g) const {
        State<X, 1> x{{s[p]}}, kept[Optimiser::memory + 1];
        for (int m = 0; m < Optimiser::memory; ++m)
            kept[m].at[0] = s[p + static_cast<std::size_t>(m + 1) * parameters];
        this->optimiser.step(
            x, kept, KnownGradient<Real, X>{this->decay == 0 ? g : fma(X(this->decay), parameter, g), n});
        s[p] = x.at[0];
        for (int m = 0; m < Optimiser::memory; ++m)
            s[p + static_cast<std::size_t>(m + 1) * parameters] = kept[m].at[0];
    }

    template <int W, class At, class X, class Give>
    NOISETRAP_HD void gradient(const At& at, X* work, SliceSamples<W>& samples, std::uint32_t place,
                               const Give& give) const {
        samples.take(place);
        alignas(64) std::int32_t from[W];
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) from[k] = static_cast<std::int32_t>(samples.index[k] * this->row);
        const Real* const table = this->table;
        [[maybe_unused]] X* const sample = work + workspace_of(Shape{}) + parameters;
        if constexpr (by_rows<W>)
            X::transpose(
                sample_numbers, [&](int k) NOISETRAP_INLINED { return table + from[k]; }, sample);
        const auto number = [&](std::size_t i) NOISETRAP_INLINED {
            if constexpr (by_rows<W>) {
                return sample[i];
            } else {
                const Real* const column = table + i;
                return packed<Real, W>([&](int k) NOISETRAP_INLINED { return column[from[k]]; });
            }
        };
        X noise{};
        if (this->label_noise != 0) {
            alignas(64) float z[W];
            samples.label_noise(place, z);
            noise = packed<Real, W>(
                [&](int k) NOISETRAP_INLINED { return static_cast<Real>(this->label_noise * z[k]); });
        }
        const auto target = [&](std::size_t j) NOISETRAP_INLINED {
            if constexpr (Shape::loss == NetworkLoss::softmax) {
                const X away = number(this->first_target) - static_cast<Real>(j);
                return select(away * away < X(static_cast<Real>(0.25)), X(static_cast<Real>(1)), X{});
            } else {
                return number(this->first_target + j) + noise;
            }
        };
        network_gradient(Shape{}, at, number, target, work, give);
    }
};

/// How kernels find the process.
template <class Shape, class Optimiser, bool moved>
struct NetworkFamily {
    template <class Real>
    using Process = NetworkProcess<Shape, Optimiser, moved, Real>;
    static constexpr bool is_complete = true;
};

}  // namespace noisetrap
