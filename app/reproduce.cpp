#include <fmt/core.h>

#include <cmath>

#include "app/commands.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "engine/version.hpp"
#include "validation/experiment.hpp"

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

}  // namespace

int reproduce(const std::string& out) {
    OutputFolder folder(out);
    Laboratory laboratory(RunSettings{}, terminal_progress("reproduce"));
    Json json = {{"noisetrap", version()}, {"revision", revision()}}, claims = Json::array(),
         figures = Json::object();
    fmt::print("{:<64} {:<52} {:>12}   {:<8} {:>9} {:>12} {:>6}\n", "claim", "parameters", "estimate", "s.e.",
               "dt effect", "theory", "z");
    std::string section;
    double largest = 0;
    for (const auto experiment : experiments) {
        const auto result = experiment(laboratory);
        end_progress();
        for (const auto& claim : result.claims) {
            print_claim(claim, section);
            claims.push_back(claim_json(claim));
            largest = std::max(largest, std::abs(claim.z()));
        }
        if (!result.figure.empty()) figures[result.figure] = result.data;
        std::fflush(stdout);
    }
    const auto& facts = laboratory.facts();
    json.update({{"device", facts.device},
                 {"backend", facts.backend},
                 {"threads", facts.threads},
                 {"precision", "mixed"},
                 {"wall_seconds", facts.wall_seconds},
                 {"path_steps", facts.path_steps}});
    json["claims"] = claims;
    json["figures"] = figures;
    folder.write("reproduce.json", json.dump() + "\n");
    draw_report(folder.path());
    folder.commit();
    fmt::print("\n{} claims, largest |z| = {:.2f}; {:.3g} path-steps in {:.3g} s\nreport: {}/index.html\n",
               claims.size(), largest, static_cast<double>(facts.path_steps), facts.wall_seconds, out);
    return 0;
}

}  // namespace noisetrap
