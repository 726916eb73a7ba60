// Claims about products of random matrices: in many dimensions the structure of the noise decides whether a
// critical point is a trap. By the QR method on the host, without the engine.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/growth/matrix_products.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "Lyapunov spectra";
constexpr double saddle_a = 0.02, saddle_sigma = 0.3;

std::string text(const MatrixProduct& p) {
    if (p.structure == Structure::plain) return fmt::format("d = {}, sigma = {}", p.dimension, p.sigma);
    return fmt::format("d = {}, a = {}, sigma = {:.6g}", p.dimension, p.a, p.sigma);
}

/// Shorter runs make more of them, and a standard error that is better known; only low-rank noise needs long
/// ones.
std::vector<Estimate> exponents(Laboratory& laboratory, const MatrixProduct& product, int count,
                                std::uint64_t steps, std::uint64_t steps_a_run = 64) {
    const auto runs = std::max<std::uint64_t>(laboratory.paths_of(steps) / steps_a_run, 2);
    return simulated_exponents(product, count, steps_a_run, runs, laboratory.take_seed());
}

Claim exact_claim(const char* statement, const MatrixProduct& product, int k, const Estimate& found) {
    return {section, statement, text(product), found, WrongTheory::of(exact_exponent(product, k).value())};
}

Claim top_claim(Laboratory& laboratory, const char* statement, const MatrixProduct& product,
                std::uint64_t steps, std::uint64_t steps_a_run = 64) {
    return exact_claim(statement, product, 1, exponents(laboratory, product, 1, steps, steps_a_run)[0]);
}

void append_plain(Laboratory& laboratory, std::vector<Claim>& claims) {
    const MatrixProduct five{Structure::plain, 5, 0, 1};
    const auto found = exponents(laboratory, five, 5, 1 << 18);
    claims.push_back(exact_claim("Gaussian matrices alone: first exponent (Newman)", five, 1, found[0]));
    claims.push_back(exact_claim("Gaussian matrices alone: third exponent", five, 3, found[2]));
    claims.push_back(exact_claim("Gaussian matrices alone: last exponent", five, 5, found[4]));
    claims.push_back(top_claim(laboratory, "Gaussian matrices alone: first exponent",
                               {Structure::plain, 32, 0, 1}, 1 << 16));
}

void append_isotropic(Laboratory& laboratory, std::vector<Claim>& claims) {
    const auto claim = [&](const char* statement, Structure structure, int d, std::uint64_t steps) {
        claims.push_back(top_claim(laboratory, statement, {structure, d, saddle_a, saddle_sigma}, steps));
    };
    claim("dense noise: traps in one dimension", Structure::dense, 1, 1 << 19);
    claim("dense noise: no trap in two", Structure::dense, 2, 1 << 22);
    claim("dense noise: nor in more", Structure::dense, 8, 1 << 18);
    claim("dense noise: faster growth in more dimensions", Structure::dense, 32, 1 << 16);
    claim("symmetric noise: traps in two dimensions", Structure::symmetric, 2, 1 << 25);
    claim("symmetric noise: no trap in three", Structure::symmetric, 3, 1 << 22);
    claim("symmetric noise: nor in more", Structure::symmetric, 8, 1 << 18);
    const double edge = trap_window(Structure::symmetric, 2, saddle_a).value().lower;
    claims.push_back(top_claim(laboratory, "symmetric noise: no growth at the edge of the trap",
                               {Structure::symmetric, 2, saddle_a, edge}, 1 << 21));
}

void append_structured(Laboratory& laboratory, std::vector<Claim>& claims) {
    const MatrixProduct commuting{Structure::commuting, 16, saddle_a, saddle_sigma};
    const auto found = exponents(laboratory, commuting, 16, 1 << 18);
    claims.push_back(
        exact_claim("commuting noise: first exponent, a trap in any dimension", commuting, 1, found.front()));
    claims.push_back(exact_claim("commuting noise: last exponent, the same", commuting, 16, found.back()));
    claims.push_back(top_claim(laboratory, "low-rank noise: a trap in any dimension",
                               {Structure::low_rank, 32, 0.2, 0.8}, 1 << 18, 256));
}

