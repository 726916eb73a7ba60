// The vector code gives the words of the plain loop, for every width, at indices on both sides of 2^32. A
// program of its own, compiled for one instruction set; exit status 77: this processor lacks it.
#include "engine/philox_block.hpp"

#include <cstdio>
#include <initializer_list>

using namespace noisetrap;

template <int W>
static bool agrees(std::uint64_t first_path) {
    const PhiloxKey key{0x12345678u, 0x9abcdef0u};
    PhiloxBlock<W> block(first_path, key);
    alignas(64) std::uint32_t words[4][W];
    for (const std::uint64_t index : {0ull, 1ull, 0xffffffffull, 0x100000000ull, 0x123456789abcull, 7ull}) {
        block(index, words);
        for (unsigned lane = 0; lane < W; ++lane) {
            const auto expected = philox_words(counter_of(first_path + lane, index), key);
            for (int i = 0; i < 4; ++i)
                if (words[i][lane] != expected.word[i]) return false;
        }
    }
    return true;
}

int main() {
#if defined(__AVX512F__)
    const bool can_run = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
#else
    const bool can_run = __builtin_cpu_supports("avx2");
#endif
    if (!can_run) return 77;
    for (const std::uint64_t first : {0ull, 4096ull, 0xffffff00ull, 0x100000000ull, 0xabcdef0123400ull})
        if (!agrees<1>(first) || !agrees<16>(first) || !agrees<64>(first) || !agrees<256>(first)) {
            std::printf("differs from the scalar words at path %llu\n",
                        static_cast<unsigned long long>(first));
            return 1;
        }
    return 0;
}
