// Trace and density of the eigenvalues of a matrix that is known by its products alone, from random vectors of signs.
#pragma once

#include <cstdint>

#include "analysis/spectra/lanczos.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// Stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017): of each probe the nodes and weights of a Gauss
/// quadrature of its spectral measure. Their mean over probes has the density of the eigenvalues as its expectation.
struct SpectralQuadrature {
    std::size_t size = 0;  // of the matrix
    std::vector<RitzValues> probes;
    std::vector<double> traces;  // z^T A z of each probe z, whose mean is the trace (Hutchinson 1990)

    /// Its standard error is that of independent probes.
    Estimate trace() const;
    /// Share of the eigenvalues below x. Its place is known to about the span over the steps: it counts no index.
    Estimate share_below(double x) const;
    /// Per unit of length, every node spread over a normal of this width.
    double density(double x, double width) const;
};

/// Probe k is made of the engine's two-point variates of path k. Throws as lanczos does.
SpectralQuadrature spectral_quadrature(const Product&, std::size_t size, std::uint64_t probes,
                                       std::size_t steps, std::uint64_t seed);

/// The same where products of some vectors at once are cheaper than one by one: up to four are asked for together.
SpectralQuadrature spectral_quadrature_together(const Products&, std::size_t size, std::uint64_t probes,
                                                std::size_t steps, std::uint64_t seed);

}  // namespace noisetrap
