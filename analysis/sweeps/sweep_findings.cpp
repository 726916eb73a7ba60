#include "analysis/sweeps/sweep_findings.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <map>

#include "analysis/answers/known_values.hpp"
#include "analysis/growth/matrix_products.hpp"
#include "engine/runs/backend.hpp"

namespace noisetrap {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// What theory says of an observable at a point.
std::vector<KnownValue> known_at(const Sweep& sweep, const Observable& o, const SweepPoint& point) {
    if (sweep.base.entry) return known_values(o, simulation_of(sweep, point), sweep.trapped_within);
    const auto product = matrix_product(point.model);
    const int k = static_cast<int>(o.p);
    if (k > product.dimension) return {{"SDE", not_known}, {"exact", not_known}};
    return {{"SDE", sde_exponent(product, k)}, {"exact", exact_exponent(product, k).value_or(not_known)}};
}

std::vector<TheoryField> theory_of(const Sweep& sweep, const Observable& o, Backend& host) {
    std::vector<TheoryField> fields;
    for (const auto& known : known_at(sweep, o, sweep.point(0)))
        fields.push_back({known.name, std::vector<double>(sweep.size())});
    if (fields.empty()) return fields;
    host.for_each(static_cast<int>(sweep.size()), [&](int i) {
        const auto at = static_cast<std::size_t>(i);
        const auto known = known_at(sweep, o, sweep.point(at));
        for (std::size_t k = 0; k < fields.size(); ++k) fields[k].value[at] = known[k].value;
    });
    std::erase_if(fields, [](const TheoryField& field) {
        return std::all_of(field.value.begin(), field.value.end(), [](double x) { return std::isnan(x); });
    });
    return fields;
}

bool has_exact_growth(const Sweep& sweep, const SweepFindings& found) {
    for (std::size_t k = 0; k < sweep.observables.size(); ++k)
        if (sweep.observables[k].kind == Observable::Kind::growth) {
            const auto* field = closest(found.theory[k]);
            return field && field->name == "exact";
        }
    return false;
}

void add_phases(const Sweep& sweep, const SweepState& state, SweepFindings& found) {
    for (const auto& point : state.points)
        found.phases.push_back(point ? phase_of(sweep, *point) : Phase::undecided);
    // Where nothing was measured theory must not be finer either.
    const auto exact = [&](Observable::Kind kind, std::size_t point) {
        for (std::size_t k = 0; k < sweep.observables.size(); ++k) {
            const auto* field = closest(found.theory[k]);
            if (sweep.observables[k].kind == kind && field && state.points[point] &&
                !std::isnan(state.points[point]->values[k].value))
                return field->value[point];
        }
        return not_known;
    };
    found.undecided =
        static_cast<std::size_t>(std::count(found.phases.begin(), found.phases.end(), Phase::undecided));
    if (!has_exact_growth(sweep, found)) return;
    using enum Observable::Kind;
    for (std::size_t i = 0; i < sweep.size(); ++i) {
        found.exact_phases.push_back(
            exact_phase(exact(growth, i), exact(small_step, i), exact(mean_square, i)));
        found.disagree += found.phases[i] != Phase::undecided && found.exact_phases[i] != Phase::undecided &&
                          found.phases[i] != found.exact_phases[i];
    }
}

/// Where theory crosses the level beside a measured crossing: in its bracket, else near it; not a number
/// where it does not.
double theory_beside(const Sweep& sweep, const Crossing& crossing, const std::string& name) {
    const auto& terms = *sweep.boundary;
    const auto point = point_of_column(sweep, crossing.column);
    const auto above = [&](double y) {
        for (const auto& known : known_at(sweep, terms.observable, sweep.point_at(point, y)))
            if (known.name == name) return known.value - terms.level;
        return not_known;
    };
    const auto& axis = sweep.search_axis();
    for (const double margin : {0.0, 1.0, 4.0}) {
        const double width = crossing.high - crossing.low;
        const double from = std::max(crossing.low - margin * width, axis.number(0)),
                     to = std::min(crossing.high + margin * width, axis.number(axis.size() - 1));
        const double at_from = above(from), at_to = above(to);
        if (!(at_from * at_to < 0)) continue;
        std::uintmax_t most = 100;
        const auto root = boost::math::tools::toms748_solve(
            above, from, to, at_from, at_to, boost::math::tools::eps_tolerance<double>(36), most);
        return (root.first + root.second) / 2;
    }
    return not_known;
}

/// Crossings of one direction, counted along each column, make a curve.
std::vector<BoundaryCurve> curves_of(const Sweep& sweep, const Boundary& boundary,
                                     const std::vector<double>& theory) {
    const std::size_t panels = sweep.axes.size() > 2 ? sweep.axes[2].size() : 1;
    std::map<std::tuple<std::size_t, bool, std::size_t>, BoundaryCurve> curves;
    std::map<std::pair<std::size_t, bool>, std::size_t> seen;  // in each column
    for (std::size_t i = 0; i < boundary.crossings.size(); ++i) {
        const auto& c = boundary.crossings[i];
        const auto at = sweep.place(point_of_column(sweep, c.column));
        const std::size_t panel = c.column % panels, order = seen[{c.column, c.rising}]++;
        auto& curve = curves[{panel, c.rising, order}];
        curve.panel = panel, curve.rising = c.rising;
        const auto& across = sweep.axes[0];
        if (sweep.axes.size() > 1)
            curve.x.push_back(across.is_words() ? static_cast<double>(at[0]) : across.number(at[0]));
        curve.y.push_back(c.y), curve.standard_error.push_back(c.standard_error);
        curve.low.push_back(c.low), curve.high.push_back(c.high), curve.theory.push_back(theory[i]);
    }
    std::vector<BoundaryCurve> list;
    for (auto& [key, curve] : curves) list.push_back(std::move(curve));
    return list;
}

void add_boundary(const Sweep& sweep, Boundary boundary, Backend& host, SweepFindings& found) {
    std::vector<double> theory(boundary.crossings.size(), not_known);
    for (const auto& known : known_at(sweep, sweep.boundary->observable, sweep.point(0)))
        if (found.boundary_theory.empty() || known.name != "SDE") found.boundary_theory = known.name;
    if (!found.boundary_theory.empty())
        host.for_each(static_cast<int>(theory.size()), [&](int i) {
            const auto at = static_cast<std::size_t>(i);
            theory[at] = theory_beside(sweep, boundary.crossings[at], found.boundary_theory);
        });
    found.curves = curves_of(sweep, boundary, theory);
    found.boundary = std::move(boundary);
}

}  // namespace

const TheoryField* closest(const std::vector<TheoryField>& fields) {
    for (const auto& field : fields)
        if (field.name != "SDE") return &field;
    return fields.empty() ? nullptr : &fields.front();
}

SweepFindings findings_of(const Sweep& sweep, const SweepState& state, std::optional<Boundary> boundary) {
    SweepFindings found;
    const auto host = make_cpu_backend("omp", sweep.base.run.threads);
    for (const auto& o : sweep.observables)
        found.theory.push_back(sweep.map ? theory_of(sweep, o, *host) : std::vector<TheoryField>());
    for (const auto& point : state.points) found.failed += point ? point->failed : 0;
    if (sweep.phases && sweep.map) add_phases(sweep, state, found);
    if (boundary) add_boundary(sweep, std::move(*boundary), *host, found);
    return found;
}

}  // namespace noisetrap
