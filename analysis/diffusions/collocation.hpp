// Functions known at Gauss-Legendre nodes, their integrals over (-1, 1) and from -1 up to each node.
#pragma once

#include <array>
#include <cstddef>

namespace noisetrap {

inline constexpr std::size_t collocation_nodes = 20;
using NodeValues = std::array<double, collocation_nodes>;

struct Collocation {
    NodeValues node, weight;                               // rising in (-1, 1)
    std::array<NodeValues, collocation_nodes> integral{};  // integral[i] . f = int_{-1}^{node[i]} f

    Collocation();
};

/// The one table, made at first use.
const Collocation& collocation();

double dot(const NodeValues& a, const NodeValues& b);

}  // namespace noisetrap
