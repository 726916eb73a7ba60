// HD: functions that compile for the host and for a GPU alike, always inlined.
// UNROLL: short loops with a constant number of rounds.
// UNROLL_ON_DEVICE: loops whose index selects registers; on a CPU unrolling them buys nothing but code.
// OVER_LANES: loops over the lanes of a slice. Kept from being unrolled early, they reach the vectoriser.
// INLINED: of a lambda in such functions.
#pragma once

#if defined(__CUDACC__)
    #define HD __host__ __device__ __forceinline__
    #define UNROLL _Pragma("unroll")
    #define OVER_LANES
    #define INLINED
#else
    #define HD inline __attribute__((always_inline))
    #define UNROLL _Pragma("GCC unroll 32")
    #define OVER_LANES _Pragma("GCC unroll 1")
    #define INLINED __attribute__((always_inline))
#endif

#if defined(__CUDA_ARCH__)
    #define UNROLL_ON_DEVICE _Pragma("unroll")
#else
    #define UNROLL_ON_DEVICE
#endif
