// What `noisetrap analyse` prints and writes.
#pragma once

#include "analysis/critical/landscape_file.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// The run, and what was found of it.
struct AnalysedRun {
    TrainingRun run;
    RunAnalysis found;
};

std::string analysis_text(const LandscapeFile&, const AnalysedRun&, double seconds);
Json analysis_json(const LandscapeFile&, const AnalysedRun&);
/// data.h5; the bytes depend on configuration and checkpoints alone.
void write_hdf5(const OutputFolder&, const LandscapeFile&, const AnalysedRun&);

}  // namespace noisetrap
