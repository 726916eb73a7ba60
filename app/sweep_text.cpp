// What a sweep says on a terminal: all of its points where they are few.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "app/run_output.hpp"
#include "app/sweep_results.hpp"

namespace noisetrap {
namespace {

constexpr std::size_t most_rows = 20;

using Row = std::vector<std::string>;

std::string text_of(const ParameterValue& value) {
    if (const auto* word = std::get_if<std::string>(&value)) return *word;
    return fmt::format("{:.6g}", std::get<double>(value));
}

std::string text_of(const Measured& measured) {
    if (!std::isfinite(measured.value)) return "-";
    if (!std::isfinite(measured.standard_error)) return fmt::format("{:.6g}", measured.value);
    return fmt::format("{:.6g} ± {:.2g}", measured.value, measured.standard_error);
}

std::string text_of(double theory) { return std::isfinite(theory) ? fmt::format("{:.6g}", theory) : "-"; }

/// Axes, what is estimated beside the theory that is closest to what is run, and the phase.
Row heading_of(const Sweep& sweep, const SweepFindings& found) {
    Row heading;
    for (const auto& axis : sweep.axes) heading.push_back(axis.name);
    for (std::size_t i = 0; i < sweep.observables.size(); ++i) {
        heading.push_back(sweep.observables[i].name);
        if (const auto* theory = closest(found.theory[i])) heading.push_back(theory->name);
    }
    if (!found.phases.empty()) heading.push_back("phase");
    return heading;
}

Row row_of(const Sweep& sweep, const SweepState& state, const SweepFindings& found, std::size_t point) {
    Row row;
    const auto at = sweep.place(point);
    for (std::size_t k = 0; k < sweep.axes.size(); ++k) row.push_back(text_of(sweep.axes[k].values[at[k]]));
    for (std::size_t i = 0; i < sweep.observables.size(); ++i) {
        row.push_back(text_of(state.points[point]->values[i]));
        if (const auto* theory = closest(found.theory[i])) row.push_back(text_of(theory->value[point]));
    }
    if (!found.phases.empty()) row.push_back(phase_names[static_cast<std::size_t>(found.phases[point])]);
    return row;
}

/// Columns as wide as they need to be.
std::string aligned(const std::vector<Row>& rows) {
    const auto width_of = [](const std::string& cell) {  // of characters, where ± takes two bytes
        return static_cast<std::size_t>(
            std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    };
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += "  " + row[i] + std::string(widths[i] - width_of(row[i]), ' ');
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string points_text(const Sweep& sweep, const SweepState& state, const SweepFindings& found) {
    if (!sweep.map || sweep.size() > most_rows) return "";
    std::vector<Row> rows = {heading_of(sweep, found)};
    for (std::size_t i = 0; i < sweep.size(); ++i)
        if (state.points[i]) rows.push_back(row_of(sweep, state, found, i));
    return aligned(rows);
}

/// A line for each crossing of the boundary: where, and what theory says.
Row crossings_of(const Sweep& sweep, const SweepFindings& found) {
    Row lines;
    const auto& along = sweep.search_axis();
    for (const auto& curve : found.curves)
        for (std::size_t i = 0; i < curve.y.size(); ++i) {
            auto line = fmt::format("  {} {} through {} at {} = {:.6g} ± {:.2g} (between {:.6g} and {:.6g})",
                                    sweep.boundary->observable.name, curve.rising ? "rises" : "falls",
                                    sweep.boundary->level, along.key, curve.y[i], curve.standard_error[i],
                                    curve.low[i], curve.high[i]);
            if (!curve.x.empty()) line += fmt::format(", {} = {:.6g}", sweep.axes[0].key, curve.x[i]);
            if (std::isfinite(curve.theory[i]))
                line += fmt::format("; {} {:.6g}", found.boundary_theory, curve.theory[i]);
            lines.push_back(line + "\n");
        }
    return lines;
}

std::string phases_text(const SweepFindings& found) {
    if (found.phases.empty()) return "";
    std::string line = "phases:";
    for (std::size_t k = 0; k < std::size(phase_names); ++k) {
        const auto count = std::count(found.phases.begin(), found.phases.end(), static_cast<Phase>(k));
        if (count > 0) line += fmt::format(" {} {},", count, phase_names[k]);
    }
    line.back() = ';';
    return fmt::format("{} {}\n", line,
                       found.exact_phases.empty()
                           ? std::string("theory has no exact ones to compare with")
                           : fmt::format("{} decided ones differ from theory's", found.disagree));
}

std::string boundary_text(const Sweep& sweep, const SweepFindings& found) {
    if (!found.boundary) return "";
    const auto& b = *found.boundary;
    const auto paths = static_cast<double>(b.batches * sweep.boundary->batch);
    auto text = fmt::format("boundary: {} = {} crossed {} times in {} columns; {} points, {:.3g} paths\n",
                            sweep.boundary->observable.name, sweep.boundary->level, b.crossings.size(),
                            columns_of(sweep), b.visits.size(), paths);
    if (b.crossings.size() > most_rows) return text;
    for (const auto& crossing : crossings_of(sweep, found)) text += crossing;
    return text;
}

}  // namespace

std::string findings_text(const Sweep& sweep, const SweepState& state, const SweepFindings& found) {
    auto text = fmt::format("{}: {}{:.3g} path-steps\n", sweep.title.empty() ? sweep.model : sweep.title,
                            sweep.map ? fmt::format("{} points, ", sweep.size()) : "",
                            static_cast<double>(path_steps_of(sweep, state, found.boundary)));
    if (found.failed) text += failed_text(found.failed, sweep.base.entry);
    return text + points_text(sweep, state, found) + phases_text(found) + boundary_text(sweep, found);
}

}  // namespace noisetrap
