// Models that are formulas. Their rows follow from the form of the formula; the numbers from its functions. The files of
// equations/ have each a subject.
#include "analysis/answers/equation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/points.hpp"
#include "analysis/answers/equations/rows.hpp"

namespace noisetrap {
namespace {

using namespace equations;
using Shape = FormulaFacts::Shape;

Answers rows_of_sde(bool affine) {
    auto rows = stationary_rows();
    append(rows, transient_rows());
    append(rows, exit_rows());
    append(rows, affine ? affine_rows() : origin_rows());
    if (!affine) append(rows, flow_rows());
    return rows;
}

/// What keeps a formula of one variable from having fixed points that are looked for, as a sentence; empty where nothing
/// does.
std::string why_no_points(const CatalogueEntry& entry) {
    const auto& facts = *entry.formula;
    if (facts.changes_in_time)
        return "The formula changes in time: fixed points and laws of it are not known.";
    if (facts.remembers)
        return "A noise here remembers: of several steps together only the growth rate is known.";
    if (!facts.standard_noise)
        return "A noise here is no Brownian motion, or has no variance: fixed points and laws are not looked "
               "for.";
    if (entry.formulation != Formulation::sde && !facts.is_system() && !facts.linear_in_noise)
        return "Noise is not linear in the formula: fixed points of its mean are not looked for.";
    return "";
}

/// The points nearest to 0, where there are very many.
void keep_few(EquationTheory& theory) {
    constexpr std::size_t most = 20;
    auto& points = theory.points;
    if (points.size() <= most) return;
    std::sort(points.begin(), points.end(),
              [](const auto& one, const auto& other) { return std::abs(one.x) < std::abs(other.x); });
    points.resize(most);
    std::sort(points.begin(), points.end(),
              [](const auto& one, const auto& other) { return one.x < other.x; });
    theory.notes.push_back(fmt::format("There are more fixed points: the {} nearest to 0 are listed.", most));
}

std::string end_text(double x) {
    return std::isinf(x) ? (x > 0 ? "infinity" : "-infinity") : fmt::format("{:.6g}", x);
}

void note_stationary_law(const Simulation& s, EquationTheory& theory) {
    const auto& found = home({s});
    if (found.law) {
        theory.notes.push_back(fmt::format("There is a stationary law, on ({}, {}).",
                                           end_text(found.stretch->low), end_text(found.stretch->high)));
    } else if (found.stretch) {
        theory.notes.push_back(fmt::format("There is no stationary density on ({}, {}): {}.",
                                           end_text(found.stretch->low), end_text(found.stretch->high),
                                           found.why));
    } else {
        theory.notes.push_back(fmt::format("No stationary law is known: {}.", found.why));
    }
}

}  // namespace

const Answers& equation_answers(const CatalogueEntry& entry) {
    static const Answers none, linear = linear_rows(given_axis), affine = rows_of_sde(true),
                               nonlinear = rows_of_sde(false), linear_recursion = linear_map_rows(),
                               affine_recursion = affine_map_rows(), recursion = map_rows();
    const auto& facts = *entry.formula;
    if (facts.is_system() || facts.changes_in_time) return none;
    const bool sde = entry.formulation == Formulation::sde;
    static const Answers levy = levy_rows(), heavy_map = heavy_map_rows();
    static const Answers remembering = remembering_rows();
    if (facts.remembers) return facts.shape == Shape::nonlinear ? none : remembering;
    if (!facts.standard_noise) return facts.shape != Shape::linear ? none : sde ? levy : heavy_map;
    switch (facts.shape) {
        case Shape::linear:
            return sde ? linear : linear_recursion;
        case Shape::affine:
            return sde ? affine : affine_recursion;
        case Shape::nonlinear:
            return sde ? nonlinear : recursion;
    }
    return none;
}

std::optional<KnownPoint> fixed_point_at_zero(const Simulation& s) {
    if (!s.entry->formula || s.entry->formula->is_system() || !why_no_points(*s.entry).empty())
        return std::nullopt;
    const auto functions = functions_of({s});
    return s.entry->formulation == Formulation::sde ? zero_of_sde(functions) : zero_of_map(functions);
}

EquationTheory equation_theory(const Simulation& s) {
    EquationTheory theory;
    if (!s.entry->formula) return theory;
    const auto& facts = *s.entry->formula;
    if (s.stratonovich)
        theory.notes.push_back(fmt::format(
            "The drift here is that of the Ito equation with the same solutions, f + sum of {}/2.",
            facts.is_system() ? "(g . grad) g" : "g g'"));
    const auto functions = functions_of({s});
    if (const auto why = why_no_points(*s.entry); !why.empty()) {
        theory.notes.push_back(why);
    } else if (facts.is_system()) {
        add_system(facts, functions, theory);
    } else if (s.entry->formulation == Formulation::sde) {
        theory.points = points_of_sde(functions);
        note_stationary_law(s, theory);
    } else {
        theory.points = points_of_map(functions);
    }
    keep_few(theory);
    return theory;
}

}  // namespace noisetrap
