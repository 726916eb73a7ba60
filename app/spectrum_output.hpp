// What `noisetrap spectrum` prints and writes.
#pragma once

#include <optional>

#include "analysis/critical/landscape_file.hpp"
#include "analysis/spectra/density.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// The spectrum of the Hessian at one point, as far as products show it.
struct Spectrum {
    double loss, gradient;  // value, and |g|
    SmallestEigenvalue smallest;
    SpectralQuadrature quadrature;
    double width;                    // of the normal that every node is spread over
    std::vector<double> x, density;  // per unit of length
    std::optional<KnownPoint> known;
};

/// Throws as smallest_eigenvalue and spectral_quadrature do.
Spectrum spectrum_of(const Landscape&, const SpectrumSettings&);

std::string spectrum_text(const LandscapeFile&, const Spectrum&, double seconds);
Json spectrum_json(const LandscapeFile&, const Spectrum&);
void write_hdf5(const OutputFolder&, const LandscapeFile&, const Spectrum&);

}  // namespace noisetrap
