#include "app/spectrum_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/hdf5_file.hpp"
#include "app/interrupt.hpp"
#include "app/landscape_output.hpp"
#include "engine/version.hpp"
#include "models/landscapes/landscapes.hpp"

namespace noisetrap {
namespace {

constexpr std::size_t most_in_json = 5000;  // eigenvalues
constexpr double margin = 4;                // widths beyond the outermost nodes

double sum_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Eigenvalues of at most this size are zero but for rounding.
double zero(const std::vector<double>& spectrum) {
    constexpr double rounding = 1e-8;
    return rounding * std::max(std::abs(spectrum.front()), std::abs(spectrum.back()));
}

double negative_share(const std::vector<double>& spectrum) {
    const auto below =
        std::count_if(spectrum.begin(), spectrum.end(), [&](double v) { return v < -zero(spectrum); });
    return static_cast<double>(below) / static_cast<double>(spectrum.size());
}

Estimate negative_share(const Spectrum& s) {
    return s.quadrature.share_below(-zero(s.quadrature.probes.front().values));
}

/// Nodes lie about the span over the steps apart: a narrower normal would show them one by one.
void spread_out(Spectrum& s, const SpectrumSettings& with) {
    double low = s.smallest.value, high = s.smallest.value;
    for (const auto& probe : s.quadrature.probes) {
        low = std::min(low, probe.values.front());
        high = std::max(high, probe.values.back());
    }
    const double span = high > low ? high - low : std::max(std::abs(high), 1.0);
    s.width = span / static_cast<double>(with.steps);
    const double from = low - margin * s.width, to = high + margin * s.width;
    for (std::uint64_t i = 0; i < with.points; ++i) {
        s.x.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(with.points - 1));
        s.density.push_back(s.quadrature.density(s.x.back(), s.width));
    }
}

std::string exact_text(const Spectrum& s, double exact) {
    return s.known ? fmt::format("   exact {:.10g}", exact) : "";
}

Json with_exact(const Estimate& estimate, const Spectrum& s, double exact) {
    Json json = to_json(estimate);
    json["exact"] = s.known ? Json(exact) : Json(nullptr);
    return json;
}

}  // namespace

Spectrum spectrum_of(const Landscape& landscape, const SpectrumSettings& with) {
    Point slope(with.at.size());
    landscape.gradient(with.at, slope);
    const double square = std::inner_product(slope.begin(), slope.end(), slope.begin(), 0.0);
    const Product product = [&](std::span<const double> v, std::span<double> p) {
        interrupt.token().check();
        landscape.hessian_times(with.at, v, p);
    };
    const Products products = [&](std::span<const double> vectors, std::span<double> p) {
        interrupt.token().check();
        landscape.hessian_times_each(with.at, vectors, p);
    };
    Spectrum s{landscape.value(with.at),
               std::sqrt(square),
               smallest_eigenvalue(product, random_direction(with.at.size()), with.tolerance, with.products),
               spectral_quadrature_together(products, with.at.size(), with.probes, with.steps, with.seed),
               0,
               {},
               {},
               {}};
    for (auto& known : landscape.points())
        if (known.name == with.name) s.known = std::move(known);
    spread_out(s, with);
    return s;
}

std::string spectrum_text(const LandscapeFile& file, const Spectrum& s, double seconds) {
    const auto trace = s.quadrature.trace(), negative = negative_share(s);
    const auto exact = s.known ? s.known->spectrum : std::vector<double>{0};
    auto text = fmt::format("{}: {}\n", file.name, file.formula);
    text += fmt::format("{} of {} parameters: loss {:.10g}, |gradient| {:.3g}; {:.3g} s\n",
                        file.spectrum.name.empty() ? "a point" : "the point " + file.spectrum.name,
                        s.quadrature.size, s.loss, s.gradient, seconds);
    text += fmt::format("  {:<26} {:.10g}, and an eigenvalue lies within {:.2g}{}; {} products{}\n",
                        "smallest eigenvalue", s.smallest.value, s.smallest.bound,
                        exact_text(s, exact.front()), s.smallest.products,
                        s.smallest.reached ? "" : ", which were not enough for the tolerance");
    text += fmt::format("  {:<26} {:.10g} ± {:.2g}{}\n", "trace", trace.value, trace.standard_error,
                        exact_text(s, sum_of(exact)));
    text +=
        fmt::format("  {:<26} {:.4g} ± {:.2g}{}; its place is known to {:.2g}\n", "share of negative ones",
                    negative.value, negative.standard_error, exact_text(s, negative_share(exact)), s.width);
    return text;
}

Json spectrum_json(const LandscapeFile& file, const Spectrum& s) {
    const auto exact = s.known ? s.known->spectrum : std::vector<double>{0};
    Json json = landscape_json(file);
    json["point"] = file.spectrum.name.empty() ? Json(nullptr) : Json(file.spectrum.name);
    json["seed"] = file.spectrum.seed;
    json["loss"] = finite(s.loss);
    json["gradient"] = finite(s.gradient);
    json["smallest"] = {{"value", s.smallest.value},
                        {"bound", s.smallest.bound},
                        {"products", s.smallest.products},
                        {"reached", s.smallest.reached},
                        {"exact", s.known ? Json(exact.front()) : Json(nullptr)}};
    json["probes"] = file.spectrum.probes;
    json["steps"] = file.spectrum.steps;
    json["trace"] = with_exact(s.quadrature.trace(), s, sum_of(exact));
    json["negative_share"] = with_exact(negative_share(s), s, negative_share(exact));
    json["width"] = s.width;
    json["x"] = s.x;
    json["density"] = s.density;
    json["exact_spectrum"] = s.known && exact.size() <= most_in_json ? Json(exact) : Json(nullptr);
    return json;
}

void write_hdf5(const OutputFolder& folder, const LandscapeFile& landscape, const Spectrum& s) {
    Hdf5File file;
    begin_hdf5(file, landscape);
    std::vector<std::uint64_t> probes;
    for (std::uint64_t k = 0; k < s.quadrature.probes.size(); ++k) probes.push_back(k);
    file.coordinate<double>("x", s.x, "1", "eigenvalues");
    file.dataset<double>("density", s.density, {"x"}, "1", "share of eigenvalues per unit of length");
    file.coordinate<std::uint64_t>("probe", probes, "1", "number of the random vector");
    file.dataset<double>("trace", s.quadrature.traces, {"probe"}, "1", "z^T H z: their mean is the trace");
    file.dataset<double>("smallest", std::vector{s.smallest.value}, {}, "1", "smallest Ritz value");
    file.dataset<double>("smallest_bound", std::vector{s.smallest.bound}, {}, "1",
                         "an eigenvalue lies within it");
    for (std::size_t k = 0; k < s.quadrature.probes.size(); ++k) {
        const auto group = fmt::format("probe_{}", k);
        const auto& ritz = s.quadrature.probes[k];
        file.group(group.c_str());
        file.coordinate<double>(group + "/node", ritz.values, "1", "Ritz values, rising");
        file.dataset<double>(group + "/weight", ritz.weights, {group + "/node"}, "1",
                             "share of eigenvalues about it");
        file.dataset<double>(group + "/bound", ritz.bounds, {group + "/node"}, "1",
                             "an eigenvalue lies within it");
    }
    folder.write("data.h5", file.bytes());
}

}  // namespace noisetrap
