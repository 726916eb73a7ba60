// The table [rare]: odds that are too small for plain paths, by families of walks that split.
#pragma once

#include "engine/input/config_reader.hpp"

namespace noisetrap {

/// Whether the file has the table. Where it has none its keys are known and nothing else.
bool has_families(ConfigReader&);
/// The table, and the number of families as that of paths; ensemble.paths and the table [observe] are refused.
void read_families(ConfigReader&, Config&);
/// Of a run that has families: walks start at one place between `back` and the level, and run on a CPU.
void check_families(const ConfigReader&, Simulation&);

}  // namespace noisetrap
