// The first exit of the walk x <- decay x + scale Z from |x| < radius, Z symmetric and stable: E e^(ikZ) = e^(-|k|^alpha).
// The number of steps T has, where p is the density of scale Z, E T = 1 + int p(y - decay x) E T(y) dy over the interval, and
// E T^2 = 2 E T - 1 + int p(y - decay x) E T^2(y) dy: integral equations of the second kind, by Nystrom's method at Gauss's
// nodes.
//
// T is exponential in the limit of small noise and steps, and dx = -x dt + e dL leaves |x| < 1 after alpha/(2 C e^alpha) on
// average, C = Gamma(1 + alpha) sin(pi alpha/2)/pi (Imkeller and Pavlyukevich 2006): a power of the noise, whatever barrier
// there is.
#pragma once

namespace noisetrap {

struct ExitSteps {
    double mean, variance;
};

/// To 1e-7 where the walk takes many steps, 1 < alpha < 2 and 0 < scale <= radius. Throws std::domain_error elsewhere, and
/// where the noise is so weak that 1500 nodes do not suffice.
ExitSteps stable_exit(double alpha, double decay, double scale, double radius, double x0);

}  // namespace noisetrap
