#include "engine/input/sweep.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/catalogue/formula_facts.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/config_reader.hpp"
#include "engine/input/observed.hpp"
#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

constexpr std::size_t most_sweep_points = 1000000, most_axes = 3;

std::vector<Variable> variables_of(const std::string& section, const std::vector<ParameterInfo>& infos) {
    std::vector<Variable> variables;
    for (const auto& info : infos)
        variables.push_back({section + "." + info.key, info, {info.smallest, info.largest}});
    return variables;
}

Variable integrator_variable(const char* key, const char* unit, const char* meaning, double largest) {
    return {fmt::format("integrator.{}", key), {key, unit, meaning, 0.0, 0, largest, {}}, {0, largest, true}};
}

using enum Observable::Kind;

class SweepReader {
    ConfigReader reader_;
    Sweep sweep_;
    const HostModel* host_ = nullptr;
    std::vector<Variable> variables_;

    bool is_axis(const std::string& key) const {
        return std::any_of(sweep_.axes.begin(), sweep_.axes.end(),
                           [&](const Axis& axis) { return axis.key == key; });
    }
    bool has_growth() const { return host_ || sweep_.base.entry->differentiable; }
    const char* standard_observable() const {
        return host_ ? "exponent" : has_growth() ? "growth" : "trapped";
    }

    void vary(std::vector<Variable> more) {
        for (auto& variable : more) variables_.push_back(std::move(variable));
    }

    void read_model_and_method(const std::vector<HostModel>& host_models) {
        auto names = model_names();
        for (const auto& model : host_models) names.push_back(model.name);
        sweep_.model = read_model_name(reader_, names);
        for (const auto& model : host_models)
            if (model.name == sweep_.model) host_ = &model;
        const auto& infos = host_ ? host_->parameters : entries_of(sweep_.model).front()->model_parameters;
        vary(variables_of("model", infos));
        sweep_.fixed.model = read_parameters(reader_, "model", infos);
        if (host_) return;
        auto& s = sweep_.base;
        s.entry = &read_method(reader_, sweep_.model);
        sweep_.fixed.method = read_parameters(reader_, "optimiser", s.entry->method_parameters);
        vary(variables_of("optimiser", s.entry->method_parameters));
        read_calculus(reader_, s);
    }

    /// t_end is kept, since dt may be an axis.
    void read_time() {
        auto& fixed = sweep_.fixed;
        const bool sde = !host_ && sweep_.base.entry->formulation == Formulation::sde;
        vary({integrator_variable("steps", "1", "number of steps", most)});
        if (sde) {
            vary({integrator_variable("dt", "time", "time step", 1e6),
                  integrator_variable("t_end", "time", "end of the run", 1e300)});
            fixed.dt = reader_.number("integrator.dt", 0.015625, {0, 1e6, true}, "time step [time]");
            reader_.know("integrator.t_end");
            settle_length(reader_);
            reader_.give_way("integrator.steps", "sweep.integrator.t_end");
            reader_.give_way("integrator.t_end", "sweep.integrator.steps");
        }
        if (sde && reader_.has("integrator.t_end")) {
            if (reader_.has("integrator.steps"))
                reader_.complain("integrator.t_end", "and integrator.steps are both given: keep one");
            fixed.t_end = reader_.number("integrator.t_end", 0, {0, 1e300, true}, "end of the run [time]");
        } else {
            fixed.steps =
                reader_.integer("integrator.steps", sde ? 640 : 1000, {0, most, true}, "number of steps");
        }
    }

    /// Products of matrices have no start; their standard errors are taken over independent runs.
    void read_ensemble() {
        auto& s = sweep_.base;
        if (!host_) return noisetrap::read_ensemble(reader_, s, 1000);
        s.paths = reader_.integer("ensemble.paths", 16, {2, 1e6}, "number of independent runs");
        s.seed = read_seed(reader_);
    }

