#include <fmt/core.h>

#include "app/commands.hpp"
#include "app/measure_output.hpp"
#include "app/presets.hpp"

namespace noisetrap {

int measure(const MeasureOptions& options) {
    const auto config = asked_network(options, "measure");
    if (!config) return 0;
    const auto found = measure(*config);
    if (options.json == "-") {
        print_alone(measure_json(*config, found).dump(2) + "\n");
        return 0;
    }
    fmt::print("{}", measure_text(*config, found));
    return 0;
}

}  // namespace noisetrap
