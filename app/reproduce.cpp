#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/landscape_output.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "app/spectrum_output.hpp"
#include "app/sweep_results.hpp"
#include "engine/error.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/runs/backend.hpp"
#include "engine/version.hpp"
#include "validation/experiment.hpp"
#include "validation/many_dimensions.hpp"
#include "validation/remedies.hpp"
#include "validation/sweep_presets.hpp"
#include "validation/swept_points.hpp"

namespace noisetrap {
namespace {

void print_claim(const Claim& c, std::string& section) {
    if (c.section != section) fmt::print("\n{}\n", section = c.section);
    const auto discretisation =
        std::isnan(c.discretisation) ? std::string() : fmt::format("{:+.1e}", c.discretisation);
    fmt::print("  {:<62} {:<52} {:>12.6g} ± {:<8.1e} {:>9} {:>12.6g} {:>6.2f}\n", c.statement, c.parameters,
               c.estimate.value, c.estimate.standard_error, discretisation, c.theory, c.z());
}

Json claim_json(const Claim& c) {
    return {{"section", c.section},
            {"claim", c.statement},
            {"parameters", c.parameters},
            {"estimate", finite(c.estimate.value)},
            {"standard_error", finite(c.estimate.standard_error)},
            {"discretisation", finite(c.discretisation)},
            {"theory", finite(c.theory)},
            {"z", finite(c.z())}};
}

/// What reproduce writes, part by part.
class Story {
    std::string section_;

  public:
    Json claims = Json::array(), figures = Json::object(), remedies = Json::array(), sweeps = Json::array();
    RunFacts facts;
    double largest = 0;

    void add(const std::vector<Claim>& found) {
        for (const auto& claim : found) {
            print_claim(claim, section_);
            claims.push_back(claim_json(claim));
            largest = std::max(largest, std::abs(claim.z()));
        }
        std::fflush(stdout);
    }

    void print_sweep(const std::string& title, std::size_t points, double path_steps) {
        const std::string section = "phase diagrams";
        if (section_ != section) fmt::print("\n{}\n", section_ = section);
        fmt::print("  {:<62} {} points, {:.3g} path-steps\n", title, points, path_steps);
        std::fflush(stdout);
    }