    void read_axes() {
        std::vector<std::string> keys;
        for (const std::string section : {"model", "optimiser", "integrator"})
            for (const auto& key : reader_.keys_in("sweep." + section)) keys.push_back(section + "." + key);
        std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
            return reader_.place_of("sweep." + a) < reader_.place_of("sweep." + b);
        });
        if (keys.empty())
            reader_.complain("sweep",
                             "has no axis: give at least one, for example, under [sweep], "
                             "model.a = {from = -0.5, to = 0.5, points = 21}");
        if (keys.size() > most_axes)
            reader_.complain("sweep." + keys[most_axes],
                             fmt::format("is one axis too many: {} at most", most_axes));
        for (const auto& key : keys) sweep_.axes.push_back(read_axis(reader_, variable_of(key)));
        if (sweep_.size() > most_sweep_points)
            reader_.complain("sweep",
                             fmt::format("has {} points, more than {}", sweep_.size(), most_sweep_points));
        if (is_axis("integrator.steps") && (is_axis("integrator.t_end") || sweep_.fixed.t_end > 0))
            reader_.complain("sweep.integrator.steps", "does not go with t_end: keep one");
        if (is_axis("integrator.t_end") && reader_.has("integrator.steps"))
            reader_.complain("sweep.integrator.t_end", "does not go with integrator.steps: keep one");
        name_axes();
    }

    const Variable& variable_of(const std::string& key) const {
        for (const auto& variable : variables_)
            if (variable.key == key) return variable;
        std::vector<std::string> keys;
        for (const auto& variable : variables_) keys.push_back(variable.key);
        const auto method = sweep_.base.entry ? sweep_.base.entry->method : "";
        reader_.complain("sweep." + key,
                         "cannot be an axis here" + hint_about_key(key, keys, sweep_.model, method));
    }

    /// By the last part of its key; by all of it where two axes would share a name.
    void name_axes() {
        for (auto& axis : sweep_.axes)
            for (const auto& other : sweep_.axes) {
                const auto last = [](const Axis& a) { return a.key.substr(a.key.find('.')); };
                if (&axis == &other || last(axis) != last(other)) continue;
                axis.name = axis.key;
                std::replace(axis.name.begin(), axis.name.end(), '.', '_');
            }
    }

    Observable observable(const std::string& place, const std::string& name) const {
        const auto o = read_observable(reader_, place, name);
        check_observable(place, o);
        return o;
    }

    void check_observable(const std::string& place, const Observable& o) const {
        if (host_ && o.kind != exponent)
            reader_.complain(place, fmt::format("holds '{}': '{}' has exponents alone", o.name, host_->name));
        if (!host_ && o.kind == exponent) check_exponent(place, o);
        if (sweep_.base.observe.of && kind_of(o).needs == Needs::factors)
            reader_.complain(place,
                             fmt::format("holds '{}', which is of x alone: take out sweep.of", o.name));
        if (kind_of(o).needs == Needs::exits && !reader_.has("sweep.exit_radius"))
            reader_.complain(place, fmt::format("holds '{}', which needs sweep.exit_radius", o.name));
        if (o.kind == growth && !has_growth())
            reader_.complain(place, fmt::format("holds 'growth', and the gradient of '{}' jumps: it has no "
                                                "linearised flow",
                                                sweep_.model));
    }

    void check_exponent(const std::string& place, const Observable& o) const {
        const auto& entry = *sweep_.base.entry;
        if (const auto complaint = spectrum_complaint(entry); !complaint.empty())
            reader_.complain(place, fmt::format("holds '{}', which {}", o.name, complaint));
        const auto count = entry.formula->variables.size();
        if (o.p > static_cast<double>(count))
            reader_.complain(place,
                             fmt::format("holds '{}': '{}' has {} exponents", o.name, entry.model, count));
    }

    void read_terms() {
        sweep_.title = reader_.text("sweep.title", "", "of the page");
        sweep_.caption = reader_.text("sweep.caption", "", "what there is to see, symbols written *x*");
        read_exit();
        if (!host_) sweep_.base.observe.control = read_control(reader_, "sweep.control", *sweep_.base.entry);
        const auto names =
            reader_.texts("sweep.observe", {standard_observable()}, "what is estimated at every point");
        std::set<std::string> seen;
        for (const auto& name : names) {
            if (!seen.insert(name).second)
                reader_.complain("sweep.observe", fmt::format("holds '{}' twice", name));
            sweep_.observables.push_back(observable("sweep.observe", name));
        }
        sweep_.map = reader_.flag("sweep.map", true, "measure every point of the grid");
        if (!sweep_.map && !reader_.has("sweep.boundary"))
            reader_.complain("sweep.map", "= false leaves nothing to do without a table [sweep.boundary]");
        if (!host_) read_phases();
        if (sweep_.map && names.empty() && !sweep_.phases)
            reader_.complain("sweep.observe", "is an empty list: give at least one observable");
    }

    void read_phases() {
        sweep_.trapped_within =
            reader_.number("sweep.trapped_within", sweep_.trapped_within, {0, 1e300, true},
                           "trapped: |x| below this at the end [length]");
        sweep_.warm_up = reader_.integer("sweep.warm_up", 0, {0, most},
                                         "steps before growth counts, in which directions settle");
        sweep_.phases = reader_.flag("sweep.phases", false, "tell phases apart, by growth rates");
        if (sweep_.phases && !has_growth())
            reader_.complain("sweep.phases", fmt::format("= true does not fit: the gradient of '{}' jumps, "
                                                         "and has no growth rate",
                                                         sweep_.model));
        sweep_.phase_error = reader_.number("sweep.phase_error", sweep_.phase_error, {0, 0.5, true},
                                            "odds that a decision about a phase is wrong, at each point");
    }

    void read_exit() {
        if (host_) return;
        reader_.know("sweep.exit_radius");
        const bool watched = reader_.has("sweep.exit_radius");
        read_observed(reader_, "sweep", sweep_.base);
        read_exit_number(reader_, "sweep", sweep_.base, watched);
        if (!watched) return;
        auto& o = sweep_.base.observe;
        o.exit_radius = reader_.number("sweep.exit_radius", 0, {0, 1e300, true},
                                       "escaped: |x| reaches this before the end [length]");
        o.exit = ExitWatch::at_steps;
        check_exit(reader_, sweep_.base, "sweep.exit_radius");
    }

    void read_boundary() {
        reader_.know_table("sweep.boundary");
        if (!reader_.has("sweep.boundary")) return;
        const std::string place = "sweep.boundary.";
        if (host_) reader_.complain("sweep.boundary", fmt::format("is not looked for in '{}'", host_->name));
        BoundaryTerms b;
        b.observable =
            observable(place + "observable", reader_.text(place + "observable", standard_observable(),
                                                          "whose crossing of a level is looked for"));
        const bool odds = is_odds(b.observable);
        if (!odds && b.observable.kind != growth)
            reader_.complain(place + "observable",
                             fmt::format("= '{}' is not looked for along an axis: growth, escaped and "
                                         "trapped are",
                                         b.observable.name));
        b.level = reader_.number(place + "level", odds ? 0.5 : 0.0, {odds ? 0.0 : -1e300, odds ? 1.0 : 1e300},
                                 "that it crosses");
        b.error = reader_.number(place + "error", b.error, {0, 0.5, true},
                                 "odds that any sign which the boundary relies on is wrong");
        b.accuracy = reader_.number(place + "accuracy", b.accuracy, {1e-9, 0.5},
                                    "of the boundary, as a share of the axis");
        b.coarse = reader_.integer(place + "coarse", b.coarse, {2, 10000},
                                   "points of the first look along the axis");
        b.batch = reader_.integer(place + "batch", b.batch, {16, 65536}, "paths that are added together");
        b.most_batches = reader_.integer(place + "most_batches", b.most_batches, {1, 65536},
                                         "batches at one point, at most");
        if (odds && (b.level == 0 || b.level == 1))
            reader_.complain(place + "level",
                             fmt::format("= {} is an end of all odds, which nothing crosses: it "
                                         "must lie between 0 and 1",
                                         b.level));
        check_boundary_axis();
        sweep_.boundary = b;
    }

    void check_boundary_axis() const {
        if (sweep_.search_axis().is_words() || sweep_.search_axis().size() < 2)
            reader_.complain(
                "sweep.boundary",
                fmt::format("looks along the {} axis, which needs numbers, two at least{}", which_axis(),
                            sweep_.axes.size() > 1 ? ": put another one second" : ""));
    }

    const char* which_axis() const { return sweep_.axes.size() > 1 ? "second" : "only"; }
    const char* way_out() const {
        return sweep_.axes.size() > 1 ? "put another axis second" : "vary another key";
    }

    /// Any number between the ends of the axis must do.
    void check_between() const {
        const auto& axis = sweep_.search_axis();
        if (axis.key == "integrator.steps" || axis.key == "integrator.t_end")
            reader_.complain("sweep.boundary", fmt::format("looks along the {} axis, which cannot be {}: {}",
                                                           which_axis(), axis.key, way_out()));
        const double from = axis.number(0), to = axis.number(axis.size() - 1);
        const double inside = from + 0.382 * (to - from), not_whole = std::floor(inside) + 0.5;
        for (const double y : {inside, not_whole < to ? not_whole : inside}) try {
                check_point(sweep_.point_at(0, y));
            } catch (const InputError& error) {
                reader_.complain("sweep.boundary",
                                 fmt::format("looks along the {} axis, where {} = {} cannot be ({}); {}",
                                             which_axis(), axis.key, y, error.what(), way_out()));
            }
    }

    void check_points() const {
        if (sweep_.boundary) check_between();
        for (std::size_t i = 0; i < sweep_.size(); ++i) try {
                check_point(sweep_.point(i));
            } catch (const InputError& error) {
                throw InputError(fmt::format("{} (at {})", error.what(), description(sweep_, i)));
            }
    }

    void check_point(const SweepPoint& point) const {
        if (host_) {
            if (const auto complaint = host_->complaint(point.model))
                reader_.complain("model." + complaint.key, complaint.what);
            return;
        }
        const char* end = is_axis("integrator.t_end") ? "sweep.integrator.t_end" : "integrator.t_end";
        if (point.t_end > 0 && steps_in(reader_, end, point.t_end, point.dt) == 0)
            reader_.complain(end, "is less than one step dt");
        if (sweep_.warm_up >= point.steps)
            reader_.complain("sweep.warm_up",
                             fmt::format("= {} leaves nothing of the {} steps", sweep_.warm_up, point.steps));
        const auto s = simulation_of(sweep_, point);
        check_together(reader_, s);
        check_lengths(reader_, s, "sweep.exit_radius");
        check_start_of_numbers(reader_, "sweep", s);
    }

    /// Keys that an axis gives have no value of their own.
    std::vector<ResolvedKey> resolved() {
        std::vector<ResolvedKey> kept;
        for (auto& key : reader_.take_resolved()) {
            const bool steps_of_t_end = key.key == "integrator.steps" && is_axis("integrator.t_end");
            if (!is_axis(key.key) && !steps_of_t_end) kept.push_back(std::move(key));
        }
        return kept;
    }

  public:
    SweepReader(const std::string& toml, const std::string& name, const std::vector<std::string>& settings,
                StopToken stop)
        : reader_(toml, name, settings, stop) {}

    /// Every key of a file is asked for here, and nowhere else.
    const Declarations& read_keys(const std::vector<HostModel>& host_models) {
        auto& s = sweep_.base;
        read_model_and_method(host_models);
        read_time();
        read_ensemble();
        reader_.know_table("sweep");
        read_axes();
        read_terms();
        read_boundary();
        read_run(reader_, s.run);
        return reader_.declarations();
    }

    Sweep read(const std::vector<HostModel>& host_models) {
        read_keys(host_models);
        reader_.refuse_unknown_keys();
        check_points();
        auto& s = sweep_.base;
        for (std::size_t i = 0; i < sweep_.size() && s.observe.control; ++i)
            settle_control(s, simulation_of(sweep_, sweep_.point(i)));
        sweep_.resolved = resolved();
        return std::move(sweep_);
    }
};

}  // namespace

