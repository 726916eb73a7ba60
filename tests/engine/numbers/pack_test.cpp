#include "engine/numbers/pack.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

// Within the namespace, so that the engine's functions are meant and not the C library's.
namespace noisetrap {
namespace {

/// W numbers of both signs and many sizes.
template <class Real, int W>
void fill(Real (&lane)[W], double first) {
    for (int k = 0; k < W; ++k)
        lane[k] = static_cast<Real>(std::sin(first + 1.7 * k) * std::pow(10.0, (k % 5) - 2));
}

template <class Real, int W, class Together, class Alone>
void check_lanes(Together together, Alone alone) {
    alignas(64) Real a[W], b[W], c[W], result[W];
    fill(a, 0.3), fill(b, 1.1), fill(c, 2.5);
    using P = Pack<Real, W>;
    together(P::load(a), P::load(b), P::load(c)).store(result);
    for (int k = 0; k < W; ++k) {
        const Real expected = alone(a[k], b[k], c[k]);
        CHECK(std::memcmp(&result[k], &expected, sizeof(Real)) == 0);
    }
}

template <class Real, int W>
void check_all() {
    const auto both = [](auto operation) { check_lanes<Real, W>(operation, operation); };
    both([](auto a, auto b, auto c) { return a * b - c / (b + 3); });
    both([](auto a, auto b, auto c) { return fma(a, b, c); });
    both([](auto a, auto, auto) { return tanh(-a); });
    both([](auto a, auto, auto) { return exp(a); });
    both([](auto a, auto, auto) { return normal_below(a); });
    both([](auto a, auto, auto) { return sqrt(a * a); });
    both([](auto a, auto b, auto c) { return select(a < b, b, c); });
    both([](auto a, auto b, auto) { return larger_of(a, b); });
}

}  // namespace

TEST_CASE("A pack has the bits of its lanes' own numbers", "[bytes]") {
    check_all<float, 16>();
    check_all<double, 8>();
    check_all<double, 16>();
}

TEST_CASE("The normal law's odds agree with those of the C library") {
    for (double x = -37; x < 9; x += 0.173) {
        const double exact = 0.5 * std::erfc(-x / std::sqrt(2.0));
        // The rounding of x^2/2 is that many units of the tail.
        CHECK(std::abs(normal_below(x) - exact) <= 1e-15 * (4 + x * x) * exact);
    }
    const auto slope = normal_below(Dual<double>{0.4, 2.0}).slope;
    CHECK(slope == Approx(2 * std::exp(-0.08) / std::sqrt(2 * M_PI)).epsilon(1e-14));
}

}  // namespace noisetrap
