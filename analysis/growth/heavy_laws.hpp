// Laws with heavy tails: growth rates and moments of factors m + s Z.
#pragma once

#include <vector>

#include "analysis/growth/random_factor.hpp"
#include "engine/noise/law.hpp"

namespace noisetrap {

/// E log|m + s Z|, Z Student's t with nu = 3, 5, ... degrees of freedom over its standard deviation.
double student_mean_log(double nu, double m, double s);

/// E log|mean + sum of s Z| over Gaussian, stable and Student noises with s > 0, by the product of their characteristic
/// functions.
double mean_log_abs_of(const std::vector<RandomFactor::Noise>& noises, double mean);
double mean_log_abs_of(const RandomFactor::Noise& noise, double mean);

/// E|m + s Z|^kappa, 0 < kappa < nu; and of a stable law, 0 < kappa < alpha.
double student_moment(double nu, double kappa, double m, double s);
double stable_moment(double alpha, double kappa, double m, double s);

/// E|Z|^kappa is finite below this.
double largest_moment(NoiseLaw law);

/// The growth rate that a stable process of increments s dt^(1/alpha) Z gives dx = s x dL: Gamma(alpha) cos(pi alpha/2)
/// s^alpha.
double stable_growth(double alpha, double s);

}  // namespace noisetrap