void SweepPoint::set(const std::string& key, const ParameterValue& value) {
    const auto dot = key.find('.');
    const auto section = key.substr(0, dot), name = key.substr(dot + 1);
    if (section == "model") {
        model[name] = value;
    } else if (section == "optimiser") {
        method[name] = value;
    } else if (name == "dt") {
        dt = std::get<double>(value);
    } else if (name == "t_end") {
        t_end = std::get<double>(value);
    } else {
        steps = static_cast<std::uint64_t>(std::get<double>(value));
    }
    if (t_end > 0) steps = static_cast<std::uint64_t>(std::round(t_end / dt));
}

std::size_t Sweep::size() const {
    std::size_t product = 1;
    for (const auto& axis : axes) product *= axis.size();
    return product;
}

std::vector<std::size_t> Sweep::place(std::size_t index) const {
    std::vector<std::size_t> place(axes.size());
    for (std::size_t k = axes.size(); k-- > 0; index /= axes[k].size()) place[k] = index % axes[k].size();
    return place;
}

SweepPoint Sweep::point(std::size_t index) const {
    SweepPoint point = fixed;
    if (fixed.t_end > 0) point.set("integrator.t_end", fixed.t_end);
    const auto at = place(index);
    for (std::size_t k = 0; k < axes.size(); ++k) point.set(axes[k].key, axes[k].values[at[k]]);
    return point;
}

