// Files that are compiled in, to be asked for by name.
#pragma once

#include <string>
#include <vector>

namespace noisetrap {

struct Preset {
    std::string name, toml, title = {};
};

/// Throws InputError with the nearest name where there is no such preset of the command.
const Preset& preset_named(const std::vector<Preset>&, const std::string& name, const char* command);

}  // namespace noisetrap
