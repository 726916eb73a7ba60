#include "validation/networks.hpp"

#include <fmt/format.h>

#include "analysis/networks/digits.hpp"
#include "validation/escape_figures.hpp"
#include "validation/exact.hpp"
#include "validation/network_presets.hpp"

namespace noisetrap {

std::vector<Claim> odds_claims(const char* network, const Escaped& escaped) {
    std::vector<Claim> claims;
    for (const auto& run : escaped.result.runs) {
        if (!run.predicted_odds.value) continue;
        Claim claim{"networks", fmt::format("{}: odds of leaving", network),
                    fmt::format("l = {:.6g}, b = {}", run.learning_rate, run.batch), run.odds,
                    WrongTheory::of(*run.predicted_odds.value)};
        claim.bias = 0.02 * *run.predicted_odds.value;
        claims.push_back(claim);
    }
    return claims;
}

namespace {

/// What the program can show only where it was built with the digits.
void show_digits(Laboratory& laboratory, std::vector<Panel>& panels, std::vector<Claim>& claims) {
    const auto gate = laboratory.escape(escape_from_preset("gate-odds", {"escape.growth_steps=0"}));
    panels.push_back(odds_panel("a unit on one pixel of digits", gate.config, gate.result));
    draw_odds(panels.back(), gate.config, gate.result);
    claims = odds_claims("a unit on one pixel", gate);
    const auto encoder =
        laboratory.escape(escape_from_preset("autoencoder", {"escape.learning_rates=[0.005, 0.01, 0.02]"}));
    panels.push_back(exit_time_panel("an autoencoder, 128 parameters", encoder.config));
    draw_exit_times(panels.back(), encoder.config, encoder.result);
}

}  // namespace

Experiment real_networks(Laboratory& laboratory) {
    std::vector<Panel> panels;
    std::vector<Claim> claims;
    const auto recurrent = laboratory.escape(escape_from_preset("recurrent", {"escape.growth_steps=0"}));
    if (!digits_text().empty()) show_digits(laboratory, panels, claims);
    const auto memory = panels.insert(panels.begin() + (panels.empty() ? 0 : 1),
                                      odds_panel("a recurrent unit", recurrent.config, recurrent.result));
    draw_odds(*memory, recurrent.config, recurrent.result);
    for (auto& claim : odds_claims("a recurrent unit", recurrent)) claims.push_back(std::move(claim));
    return {
        "networks",
        figure(
            "Networks at saddles, predicted and seen",
            "Nothing is fitted: lines come from the curvature and the push of single samples along the way "
            "out, measured at the saddle; points are paths of stochastic gradient descent of the whole "
            "network, with two standard errors. Odds stand over learning rates in units of the one from "
            "which on noise traps; a dent in a line is a rate at which a single sample takes a path onto the "
            "saddle. The autoencoder is pushed off its saddle by single samples, so that no "
            "path is trapped; with larger steps its other 126 axes delay the escape beyond the SDE of one.",
            panels),
        std::move(claims)};
}

}  // namespace noisetrap
