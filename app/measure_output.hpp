// What `noisetrap measure` prints, and writes as JSON.
#pragma once

#include <string>

#include "analysis/networks/measurement.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// Documented in docs/networks.md.
std::string measure_text(const NetworkConfig&, const Measurement&);
Json measure_json(const NetworkConfig&, const Measurement&);

}  // namespace noisetrap
