// NOISETRAP_HD: functions that compile for the host and for a GPU alike, always inlined.
// NOISETRAP_UNROLL: short loops with a constant number of rounds.
// NOISETRAP_UNROLL_ON_DEVICE: loops whose index selects registers; on a CPU unrolling them buys nothing but code.
// NOISETRAP_OVER_LANES: loops over the lanes of a slice. Kept from being unrolled early, they reach the vectoriser.
// NOISETRAP_INLINED: of a lambda in such functions.
#pragma once

#if defined(__CUDACC__)
    #define NOISETRAP_HD __host__ __device__ __forceinline__
    #define NOISETRAP_UNROLL _Pragma("unroll")
    #define NOISETRAP_OVER_LANES
    #define NOISETRAP_INLINED
#else
    #define NOISETRAP_HD inline __attribute__((always_inline))
    #define NOISETRAP_UNROLL _Pragma("GCC unroll 32")
    #define NOISETRAP_OVER_LANES _Pragma("GCC unroll 1")
    #define NOISETRAP_INLINED __attribute__((always_inline))
#endif

#if defined(__CUDA_ARCH__)
    #define NOISETRAP_UNROLL_ON_DEVICE _Pragma("unroll")
#else
    #define NOISETRAP_UNROLL_ON_DEVICE
#endif
