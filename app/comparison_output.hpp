// What `noisetrap compare` runs, says and writes, for whoever compares.
#pragma once

#include <string>
#include <vector>

#include "analysis/answers/outcome.hpp"
#include "app/checkpoint.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// One of every contender.
std::vector<Simulation> simulations_of(const Comparison&);

/// Every contender on the same noise; the facts are those of all runs together. `tell` may be empty.
std::vector<EnsembleSummary> run_all(const Comparison&, CheckpointStore&, const Progress& tell, RunFacts&);

/// compare.json as documented in docs/compare.md.
Json comparison_json(const Comparison&, const RunFacts&, const std::vector<Outcome>&);
/// The table of the best and the typical contender of each label.
std::string table_text(const Comparison&, const RunFacts&, const std::vector<Outcome>&);
/// data.h5
void write_hdf5(const OutputFolder&, const Comparison&, const std::vector<Outcome>&);

}  // namespace noisetrap
