// The recursions of workloads.hpp as loops over the steps of one path, as users write them. `noise` is what
// the peers differ in: noise.normal() and noise.bit() give the next variates. On the CPU and in CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "workloads.hpp"

#ifdef __CUDACC__
    #define PEER_HD __host__ __device__
#else
    #define PEER_HD
#endif

namespace peer {

template <class Real>
struct Recursion {
    Real growth, sigma, tau, momentum, radius;
    bool two_point;

    explicit Recursion(const Workload& w)
        : growth(Real(1 + w.a * w.dt)),
          sigma(Real(w.sigma * std::sqrt(w.dt))),
          tau(Real(w.tau * std::sqrt(w.dt))),
          momentum(Real(w.momentum)),
          radius(Real(w.radius)),
          two_point(w.two_point) {}

    /// x at the end of the next path.
    template <class Noise>
    PEER_HD Real end(Noise& noise, std::uint64_t steps) const {
        if (momentum > 0) return end_with_momentum(noise, steps);
        if (two_point) return end_with_two_point_noise(noise, steps);
        if (tau > 0) return end_with_two_normals(noise, steps);
        return end_with_one_normal(noise, steps);
    }

    /// The first step after which |x| >= radius in the next path; 0 where there is none.
    template <class Noise>
    std::uint64_t exit(Noise& noise, std::uint64_t steps) const {
        Real x = 1;
        for (std::uint64_t n = 1; n <= steps; ++n) {
            const Real multiplicative = noise.normal(), additive = noise.normal();
            x = (growth + sigma * multiplicative) * x + tau * additive;
            if (std::abs(x) >= radius) return n;
        }
        return 0;
    }

  private:
    template <class Noise>
    PEER_HD Real end_with_two_normals(Noise& noise, std::uint64_t steps) const {
        Real x = 1;
        for (std::uint64_t n = 0; n < steps; ++n) {
            const Real multiplicative = noise.normal(), additive = noise.normal();
            x = (growth + sigma * multiplicative) * x + tau * additive;
        }
        return x;
    }

    template <class Noise>
    PEER_HD Real end_with_one_normal(Noise& noise, std::uint64_t steps) const {
        Real x = 1;
        for (std::uint64_t n = 0; n < steps; ++n) x *= growth + sigma * noise.normal();
        return x;
    }

    template <class Noise>
    PEER_HD Real end_with_two_point_noise(Noise& noise, std::uint64_t steps) const {
        const Real factors[] = {growth - sigma, growth + sigma};
        Real x = 1;
        for (std::uint64_t n = 0; n < steps; ++n) x = factors[noise.bit()] * x + tau * noise.normal();
        return x;
    }

    template <class Noise>
    PEER_HD Real end_with_momentum(Noise& noise, std::uint64_t steps) const {
        Real x = 1, v = 0;
        for (std::uint64_t n = 0; n < steps; ++n) {
            const Real multiplicative = noise.normal(), additive = noise.normal();
            v = momentum * v + (growth - 1 + sigma * multiplicative) * x + tau * additive;
            x += v;
        }
        return x;
    }
};

/// One bit after the other of a generator's 64-bit words.
class Bits {
    std::uint64_t word_ = 0;
    int left_ = 0;

  public:
    template <class NextWord>
    PEER_HD bool next(NextWord&& next_word) {
        if (left_ == 0) {
            word_ = next_word();
            left_ = 64;
        }
        const bool bit = word_ & 1;
        word_ >>= 1;
        --left_;
        return bit;
    }
};

}  // namespace peer
