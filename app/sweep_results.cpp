#include "app/sweep_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/version.hpp"

namespace noisetrap {
namespace {

using Kind = Observable::Kind;

std::string with_underscores(std::string name) {
    for (char& c : name)
        if (c == '-' || c == ':' || c == ' ') c = '_';
    return name;
}

std::string meaning_of(const Observable& o) {
    const auto& kind = kind_of(o);
    if (o.kind == Kind::exponent)
        return o.p > 1 ? fmt::format("{} number {:g}", kind.meaning, o.p) : kind.meaning;
    const bool of_share = o.kind == Kind::quantile || o.kind == Kind::exit_time;
    return of_share ? fmt::format("{:g}-{}", o.p, kind.meaning) : kind.meaning;
}

std::string unit_of(const Sweep& sweep, const Observable& o) {
    const bool sde = sweep.base.entry && sweep.base.entry->formulation == Formulation::sde;
    std::string unit = kind_of(o).unit;
    if (const auto t = unit.find('T'); t != std::string::npos) unit.replace(t, 1, sde ? "time" : "step");
    return unit;
}

Json level_of(const Observable& o) {
    const auto level = kind_of(o).level;
    return level ? Json(*level) : Json(nullptr);
}

std::vector<std::string> dimensions_of(const Sweep& sweep) {
    std::vector<std::string> names;
    for (const auto& axis : sweep.axes) names.push_back(axis.name);
    return names;
}

/// One number of each finished point; `missing` of the others.
template <class T, class Of>
std::vector<T> column(const SweepState& state, T missing, Of of) {
    std::vector<T> values;
    for (const auto& point : state.points) values.push_back(point ? of(*point) : missing);
    return values;
}

std::vector<double> values_of(const SweepState& state, std::size_t observable, double Measured::*part) {
    return column(state, std::nan(""),
                  [&](const PointResult& point) { return point.values[observable].*part; });
}

constexpr std::array<std::pair<const char*, double Moments::*>, 4> moments = {
    {{"mean", &Moments::mean}, {"m2", &Moments::m2}, {"m3", &Moments::m3}, {"m4", &Moments::m4}}};
constexpr const char* batches = "boundary_batches/";

/// Whether it is one of the rates by which phases are told, whose odds of a wrong sign are kept.
bool has_chance(const Observable& o) {
    return kind_of(o).needs == Needs::growth || kind_of(o).needs == Needs::factors;
}

void write_batches(Hdf5File& file, const SweepState& state) {
    std::vector<std::uint64_t> numbers, counts, fallen;
    for (const auto& batch : state.batches) {
        numbers.push_back(numbers.size()), counts.push_back(batch.rows.count), fallen.push_back(batch.fallen);
    }
    file.group("boundary_batches");
    const std::string name = batches;
    file.coordinate<std::uint64_t>(name + "batch", numbers, "1", "in the order in which they were asked for");
    file.dataset<std::uint64_t>(name + "count", counts, {name + "batch"}, "paths", "finite rows");
    file.dataset<std::uint64_t>(name + "fallen", fallen, {name + "batch"}, "paths", "rows of -infinity");
    for (const auto& [label, member] : moments) {
        std::vector<double> values;
        for (const auto& batch : state.batches) values.push_back(batch.rows.*member);
        file.dataset<double>(name + label, values, {name + "batch"}, "-",
                             "of the rows (engine/statistics/summaries.hpp)");
    }
}

Json numbers_json(const std::vector<double>& values) {
    Json json = Json::array();
    for (const double x : values) json.push_back(finite(x));
    return json;
}

Json axis_json(const Axis& axis) {
    Json values = Json::array();
    for (const auto& value : axis.values) std::visit([&](const auto& v) { values.push_back(v); }, value);
    return {{"key", axis.key},         {"name", axis.name},   {"unit", axis.unit},
            {"meaning", axis.meaning}, {"scale", axis.scale}, {"values", values}};
}

Json observable_json(const Sweep& sweep, const SweepState& state, const SweepFindings& found, std::size_t i) {
    const auto& o = sweep.observables[i];
    Json theory = Json::array();
    for (const auto& field : found.theory[i])
        theory.push_back({{"name", field.name}, {"value", numbers_json(field.value)}});
    return {{"name", o.name},
            {"kind", with_underscores(kind_of(o).name)},
            {"meaning", meaning_of(o)},
            {"unit", unit_of(sweep, o)},
            {"level", level_of(o)},
            {"value", numbers_json(values_of(state, i, &Measured::value))},
            {"standard_error", numbers_json(values_of(state, i, &Measured::standard_error))},
            {"theory", theory}};
}

Json phases_json(const SweepFindings& found) {
    if (found.phases.empty()) return nullptr;
    Json measured = Json::array(), exact = Json::array();
    for (const auto phase : found.phases) measured.push_back(static_cast<int>(phase));
    for (const auto phase : found.exact_phases)
        exact.push_back(phase == Phase::undecided ? Json(nullptr) : Json(static_cast<int>(phase)));
    return {{"names", phase_names},
            {"measured", measured},
            {"exact", found.exact_phases.empty() ? Json(nullptr) : exact},
            {"disagree", found.disagree},
            {"undecided", found.undecided}};
}

Json curve_json(const Sweep& sweep, const BoundaryCurve& curve) {
    return {{"panel", sweep.axes.size() > 2 ? Json(curve.panel) : Json(nullptr)},
            {"rising", curve.rising},
            {"x", numbers_json(curve.x)},
            {"y", numbers_json(curve.y)},
            {"low", numbers_json(curve.low)},
            {"high", numbers_json(curve.high)},
            {"standard_error", numbers_json(curve.standard_error)}};
}

Json theory_curve_json(const Sweep& sweep, const SweepFindings& found, const BoundaryCurve& curve) {
    return {{"name", found.boundary_theory},
            {"panel", sweep.axes.size() > 2 ? Json(curve.panel) : Json(nullptr)},
            {"rising", curve.rising},
            {"x", numbers_json(curve.x)},
            {"y", numbers_json(curve.theory)}};
}

Json boundary_json(const Sweep& sweep, const SweepFindings& found) {
    if (!found.boundary) return nullptr;
    const auto& terms = *sweep.boundary;
    Json curves = Json::array(), theory = Json::array();
    for (const auto& curve : found.curves) {
        curves.push_back(curve_json(sweep, curve));
        if (!found.boundary_theory.empty()) theory.push_back(theory_curve_json(sweep, found, curve));
    }
    return {{"observable", terms.observable.name},
            {"level", terms.level},
            {"error", terms.error},
            {"accuracy", terms.accuracy},
            {"curves", curves},
            {"theory", theory},
            {"points", found.boundary->visits.size()},
            {"paths", found.boundary->batches * terms.batch}};
}

/// What the axes do not vary.
Json parameters_json(const Sweep& sweep) {
    Json json = Json::object();
    for (const auto& key : sweep.resolved) {
        const bool of_formula =
            key.key == "model.equation" || key.key == "model.next" || key.key == "model.gradient" ||
            key.key.starts_with("model.parameters.");  // their values have keys of their own
        const bool of_page = key.key.starts_with("run.") || key.key.starts_with("sweep.") ||
                             key.key.starts_with("ensemble.") || key.key.ends_with(".name") ||
                             key.key.ends_with(".scheme") || key.key.ends_with(".calculus");
        if (!of_page && !of_formula) json[key.key] = Json::parse(key.value, nullptr, false);
    }
    if (sweep.base.entry) json["ensemble.x0"] = sweep.base.x0;
    return json;
}

Json model_json(const Sweep& sweep) {
    const auto* entry = sweep.base.entry;
    return {{"name", sweep.model},
            {"equation", entry ? equation_of(sweep.base) : host_models().front().equation},
            {"method", entry ? entry->method : ""},
            {"method_equation", entry ? entry->method_equation : ""},
            {"parameters", parameters_json(sweep)}};
}

/// The steps of every point, or null where they differ.
Json steps_json(const Sweep& sweep) {
    const auto steps = sweep.point(0).steps;
    for (std::size_t i = 1; i < sweep.size(); ++i)
        if (sweep.point(i).steps != steps) return nullptr;
    return steps;
}

void write_curves(Hdf5File& file, const Sweep& sweep, const SweepFindings& found) {
    if (!found.boundary) return;
    std::vector<std::uint64_t> numbers, curve_of, panel, rising;
    std::vector<double> x, y, error, low, high, theory;
    for (std::size_t c = 0; c < found.curves.size(); ++c) {
        const auto& curve = found.curves[c];
        for (std::size_t i = 0; i < curve.y.size(); ++i) {
            numbers.push_back(numbers.size()), curve_of.push_back(c);
            panel.push_back(curve.panel), rising.push_back(curve.rising);
            if (!curve.x.empty()) x.push_back(curve.x[i]);
            y.push_back(curve.y[i]), error.push_back(curve.standard_error[i]);
            low.push_back(curve.low[i]), high.push_back(curve.high[i]), theory.push_back(curve.theory[i]);
        }
    }
    const std::string at = "boundary/crossing";
    const auto &across = sweep.axes[0], &along = sweep.search_axis();
    file.group("boundary");
    file.coordinate<std::uint64_t>(at, numbers, "1", "crossings of the level, curve by curve");
    file.dataset<std::uint64_t>("boundary/curve", curve_of, {at}, "1", "that it belongs to");
    file.dataset<std::uint64_t>("boundary/panel", panel, {at}, "1", "place on the third axis");
    file.dataset<std::uint64_t>("boundary/rising", rising, {at}, "1", "1: above the level beyond it");
    if (&across != &along)
        file.dataset<double>("boundary/" + across.name, x, {at}, across.unit.c_str(), across.meaning.c_str());
    file.dataset<double>("boundary/" + along.name, y, {at}, along.unit.c_str(), "where the level is crossed");
    file.dataset<double>("boundary/standard_error", error, {at}, along.unit.c_str(), "standard error");
    file.dataset<double>("boundary/low", low, {at}, along.unit.c_str(), "lower end of the confidence band");
    file.dataset<double>("boundary/high", high, {at}, along.unit.c_str(), "upper end of the confidence band");
    file.dataset<double>("boundary/theory", theory, {at}, along.unit.c_str(), "where theory crosses it");
}

void write_phases(Hdf5File& file, const Sweep& sweep, const SweepFindings& found) {
    const auto write = [&](const char* name, const std::vector<Phase>& phases, const char* meaning) {
        if (phases.empty()) return;
        std::vector<std::uint64_t> numbers;
        for (const auto phase : phases) numbers.push_back(static_cast<std::uint64_t>(phase));
        file.dataset<std::uint64_t>(name, numbers, dimensions_of(sweep), "1", meaning);
    };
    const auto names = fmt::format("{}", fmt::join(phase_names, ", "));
    write("phase", found.phases, fmt::format("measured, from 0: {}", names).c_str());
    write("phase_exact", found.exact_phases, fmt::format("of theory, from 0: {}", names).c_str());
}

}  // namespace

std::string dataset_name(const Observable& o) { return with_underscores(o.name); }

void write_state(Hdf5File& file, const Sweep& sweep, const SweepState& state) {
    for (const auto& axis : sweep.axes) {
        if (axis.is_words()) {
            std::vector<std::string> words;
            for (const auto& value : axis.values) words.push_back(std::get<std::string>(value));
            file.coordinate(axis.name, words, axis.meaning.c_str());
        } else {
            std::vector<double> numbers;
            for (std::size_t i = 0; i < axis.size(); ++i) numbers.push_back(axis.number(i));
            file.coordinate<double>(axis.name, numbers, axis.unit.c_str(), axis.meaning.c_str());
        }
    }
    if (sweep.map) {
        const auto dimensions = dimensions_of(sweep);
        const std::uint64_t none = 0;
        file.dataset<std::uint64_t>("done",
                                    column(state, none, [](const PointResult&) { return std::uint64_t{1}; }),
                                    dimensions, "1", "1: measured");
        file.dataset<std::uint64_t>(
            "failed", column(state, none, [](const PointResult& point) { return point.failed; }), dimensions,
            "paths", "that stopped being numbers");
        for (std::size_t i = 0; i < sweep.observables.size(); ++i) {
            const auto& o = sweep.observables[i];
            const auto unit = unit_of(sweep, o);
            file.dataset<double>(dataset_name(o), values_of(state, i, &Measured::value), dimensions,
                                 unit.c_str(), meaning_of(o).c_str());
            file.dataset<double>(dataset_name(o) + "_standard_error",
                                 values_of(state, i, &Measured::standard_error), dimensions, unit.c_str(),
                                 "standard error");
            if (has_chance(o))
                file.dataset<double>(dataset_name(o) + "_chance", values_of(state, i, &Measured::chance),
                                     dimensions, "1",
                                     "odds that chance alone carries it so far from 0 on its side");
        }
    }
    if (sweep.boundary) write_batches(file, state);
}

SweepState read_state(const Hdf5Reader& file, const Sweep& sweep) {
    SweepState state;
    state.points.resize(sweep.size());
    if (sweep.map) {
        const auto size = sweep.size();
        const auto done = file.numbers<std::uint64_t>("done", size),
                   failed = file.numbers<std::uint64_t>("failed", size);
        for (std::size_t i = 0; i < size; ++i)
            if (done[i]) state.points[i] = PointResult{{}, failed[i]};
        for (const auto& o : sweep.observables) {
            const auto values = file.numbers<double>(dataset_name(o), size),
                       errors = file.numbers<double>(dataset_name(o) + "_standard_error", size);
            const auto chances = has_chance(o) ? file.numbers<double>(dataset_name(o) + "_chance", size)
                                               : std::vector<double>(size, std::nan(""));
            for (std::size_t i = 0; i < size; ++i)
                if (state.points[i]) state.points[i]->values.push_back({{values[i], errors[i]}, chances[i]});
        }
    }
    if (!sweep.boundary) return state;
    const std::string name = batches;
    for (const auto count : file.numbers<std::uint64_t>(name + "count")) {
        state.batches.emplace_back();
        state.batches.back().rows.count = count;
    }
    const auto fallen = file.numbers<std::uint64_t>(name + "fallen", state.batches.size());
    for (std::size_t i = 0; i < fallen.size(); ++i) state.batches[i].fallen = fallen[i];
    for (const auto& [label, member] : moments) {
        const auto values = file.numbers<double>(name + label, state.batches.size());
        for (std::size_t i = 0; i < values.size(); ++i) state.batches[i].rows.*member = values[i];
    }
    return state;
}

void write_findings(Hdf5File& file, const Sweep& sweep, const SweepFindings& found) {
    for (std::size_t i = 0; i < sweep.observables.size(); ++i)
        for (const auto& field : found.theory[i])
            file.dataset<double>(with_underscores(sweep.observables[i].name + "_" + field.name), field.value,
                                 dimensions_of(sweep), unit_of(sweep, sweep.observables[i]).c_str(),
                                 "theory");
    write_phases(file, sweep, found);
    write_curves(file, sweep, found);
}

Json sweep_json(const Sweep& sweep, const SweepState& state, const SweepFindings& found) {
    Json json = {{"noisetrap", version()},
                 {"revision", revision()},
                 {"precision", precision_name(sweep.base.run.precision)},
                 {"seed", sweep.base.seed},
                 {"paths", sweep.base.paths},
                 {"steps", steps_json(sweep)},
                 {"path_steps", path_steps_of(sweep, state, found.boundary)},
                 {"failed", found.failed},
                 {"title", sweep.title.empty() ? "Sweep of " + sweep.model : sweep.title},
                 {"caption", sweep.caption},
                 {"model", model_json(sweep)},
                 {"axes", Json::array()},
                 {"observables", Json::array()},
                 {"phases", phases_json(found)},
                 {"boundary", boundary_json(sweep, found)}};
    for (const auto& axis : sweep.axes) json["axes"].push_back(axis_json(axis));
    for (std::size_t i = 0; sweep.map && i < sweep.observables.size(); ++i)
        json["observables"].push_back(observable_json(sweep, state, found, i));
    return json;
}

}  // namespace noisetrap
