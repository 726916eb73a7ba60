// Means of functions of Y = m + sum of s Z by its characteristic function F(k), along a ray k = r e^(i beta) on which
// F decays in every direction: there neither cos(m k) nor a heavy tail is left to integrate over, and the trapezoidal
// rule in log r converges geometrically. A normal law takes away what is singular at k = 0:
//     E log|Y| - E log|N| = int (F_N - Re F) dk/k   (Frullani),
//     (E|Y|^kappa - E|N|^kappa) pi/(2 Gamma(1 + kappa) sin(pi kappa/2)) = int (F_N - Re F) dk/k^(1 + kappa).
#include "analysis/growth/heavy_laws.hpp"

#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi, infinity = std::numeric_limits<double>::infinity();

// p_0, p_1, ...: the characteristic function of t_nu is e^(-ck) sum p_j (ck)^j, c = sqrt(nu), k > 0, nu odd (Student's t
// with 2n + 1 degrees of freedom; a Bessel function of half-integer order).
template <class Visit>
void each_student_coefficient(double nu, Visit visit) {
    const int n = static_cast<int>((nu - 1) / 2);
    double p = 1;
    for (int j = 0; j <= n; ++j) {
        visit(j, p);
        if (j < n) p *= 2.0 * (n - j) / ((2.0 * n - j) * (j + 1));
    }
}

// log E e^(ikZ) of a variate Z of variance s^2; where it is nothing, e^-600.
Complex log_student_function(double nu, double s, Complex k) {
    const Complex ck = s * std::sqrt(nu - 2) * k;
    if (ck.real() > 600) return -600;
    Complex sum = 0, power = 1;
    each_student_coefficient(nu, [&](int, double p) { sum += p * power, power *= ck; });
    return std::log(sum) - ck;
}

// The logarithm, so that a product of many neither overflows nor underflows.
Complex log_function(const RandomFactor::Noise& noise, Complex k) {
    const double s = std::abs(noise.deviation);
    switch (noise.law.law) {
        case Law::gaussian:
            return -s * s * k * k / 2.0;
        case Law::stable:
            return -std::pow(s * k, noise.law.shape);
        case Law::student_t:
            return log_student_function(noise.law.shape, s, k);
        default:
            require(false, "this law has no characteristic function that decays");
    }
    return 0;
}

// e^z - 1, and e^z - 1 - z, with their digits where z is small.
Complex rest_of_exponential(Complex z, int first) {
    Complex term = 1, sum = 0;
    if (std::abs(z) > 0.5) {
        sum = std::exp(z) - 1.0;
        return first == 2 ? sum - z : sum;
    }
    for (int n = 1; n < 20; ++n) {
        term *= z / static_cast<double>(n);
        if (n >= first) sum += term;
    }
    return sum;
}

constexpr double beta = pi / 8;  // k^2 is then half a right angle from where e^(-k^2) stops decaying

// Below r = e^t the integral that follows is that of its first terms: s^alpha k^alpha of stable noises, s^2 k^2/2 of others.
double below(const std::vector<RandomFactor::Noise>& noises, double m, double kappa, double t) {
    const auto of_power = [&](double power) {
        return std::exp((power - kappa) * t) * std::cos((power - kappa) * beta) / (power - kappa);
    };
    double sum = 0, squares = m * m - 1;
    for (const auto& [law, s] : noises)
        if (law.law == Law::stable) {
            sum += std::pow(s, law.shape) * of_power(law.shape);
        } else {
            squares += s * s;
        }
    return sum + squares / 2 * of_power(2);
}

