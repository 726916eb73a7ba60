// Claims about losses of many parameters: their critical points, found, and the index of a random Hessian. On the
// host, without the engine's loop; starts and matrices are of its noise.
#include "models/landscapes/landscapes.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/critical/enumeration.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/critical/survey.hpp"
#include "analysis/spectra/density.hpp"
#include "analysis/spectra/index_laws.hpp"
#include "engine/runs/backend.hpp"
#include "validation/claims.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/many_dimensions.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "Landscapes";
constexpr double rounding = 1e-10;

/// Largest distance of an eigenvalue from theory's.
double distance(const std::vector<double>& spectrum, const std::vector<double>& exact) {
    double largest = 0;
    for (std::size_t i = 0; i < exact.size(); ++i)
        largest = std::max(largest, std::abs(spectrum[i] - exact[i]));
    return largest;
}

template <class Model>
void append_known_points(std::vector<Claim>& claims, const Model& model, const char* parameters) {
    const LandscapeOf landscape{model};
    const auto points = landscape.points();
    double right_loss = 0, right_spectrum = 0, right_index = 0;
    for (const auto& point : points) {
        const auto spectrum = hessian_spectrum(landscape, point.at);
        right_loss += std::abs(landscape.value(point.at) - point.loss) < rounding;
        right_spectrum += distance(spectrum, point.spectrum) < rounding;
        right_index += classify(landscape, point.at).index == point.index;
    }
    const auto all = static_cast<double>(points.size());
    const auto claim = [&](const char* what, double right) {
        claims.push_back(count_claim(section, fmt::format("{}: {} of all critical points", Model::name, what),
                                     parameters, right, all));
    };
    claim("loss, to 1e-10", right_loss);
    claim("whole spectrum, to 1e-10", right_spectrum);
    claim("index", right_index);
}

/// Points that searches have found, and of which theory says something else.
template <class Model>
void append_search(Laboratory& laboratory, std::vector<Claim>& claims, const Model& model,
                   const char* parameters, std::uint64_t starts) {
    SurveySettings settings;
    settings.starts = starts;
    settings.seed = laboratory.take_seed();
    const LandscapeOf landscape{model};
    const auto found = survey(landscape, settings, *make_cpu_backend("omp", 0));
    double wrong = 0;
    for (const auto& point : found.points)
        wrong += !point.known || found.known[*point.known].index != point.kind.index;
    claims.push_back(count_claim(section,
                                 fmt::format("{}: points found that theory does not list", Model::name),
                                 fmt::format("{}, {} starts", parameters, starts), wrong, 0));
}

void append_ensemble(Laboratory& laboratory, std::vector<Claim>& claims, std::size_t n) {
    const auto samples = laboratory.paths_of(1 << 16);
    const auto seed = laboratory.take_seed();
    std::vector<double> counts(n + 1);
    for (std::uint64_t s = 0; s < samples; ++s) {
        const auto spectrum = goe_spectrum(n, seed, s);
        const auto index = std::count_if(spectrum.begin(), spectrum.end(), [](double v) { return v < 0; });
        ++counts[static_cast<std::size_t>(index)];
    }
    const auto law = goe_index_law(n);
    for (const std::size_t k : {n / 2 - 1, n / 2}) {
        const double share = counts[k] / static_cast<double>(samples);
        claims.push_back({section,
                          fmt::format("random symmetric matrices: odds of index {}", k),
                          fmt::format("n = {}", n),
                          {share, std::sqrt(share * (1 - share) / static_cast<double>(samples))},
                          WrongTheory::of(law[k])});
    }
}

void append_field(Laboratory& laboratory, std::vector<Claim>& claims, std::size_t d) {
    const auto found =
        sampled_gaussian_field_index_law(d, laboratory.paths_of(1 << 15), laboratory.take_seed());
    claims.push_back({section, "critical points of a Gaussian field: odds of a minimum",
                      fmt::format("d = {}", d), found[0], WrongTheory::of(gaussian_field_index_law(d)[0])});
}

struct Count {
    double sum = 0, square = 0;
    void add(std::size_t n) { sum += static_cast<double>(n), square += static_cast<double>(n * n); }
    Estimate mean(std::uint64_t samples) const {
        const auto n = static_cast<double>(samples);
        return {sum / n, std::sqrt(std::max(square / n - sum * sum / (n * n), 0.0) / n)};
    }
};

/// All critical points of so many glasses of three spins. By Poincare and Hopf their number says how many are minima.
void append_glasses(Laboratory& laboratory, std::vector<Claim>& claims) {
    const auto glasses = laboratory.paths_of(1 << 13);
    const auto first = laboratory.take_seed() % (1u << 30);
    Count all;
    for (std::uint64_t g = 0; g < glasses; ++g) {
        const auto found = glass_point_counts({3, static_cast<double>(first + g), {}});
        all.add(found[0] + found[1] + found[2]);
    }
    const auto law = spherical_glass_counts(3, 3);
    claims.push_back({section, "spherical glass: mean number of critical points",
                      fmt::format("3 spins, all points of {} glasses", glasses), all.mean(glasses),
                      WrongTheory::of(law[0] + law[1] + law[2])});
}

/// Of pairs that are independent of each other.
Estimate ratio_of_sums(const std::vector<double>& a, const std::vector<double>& b) {
    const double below = std::accumulate(b.begin(), b.end(), 0.0);
    const double share = std::accumulate(a.begin(), a.end(), 0.0) / below;
    double square = 0;
    for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - share * b[i]) * (a[i] - share * b[i]);
    return {share, std::sqrt(square) / below};
}

