// Included by the generated units alone, one per process and instruction set. `Tag` is local to its unit:
// what is instantiated with it has internal linkage, so that the linker never lets one unit's instructions
// stand for another's.
#pragma once

#include "engine/kernel.hpp"
#include "engine/path_block.hpp"

namespace noisetrap {

template <class Tag, class Process, class Precision, int W, int N, bool scaled, bool tangent>
void block_function(const Launch& launch, const void* processes, std::uint64_t block) {
    run_block<Process, Precision, W, N, scaled, tangent>(launch, static_cast<const Process*>(processes),
                                                         block);
}

template <class Process, int N, bool scaled>
inline constexpr bool exists = N <= Process::noises&& Process::takes(N) &&
                               (scaled || (N == 1 && !Process::always_scaled));

/// Calls choose.template operator()<N, scaled, tangent>() for the features of `variant`, if they exist.
template <class Process, class Choose, int N = 1>
auto choose_features(const Variant& v, Choose choose)
    -> decltype(choose.template operator()<N, true, false>()) {
    if constexpr (exists<Process, N, false>)
        if (v.noises == N && !v.scaled) return choose.template operator()<N, false, false>();
    if constexpr (exists<Process, N, true>)
        if (v.noises == N && v.scaled) {
            if (!v.tangent) return choose.template operator()<N, true, false>();
            if constexpr (is_differentiable<Process>) return choose.template operator()<N, true, true>();
        }
    if constexpr (N < Process::noises) return choose_features<Process, Choose, N + 1>(v, choose);
    return nullptr;
}

template <class Tag, class Process, class Precision, int W>
BlockFunction find_features(const Variant& v) {
    return choose_features<Process>(v, []<int N, bool scaled, bool tangent>() -> BlockFunction {
        return block_function<Tag, Process, Precision, W, N, scaled, tangent>;
    });
}

template <class Tag, class Process, class Precision>
BlockFunction find_width(const Variant& v) {
    if (v.in_slices)
        return find_features<Tag, Process, Precision, slice_lanes<typename Precision::Variate>>(v);
#if NOISETRAP_SCALAR_KERNELS
    return find_features<Tag, Process, Precision, 1>(v);
#else
    return nullptr;
#endif
}

template <class Tag, class Family>
BlockFunction find_precision(const Variant& v) {
    switch (v.precision) {
        case Precision::mixed:
            return find_width<Tag, typename Family::template Process<double>, Mixed>(v);
        case Precision::double_:
            return find_width<Tag, typename Family::template Process<double>, Double>(v);
        case Precision::single:
            return find_width<Tag, typename Family::template Process<float>, Single>(v);
    }
    return nullptr;
}

template <class Family>
inline constexpr bool in_mixed_precision_alone = requires {
    Family::in_mixed_precision_alone;
};

template <class Tag, class Family>
BlockFunction find_block(const Variant& v) {
    if constexpr (in_mixed_precision_alone<Family>) {
        if (v.precision != Precision::mixed) return nullptr;
        return find_width<Tag, typename Family::template Process<double>, Mixed>(v);
    } else {
        return find_precision<Tag, Family>(v);
    }
}

}  // namespace noisetrap
