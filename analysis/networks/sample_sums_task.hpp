// What a unit of one instruction set is told: plain numbers and places in memory.
#pragma once

#include "models/networks/network_shape.hpp"

namespace noisetrap {

/// Samples of a pack: inputs and targets come in rows of so many. Sums have fewer numbers, each of every eighth sample.
inline constexpr int samples_at_once = 32, sums_at_once = 8;
/// Derivatives along so many directions come at once, or along one, or none.
inline constexpr std::size_t directions_at_once = 4;

struct SampleSumsTask {
    struct Shape {  // as models/networks/network_shape.hpp wants it
        const std::size_t* widths;
        std::size_t layer_count;
        UnitFunction unit;
        bool bias;
        NetworkLoss loss;
        NetworkKind kind;
        std::size_t steps;

        NOISETRAP_HD std::size_t layers() const { return layer_count; }
        NOISETRAP_HD std::size_t width(std::size_t k) const { return widths[k]; }
    } shape;
    std::size_t samples;
    const double *inputs, *targets;         // by packs
    const double *parameters, *directions;  // direction after direction
    std::size_t count;                      // of directions
    double *room, *sums;                    // room: aligned to 64 bytes
};

}  // namespace noisetrap
