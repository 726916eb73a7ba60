// A saddle that is a mean over N samples, with real minibatches:
//   f(x) = mean over i of -(a + xi_i) x^2/2 - eta_i x,
// the pairs (xi_i, eta_i) normal numbers, drawn once and standardised: over the N samples xi and eta have
// mean 0, standard deviations sigma and tau and correlation rho, up to the rounding of a float. A step draws
// `batch_size` of the samples, with or without replacement; what that does to the noise is simulated, not put
// in by sigma/sqrt(b).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/catalogue/cost.hpp"
#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/noise/permutation.hpp"
#include "engine/noise/variates.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// The normal numbers of sample i: a function of (population, i), so that no table is kept.
NOISETRAP_HD Pair<float> population_normals(std::uint32_t population, std::uint32_t i) {
    const std::uint32_t first = mixed(i * 0x9e3779b9u + mixed(population + 1));
    return normal_pair(first, mixed(first + 0x85ebca6bu));
}

template <class Real>
struct FiniteSumSaddleLoss {
    static constexpr int dimensions = 1, noises = 2;
    static constexpr bool differentiable = true, linear = true;
    Real a;
    float xi_scale, xi_shift;  // xi = xi_scale z0 + xi_shift
    Real tau;
    float eta_along, eta_across, eta_shift;  // eta = tau (eta_along z0 + eta_across z1 + eta_shift)
    std::uint32_t population, batch;
    Shuffle samples;
    bool with_replacement;

    struct Sample {
        Real xi, eta;
    };
    template <int N>
    NOISETRAP_HD Sample sample(const Draw<Real, N>& noise) const {
        return {noise.number(0), tau * noise.number(1)};
    }
    template <class X, class Unit>
    NOISETRAP_HD X gradient(X x, Unit unit, const Sample& mean) const {
        return -fma(a + mean.xi, x, mean.eta * unit);
    }
    template <class X, class Unit>
    NOISETRAP_HD X mean_gradient(X x, Unit) const {
        return -a * x;
    }

    /// The two uniform variates of a step say which samples it draws: here they are turned into the means of
    /// xi and eta/tau over the batch.
    template <class Variate, int N, int W>
    NOISETRAP_HD void gather(Variate (&z)[N][group_steps][W]) const {
        for (int n = 0; n < group_steps; ++n) {
            alignas(alignment<W>) double xi[W], eta[W];
            alignas(alignment<W>) std::uint32_t first[W], second[W], index[W];
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) {
                first[k] = mixed(word_of(z[0][n][k]));
                second[k] = mixed(word_of(z[1][n][k]) + 0x9e3779b9u);
                xi[k] = eta[k] = 0;
            }
            for (std::uint32_t j = 0; j < batch; ++j) {
                with_replacement ? draw(j, first, second, index) : samples.at(j, first, second, index);
                NOISETRAP_OVER_LANES
                for (int k = 0; k < W; ++k) {
                    const auto normals = population_normals(population, index[k]);
                    xi[k] += static_cast<double>(fma(xi_scale, normals.first, xi_shift));
                    eta[k] += static_cast<double>(
                        fma(eta_along, normals.first, fma(eta_across, normals.second, eta_shift)));
                }
            }
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) {
                z[0][n][k] = static_cast<Variate>(xi[k] / batch);
                z[1][n][k] = static_cast<Variate>(eta[k] / batch);
            }
        }
    }

    NOISETRAP_HD Law law(int) const { return Law::uniform; }
    NOISETRAP_HD bool uses(int) const { return true; }
    NOISETRAP_HD bool moves_zero() const { return tau != 0; }
    LossCost cost() const { return {static_cast<double>(batch), static_cast<double>(samples.count)}; }

  private:
    /// Draw j of a batch, from all samples.
    template <int W>
    NOISETRAP_HD void draw(std::uint32_t j, const std::uint32_t (&first)[W], const std::uint32_t (&second)[W],
                           std::uint32_t (&index)[W]) const {
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            const std::uint32_t word = mixed(first[k] ^ mixed(second[k] + j * 0x9e3779b9u));
            index[k] = product_high(word, samples.count);
        }
    }
};

