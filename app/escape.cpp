#include <fmt/format.h>

#include <memory>

#include "app/commands.hpp"
#include "app/escape_output.hpp"
#include "app/interrupt.hpp"
#include "app/presets.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "validation/escape_figures.hpp"
#include "validation/network_presets.hpp"

namespace noisetrap {

int escape(const EscapeOptions& options) {
    if (told_presets(options, network_presets(), "escape")) return 0;
    const auto asked = asked_text(options, network_presets(), "escape");
    const auto config = escape_config_from_text(asked.toml, asked.name, options.settings, interrupt.token());
    const auto folder = asked_folder(options.out, options.fresh);
    const auto result = escape(config, terminal_progress("escape"));
    end_progress();
    interrupt.token().check();
    auto results = escape_json(config, result);
    results["figures"] = escape_figures(config, result);
    const auto json = results.dump(2) + "\n";
    if (folder) {
        folder->write("config.toml", to_toml(config.resolved, false));
        folder->write("escape.json", json);
        write_hdf5(*folder, config, result);
        draw_report(folder->path());
        folder->commit();
    }
    if (options.json == "-") {
        print_alone(json);
    } else {
        fmt::print("{}", escape_text(config, result));
        if (folder) fmt::print("written: {}/index.html, escape.json, data.h5, config.toml\n", options.out);
    }
    return 0;
}

}  // namespace noisetrap
