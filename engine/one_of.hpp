// One of several processes, chosen when a run is set up. They share a kernel, which asks now and then, for many
// paths at once, which of them it is: a hundred pairs of losses and optimisers then take a dozen kernels to compile,
// not a hundred.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

#include "engine/law.hpp"
#include "engine/process.hpp"

namespace noisetrap {

template <class... Processes>
class OneOf {
  public:
    static constexpr bool chosen_late = true;
    static constexpr int noises = std::max({Processes::noises...}),
                         numbers = std::max({Processes::numbers...}),
                         starts = std::max({Processes::starts...});
    static constexpr bool differentiable = (is_differentiable<Processes> && ...);
    static constexpr bool takes(int n) { return n == noises; }
    static constexpr bool always_scaled = true, rests_at_zero = false;

    template <class P>
    explicit OneOf(const P& process) : additive_(process.additive()) {
        static_assert((std::is_same_v<P, Processes> || ...));
        int i = 0;
        ((std::is_same_v<P, Processes> ? (chosen_ = i++) : i++), ...);
        for (int k = 0; k < P::noises; ++k) {
            laws_[k] = process.law(k);
            used_ |= process.uses(k) ? 1u << k : 0u;
        }
        __builtin_memcpy(bytes_, &process, sizeof(P));
    }

    /// Calls f with the chosen process.
    template <class F>
    HD void visit(F f) const {
        int i = 0;
        ((i++ == chosen_ ? f(as<Processes>()) : void()), ...);
    }
    /// Some processes make other numbers of the variates of a group, z[noise][step][lane], before they step;
    /// all of them the same.
    template <class Variates>
    HD void gather(Variates& z) const {
        if constexpr (requires(const First& first) { first.gather(z); }) as<First>().gather(z);
    }
    HD Law law(int i) const { return laws_[i]; }
    /// Whether noise i is drawn; the others are zero.
    HD bool uses(int i) const { return (used_ >> i & 1u) != 0; }
    HD bool additive() const { return additive_; }
    int active_noises() const { return noises; }

  private:
    using First = std::tuple_element_t<0, std::tuple<Processes...>>;

    template <class P>
    HD P as() const {
        static_assert(std::is_trivially_copyable_v<P>);
        struct Bytes {
            unsigned char of[sizeof(P)];
        } bytes;
        __builtin_memcpy(&bytes, bytes_, sizeof(P));
        return __builtin_bit_cast(P, bytes);
    }

    alignas(8) unsigned char bytes_[std::max({sizeof(Processes)...})] = {};
    Law laws_[noises] = {};
    int chosen_ = 0;
    std::uint32_t used_ = 0;
    bool additive_;
};

}  // namespace noisetrap
