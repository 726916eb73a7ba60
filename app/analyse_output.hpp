// What `noisetrap analyse` prints and writes.
#pragma once

#include "analysis/critical/landscape_file.hpp"
#include "analysis/networks/features.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// The run, and what was found of it.
struct AnalysedRun {
    TrainingRun run;
    RunAnalysis found;
    std::vector<PlaceNoise> noise;  // of a network: at every checkpoint; else empty
    std::vector<PlateauVisit> plateaus;
    std::optional<TrainedPaths> trained;
    std::optional<FeatureMap> features;
};

std::string analysis_text(const LandscapeFile&, const AnalysedRun&, double seconds);
Json analysis_json(const LandscapeFile&, const AnalysedRun&);
/// Of a run that was made here: checkpoints.h5, which `noisetrap analyse` reads.
void write_checkpoints(const OutputFolder&, const TrainedPaths&);
/// data.h5; the bytes depend on configuration and checkpoints alone.
void write_hdf5(const OutputFolder&, const LandscapeFile&, const AnalysedRun&);

}  // namespace noisetrap
