// One axis of a loss near its critical point, with noise in curvature and slope:
//   f(x) = -(a + xi) x^2 / 2 - eta x,   sd(xi) = sigma, sd(eta) = tau, corr(xi, eta) = rho.
#pragma once

#include <array>
#include <cmath>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// Correlated noise of the same law for xi and eta: a linear combination where that keeps the law (Gaussian,
/// or rho = 0, +1, -1); otherwise a mixture, eta following xi with odds |rho| and independent of it with odds
/// 1 - |rho|, which keeps any law and has correlation rho.
template <class Real>
struct NoisySaddleLoss {
    static constexpr int dimensions = 1, noises = 3;
    static constexpr bool differentiable = true, linear = true;
    Real a, sigma, tau_along, tau_across;  // eta = tau_along z0 + tau_across z1
    Real tau, sign, follow_below;          // eta = tau (z2 < follow_below ? sign z0 : z1)
    Law xi_law, eta_law;
    Real xi_shape, eta_shape;
    int draws;

    template <class Eta>
    struct Sample {
        Real xi;
        Eta eta;
    };

    template <int N>
    NOISETRAP_HD auto sample(const Draw<Real, N>& noise) const {
        const Real z0 = noise.template get<0>();
        if constexpr (N == 3) {
            return Sample<Real>{sigma * z0, mixed_eta(noise)};
        } else {
            const auto eta = tau_along * z0 + tau_across * noise.template get<1>();
            if constexpr (N > 3) {  // where an optimiser has noise of its own all are there
                return Sample<Real>{sigma * z0, draws == 3 ? mixed_eta(noise) : eta};
            } else {
                return Sample<decltype(eta)>{sigma * z0, eta};
            }
        }
    }
    template <int N>
    NOISETRAP_HD Real mixed_eta(const Draw<Real, N>& noise) const {
        const bool follow = noise.template get<2>() < follow_below;
        return tau * (follow ? sign * noise.template get<0>() : noise.template get<1>());
    }

    /// df/dx for one sample of the noise.
    template <class X, class Unit, class Eta>
    NOISETRAP_HD X gradient(X x, Unit unit, const Sample<Eta>& noise) const {
        return -fma(a + noise.xi, x, noise.eta * unit);
    }

    template <class X, class Unit>
    NOISETRAP_HD X mean_gradient(X x, Unit) const {
        return -a * x;
    }

    NOISETRAP_HD Law law(int i) const { return i == 0 ? xi_law : i == 1 ? eta_law : Law::uniform; }
    NOISETRAP_HD Real shape(int i) const { return i == 0 ? xi_shape : eta_shape; }
    NOISETRAP_HD bool uses(int i) const { return i < draws; }
    NOISETRAP_HD bool moves_zero() const { return tau != 0; }
};

struct NoisySaddle {
    template <class Real>
    using Loss = NoisySaddleLoss<Real>;
    static constexpr const char* name = "noisy-saddle";
    static constexpr const char* equation =
        "f(x) = -(a + xi) x^2/2 - eta x,  sd(xi) = sigma, sd(eta) = tau, corr = rho";
    double a = 0.02, sigma = 0.3, tau = 0.1, rho = 0.0;
    Law xi_law = Law::gaussian, eta_law = Law::gaussian;
    double nu = 3, alpha = 1.5;

    static auto parameters() {
        return std::array{
            noisetrap::number("a", &NoisySaddle::a, -1e6, 1e6, "1/step", "deterministic rate; a > 0 repels"),
            noisetrap::number("sigma", &NoisySaddle::sigma, 0, 1e6, "1/step",
                              "attractive noise xi x, standard deviation; of a stable law its scale"),
            noisetrap::number("tau", &NoisySaddle::tau, 0, 1e100, "length/step",
                              "diffusive noise eta, standard deviation; of a stable law its scale"),
            noisetrap::number("rho", &NoisySaddle::rho, -1, 1, "-",
                              "correlation of xi and eta; needs law = eta_law unless 0"),
            noisetrap::shaped_law("law", &NoisySaddle::xi_law, "law of xi"),
            noisetrap::shaped_law("eta_law", &NoisySaddle::eta_law, "law of eta; that of xi unless given"),
            noisetrap::number("nu", &NoisySaddle::nu, 3, 1e5, "-", "degrees of freedom of student-t; odd"),
            noisetrap::number(
                "alpha", &NoisySaddle::alpha, 1e-3, 2, "-",
                "exponent of stable: P(|xi| > r) ~ r^-alpha; 2 is gaussian, of variance 2 sigma^2"),
        };
    }

    Complaint complaint() const {
        if (*shape_complaint(Law::student_t, nu)) return {"nu", shape_complaint(Law::student_t, nu)};
        if (rho == 0) return {};
        if (xi_law == Law::stable || eta_law == Law::stable)
            return {"rho", "asks for a correlation, and a stable law has no variance: make it 0"};
        if (xi_law != eta_law)
            return {"rho", "needs xi and eta of the same law (law = eta_law), unless it is 0"};
        return {};
    }
    double shape(Law law) const { return law == Law::student_t ? nu : law == Law::stable ? alpha : 0; }

    template <class Real>
    Loss<Real> loss() const {
        const bool mixture = tau != 0 && rho != 0 && std::abs(rho) != 1 && xi_law != Law::gaussian;
        const double across = tau * std::sqrt(1 - rho * rho);
        return {static_cast<Real>(a),
                static_cast<Real>(sigma),
                static_cast<Real>(tau * rho),
                static_cast<Real>(across),
                static_cast<Real>(tau),
                static_cast<Real>(rho < 0 ? -1 : 1),
                static_cast<Real>(sqrt_12 * (std::abs(rho) - 0.5)),
                xi_law,
                eta_law,
                static_cast<Real>(shape(xi_law)),
                static_cast<Real>(shape(eta_law)),
                mixture       ? 3
                : across != 0 ? 2
                              : 1};
    }
};

}  // namespace noisetrap
