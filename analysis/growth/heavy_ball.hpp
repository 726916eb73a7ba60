// Momentum at a critical point: growth rates of the noisy heavy ball, in continuous time
//     x'' + 2 beta x' - a x = sigma x * white noise,
// and as it is run, v <- m v + (a + sigma Z) x, x <- x + v (x' = x + m(x - x_prev) + (a + sigma Z) x) with
// Gaussian Z. Noise enters v only, so that Ito's and Stratonovich's calculus agree. The sign of sigma does
// not matter. Bad input throws std::domain_error.
#pragma once

namespace noisetrap {

/// lim log|(x, x')|/t, per unit of time: -beta + g(-(a + beta^2)),
///     g(E) = 1/2 int u^(1/2) e(u) du / int u^(-1/2) e(u) du over u > 0, e(u) = exp[-(2/sigma^2)(u^3/12 + E
///     u)]
/// (Halperin 1965; Imkeller and Lederer 1999); without noise -beta + Re sqrt(a + beta^2).
double heavy_ball_sde_growth(double beta, double a, double sigma);

/// The largest a that can be a trap, for the sigma that traps best: 0.884844 beta^2, beta >= 0.
double heavy_ball_largest_trap(double beta);

/// Parameters of the recursion, per step.
struct HeavyBall {
    double momentum;  // m
    double a, sigma;
};

/// The recursion that takes steps of time h, v = h x': m = 1 - 2 beta h, a -> a h^2, sigma -> sigma h^(3/2).
/// heavy_ball_growth of it divided by h tends to heavy_ball_sde_growth with an error of first order in h.
HeavyBall heavy_ball_steps(double beta, double a, double sigma, double h);

/// lim log|(x[n], v[n])|/n, per step, for 0 <= momentum <= 1: E log|1 + a + sigma Z| without momentum, the
/// logarithm of the spectral radius without noise, else by collocation on the angle of (x, v), until doubling
/// the nodes changes the result by less than 1e-9; the result is then better still. 10 ms where sigma is
/// below about 1 and momentum above 0.5, seconds at momentum 0.05. Throws where 1025 nodes or 3e9 additions
/// do not suffice, as for very weak noise at a saddle or very weak momentum.
double heavy_ball_growth(const HeavyBall& ball);

/// Var x at a minimum, a = -h, with additive noise tau in v:
///     tau^2/{h (1-m)(2(1+m)-h)/(1+m) - sigma^2}.
/// Throws unless |m| < 1 and the denominator is positive: elsewhere the variance is not finite.
double heavy_ball_variance(double h, double momentum, double sigma, double tau);

}  // namespace noisetrap
