// Ready-made experiments with networks at saddles, in the order of docs/networks.md.
#pragma once

#include "analysis/networks/escape_config.hpp"
#include "validation/preset.hpp"

namespace noisetrap {

const std::vector<Preset>& network_presets();
EscapeConfig escape_from_preset(const std::string& name, const std::vector<std::string>& settings);

}  // namespace noisetrap
