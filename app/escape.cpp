#include <fmt/format.h>

#include <memory>

#include "app/commands.hpp"
#include "app/escape_output.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"

namespace noisetrap {

int escape(const EscapeOptions& options) {
    const auto config = read_escape_config(options.file, options.settings, interrupt.token());
    std::unique_ptr<OutputFolder> folder;
    if (!options.out.empty())
        folder = std::make_unique<OutputFolder>(
            options.out, options.fresh ? Earlier::replaced : Earlier::refused_with_hint);
    const auto result = escape(config, terminal_progress("escape"));
    end_progress();
    interrupt.token().check();
    const auto json = escape_json(config, result).dump(2) + "\n";
    if (folder) {
        folder->write("config.toml", to_toml(config.resolved, false));
        folder->write("escape.json", json);
        write_hdf5(*folder, config, result);
        folder->commit();
    }
    if (options.json == "-") {
        print_alone(json);
    } else {
        fmt::print("{}", escape_text(config, result));
        if (folder) fmt::print("written: {}/escape.json, data.h5, config.toml\n", options.out);
    }
    return 0;
}

}  // namespace noisetrap
