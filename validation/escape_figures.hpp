// Figures of networks that leave a saddle, or do not: what was seen beside what one axis predicts.
#pragma once

#include "analysis/networks/escape.hpp"
#include "validation/figure.hpp"

namespace noisetrap {

/// The odds of leaving over the learning rate, in units of the one from which on one axis is trapped; over the batch size
/// where that varies alone.
void draw_odds(Panel&, const EscapeConfig&, const EscapeResult&);
/// Mean exit times over the learning rate.
void draw_exit_times(Panel&, const EscapeConfig&, const EscapeResult&);
Panel odds_panel(const std::string& title, const EscapeConfig&, const EscapeResult&);
Panel exit_time_panel(const std::string& title, const EscapeConfig&);

/// By name, as many as have something to show: odds, growth, exit-times, survival.
nlohmann::ordered_json escape_figures(const EscapeConfig&, const EscapeResult&);

}  // namespace noisetrap