SweepPoint Sweep::point_at(std::size_t index, double y) const {
    auto moved = point(index);
    moved.set(search_axis().key, y);
    return moved;
}

std::string description(const Sweep& sweep, std::size_t index) {
    const auto at = sweep.place(index);
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < sweep.axes.size(); ++k)
        std::visit(
            [&](const auto& value) { parts.push_back(fmt::format("{} = {}", sweep.axes[k].key, value)); },
            sweep.axes[k].values[at[k]]);
    return fmt::format("{}", fmt::join(parts, ", "));
}

Simulation simulation_of(const Sweep& sweep, const std::vector<SweepPoint>& points, std::uint64_t first) {
    Simulation s = sweep.base;
    s.first_ensemble = first;
    s.steps = points.front().steps;
    s.ensembles.clear();
    for (const auto& point : points) {
        s.ensembles.push_back(point.model);
        s.own_steps.push_back({point.method, point.dt});
    }
    return s;
}

Simulation simulation_of(const Sweep& sweep, const SweepPoint& point) {
    Simulation s = sweep.base;
    s.ensembles = {point.model};
    s.method = point.method;
    s.dt = point.dt;
    s.steps = point.steps;
    return s;
}

Declarations keys_of_sweep(const std::string& toml, const std::vector<HostModel>& host_models) {
    return SweepReader(toml, "a file", {}, {}).read_keys(host_models);
}

Sweep sweep_from_text(const std::string& toml, const std::string& name,
                      const std::vector<std::string>& settings, const std::vector<HostModel>& host_models,
                      StopToken stop) {
    return SweepReader(toml, name, settings, stop).read(host_models);
}

Sweep read_sweep(const std::string& file, const std::vector<std::string>& settings,
                 const std::vector<HostModel>& host_models, StopToken stop) {
    return sweep_from_text(text_of_file(file), file, settings, host_models, stop);
}

}  // namespace noisetrap
