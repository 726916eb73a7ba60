#include "limits.hpp"

#include "engine/noise/variates.hpp"
#include "models/linear_sde.hpp"
#include "sde/schemes.hpp"

namespace limits {
namespace {

using namespace noisetrap;

constexpr int W = widest_slice;
using FourWords = std::uint32_t[4][W];

/// Makes the compiler believe that the memory is read, and written, here.
template <class T>
NOISETRAP_HD void used(T& memory) {
    asm volatile("" : "+m"(memory));
}

template <class Variate>
Variate transform(std::uint64_t repeats) {
    constexpr int lanes = slice_lanes<Variate>;
    using Block = VariateBlock<Variate, lanes>;
    typename Block::Words words;
    alignas(64) Variate z[group_steps][lanes];
    for (auto& call : words.of)
        for (auto& row : call)
            for (auto& word : row) word = 0x9E3779B9u;
    for (std::uint64_t i = 0; i < repeats * (W / lanes); ++i) {
        used(words);
        Block::transform(words, Law::gaussian, z);
        used(z);
    }
    return z[0][0];
}

}  // namespace

int lanes() { return W; }

std::uint32_t words(std::uint64_t repeats) {
    PhiloxBlock<W, std::uint32_t> philox({1, 2});
    for (int l = 0; l < 2 * W; ++l) philox.set(l, static_cast<std::uint64_t>(l));
    alignas(64) FourWords out[2];
    for (std::uint64_t i = 0; i < repeats; i += 2) {  // two slices, as in a block
        const auto index = philox.at(i);
        for (int slice = 0; slice < 2; ++slice) philox(index, slice, out[slice]);
        used(out);
    }
    return out[0][0][0];
}

float normals(std::uint64_t repeats) { return transform<float>(repeats); }
double double_normals(std::uint64_t repeats) { return transform<double>(repeats); }

double arithmetic(std::uint64_t repeats) {
    const Discretised<LinearSdeStep<double>, EulerMaruyama> process{
        LinearSde{0.3, 1.0, 0.5, 0.0}.per_step<double>(1.0 / 64)};
    alignas(64) double x[W], unit[W];
    alignas(64) float z[2][group_steps][W];
    for (int k = 0; k < W; ++k) x[k] = unit[k] = 1;
    for (auto& stream : z)
        for (auto& step : stream)
            for (float& v : step) v = 0.1f;
    for (std::uint64_t i = 0; i < repeats; ++i) {
        used(z);
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            double y = x[k];
            NOISETRAP_UNROLL
            for (int n = 0; n < group_steps; ++n)
                y = process.step(y, unit[k], 0, Draw<double, 2>{{z[0][n][k], z[1][n][k]}});
            x[k] = y;
        }
        used(x);
    }
    return x[0];
}

constexpr int turns = 4;
int roots_in_a_repeat() { return turns * W; }

double roots_and_divisions(std::uint64_t repeats) {
    alignas(64) double x[turns][W];
    for (auto& slice : x)
        for (double& v : slice) v = 2;
    for (std::uint64_t i = 0; i < repeats; ++i) {
        NOISETRAP_UNROLL
        for (auto& slice : x) {
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) slice[k] = noisetrap::sqrt(3 / slice[k]);
        }
        used(x);
    }
    return x[0][0];
}

bool can_multiply_registers() { return NOISETRAP_PHILOX_VECTORS; }

std::uint32_t multiplications([[maybe_unused]] std::uint64_t repeats) {
#if NOISETRAP_PHILOX_VECTORS
    using Integers = NativeWords::Register;
    #if defined(__AVX512F__)
    using Floats = __m512;
    const auto fused = [](Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); };
    #else
    using Floats = __m256;
    const auto fused = [](Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); };
    #endif
    constexpr int chains = 8;  // a multiplication takes three or four clocks
    Integers factor = NativeWords::all(philox::multiplier_0), product[chains];
    Floats slope{}, sum[chains];
    for (int i = 0; i < chains; ++i) product[i] = factor, sum[i] = slope;
    used(slope);
    for (std::uint64_t i = 0; i < repeats; ++i) {
        NOISETRAP_UNROLL
        for (int c = 0; c < chains; ++c) {
            sum[c] = fused(sum[c], slope, slope);
            product[c] = NativeWords::multiply(product[c], factor);
        }
    }
    used(sum);
    used(product);
    return static_cast<std::uint32_t>(product[0][0]);
#else
    return 0;
#endif
}

}  // namespace limits
