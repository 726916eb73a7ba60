#include "analysis/networks/landscape_noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/spectra/lanczos.hpp"
#include "engine/runs/backend.hpp"

namespace noisetrap {
namespace {

constexpr double smallest_tolerance = 1e-8;
constexpr std::size_t most_products = 5000;

double number_or_none(const std::vector<double>& by_eigenvector, std::size_t j) {
    return j < by_eigenvector.size() ? by_eigenvector[j] : 0;
}

/// The saddle that most searches end at; of those that as many end at the lowest one.
FoundPoint searched_saddle(const LandscapeFile& file) {
    const auto found = survey(*file.landscape, file.survey, *make_cpu_backend("omp", file.threads));
    const FoundPoint* best = nullptr;
    for (const auto& point : found.points)
        if (point.kind.index > 0 && (!best || point.found > best->found)) best = &point;
    if (!best)
        file.complain({"advise.at", fmt::format("is missing, and none of {} searches has found a saddle",
                                                file.survey.starts)});
    return *best;
}

double size_of_hessian(const NetworkSaddle& saddle) {
    return std::max(std::abs(saddle.eigenvalues.front()), std::abs(saddle.eigenvalues.back()));
}

/// All eigenvalues and the lowest eigenvectors; beyond what is diagonalised, the two ends of the spectrum.
void set_spectrum(const Landscape& landscape, LandscapeMeasurement& of) {
    auto& saddle = of.measured.saddle;
    const auto n = saddle.point.size();
    if (n <= most_dense) {
        const auto hessian = dense_hessian(landscape, saddle.point);
        const auto solver = eigenvectors_of(as_matrix(hessian, n));
        saddle.eigenvalues.assign(solver.eigenvalues().begin(), solver.eigenvalues().end());
        saddle.escape.assign(solver.eigenvectors().col(0).begin(), solver.eigenvectors().col(0).end());
        const double equal = saddle.eigenvalues[0] + NetworkSaddle::flatness * size_of_hessian(saddle);
        const auto ways = std::upper_bound(saddle.eigenvalues.begin(), saddle.eigenvalues.end(), equal);
        const auto* vectors = solver.eigenvectors().data();
        saddle.ways_out.assign(vectors,
                               vectors + (ways - saddle.eigenvalues.begin()) * std::ssize(saddle.point));
        of.index = static_cast<std::size_t>(saddle.index());
        return;
    }
    const Product product = [&](std::span<const double> v, std::span<double> p) {
        landscape.hessian_times(saddle.point, v, p);
    };
    auto lowest = smallest_eigenvalue(product, random_direction(n), smallest_tolerance, most_products);
    saddle.eigenvalues = {lowest.value, lowest.largest};
    saddle.escape = saddle.ways_out = std::move(lowest.vector);
    of.index_known = false;
}

void refuse_what_is_no_saddle(const LandscapeFile& file, const LandscapeMeasurement& of) {
    const auto& saddle = of.measured.saddle;
    const double most = file.advice.tolerance * std::max(1.0, size_of_hessian(saddle));
    if (!(saddle.gradient_norm <= most))
        file.complain({"advise.at",
                       fmt::format("is not a critical point: |gradient| = {:.3g}, and at most {:.3g} counts "
                                   "as zero (advise.tolerance)",
                                   saddle.gradient_norm, most)});
    if (saddle.eigenvalues.front() < -NetworkSaddle::flatness * size_of_hessian(saddle)) return;
    file.complain(
        {"advise.at", fmt::format("is a point that nothing leads down from: the smallest eigenvalue "
                                  "of the Hessian is {:.3g}",
                                  saddle.eigenvalues.front())});
}

/// (sum sigma^2)^2 / sum sigma^4: with sigma on the diagonal, the covariance of the samples' Hessians has the sigma^2 as
/// its eigenvalues.
double dimension_of_noise(const std::vector<double>& sigma) {
    double squares = 0, fourths = 0;
    for (const double s : sigma) squares += s * s, fourths += s * s * s * s;
    return squares * squares / fourths;
}

/// Where the fastest way out neither grows nor shrinks, below a learning rate at which it shrinks.
double threshold_below(const Measurement& m, const AdviceSettings& advice, double shrinks, int batch) {
    double grows = shrinks;
    while (growth_of_axes(m, advice, grows, batch) < 0) grows /= 2;
    for (int halving = 0; halving < 60; ++halving) {
        const double middle = std::midpoint(grows, shrinks);
        (growth_of_axes(m, advice, middle, batch) < 0 ? shrinks : grows) = middle;
    }
    return std::midpoint(grows, shrinks);
}

void predict(const AdviceSettings& advice, Measurement& m) {
    for (const int batch : advice.batches) {
        BatchThreshold threshold{batch, {}, 2 * m.noise.a * batch / (m.noise.sigma * m.noise.sigma)};
        for (const double rate : advice.learning_rates) {
            const double growth = growth_of_axes(m, advice, rate, batch);
            TrapPrediction p;
            p.learning_rate = rate, p.batch = batch;
            p.axis_rate =
                step_growth(Law::gaussian, rate * m.noise.a, rate * m.noise.sigma / std::sqrt(batch));
            p.descent_rate = std::log1p(rate * m.noise.a);
            p.product = p.decisive = {growth, 0};
            p.is_exact = true;
            if (growth < 0 && !threshold.learning_rate)
                threshold.learning_rate = threshold_below(m, advice, rate, batch);
            m.predictions.push_back(p);
        }
        m.by_batch.push_back(threshold);
    }
}

void set_noise(const AdviceSettings& advice, LandscapeMeasurement& of) {
    auto& m = of.measured;
    m.noise = {};
    m.noise.a = -m.saddle.eigenvalues.front();
    m.noise.sigma = number_or_none(advice.sigma, 0), m.noise.tau = number_or_none(advice.tau, 0);
    if (!advice.noisy()) return;
    for (std::size_t j = 0; j < of.index; ++j) m.pushed = m.pushed || number_or_none(advice.tau, j) > 0;
    of.noisy = static_cast<std::size_t>(
        std::count_if(advice.sigma.begin(), advice.sigma.end(), [](double s) { return s > 0; }));
    if (of.noisy > 0) m.noise_dimension = dimension_of_noise(advice.sigma);
    predict(advice, m);
}

}  // namespace

double growth_of_axes(const Measurement& m, const AdviceSettings& advice, double learning_rate, int batch) {
    const double flat = NetworkSaddle::flatness * size_of_hessian(m.saddle);
    double growth = -std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < m.saddle.eigenvalues.size(); ++j) {
        const double curvature = m.saddle.eigenvalues[j];
        const double deviation = learning_rate * number_or_none(advice.sigma, j) / std::sqrt(batch);
        const double axis = step_growth(Law::gaussian, -learning_rate * curvature, deviation);
        if (curvature < -flat) growth = std::max(growth, axis);
        const bool thrown = curvature >= -flat && deviation > 0 && learning_rate * curvature <= 2 && axis > 0;
        if (thrown) return std::numeric_limits<double>::infinity();
    }
    return growth;
}

LandscapeMeasurement measure(const LandscapeFile& file, StopToken stop) {
    const auto& advice = file.advice;
    LandscapeMeasurement of;
    auto& saddle = of.measured.saddle;
    if (advice.at.empty()) {
        saddle.point = searched_saddle(file).at;
        of.point = "the saddle that most searches end at";
    } else {
        saddle.point = advice.at;
        of.point = advice.name.empty() ? "the point" : "the point " + advice.name;
    }
    Point slope(saddle.point.size());
    file.landscape->gradient(saddle.point, slope);
    saddle.gradient_norm = as_vector(slope).norm();
    stop.check();
    try {
        set_spectrum(*file.landscape, of);
    } catch (const std::domain_error& error) {
        file.complain({"advise.at", fmt::format("is no place to leave: {}", error.what())});
    }
    stop.check();
    refuse_what_is_no_saddle(file, of);
    set_noise(advice, of);
    return of;
}

}  // namespace noisetrap
