// Ready-made experiments with networks at saddles, in the order of docs/networks.md.
#pragma once

#include "analysis/networks/escape_config.hpp"
#include "validation/preset.hpp"

namespace noisetrap {

struct LandscapeFile;

const std::vector<Preset>& network_presets();
/// Training runs that `noisetrap analyse` makes and watches.
const std::vector<Preset>& training_presets();
LandscapeFile training_from_preset(const std::string& name, const std::vector<std::string>& settings);
EscapeConfig escape_from_preset(const std::string& name, const std::vector<std::string>& settings);

}  // namespace noisetrap
