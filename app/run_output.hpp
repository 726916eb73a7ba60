// What `noisetrap simulate` says and writes of a run, for whoever runs it.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/answers/findings.hpp"
#include "app/output_folder.hpp"
#include "app/output_hdf5.hpp"

namespace noisetrap {

/// The run of the paths whose rows are kept.
Simulation run_of_rows(const Config&);
/// Throws InputError where data.h5 may not fit on the folder's disk, or its rows into memory.
void require_room(const OutputFolder&, const Config&);

/// That paths failed, and what helps; of a host's model, which has no entry, that alone.
std::string failed_text(std::uint64_t paths, const CatalogueEntry*);
/// The table of a run.
std::string findings_text(const Config&, const RunFacts&, const Findings&);

/// A sentence where the exact growth rate of a scheme has another sign than the SDE's, so that it shows another
/// behaviour; else empty.
std::string coarse_steps_warning(const Simulation&);
/// A sentence where stationary values stand beside a run that is too short for them; else empty.
std::string short_run_warning(const Config&, const Findings&);

/// config.toml, summary.json and data.h5; steps the paths that are kept whole, and those whose rows are, once more.
void write_run(const OutputFolder&, const Config&, const RunResult&, const Findings&,
               const Progress& progress = {});

}  // namespace noisetrap
