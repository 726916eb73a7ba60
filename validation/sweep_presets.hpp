// Ready-made phase diagrams, in the order of the argument.
#pragma once

#include <string>
#include <vector>

#include "engine/input/sweep.hpp"

namespace noisetrap {

struct SweepPreset {
    std::string name, toml, title = {};
};
const std::vector<SweepPreset>& sweep_presets();
/// Throws InputError with the nearest name where there is no such preset.
const SweepPreset& sweep_preset(const std::string& name);
Sweep sweep_from_preset(const std::string& name, const std::vector<std::string>& settings);

}  // namespace noisetrap
