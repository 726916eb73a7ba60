#include "validation/remedy_answers.hpp"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <complex>
#include <numeric>

#include "analysis/growth/growth.hpp"
#include "models/finite_sum_saddle.hpp"

namespace noisetrap {
namespace {

using Complex = std::complex<double>;

double mean_of(std::span<const double> rows) {
    return std::accumulate(rows.begin(), rows.end(), 0.0) / static_cast<double>(rows.size());
}

double deviation_of(std::span<const double> rows) {
    const double mean = mean_of(rows);
    double squares = 0;
    for (double x : rows) squares += (x - mean) * (x - mean);
    return std::sqrt(squares / static_cast<double>(rows.size()));
}

/// E e^(ik mean of the batch).
Complex characteristic(std::span<const double> xi, std::uint32_t batch, Drawing drawing, double k) {
    const double share = k / batch;
    if (drawing == Drawing::with_replacement) {
        Complex sum = 0;
        for (double x : xi) sum += std::polar(1.0, share * x);
        return std::pow(sum / static_cast<double>(xi.size()), batch);
    }
    // mean over all batches of j of the first n samples: sample n is in such a batch with odds j/n
    std::vector<Complex> of_batches(batch + 1, 0);
    of_batches[0] = 1;
    double n = 0;
    for (double x : xi) {
        const Complex factor = std::polar(1.0, share * x);
        ++n;
        for (std::uint32_t j = batch; j > 0; --j)
            of_batches[j] += j / n * (factor * of_batches[j - 1] - of_batches[j]);
    }
    return of_batches[batch];
}

/// From u(z) to E u((1 + a + xi) z + a), for functions u = w + log(1 + z^2)/2 with w nearly constant far out:
/// w is kept on a grid that is even in asinh(z/c), interpolated by polynomials of degree 5, and constant
/// beyond the ends.
class LoopStep {
    static constexpr double c = 0.1, spacing = 0.05, end = 22, noise_spacing = 0.5, noise_end = 6.5;
    static constexpr int nodes = 2 * static_cast<int>(end / spacing) + 1, around = 6;

    struct Share {  // of one value of the noise
        int first;
        std::array<double, around> weights;
    };
    struct Row {
        double tilt;  // what the step adds to log(1 + z^2)/2
        std::vector<Share> shares;
    };
    std::vector<Row> rows_;

    static std::array<double, around> lagrange(double place, double odds) {  // between nodes 0 ... 5
        std::array<double, around> weights;
        for (int i = 0; i < around; ++i) {
            double w = odds;
            for (int j = 0; j < around; ++j)
                if (j != i) w *= (place - j) / (i - j);
            weights[static_cast<std::size_t>(i)] = w;
        }
        return weights;
    }
    static double node_of(double z) {
        return std::clamp((std::asinh(z / c) + end) / spacing, 0.0, nodes - 1.0);
    }
    static double log_size(double z) { return std::log1p(z * z) / 2; }
    static Row row(double a, double sigma, double z) {
        double total = 0;
        for (double noise = -noise_end; noise <= noise_end; noise += noise_spacing)
            total += std::exp(-noise * noise / 2);
        Row row{-log_size(z), {}};
        for (double noise = -noise_end; noise <= noise_end; noise += noise_spacing) {
            const double odds = std::exp(-noise * noise / 2) / total, next = (1 + a + sigma * noise) * z + a,
                         node = node_of(next);
            const int left = std::clamp(static_cast<int>(node) - 2, 0, nodes - around);
            row.shares.push_back({left, lagrange(node - left, odds)});
            row.tilt += odds * log_size(next);
        }
        return row;
    }

  public:
    LoopStep(double a, double sigma) {
        for (int i = 0; i < nodes; ++i) rows_.push_back(row(a, sigma, z(i)));
    }
    static double z(int i) { return c * std::sinh((i - nodes / 2) * spacing); }
    static double at_zero(const std::vector<double>& w) { return w[nodes / 2]; }
    /// From log|1 + z|, whose pole the grid could not hold.
    static std::vector<double> first(double a, double sigma) {
        std::vector<double> w;
        for (int i = 0; i < nodes; ++i) {
            const double mean = 1 + a + (1 + a) * z(i), deviation = sigma * std::abs(z(i));
            const double u = deviation > 0 ? mean_log_abs(Law::gaussian, mean, deviation) : std::log(mean);
            w.push_back(u - log_size(z(i)));
        }
        return w;
    }
    std::vector<double> operator()(const std::vector<double>& w) const {
        std::vector<double> next;
        for (const auto& row : rows_) {
            double sum = row.tilt;
            for (const auto& share : row.shares)
                for (int i = 0; i < around; ++i)
                    sum += share.weights[static_cast<std::size_t>(i)] *
                           w[static_cast<std::size_t>(share.first + i)];
            next.push_back(sum);
        }
        return next;
    }
};

}  // namespace

std::vector<double> attractive_noise_of_samples(std::uint32_t samples, std::uint32_t population,
                                                double sigma) {
    std::vector<double> xi;
    for (std::uint32_t i = 0; i < samples; ++i)
        xi.push_back(static_cast<double>(population_normals(population, i).first));
    const double mean = mean_of(xi), scale = sigma / deviation_of(xi);
    for (double& x : xi) x = scale * (x - mean);
    return xi;
}

double minibatch_growth(std::span<const double> xi, std::uint32_t batch, Drawing drawing, double a) {
    if (batch == 1) {
        double sum = 0;
        for (double x : xi) sum += std::log(std::abs(1 + a + x));
        return sum / static_cast<double>(xi.size());
    }
    const auto n = static_cast<double>(xi.size());
    if (drawing == Drawing::without_replacement && batch == xi.size()) return std::log(std::abs(1 + a));
    const double kept = drawing == Drawing::with_replacement ? 1 : (n - batch) / (n - 1);
    const double deviation = deviation_of(xi) * std::sqrt(kept / batch);
    const auto difference = [&](double t) {  // k = t/deviation
        const double k = t / deviation;
        return std::real(std::polar(1.0, k * (1 + a)) *
                         (std::exp(-t * t / 2) - characteristic(xi, batch, drawing, k))) /
               t;
    };
    constexpr double far = 9;
    return mean_log_abs(Law::gaussian, 1 + a, deviation) +
           boost::math::quadrature::gauss<double, 100>::integrate(difference, 0.0, far);
}

std::vector<double> svrg_loop_growth(double a, double sigma, std::uint64_t steps) {
    const LoopStep step(a, sigma);
    auto w = LoopStep::first(a, sigma);
    std::vector<double> growth = {0, LoopStep::at_zero(w)};
    while (growth.size() <= steps) growth.push_back(LoopStep::at_zero(w = step(w)));
    growth.resize(steps + 1);
    return growth;
}

}  // namespace noisetrap
