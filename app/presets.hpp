// The file that a command is asked for: one of the user's, or one that the program holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/networks/network_config.hpp"
#include "app/commands.hpp"
#include "validation/preset.hpp"

namespace noisetrap {

/// --presets and --print: whether all has been said.
bool told_presets(const FileOptions&, const std::vector<Preset>&, const char* command);

/// Throws InputError unless there is a file or the name of a preset, and not both.
void require_one_file(const FileOptions&, const char* command);

struct AskedText {
    std::string toml, name;  // as messages name it
};
AskedText asked_text(const FileOptions&, const std::vector<Preset>&, const char* command);

/// The network of `measure` or `advise`; none where --presets or --print has said all.
std::optional<NetworkConfig> asked_network(const MeasureOptions&, const char* command);

}  // namespace noisetrap
