// simulate, collect, replay.
#include <functional>

#include "analysis/answers/findings.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"
#include "app/run_output.hpp"
#include "engine/catalogue/formula_facts.hpp"
#include "python/core/arrays.hpp"
#include "python/core/attended.hpp"
#include "python/core/bindings.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

/// A finished run.
struct DoneRun {
    Config config;
    RunResult result;
    Findings findings;
};

/// All rows of a run.
struct DoneRows {
    Config config;
    RunFacts facts;
    std::array<Shared<double>, column_count> columns;
};

Config config_of(const Request& request, StopToken stop) {
    return config_from_text(request.toml, request.name, request.settings, stop);
}

// What a run found, as tuples: (value, standard error), and of a finding also theory of the SDE, of the scheme and of
// the stationary law. What is not known is not a number.

nb::tuple to_python(const Estimate& e) { return nb::make_tuple(e.value, e.standard_error); }
nb::tuple to_python(const Finding& f) {
    return nb::make_tuple(f.estimate.value, f.estimate.standard_error, f.theory.sde, f.theory.scheme,
                          f.theory.stationary);
}
nb::dict to_python(const TimeFindings&);
template <class Item>
nb::list to_python(const std::vector<Item>& items) {
    nb::list list;
    for (const auto& item : items) list.append(to_python(item));
    return list;
}

nb::dict to_python(const TimeFindings& at) {
    nb::dict d;
    d["t"] = at.t, d["finite"] = at.finite, d["non_finite"] = at.non_finite;
    d["out_of_range"] = at.out_of_range, d["zero"] = at.zero;
    d["mean"] = to_python(at.mean), d["variance"] = to_python(at.variance);
    d["mean_log_abs"] = to_python(at.mean_log_abs), d["variance_log_abs"] = to_python(at.variance_log_abs);
    d["quantiles"] = to_python(at.quantiles), d["cdf"] = to_python(at.cdf);
    return d;
}

nb::dict to_python(const PassageFindings& f) {
    nb::dict d;
    d["radius"] = f.radius, d["exited"] = f.exited, d["upper"] = f.upper, d["lower"] = f.lower;
    d["not_exited"] = f.not_exited, d["mean_time"] = to_python(f.mean_time);
    d["restricted_mean_time"] = to_python(f.restricted_mean), d["quantiles"] = to_python(f.quantiles);
    d["upper_odds"] = to_python(f.upper_odds), d["inside_at_end"] = to_python(f.inside_at_end);
    d["survival_times"] = f.survival_times, d["survival"] = to_python(f.survival);
    return d;
}

nb::dict findings_dict(const DoneRun& run) {
    const auto& f = run.findings;
    nb::dict d;
    d["non_finite"] = f.non_finite;
    if (run.config.simulation.observe.growth) d["growth_rate"] = to_python(f.growth_rate);
    if (f.plain_growth_rate) d["plain_growth_rate"] = to_python(*f.plain_growth_rate);
    d["times"] = to_python(f.times);
    d["probabilities"] = run.config.quantiles, d["places"] = run.config.cdf_at;
    if (f.first_passage) d["first_passage"] = to_python(*f.first_passage);
    if (f.largest) {
        nb::dict largest;
        largest["radii"] = f.largest->radii, largest["beyond"] = to_python(f.largest->beyond);
        largest["quantiles"] = to_python(f.largest->quantiles);
        d["largest"] = largest;
    }
    if (f.inside) {
        nb::dict inside;
        inside["radius"] = f.inside->radius, inside["mean_time"] = to_python(f.inside->mean_time);
        inside["quantiles"] = to_python(f.inside->quantiles);
        d["inside"] = inside;
    }
    if (f.spectrum) {
        d["spectrum"] = to_python(f.spectrum->exponents);
        d["spectrum_sum"] = to_python(f.spectrum->sum);
    }
    if (f.rare) {
        nb::dict rare;
        rare["odds"] = to_python(f.rare->odds), rare["deviation_of_family"] = f.rare->deviation;
        rare["empty_families"] = f.rare->empty, rare["plain_paths"] = f.rare->plain_paths;
        d["rare"] = rare;
    }
    return d;
}

/// Edges, and of each observed time the density in each bin with its standard error.
nb::object histogram(const DoneRun& run) {
    if (!run.config.histogram) return nb::none();
    nb::list densities, errors;
    const auto edges = run.config.histogram->edges();
    for (const auto& at : run.result.ensembles[0].times) {
        std::vector<double> density, error;
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
            const auto d = at.value.bins.back().density(i);
            density.push_back(d.value), error.push_back(d.standard_error);
        }
        densities.append(array_of(std::move(density))), errors.append(array_of(std::move(error)));
    }
    return nb::make_tuple(array_of(edges), densities, errors);
}

