// Ready-made phase diagrams, in the order of the argument.
#pragma once

#include "engine/input/sweep.hpp"
#include "validation/preset.hpp"

namespace noisetrap {

const std::vector<Preset>& sweep_presets();
Sweep sweep_from_preset(const std::string& name, const std::vector<std::string>& settings);

}  // namespace noisetrap
