#include <fmt/core.h>

#include <memory>

#include "app/commands.hpp"
#include "app/comparison_output.hpp"
#include "app/cost.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_hdf5.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "engine/error.hpp"
#include "engine/runs/shared_run.hpp"

namespace noisetrap {

int compare(const CompareOptions& options) {
    const auto comparison = read_comparison(options.file, options.settings, interrupt.token());
    if (options.dry_run) return print_dry(cost_text(simulations_of(comparison)));
    const auto configuration = provenance(comparison.resolved, comparison.common.run);
    agree_on(configuration);
    if (!crew().leads()) {
        serve_runs(crew(), simulations_of(comparison));
        return 0;
    }
    const auto folder = asked_folder(options.out, options.fresh);
    if (folder) folder->require_space((1 << 22) + comparison.contenders.size() * (1 << 16));
    RunFacts facts;
    CheckpointStore checkpoints(options.checkpoint, options.out, configuration, options.fresh);
    const auto summaries = run_all(comparison, checkpoints, terminal_progress("compare"), facts);
    end_progress();
    const auto outcomes = outcomes_of(comparison, summaries);
    const auto json = comparison_json(comparison, facts, outcomes).dump() + "\n";
    if (folder) {
        folder->write("config.toml", to_toml(comparison.resolved, false));
        folder->write("compare.json", json);
        write_hdf5(*folder, comparison, outcomes);
        draw_report(folder->path());
    }
    interrupt.token().check();
    if (folder) folder->commit();
    checkpoints.remove();
    if (options.json == "-") {
        print_alone(json);
    } else {
        fmt::print("{}", table_text(comparison, facts, outcomes));
        if (folder) fmt::print("written: {}/index.html, compare.json, data.h5, config.toml\n", options.out);
    }
    return 0;
}

}  // namespace noisetrap
