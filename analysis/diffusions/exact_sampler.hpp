// Samples of dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt, at a time, without a time step (Beskos and Roberts 2005,
// Annals of Applied Probability 15).
//
// The natural coordinate of the trap is y = asinh(sigma (x + m)/omega)/sigma, m = rho tau/sigma, omega = tau sqrt(1 - rho^2):
//     dy = alpha(y) dt + dB,  alpha = c tanh(sigma y) - d sech(sigma y),  c = a/sigma - sigma/2,  d = a m/omega.
// Its law at t has the density exp(int alpha) with respect to a Brownian motion's, times the odds that a Poisson process of
// rate 1 has no point below phi - min phi along the path, phi = (alpha^2 + alpha')/2. With the Gudermannian g of sigma y,
// tanh = sin g and sech = cos g: phi = P + Q cos(2g - some angle), so that its range is known. A path is looked at where the
// points are and nowhere else.
#pragma once

#include <cstdint>

namespace noisetrap {

class PathDraws;  // draws.hpp

class NaturalCoordinate {
  public:
    /// Throws std::domain_error unless sigma and tau are positive and |rho| < 1.
    NaturalCoordinate(double a, double sigma, double tau, double rho);

    double of(double x) const;    // y
    double back(double y) const;  // x
    double drift(double y) const;

  protected:
    double sigma_, m_, omega_, c_, d_;
};

class ExactSampler : NaturalCoordinate {
  public:
    /// Throws std::domain_error where there is no natural coordinate, or where a sample may take more than 10000 tries.
    ExactSampler(double a, double sigma, double tau, double rho);

    /// x at time t > 0 from x0: a function of the seed and of the path's number.
    double sample(double x0, double t, std::uint64_t seed, std::uint64_t path) const;

  private:
    double moved(double y, double t, PathDraws&) const;
    double proposed(double y, double t, PathDraws&) const;
    double end_odds(double y, double end) const;
    bool survives(double y, double end, double t, PathDraws&) const;
    double phi(double y) const;

    double least_, range_;  // of phi
};

}  // namespace noisetrap
