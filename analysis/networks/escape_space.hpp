// The directions that matter for leaving a saddle: the parameters that samples mix with the ways out, but for the directions
// that no sample feels. Near the saddle a path's displacement there follows from that displacement alone.
#pragma once

#include <vector>

#include "analysis/networks/network_saddle.hpp"

namespace noisetrap {

struct EscapeSpace {
    std::vector<std::size_t> support;  // the parameters that it touches
    std::vector<double> basis;         // orthonormal, each vector of support.size() numbers
    std::size_t vectors = 0;
    std::size_t growing = 1;  // how many of its directions are ways out as steep as e

    bool is_whole() const { return vectors == support.size(); }
};

/// Parameters are those that products of the ways out with sums of the samples' Hessians touch, under random signs, until
/// nothing new comes; all of them where that takes more than most_escape_vectors. Where samples move these parameters at
/// the point, as the sum of two equal units, only the directions are taken that such products reach: the differences.
EscapeSpace escape_space(const Network&, const DataSet&, const NetworkSaddle&);
inline constexpr std::size_t most_escape_vectors = 64;

}  // namespace noisetrap
