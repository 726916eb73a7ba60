#include "app/presets.hpp"

#include <fmt/format.h>

#include "app/interrupt.hpp"
#include "app/output_json.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "validation/network_presets.hpp"

namespace noisetrap {

bool told_presets(const FileOptions& options, const std::vector<Preset>& presets, const char* command) {
    if (options.list) {
        for (const auto& preset : presets) fmt::print("{:<22} {}\n", preset.name, preset.title);
    } else if (options.print) {
        if (options.preset.empty())
            throw InputError(
                fmt::format("--print needs a --preset (noisetrap {} --presets shows all)", command));
        print_alone(preset_named(presets, options.preset, command).toml);
    }
    return options.list || options.print;
}

void require_one_file(const FileOptions& options, const char* command) {
    if (options.file.empty() == options.preset.empty())
        throw InputError(fmt::format(
            "name a FILE or a --preset (noisetrap {} --presets shows all), one of them", command));
}

AskedText asked_text(const FileOptions& options, const std::vector<Preset>& presets, const char* command) {
    require_one_file(options, command);
    if (options.preset.empty()) return {text_of_file(options.file), options.file};
    return {preset_named(presets, options.preset, command).toml, "preset " + options.preset};
}

std::optional<NetworkConfig> asked_network(const MeasureOptions& options, const char* command) {
    if (told_presets(options, network_presets(), command)) return {};
    const auto asked = asked_text(options, network_presets(), command);
    return network_config_from_text(asked.toml, asked.name, options.settings, interrupt.token());
}

}  // namespace noisetrap
