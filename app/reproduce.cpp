#include <fmt/core.h>

#include <cmath>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/landscape_output.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "app/spectrum_output.hpp"
#include "app/sweep_results.hpp"
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

/// What reproduce writes, claim by claim.
class Story {
    std::string section_;

  public:
    Json claims = Json::array(), figures = Json::object(), remedies = Json::array(), sweeps = Json::array();
    double largest = 0;

    void add(const std::vector<Claim>& found) {
        for (const auto& claim : found) {
            print_claim(claim, section_);
            claims.push_back(claim_json(claim));
            largest = std::max(largest, std::abs(claim.z()));
        }
        std::fflush(stdout);
    }
};

void tell_experiments(Laboratory& laboratory, Story& story) {
    for (const auto experiment : experiments) {
        const auto result = experiment(laboratory);
        end_progress();
        story.add(result.claims);
        if (!result.figure.empty()) story.figures[result.figure] = result.data;
    }
}

void tell_remedies(Laboratory& laboratory, Story& story) {
    for (const auto& remedy : remedies()) {
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
    story.figures["double-well"] = double_well_surfaces(laboratory);
    end_progress();
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
    end_progress();
}

/// The ready-made diagrams, as `noisetrap sweep --preset` draws them.
void tell_sweeps(Laboratory& laboratory, Story& story) {
    fmt::print("\nphase diagrams\n");
    for (const auto& preset : sweep_presets()) {
        const auto swept = laboratory.sweep(sweep_from_preset(preset.name, {}));
        end_progress();
        Json json = {{"name", preset.name}};
        json.update(sweep_json(swept.sweep, swept.state, swept.found));
        story.sweeps.push_back(std::move(json));
        fmt::print("  {:<62} {} points, {:.3g} path-steps\n", preset.title, swept.sweep.size(),
                   static_cast<double>(path_steps_of(swept.sweep, swept.state, swept.found.boundary)));
        std::fflush(stdout);
    }
}

}  // namespace

int reproduce(const std::string& out) {
    OutputFolder folder(out);
    Laboratory laboratory(interruptible(), terminal_progress("reproduce"));
    Json json = {{"noisetrap", version()}, {"revision", revision()}};
    Story story;
    fmt::print("{:<64} {:<52} {:>12}   {:<8} {:>9} {:>12} {:>6}\n", "claim", "parameters", "estimate", "s.e.",
               "dt effect", "theory", "z");
    tell_experiments(laboratory, story);
    constexpr double remedy_paths = 1.0 / 8;  // of those of validate
    Laboratory clinic(interruptible(), terminal_progress("reproduce"), first_seed_of("remedies", 1),
                      remedy_paths);
    tell_remedies(clinic, story);
    tell_landscapes(clinic, story);
    Laboratory atlas(interruptible(), terminal_progress("reproduce"), first_seed_of("sweeps", 1));
    tell_sweeps(atlas, story);
    auto facts = laboratory.facts();
    for (const auto* other : {&clinic, &atlas}) {
        facts.path_steps += other->facts().path_steps;
        facts.wall_seconds += other->facts().wall_seconds;
    }
    json.update({{"device", facts.device},
                 {"backend", facts.backend},
                 {"threads", facts.threads},
                 {"precision", "mixed"},
                 {"wall_seconds", facts.wall_seconds},
                 {"path_steps", facts.path_steps}});
    json["claims"] = story.claims;
    json["figures"] = story.figures;
    json["remedies"] = story.remedies;
    json["sweeps"] = story.sweeps;
    folder.write("reproduce.json", json.dump() + "\n");
    draw_report(folder.path());
    folder.commit();
    fmt::print("\n{} claims, largest |z| = {:.2f}; {:.3g} path-steps in {:.3g} s\nreport: {}/index.html\n",
               story.claims.size(), story.largest, static_cast<double>(facts.path_steps), facts.wall_seconds,
               out);
    return 0;
}

}  // namespace noisetrap