// int (e^(-k^2/2) + i m k e^(-k^2/2) - F(k)) k^(-kappa) dk/k, real on the axis but for the second term, which is imaginary
// there: with it the integrand vanishes fast enough at k = 0 for kappa up to 2.
double comparison(const std::vector<RandomFactor::Noise>& noises, double m, double kappa) {
    const Complex turn = std::polar(1.0, beta);
    const double step = beta / 6;
    const auto integrand = [&](double t) {
        const Complex k = std::exp(t) * turn;
        const Complex turned = Complex(0, m) * k;
        Complex log_f = 0;
        for (const auto& noise : noises) log_f += log_function(noise, k);
        const Complex of_normal = rest_of_exponential(-k * k / 2.0, 1),
                      of_noise = rest_of_exponential(log_f, 1);
        const Complex difference =
            (1.0 + turned) * (of_normal - of_noise) - rest_of_exponential(turned, 2) * (1.0 + of_noise);
        return std::real(difference * std::exp(-kappa * t) * std::polar(1.0, -kappa * beta));
    };
    double least_power = 1;
    for (const auto& noise : noises)
        if (noise.law.law == Law::stable) least_power = std::min(least_power, noise.law.shape);
    const double low = -40 / least_power, high = std::log(60.0) / least_power + 3;
    double sum = integrand(low) / 2;
    for (double t = low + step; t < high; t += step) sum += integrand(t);
    return sum * step + below(noises, m, kappa, low);
}

double largest_size(const std::vector<RandomFactor::Noise>& noises) {
    double size = 0;
    for (const auto& noise : noises) size = std::max(size, std::abs(noise.deviation));
    return size;
}

// The noises in units of the largest one, so that the ray need not be long.
std::vector<RandomFactor::Noise> in_units(std::vector<RandomFactor::Noise> noises, double unit) {
    for (auto& noise : noises) noise.deviation = std::abs(noise.deviation) / unit;
    return noises;
}

double log_student_density(double nu, double t) {
    return std::lgamma((nu + 1) / 2) - std::lgamma(nu / 2) - (nu + 1) / 2 * std::log1p(t * t / nu) -
           std::log(nu * pi) / 2;
}

}  // namespace

// log|c - i m| - sum_j p_j (j - 1)! Re (c/(c - i m))^j, from the characteristic function.
double student_mean_log(double nu, double m, double s) {
    const double c = s * std::sqrt(nu - 2);
    const Complex ratio = c / Complex(c, -m);
    const int n = static_cast<int>((nu - 1) / 2);
    Complex term = ratio;  // p_1 = 1
    double sum = 0;
    for (int j = 1; j <= n; ++j) {
        sum += term.real();
        term *= 2.0 * (n - j) / ((2.0 * n - j) * (j + 1)) * j * ratio;
    }
    return std::log(std::hypot(m, c)) - sum;
}

double mean_log_abs_of(const std::vector<RandomFactor::Noise>& noises, double mean) {
    const double unit = largest_size(noises);
    const double of_normal = -(std::numbers::egamma + std::numbers::ln2) / 2;
    return std::log(unit) + of_normal + comparison(in_units(noises, unit), std::abs(mean) / unit, 0);
}
double mean_log_abs_of(const RandomFactor::Noise& noise, double mean) {
    return mean_log_abs_of(std::vector{noise}, mean);
}

double stable_moment(double alpha, double kappa, double m, double s) {
    const double of_normal = std::pow(2.0, kappa / 2) * boost::math::tgamma((1 + kappa) / 2) / std::sqrt(pi);
    const double weight = 2 * boost::math::tgamma(1 + kappa) * std::sin(pi * kappa / 2) / pi;
    return std::pow(s, kappa) *
           (of_normal + weight * comparison({{{Law::stable, alpha}, 1.0}}, m / s, kappa));
}

// Over y = |m + s Z|, cut where the density is largest.
double student_moment(double nu, double kappa, double m, double s) {
    const double size = s * std::sqrt((nu - 2) / nu);
    const auto integrand = [=](double y) {
        const double power = kappa * std::log(y) - std::log(size);
        return y > 0 ? std::exp(power + log_student_density(nu, (y - m) / size)) +
                           std::exp(power + log_student_density(nu, (y + m) / size))
                     : 0;
    };
    boost::math::quadrature::exp_sinh<double> beyond;
    boost::math::quadrature::tanh_sinh<double> within;
    const double far = beyond.integrate([&](double z) { return integrand(m + z); });
    return m > 0 ? far + within.integrate(integrand, 0.0, m) : far;
}

double largest_moment(NoiseLaw law) { return has_shape(law.law) ? law.shape : infinity; }

double stable_growth(double alpha, double s) {
    return boost::math::tgamma(alpha) * std::cos(pi * alpha / 2) * std::pow(std::abs(s), alpha);
}

}  // namespace noisetrap
