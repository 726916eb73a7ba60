// What `noisetrap measure` and `noisetrap escape` print, and write as JSON and HDF5.
#pragma once

#include <string>

#include "analysis/networks/escape.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// The point and its noise, as both commands say them.
std::string point_text(const NetworkConfig&, const Measurement&);
Json point_json(const NetworkConfig&, const Measurement&);

/// Documented in docs/networks.md.
std::string escape_text(const EscapeConfig&, const EscapeResult&);
Json critical_json(const std::vector<BatchThreshold>&);
Json escape_json(const EscapeConfig&, const EscapeResult&);
/// data.h5: an axis of runs, and the survival of each.
void write_hdf5(const OutputFolder&, const EscapeConfig&, const EscapeResult&);

}  // namespace noisetrap
