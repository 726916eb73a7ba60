// One saddle between two minima in three coupled dimensions, for optimisers to be compared on:
//   f = -x^2/2 + x^4/4 + y^2 + y^4/4 + 3 z^2/2 + x y^2/2 + x y z/4.
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct CoupledSaddle {
    static constexpr const char* name = "coupled-saddle";
    static constexpr const char* formula = "f = -x^2/2 + x^4/4 + y^2 + y^4/4 + 3 z^2/2 + x y^2/2 + x y z/4";
    static constexpr const char* source = "second derivatives at 0 and at (+-1, 0, 0)";

    static std::array<LandscapeField<CoupledSaddle>, 0> parameters() { return {}; }
    Complaint complaint() const { return {}; }
    std::size_t size() const { return 3; }

    template <class X>
    X value(std::span<const X> at) const {
        const X x = at[0], y = at[1], z = at[2], xx = x * x, yy = y * y;
        return 0.25 * (xx * xx) - 0.5 * xx + yy + 0.25 * (yy * yy) + 1.5 * (z * z) + 0.5 * (x * yy) +
               0.25 * (x * y * z);
    }
    template <class X>
    void gradient(std::span<const X> at, std::span<X> slope) const {
        const X x = at[0], y = at[1], z = at[2];
        slope[0] = x * x * x - x + 0.5 * (y * y) + 0.25 * (y * z);
        slope[1] = 2.0 * y + y * y * y + x * y + 0.25 * (x * z);
        slope[2] = 3.0 * z + 0.25 * (x * y);
    }
    /// At (c, 0, 0): 3 c^2 - 1 along x, and (2 + c, c/4; c/4, 3) across.
    std::vector<KnownPoint> points() const {
        std::vector<KnownPoint> known;
        for (const double c : {0.0, 1.0, -1.0}) {
            const double half = std::sqrt((1 - c) * (1 - c) + c * c / 4) / 2, middle = (5 + c) / 2;
            known.push_back({c == 0  ? "saddle"
                             : c > 0 ? "minimum at x = 1"
                                     : "minimum at x = -1",
                             {c, 0, 0},
                             c * c / -4,
                             c == 0 ? 1u : 0u,
                             {3 * c * c - 1, middle - half, middle + half}});
        }
        return known;
    }
    std::vector<double> invariants(std::span<const double> x) const { return {x.begin(), x.end()}; }
};

}  // namespace noisetrap
