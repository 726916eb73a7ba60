// What `noisetrap landscape` prints and writes, and what it shares with `noisetrap spectrum`.
#pragma once

#include "analysis/critical/landscape_file.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

class Hdf5File;

/// Two lines: name, formula, and parameters.
std::string loss_text(const LandscapeFile&);
/// 3, or >= 3 where Lanczos has seen a part of the spectrum.
std::string index_text(std::size_t index, bool is_exact);
Json kind_json(const PointKind&, std::size_t parameters);

/// Program, landscape and its parameters: how both commands' JSON begins.
Json landscape_json(const LandscapeFile&);
/// The same of data.h5.
void begin_hdf5(Hdf5File&, const LandscapeFile&);

std::string survey_text(const LandscapeFile&, const Survey&, double seconds);
Json survey_json(const LandscapeFile&, const Survey&);
/// data.h5; the bytes depend on the configuration alone.
void write_hdf5(const OutputFolder&, const LandscapeFile&, const Survey&);

}  // namespace noisetrap
