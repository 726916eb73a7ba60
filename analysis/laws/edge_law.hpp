// dx = a x dt + sigma x dW + tau dV with independent W and V at four rates a, the edge of the trap among them, where the
// law of x(t) is closed. Y = asinh(sigma x/tau)/sigma obeys dY = c tanh(sigma Y) dt + dB, c = a/sigma - sigma/2, and with
// y0 = Y(0), d = y - y0, phi the normal density of variance t:
//     a = sigma^2/2       Y = y0 + B(t) (Bougerol 1983; Vakeroudis 2012)
//     a = 3 sigma^2/2     Y = y0 + B(t) +- sigma t, with odds e^(+-sigma y0)/(2 cosh sigma y0)
//     a = -sigma^2/2      p(y) = (cosh sigma y0/cosh sigma y) K
//     a = 5 sigma^2/2     p(y) = (cosh sigma y/cosh sigma y0)^2 e^(-3 sigma^2 t/2) K
//     K = e^(-sigma^2 t/2) phi(d) + sigma/(4 cosh sigma y cosh sigma y0) [erf((d + sigma t)/sqrt(2t)) -
//         erf((d - sigma t)/sqrt(2t))]
// (the Poschl-Teller potential with no bound state or one).
#pragma once

#include <optional>

namespace noisetrap {

class EdgeLaw {
  public:
    /// At time t > 0 from x0. Throws std::domain_error unless has_edge_law.
    EdgeLaw(double a, double sigma, double tau, double x0, double t);

    /// To 1e-11.
    double cdf(double x) const;
    /// Throws std::domain_error unless 0 < p < 1.
    double quantile(double p) const;

  private:
    double kernel(double y) const;
    double density_of_y(double y) const;
    double cdf_of_y(double y) const;

    int twice_;  // 2 a/sigma^2
    double sigma_, tau_, t_, y0_;
};

/// Whether sigma and tau are positive, and a is one of the four to 12 digits.
bool has_edge_law(double a, double sigma, double tau);

/// Mean time until |x| >= radius from x0, with b = Y(radius) and y0 = Y(x0): b^2 - y0^2 at a = sigma^2/2, and
/// (b tanh(sigma b) - y0 tanh(sigma y0))/sigma at a = 3 sigma^2/2. From 0 at the edge: [asinh(sigma R/tau)/sigma]^2, what
/// the trap costs. Nothing at other a.
std::optional<double> edge_mean_exit_time(double a, double sigma, double tau, double radius, double x0);

/// P(T > t): sum over k of, with lambda = (2k + 1) pi/(2b),
///     (4/pi) (-1)^k/(2k + 1) cos(lambda y0) e^(-lambda^2 t/2) at a = sigma^2/2,
///     cos(lambda y0) 2 lambda sin(lambda b) cosh(sigma b)/((lambda^2 + sigma^2) b) e^(-(lambda^2 + sigma^2) t/2)/cosh(sigma y0)
/// at a = 3 sigma^2/2. Nothing at other a, and so early that 10000 terms do not suffice.
std::optional<double> edge_survival(double a, double sigma, double tau, double radius, double x0, double t);

}  // namespace noisetrap