DoneRun simulate(const Request& request, const nb::object& progress) {
    return attended(progress, [&](StopToken stop, News& news) {
        DoneRun done{config_of(request, stop), {}, {}};
        if (const auto warning = coarse_steps_warning(done.config.simulation); !warning.empty())
            add_warning(warning);
        done.result = run(done.config.simulation, news.progress());
        done.findings = findings_of(done.config, done.result.ensembles[0]);
        if (const auto warning = short_run_warning(done.config, done.findings); !warning.empty())
            add_warning(warning);
        done.config.simulation.run.stop = {};  // its owner is gone once this returns
        return done;
    });
}

/// The files of `noisetrap simulate --out`.
void save_run(const DoneRun& run, const std::string& out, bool fresh) {
    attended(nb::none(), [&](StopToken stop, News&) {
        auto config = run.config;
        config.simulation.run.stop = stop;
        OutputFolder folder(out, fresh ? Earlier::replaced : Earlier::refused);
        require_room(folder, config);
        write_run(folder, config, run.result, run.findings);
        stop.check();
        folder.commit();
        return true;
    });
}

/// All rows of the run that `read` gives.
template <class Read>
DoneRows rows_of(const nb::object& progress, Read read) {
    return attended(progress, [&](StopToken stop, News& news) {
        DoneRows done{read(stop), {}, {}};
        const auto& s = done.config.simulation;
        RowTable rows(s);
        done.facts = run_rows(s, std::ref(rows), news.progress());
        for (std::size_t c = 0; c < rows.columns.size(); ++c)
            done.columns[c] = std::make_shared<std::vector<double>>(std::move(rows.columns[c]));
        done.config.simulation.run.stop = {};
        return done;
    });
}

DoneRows collect(const Request& request, const nb::object& progress) {
    return rows_of(progress, [&](StopToken stop) { return config_of(request, stop); });
}

/// Those that observe.rows asks for.
DoneRows kept_rows(const DoneRun& run, const nb::object& progress) {
    return rows_of(progress, [&](StopToken stop) {
        auto config = run.config;
        config.simulation = run_of_rows(config);
        config.simulation.run.stop = stop;
        return config;
    });
}

std::pair<int, Shared<double>> column_called(const DoneRows& rows, const std::string& name) {
    for (int c = 0; c < column_count; ++c)
        if (name == column_table[c].name && !rows.columns[static_cast<std::size_t>(c)]->empty())
            return {c, rows.columns[static_cast<std::size_t>(c)]};
    return {0, nullptr};
}

/// [path], [observed step, path] or [exponent, path]; None where it was not asked for.
nb::object column(const DoneRows& rows, const std::string& name) {
    const auto [c, numbers] = column_called(rows, name);
    if (!numbers) return nb::none();
    const std::size_t paths = rows.config.simulation.paths;
    if (column_table[c].each == Each::path) return array_of(numbers, {paths});
    return array_of(numbers, {numbers->size() / paths, paths});
}

/// The same memory for other libraries' from_dlpack.
nb::object tensor(const DoneRows& rows, const std::string& name) {
    const auto [c, numbers] = column_called(rows, name);
    if (!numbers) return nb::none();
    const std::size_t paths = rows.config.simulation.paths, times = numbers->size() / paths;
    const auto owner = owner_of(numbers);
    if (column_table[c].each == Each::path)
        return nb::cast(nb::ndarray<nb::array_api, double>(numbers->data(), {paths}, owner));
    return nb::cast(nb::ndarray<nb::array_api, double>(numbers->data(), {times, paths}, owner));
}

/// Times and x of one path: at every step, or at so many as `most` allows.
nb::tuple replay_path(const Config& config, std::uint64_t path, std::uint64_t most) {
    const auto& s = config.simulation;
    if (path >= s.paths)
        throw nb::index_error(("paths are numbered 0 to " + std::to_string(s.paths - 1)).c_str());
    std::vector<std::uint64_t> steps;
    const std::uint64_t every = (s.steps + most - 1) / most;
    for (std::uint64_t step = 0; step < s.steps; step += every) steps.push_back(step);
    steps.push_back(s.steps);
    auto x = attended(nb::none(), [&](StopToken stop, News&) {
        auto alone = s;
        alone.run.stop = stop;
        return replay(alone, 0, path, steps);
    });
    std::vector<double> times;
    for (const auto step : steps) times.push_back(s.time(step));
    return nb::make_tuple(array_of(std::move(times)), array_of(std::move(x)));
}

