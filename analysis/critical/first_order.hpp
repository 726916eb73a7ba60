// The engine's optimisers on landscapes: the very structs of models/, with the full gradient for that of a sample and
// as many coordinates as the loss has.
#pragma once

#include "analysis/critical/search.hpp"
#include "models/adaptive_optimisers.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {

struct Coordinates {
    std::vector<double> at;

    /// f(i) of every coordinate i.
    template <class F>
    static Coordinates each(std::size_t size, F f) {
        Coordinates made{std::vector<double>(size)};
        for (std::size_t i = 0; i < size; ++i) made.at[i] = f(i);
        return made;
    }
};

inline Coordinates operator+(const Coordinates& x, const Coordinates& y) {
    return Coordinates::each(x.at.size(), [&](std::size_t i) { return x.at[i] + y.at[i]; });
}
inline Coordinates operator*(double c, const Coordinates& x) {
    return Coordinates::each(x.at.size(), [&](std::size_t i) { return c * x.at[i]; });
}
inline Coordinates fma(double c, const Coordinates& x, const Coordinates& y) {
    return Coordinates::each(x.at.size(), [&](std::size_t i) { return std::fma(c, x.at[i], y.at[i]); });
}
/// These two stand in for those of models/adaptive_optimisers.hpp, which go through coordinates that are counted at
/// compile time.
inline Coordinates root_of_squares(double keep, const Coordinates& r, double add, const Coordinates& g) {
    return Coordinates::each(r.at.size(), [&](std::size_t i) {
        return std::sqrt(keep * r.at[i] * r.at[i] + add * (g.at[i] * g.at[i]));
    });
}
inline Coordinates divided_step(const Coordinates& x, double rate, const Coordinates& m, double scale,
                                const Coordinates& r, double epsilon) {
    return Coordinates::each(
        x.at.size(), [&](std::size_t i) { return x.at[i] - rate * m.at[i] / (scale * r.at[i] + epsilon); });
}

/// One run of an optimiser.
template <class Optimiser>
class Descent {
    Optimiser optimiser_;
    std::vector<Coordinates> kept_;
    std::uint64_t steps_ = 0;

    struct Here {
        using Real = double;
        const Landscape& landscape;
        double unit;
        unsigned long long n;

        Coordinates gradient(const Coordinates& x) const {
            Coordinates slope{std::vector<double>(x.at.size())};
            landscape.gradient(x.at, slope.at);
            return slope;
        }
    };

  public:
    explicit Descent(Optimiser optimiser) : optimiser_(optimiser) {}

    Evaluations step(const Landscape& landscape, Point& x) {
        kept_.resize(Optimiser::memory, {std::vector<double>(x.size())});
        Coordinates at{std::move(x)};
        optimiser_.step(at, kept_.data(), Here{landscape, 1, steps_++});
        x = std::move(at.at);
        return {1, 0};
    }
};

}  // namespace noisetrap