    void count(const RunFacts& more) {
        const auto path_steps = facts.path_steps + more.path_steps;
        const double seconds = facts.wall_seconds + more.wall_seconds;
        if (!more.backend.empty()) facts = more;
        facts.path_steps = path_steps;
        facts.wall_seconds = seconds;
    }
};

void tell(const NamedExperiment& experiment, Laboratory& laboratory, Story& story) {
    const auto result = experiment.run(laboratory);
    end_progress();
    story.add(result.claims);
    if (!result.figure.empty()) story.figures[result.figure] = result.data;
}

void tell(const Remedy& remedy, Laboratory& laboratory, Story& story) {
    const auto evidence = remedy.gather(laboratory);
    end_progress();
    story.add(evidence.claims);
    story.figures.update(evidence.figures);
    story.remedies.push_back(
        {{"remedy", remedy.name},
         {"changes", remedy.changes},
         {"theory", remedy.theory},
         {"measured", measured_sentence(evidence.claims, remedy.telling)},
         {"cost", remedy.cost},
         {"section", evidence.claims.empty() ? "" : evidence.claims.front().section},
         {"figure", evidence.figures.empty() ? Json(nullptr) : Json(evidence.figures.begin().key())}});
}

/// A ready-made diagram, as `noisetrap sweep --preset` draws it. A laboratory makes its paths fewer, and never more.
void tell(const Preset& preset, double factor, Laboratory& laboratory, Story& story) {
    auto sweep = sweep_from_preset(preset.name, {});
    if (factor > 1) {
        const auto paths = std::llround(static_cast<double>(sweep.base.paths) * factor);
        sweep = sweep_from_preset(preset.name, {fmt::format("ensemble.paths={}", paths)});
    }
    const auto swept = laboratory.sweep(sweep);
    end_progress();
    Json json = {{"name", preset.name}};
    json.update(sweep_json(swept.sweep, swept.state, swept.found));
    story.sweeps.push_back(std::move(json));
    story.print_sweep(preset.title, swept.sweep.size(),
                      static_cast<double>(path_steps_of(swept.sweep, swept.state, swept.found.boundary)));
}

/// Saddles of many axes: what `noisetrap landscape` and `noisetrap spectrum` find of one loss, and ways out of another.
void tell_landscapes(Laboratory& laboratory, Story& story) {
    const std::string net =
        "[landscape]\ntype = 'linear-net'\noutputs = 5\ninputs = 5\nhidden = 3\nvalues = [5, 3, 2, 1, 0.5]\n"
        "[search]\nstarts = 300\n[spectrum]\nat = '{3,4,5}'\nprobes = 30\n";
    const auto file =
        landscape_from_text(net, "reproduce", {}, LandscapeCommand::landscape, interrupt.token());
    story.figures["critical-points"] =
        survey_json(file, survey(*file.landscape, file.survey, *make_cpu_backend("omp", 0)));
    const auto at = landscape_from_text(net, "reproduce", {}, LandscapeCommand::spectrum);
    story.figures["hessian-spectrum"] = spectrum_json(at, spectrum_of(*at.landscape, at.spectrum));
    story.figures["odds-of-minima"] = odds_of_minima_figure(laboratory);
    story.figures["in-and-out"] = ways_in_and_out();
    story.figures["ways-out-surfaces"] = ways_out_surfaces();
    story.figures["two-views"] = two_views_of_a_path();
    story.figures["octopus"] = octopus_figure(laboratory);
    end_progress();
}

/// A part of the report, with noise of its own: alone it is what it is among the others.
struct Part {
    std::string name;
    double paths = 1;  // of those that are written
    std::function<void(Laboratory&, Story&)> tell;
};

std::string in_one_word(std::string name) {
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::vector<Part> all_parts(double factor) {
    constexpr double remedy_paths = 1.0 / 8;  // of those of validate
    std::vector<Part> parts;
    for (const auto& experiment : experiments)
        parts.push_back({experiment.name, factor,
                         [&](Laboratory& laboratory, Story& story) { tell(experiment, laboratory, story); }});
    for (const auto& remedy : remedies())
        parts.push_back({in_one_word(remedy.name), factor * remedy_paths,
                         [&](Laboratory& laboratory, Story& story) { tell(remedy, laboratory, story); }});
    parts.push_back({"double-well", factor * remedy_paths, [](Laboratory& laboratory, Story& story) {
                         story.figures["double-well"] = double_well_surfaces(laboratory);
                         end_progress();
                     }});
    parts.push_back({"many-dimensions", factor, tell_landscapes});
    for (const auto& preset : sweep_presets())
        parts.push_back({preset.name, factor, [&preset, factor](Laboratory& laboratory, Story& story) {
                             tell(preset, factor, laboratory, story);
                         }});
    return parts;
}

std::vector<Part> chosen_parts(const ReproduceOptions& options) {
    auto parts = all_parts(options.paths_factor);
    std::vector<std::string> names;
    for (const auto& part : parts) names.push_back(part.name);
    std::erase_if(parts, [&](const Part& part) { return !mentions(part.name, options.only); });
    if (parts.empty())
        throw InputError(fmt::format("--only '{}' is in the name of no part of the report; there are {}",
                                     options.only, fmt::join(names, ", ")));
    return parts;
}

Json json_of(const Story& story, const ReproduceOptions& options) {
    return {{"noisetrap", version()},
            {"revision", revision()},
            {"only", options.only},
            {"paths_factor", options.paths_factor},
            {"device", story.facts.device},
            {"backend", story.facts.backend},
            {"threads", story.facts.threads},
            {"precision", "mixed"},
            {"wall_seconds", story.facts.wall_seconds},
            {"path_steps", story.facts.path_steps},
            {"claims", story.claims},
            {"figures", story.figures},
            {"remedies", story.remedies},
            {"sweeps", story.sweeps}};
}

}  // namespace

int reproduce(const ReproduceOptions& options) {
    constexpr double least = 1.0 / 32, most = 64;
    if (!(options.paths_factor >= least && options.paths_factor <= most))
        throw InputError(
            fmt::format("--paths {} is not a factor between {} and {}", options.paths_factor, least, most));
    const auto parts = chosen_parts(options);
    OutputFolder folder(options.out);
    Story story;
    fmt::print("{:<64} {:<52} {:>12}   {:<8} {:>9} {:>12} {:>6}\n", "claim", "parameters", "estimate", "s.e.",
               "dt effect", "theory", "z");
    for (const auto& part : parts) {
        Laboratory laboratory(interruptible(), terminal_progress("reproduce"),
                              first_seed_of("reproduce/" + part.name, 1), part.paths);
        part.tell(laboratory, story);
        story.count(laboratory.facts());
    }
    folder.write("reproduce.json", json_of(story, options).dump() + "\n");
    draw_report(folder.path());
    folder.commit();
    const auto claims = story.claims.empty() ? std::string("no claims")
                                             : fmt::format("{} claims, largest |z| = {:.2f}",
                                                           story.claims.size(), story.largest);
    fmt::print("\n{}; {:.3g} path-steps in {:.3g} s\nreport: {}/index.html\n", claims,
               static_cast<double>(story.facts.path_steps), story.facts.wall_seconds, options.out);
    return 0;
}

}  // namespace noisetrap
