// What `noisetrap simulate` says and writes of a run, for whoever runs it.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/answers/findings.hpp"
#include "app/output_folder.hpp"
#include "app/output_hdf5.hpp"

namespace noisetrap {

/// What data.h5 will take at most.
std::uintmax_t output_bytes(const Config&);

/// The table of a run.
std::string findings_text(const Config&, const RunFacts&, const Findings&);

/// A sentence where the exact growth rate of a scheme has another sign than the SDE's, so that it shows another
/// behaviour; else empty.
std::string coarse_steps_warning(const Simulation&);
/// A sentence where stationary values stand beside a run that is too short for them; else empty.
std::string short_run_warning(const Config&, const Findings&);

/// config.toml, summary.json and data.h5; steps the paths that are kept whole once more.
void write_run(const OutputFolder&, const Config&, const RunResult&, const Findings&);

}  // namespace noisetrap