/// How fast each variable of a system moves without noise at t = 0, per unit of time or step. `states` are the values of
/// each variable.
nb::list rates(const Config& config, const std::vector<Places>& states) {
    const auto& s = config.simulation;
    const auto names = variables_of(*s.entry);
    if (names.size() < 2)
        throw InputError("'" + s.entry->model + "' is no system of formulas: it has one variable, " +
                         names[0]);
    if (states.size() != names.size())
        throw InputError("the state has " + std::to_string(names.size()) + " variables, and " +
                         std::to_string(states.size()) + " are given");
    const auto functions = s.entry->formula->functions(s.ensembles[0], s.method);
    const bool is_next = s.entry->formulation == Formulation::recursion;
    const std::size_t count = states[0].shape(0);
    std::vector<std::vector<double>> found(names.size(), std::vector<double>(count));
    std::vector<double> state(names.size());
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < state.size(); ++k) state[k] = states[k].data()[i];
        const auto moved = functions.rates(state);
        for (std::size_t k = 0; k < state.size(); ++k) found[k][i] = moved[k] - (is_next ? state[k] : 0);
    }
    nb::list list;
    for (auto& of_one : found) list.append(array_of(std::move(of_one)));
    return list;
}

nb::dict facts_dict(const RunFacts& f) {
    nb::dict d;
    d["backend"] = f.backend, d["device"] = f.device, d["instruction_set"] = f.instruction_set;
    d["threads"] = f.threads, d["lanes"] = f.lanes, d["chunk"] = f.chunk, d["path_steps"] = f.path_steps;
    d["wall_seconds"] = f.wall_seconds, d["path_steps_per_second"] = f.path_steps_per_second();
    return d;
}

nb::list resolved_list(const Config& config) {
    nb::list list;
    for (const auto& key : config.resolved) list.append(nb::make_tuple(key.key, key.value, key.comment));
    return list;
}

/// What runs and rows have alike.
template <class Done>
void bind_config(nb::class_<Done>& bound) {
    bound.def("toml", [](const Done& done) { return to_toml(done.config.resolved, false); })
        .def("resolved", [](const Done& done) { return resolved_list(done.config); })
        .def("replay", [](const Done& done, std::uint64_t path,
                          std::uint64_t most) { return replay_path(done.config, path, most); })
        .def("rates",
             [](const Done& done, const std::vector<Places>& states) { return rates(done.config, states); })
        .def_prop_ro("variables",
                     [](const Done& done) { return variables_of(*done.config.simulation.entry); })
        .def_prop_ro("times", [](const Done& done) { return done.config.times; })
        .def_prop_ro(
            "t_end",
            [](const Done& done) { return done.config.simulation.time(done.config.simulation.steps); })
        .def_prop_ro("dt", [](const Done& done) { return done.config.simulation.dt; })
        .def_prop_ro("paths", [](const Done& done) { return done.config.simulation.paths; })
        .def_prop_ro("model", [](const Done& done) { return done.config.simulation.entry->model; })
        .def_prop_ro("method", [](const Done& done) { return done.config.simulation.entry->method; })
        .def_prop_ro("equation", [](const Done& done) { return done.config.simulation.entry->equation; })
        .def_prop_ro("is_sde", [](const Done& done) {
            return done.config.simulation.entry->formulation == Formulation::sde;
        });
}

}  // namespace

void bind_runs(nb::module_& m) {
    nb::class_<DoneRun> run(m, "DoneRun");
    bind_config(run);
    run.def("findings", findings_dict)
        .def("facts", [](const DoneRun& done) { return facts_dict(done.result.facts); })
        .def("histogram", histogram)
        .def("table",
             [](const DoneRun& done) { return findings_text(done.config, done.result.facts, done.findings); })
        .def("json",
             [](const DoneRun& done) {
                 return summary_json(done.config, done.result.facts, done.findings).dump(2) + "\n";
             })
        .def("rows", kept_rows, nb::arg("progress").none())
        .def_prop_ro("rows_kept", [](const DoneRun& done) { return done.config.rows; })
        .def("save", save_run);
    nb::class_<DoneRows> rows(m, "DoneRows");
    bind_config(rows);
    rows.def_prop_ro("exit_offset",
                     [](const DoneRows& done) { return exit_steps(done.config.simulation).offset; });
    rows.def("column", column).def("tensor", tensor).def("facts", [](const DoneRows& done) {
        return facts_dict(done.facts);
    });
    m.def("columns", [] {
        nb::list list;
        for (const auto& row : column_table) list.append(nb::make_tuple(row.name, row.unit, row.meaning));
        return list;
    });
    m.def("simulate", simulate, nb::arg("request"), nb::arg("progress").none());
    m.def("collect", collect, nb::arg("request"), nb::arg("progress").none());
}

}  // namespace noisetrap::python
