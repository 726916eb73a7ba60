// Data sets that are made of normal numbers. Each throws Interrupted where the token says so.
#pragma once

#include <cstdint>

#include "analysis/networks/data_set.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

/// Sequences of normal numbers x[1] ... x[T], and signal times their sum with weights memory^(T - t), brought to variance
/// 1: a target that a network has to remember them for.
Table sequences(std::size_t samples, std::size_t length, double signal, double memory, std::uint64_t seed,
                StopToken = {});

/// Normal numbers, and what a teacher answers to them: a network of tanh units with normal weights, brought to mean 0 and
/// variance 1 over the samples.
struct Teacher {
    std::size_t samples, dimension, units;
    bool bias;
    std::uint64_t seed;

    Table table(StopToken = {}) const;
};

}  // namespace noisetrap
