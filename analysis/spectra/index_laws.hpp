// How many eigenvalues of a random Hessian are negative: three yardsticks for the index of a critical point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// P(index = k), k = 0 ... n, of the Gaussian orthogonal ensemble: symmetric, independent normal entries of variance
/// 1 beside the diagonal and 2 on it. From Pfaffians (de Bruijn 1955) in 100 digits, for n up to 40.
std::vector<double> goe_index_law(std::size_t n);

/// Signs that are independent of each other: binomial. What "each direction is as likely up as down" would give.
std::vector<double> independent_signs_law(std::size_t n);

/// P(index = k) at the critical points of an isotropic Gaussian field of covariance exp(-r^2/2) in d dimensions, by
/// Kac and Rice: proportional to E exp(-lambda_(k+1)^2/4) over the ordered spectrum of an ensemble of size d + 1. In
/// closed form for d <= 3.
std::vector<double> gaussian_field_index_law(std::size_t d);

/// The same for any d by sampling spectra, with standard errors of a ratio of means.
std::vector<Estimate> sampled_gaussian_field_index_law(std::size_t d, std::uint64_t samples,
                                                       std::uint64_t seed);

/// Mean number of its critical points on a unit of volume, (2 pi)^(-d/2) E|det H|, for d <= 3: with spectra of size
/// d + 1 as above, for which the density of eigenvalues is that of Mehta.
double gaussian_field_density(std::size_t d);

/// Share of negative eigenvalues at critical points of value sqrt(d) `energy` of the field, in the limit of many
/// dimensions (Bray and Dean 2007): that of a semicircle of radius 2 about -energy.
double gaussian_field_index_share(double energy);

/// Eigenvalues of sample number `sample` of the ensemble, rising.
std::vector<double> goe_spectrum(std::size_t n, std::uint64_t seed, std::uint64_t sample);

/// Mean number of critical points of each index of the pure spherical p-spin glass of two or three spins, by Kac and Rice
/// (Auffinger, Ben Arous and Cerny 2013): 2 sqrt(2/p) (p - 1)^(n/2) E exp(-(p - 2) lambda_(k+1)^2/(4p)) over the ordered
/// spectrum of an ensemble of as many spins.
std::vector<double> spherical_glass_counts(int p, std::size_t spins);

/// The same for any number of spins by sampling spectra.
std::vector<Estimate> sampled_spherical_glass_counts(int p, std::size_t spins, std::uint64_t samples,
                                                     std::uint64_t seed);

/// Share of negative eigenvalues at critical points of energy `energy` per spin of the pure spherical p-spin glass,
/// in the limit of many spins (Auffinger, Ben Arous and Cerny 2013): that of a semicircle shifted by the energy.
double spherical_glass_index_share(int p, double energy);

}  // namespace noisetrap