/// All critical points of so many fields within a cube, up to symmetry of f and -f: how many there are on a unit of
/// volume, and which share of them leads up in all directions. A field of so few waves has some 5/waves fewer of them.
void append_fields(Laboratory& laboratory, std::vector<Claim>& claims, std::size_t d, double side) {
    constexpr std::size_t waves = 256;
    constexpr double apart = 0.5, fewer = 6.0 / waves;
    constexpr std::uint64_t paths_a_field =
        128;  // a field takes so much longer than a path: 512, or 32 quickly
    const auto fields = laboratory.paths_of(1 << 16) / paths_a_field;
    const auto first = laboratory.take_seed() % (1u << 30);
    Count all;
    std::vector<double> extremes, counts;
    for (std::uint64_t f = 0; f < fields; ++f) {
        const LandscapeOf field{GaussianField{d, waves, static_cast<double>(first + f), {}}};
        const auto found = critical_points_in_cube(field, side, apart);
        const auto extreme = std::count_if(found.begin(), found.end(), [&](const auto& point) {
            return point.kind.index == 0 || point.kind.index == d;
        });
        all.add(found.size());
        extremes.push_back(static_cast<double>(extreme) / 2);
        counts.push_back(static_cast<double>(found.size()));
    }
    const auto text = fmt::format("d = {}, all points within {} cubes of side {}", d, fields, side);
    const double volume = std::pow(side, static_cast<double>(d));
    const auto count = all.mean(fields);
    Claim density{section,
                  "critical points of a Gaussian field: on a unit of volume",
                  text,
                  {count.value / volume, count.standard_error / volume},
                  WrongTheory::of(gaussian_field_density(d))};
    density.bias = fewer * gaussian_field_density(d);
    claims.push_back(density);
    claims.push_back({section, "critical points of a Gaussian field: share of minima", text,
                      ratio_of_sums(extremes, counts), WrongTheory::of(gaussian_field_index_law(d)[0])});
}

/// By random vectors of signs, at the saddle in the middle of the list.
void append_trace(Laboratory& laboratory, std::vector<Claim>& claims) {
    const LandscapeOf landscape{LinearAutoencoder{3, {5, 3, 2, 1, 0.5}}};
    const auto points = landscape.points();
    const auto& saddle = points[points.size() / 2];
    const Product product = [&](std::span<const double> v, std::span<double> p) {
        landscape.hessian_times(saddle.at, v, p);
    };
    const auto probes = laboratory.paths_of(1 << 14);
    const auto found =
        spectral_quadrature(product, landscape.size(), probes, 1, laboratory.take_seed()).trace();
    const double exact = std::accumulate(saddle.spectrum.begin(), saddle.spectrum.end(), 0.0);
    claims.push_back({section, "trace of a Hessian from its products with signs",
                      fmt::format("linear-autoencoder at {}", saddle.name), found, WrongTheory::of(exact)});
}

}  // namespace

Evidence enumerated_fields(Laboratory& laboratory) {
    Evidence evidence;
    append_fields(laboratory, evidence.claims, 2, 4);
    append_fields(laboratory, evidence.claims, 3, 2);
    return evidence;
}

nlohmann::ordered_json odds_of_minima_figure(Laboratory& laboratory) {
    constexpr std::size_t most = 6;
    std::vector<double> dimensions, signs, ensemble;
    std::vector<Estimate> field;
    const auto samples = laboratory.paths_of(1 << 14);
    for (std::size_t d = 1; d <= most; ++d) {
        dimensions.push_back(static_cast<double>(d));
        signs.push_back(independent_signs_law(d)[0]);
        ensemble.push_back(goe_index_law(d)[0]);
        field.push_back(sampled_gaussian_field_index_law(d, samples, laboratory.take_seed())[0]);
    }
    Panel panel("all directions lead up", "dimensions d", "probability");
    panel.y_scale("log")
        .theory("random symmetric matrices, exact", dimensions, ensemble)
        .reference("independent signs, 1/2 to the power of d", dimensions, signs)
        .points("critical points of a Gaussian field, sampled", dimensions, field);
    return figure(
        "How likely is a minimum?",
        "Odds that a random Hessian has no negative eigenvalue. The eigenvalues of a symmetric matrix "
        "repel each other, which makes minima rare; at the critical points of a random field they can be "
        "shifted together, and independent signs are a fair guess in few dimensions.",
        {panel});
}

Evidence critical_points(Laboratory& laboratory) {
    Evidence evidence;
    const LinearNet net{5, 5, 3, {5, 3, 2, 1, 0.5}};
    const MatrixFactorisation factors{4, 2, {4, 2, 1, 0.5}};
    append_known_points(evidence.claims, net, "5 modes, 3 units");
    append_known_points(evidence.claims, factors, "4 modes, rank 2");
    append_known_points(evidence.claims, OrthogonalTensor{6}, "6 dimensions");
    append_search(laboratory, evidence.claims, net, "5 modes, 3 units", 100);
    append_search(laboratory, evidence.claims, factors, "4 modes, rank 2", 100);
    append_trace(laboratory, evidence.claims);
    return evidence;
}

Evidence index_laws(Laboratory& laboratory) {
    Evidence evidence;
    for (const std::size_t n : {2u, 4u, 6u}) append_ensemble(laboratory, evidence.claims, n);
    for (const std::size_t d : {1u, 2u, 3u}) append_field(laboratory, evidence.claims, d);
    append_glasses(laboratory, evidence.claims);
    evidence.figures["odds-of-minima"] = odds_of_minima_figure(laboratory);
    return evidence;
}

}  // namespace noisetrap
