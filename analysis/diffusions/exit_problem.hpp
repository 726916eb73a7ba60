// The boundary value problem behind a mean exit time, solved by its Green's function.
#pragma once

namespace noisetrap {

/// dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt.
struct LinearDiffusion {
    double a, sigma, tau, rho;

    double drift(double x) const { return a * x; }
    // sigma^2 x^2 + 2 rho sigma tau x + tau^2 per unit of time, without cancellation
    double variance(double x) const;
    // Distance from x to the nearest complex zero of the variance
    double smoothness(double x) const;
};

struct Exit {
    double mean_time;
    double odds_high;  // of ending at, or beyond, the upper end
};

/// How far the process goes on beyond an end of the interval: the integral of the scale density from there to
/// where it really ends, in units of the scale density at the end. 0 where it ends there.
struct Beyond {
    double low = 0, high = 0;
};

/// Time spent in (low, high), on which the variance is positive, from x0 inside until the end of the process.
/// (Karlin and Taylor 1981, chapter 15.) Throws std::domain_error where the noise is too weak to be resolved.
Exit leave_interval(const LinearDiffusion& sde, double low, double high, double x0, Beyond beyond = {});

}  // namespace noisetrap
