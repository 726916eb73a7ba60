// The exponent of a unit with several inputs and outputs, beside an independent quadrature (mpmath) and closed values.
#include "analysis/networks/dense_unit.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace noisetrap;

TEST_CASE("A unit with one input and one output is trapped by noise alone, one with more is not") {
    CHECK(dense_unit_exponent(1, 1) == Approx(-0.5));
    CHECK(dense_unit_exponent(2, 1) == Approx(0).margin(1e-12));
    CHECK(dense_unit_exponent(2, 2) == 0);
    CHECK(dense_unit_exponent(4, 1) == Approx(0.25).epsilon(1e-11));
    CHECK(dense_unit_exponent(4, 2) == Approx(0.5).epsilon(1e-11));
    CHECK(dense_unit_exponent(4, 4) == 1);
}

TEST_CASE("The exponents of more inputs are those of an independent quadrature") {
    CHECK(dense_unit_exponent(3, 1) == Approx(.141817455138).epsilon(1e-11));
    CHECK(dense_unit_exponent(5, 1) == Approx(.340989078330).epsilon(1e-11));
    CHECK(dense_unit_exponent(10, 1) == Approx(.679792746114).epsilon(1e-11));
    CHECK(dense_unit_exponent(64, 1) == Approx(2.34922842364).epsilon(1e-11));
    CHECK(dense_unit_exponent(3, 2) == Approx(.301990806306).epsilon(1e-11));
    CHECK(dense_unit_exponent(5, 2) == Approx(.660786212668).epsilon(1e-11));
    CHECK(dense_unit_exponent(11, 2) == Approx(1.33589304615).epsilon(1e-11));
    CHECK(dense_unit_exponent(10, 3) == Approx(1.724008).epsilon(1e-6));
    CHECK(dense_unit_exponent(64, 2) == Approx(4.04559530391).epsilon(1e-11));
}

TEST_CASE("Inputs and outputs may change places, and there is at least one of each") {
    CHECK(dense_unit_exponent(1, 3) == dense_unit_exponent(3, 1));
    CHECK_THROWS_AS(dense_unit_exponent(0, 1), std::domain_error);
}
