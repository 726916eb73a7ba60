// What a sweep writes: arrays over named axes as HDF5, and everything that the page draws as JSON.
#pragma once

#include "analysis/sweeps/sweep_findings.hpp"
#include "app/hdf5_file.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// "quantile:0.9" -> "quantile_0.9": the name of its dataset.
std::string dataset_name(const Observable&);

/// Coordinates, `done`, estimates with standard errors and failed paths over the axes; the answers that the
/// boundary's search has had so far.
void write_state(Hdf5File&, const Sweep&, const SweepState&);
SweepState read_state(const Hdf5Reader&, const Sweep&);
/// Phases, theory and the boundary's curves.
void write_findings(Hdf5File&, const Sweep&, const SweepFindings&);

/// What a sweep found, in a few lines.
std::string findings_text(const Sweep&, const SweepState&, const SweepFindings&);

/// The bytes depend on the configuration alone.
Json sweep_json(const Sweep&, const SweepState&, const SweepFindings&);

}  // namespace noisetrap
