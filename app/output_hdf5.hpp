#pragma once

#include <string>
#include <vector>

#include "analysis/answers/findings.hpp"
#include "app/output_folder.hpp"

namespace noisetrap {

/// x along one path: the paths asked for by observe.sample_paths and observe.replay.
struct WholePath {
    std::uint64_t number;
    std::vector<double> x;  // at WholePaths::steps
};
struct WholePaths {
    std::vector<std::uint64_t> steps;
    std::vector<WholePath> paths;
};

/// What is kept of single paths.
struct KeptPaths {
    WholePaths whole;
    RowTable rows;  // of observe.rows
};

/// The configuration as far as it decides the numbers, as TOML.
std::string provenance(std::vector<ResolvedKey> resolved, const RunSettings&);
/// Every array of a run, with named dimensions and units (docs/output.md). The bytes depend on the
/// configuration alone: not on threads, lanes, chunks, backend or the clock. Throws InputError where the file
/// cannot be written.
void write_hdf5(const OutputFolder&, const Config&, const EnsembleSummary&, const Findings&,
                const KeptPaths&);

}  // namespace noisetrap