struct FiniteSumSaddle {
    template <class Real>
    using Loss = FiniteSumSaddleLoss<Real>;
    static constexpr const char* name = "finite-sum-saddle";
    static constexpr const char* equation =
        "f(x) = mean of -(a + xi_i) x^2/2 - eta_i x over N samples; batch_size of them at each step";
    static constexpr const char* draw_names[] = {"with-replacement", "without-replacement"};
    double a = 0.02, sigma = 0.3, tau = 0.1, rho = 0.0;
    double samples = 1024, batch_size = 1, population = 1;
    int draws = 1;

    static auto parameters() {
        return std::array{
            noisetrap::number("a", &FiniteSumSaddle::a, -1e6, 1e6, "1/step",
                              "deterministic rate; a > 0 repels"),
            noisetrap::number("sigma", &FiniteSumSaddle::sigma, 0, 1e6, "1/step",
                              "attractive noise: standard deviation of xi over the samples"),
            noisetrap::number("tau", &FiniteSumSaddle::tau, 0, 1e30, "length/step",
                              "diffusive noise: standard deviation of eta over the samples"),
            noisetrap::number("rho", &FiniteSumSaddle::rho, -1, 1, "-",
                              "correlation of xi and eta over the samples"),
            noisetrap::number("samples", &FiniteSumSaddle::samples, 3, 1 << 20, "samples",
                              "size N of the data set, a whole number"),
            noisetrap::number("batch_size", &FiniteSumSaddle::batch_size, 1, 1 << 20, "samples",
                              "samples b of a step, a whole number"),
            noisetrap::word("draws", &FiniteSumSaddle::draws, draw_names, "how a minibatch is drawn"),
            noisetrap::number("population", &FiniteSumSaddle::population, 0, 4294967295.0, "-",
                              "another number, another data set"),
        };
    }

    Complaint complaint() const {
        if (const auto complaint = unless_whole("samples", samples)) return complaint;
        if (const auto complaint = unless_whole("batch_size", batch_size)) return complaint;
        if (const auto complaint = unless_whole("population", population)) return complaint;
        if (draws == 1 && batch_size > samples)
            return {"batch_size", "must be no more than model.samples, which are drawn without replacement"};
        return {};
    }

    template <class Real>
    Loss<Real> loss() const {
        const auto count = static_cast<std::uint32_t>(samples);
        const auto m = moments(count, static_cast<std::uint32_t>(population));
        // z1 = slope z0 + remainder; the remainder is what eta has apart from xi.
        const double across = std::sqrt(1 - rho * rho) / m.remainder;
        const double along = rho / m.deviation0 - across * m.slope;
        return {static_cast<Real>(a),
                static_cast<float>(sigma / m.deviation0),
                static_cast<float>(-sigma * m.mean0 / m.deviation0),
                static_cast<Real>(tau),
                static_cast<float>(along),
                static_cast<float>(across),
                static_cast<float>(-along * m.mean0 - across * m.mean1),
                static_cast<std::uint32_t>(population),
                static_cast<std::uint32_t>(batch_size),
                Shuffle::of(count),
                draws == 0};
    }

  private:
    struct Moments {
        double mean0, mean1, deviation0, slope, remainder;
    };
    static Moments moments(std::uint32_t count, std::uint32_t population) {
        double sum0 = 0, sum1 = 0, sum00 = 0, sum01 = 0, sum11 = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto z = population_normals(population, i);
            const double z0 = static_cast<double>(z.first), z1 = static_cast<double>(z.second);
            sum0 += z0, sum1 += z1, sum00 += z0 * z0, sum01 += z0 * z1, sum11 += z1 * z1;
        }
        const double n = count, mean0 = sum0 / n, mean1 = sum1 / n;
        const double v00 = sum00 / n - mean0 * mean0, v01 = sum01 / n - mean0 * mean1,
                     v11 = sum11 / n - mean1 * mean1, slope = v01 / v00;
        return {mean0, mean1, std::sqrt(v00), slope, std::sqrt(v11 - slope * v01)};
    }
};

}  // namespace noisetrap