/// The k-th exponent per unit of time at steps 4 h, 2 h and h; the shorter the more of them.
Claim sde_claim(Laboratory& laboratory, const char* statement, const MatrixProduct& sde, int k, double h,
                std::uint64_t steps) {
    std::vector<Estimate> rates;
    for (const int factor : {4, 2, 1}) {
        const auto product = euler_product(sde, factor * h);
        const auto found = exponents(laboratory, product, k, steps / static_cast<unsigned>(factor));
        rates.push_back(scaled(found.back(), 1 / (factor * h)));
    }
    const auto limit = extrapolate(rates[1], rates[2]);
    return {section,
            statement,
            fmt::format("{}, h = 1/{:g} and 1/{:g}", text(sde), 1 / (2 * h), 1 / h),
            limit.estimate,
            WrongTheory::of(sde_exponent(sde, k)),
            limit.discretisation,
            change_by_third(rates[0].value, rates[1].value, rates[2].value)};
}

/// The last exponent, which matrices that are nearly singular decide, needs shorter steps.
void append_sde(Laboratory& laboratory, std::vector<Claim>& claims) {
    const MatrixProduct dense{Structure::dense, 4, 0.3, 1}, symmetric{Structure::symmetric, 4, 0.3, 1};
    const auto claim = [&](const char* statement, const MatrixProduct& sde, int k, double h,
                           std::uint64_t steps) {
        claims.push_back(sde_claim(laboratory, statement, sde, k, h, steps));
    };
    claim("SDE, dense noise: first exponent a + sigma^2 (d - 2)/2", dense, 1, 1.0 / 32, 1 << 20);
    claim("SDE, dense noise: last exponent a - sigma^2 d/2", dense, 4, 1.0 / 128, 3 << 18);
    claim("SDE, symmetric noise: first exponent a + sigma^2 (d - 3)/4", symmetric, 1, 1.0 / 64, 1 << 20);
    claim("SDE, symmetric noise: last exponent a - sigma^2 (3d - 1)/4", symmetric, 4, 1.0 / 128, 3 << 18);
}

struct Line {
    Structure structure;
    const char* label;
    std::uint64_t steps_a_run;
};
constexpr Line lines[] = {{Structure::dense, "dense", 64},
                          {Structure::symmetric, "symmetric", 64},
                          {Structure::commuting, "commuting", 64},
                          {Structure::low_rank, "low-rank", 2048}};

struct Curve {
    std::vector<double> dimension, exact, measured_at;
    std::vector<Estimate> measured;
};

Curve top_over_dimension(Laboratory& laboratory, const Line& line) {
    Curve curve;
    for (int d = 1; d <= 32; ++d) {
        const MatrixProduct product{line.structure, d, saddle_a, saddle_sigma};
        curve.dimension.push_back(d);
        curve.exact.push_back(exact_exponent(product, 1).value());
        if (d != 1 && d != 2 && d != 3 && d != 4 && d != 8 && d != 16 && d != 32) continue;
        curve.measured_at.push_back(d);
        curve.measured.push_back(exponents(laboratory, product, 1, 1 << 15, line.steps_a_run)[0]);
    }
    return curve;
}

Panel dimension_panel(const char* title) {
    Panel panel(title, "dimensions d", "top exponent  (1/step)");
    panel.x_scale("log").level("trapped below", 0);
    return panel;
}

nlohmann::ordered_json top_exponents_figure(Laboratory& laboratory) {
    auto all = dimension_panel("all"), few = dimension_panel("near zero");
    few.y_limits(-0.06, 0.14);
    for (const auto& line : lines) {
        const auto curve = top_over_dimension(laboratory, line);
        for (auto* panel : {&all, &few})
            panel->theory(fmt::format("{}, exact", line.label), curve.dimension, curve.exact)
                .points(fmt::format("{}, measured", line.label), curve.measured_at, curve.measured);
    }
    return figure(
        "Isotropic noise traps in one or two dimensions, structured noise in any",
        fmt::format("Top Lyapunov exponents of *x* ← (1 + D + Ξ) *x* over the number of dimensions, "
                    "a = {}, σ = {}: dense noise traps in one dimension, symmetric noise in one and "
                    "two, commuting and low-rank noise in any. Low-rank noise leaves the other "
                    "directions to the slope of the loss, which is then the slowest to bring *x* "
                    "back.",
                    saddle_a, saddle_sigma),
        {all, few});
}

}  // namespace

Evidence spectra_of_products(Laboratory& laboratory) {
    Evidence evidence;
    append_plain(laboratory, evidence.claims);
    append_isotropic(laboratory, evidence.claims);
    append_structured(laboratory, evidence.claims);
    append_sde(laboratory, evidence.claims);
    evidence.figures["lyapunov-spectra"] = top_exponents_figure(laboratory);
    return evidence;
}

}  // namespace noisetrap
