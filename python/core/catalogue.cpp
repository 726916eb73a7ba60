// What the program knows before a run: models, methods, keys of a configuration, and the machine.
#include "engine/catalogue/catalogue.hpp"

#include <algorithm>
#include <set>

#include "analysis/answers/equation.hpp"
#include "analysis/answers/known_answers.hpp"
#include "analysis/sweeps/point_source.hpp"
#include "engine/catalogue/optimiser_facts.hpp"
#include "engine/input/comparison.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/input/sweep.hpp"
#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"
#include "engine/version.hpp"
#include "python/core/attended.hpp"
#include "python/core/bindings.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

nb::object to_python(const ParameterValue& value) {
    return std::visit([](const auto& v) -> nb::object { return nb::cast(v); }, value);
}

nb::list parameters_list(const std::vector<ParameterInfo>& infos) {
    nb::list list;
    for (const auto& p : infos) {
        nb::dict d;
        d["key"] = p.key, d["unit"] = p.unit, d["meaning"] = p.meaning, d["default"] = to_python(p.standard);
        d["smallest"] = p.smallest, d["largest"] = p.largest, d["choices"] = p.choices;
        list.append(d);
    }
    return list;
}

nb::list models() {
    nb::list list;
    for (const auto& name : model_names()) {
        const auto entries = entries_of(name);
        std::vector<std::string> methods;
        for (const auto* entry : entries) methods.push_back(entry->method);
        nb::dict d;
        d["name"] = name, d["equation"] = entries.front()->equation, d["methods"] = methods;
        d["is_sde"] = entries.front()->formulation == Formulation::sde;
        d["parameters"] = parameters_list(entries.front()->model_parameters);
        list.append(d);
    }
    for (const auto& model : host_models()) {
        nb::dict d;
        d["name"] = model.name, d["equation"] = model.equation, d["methods"] = nb::list();
        d["is_sde"] = false, d["parameters"] = parameters_list(model.parameters);
        list.append(d);
    }
    return list;
}

nb::list optimiser_list() {
    nb::list list;
    for (const auto& facts : optimiser_facts()) {
        nb::dict d;
        d["name"] = facts.name, d["type"] = facts.source.type, d["equation"] = facts.equation;
        d["parameters"] = parameters_list(facts.parameters);
        list.append(d);
    }
    return list;
}

/// Keys, their meaning and their default as TOML, of everything but the model and its method.
class Keys {
    std::set<std::string> seen_;

  public:
    std::vector<ResolvedKey> found;

    void add(const ResolvedKey& key) {
        const bool of_run = !key.key.starts_with("model.") && !key.key.starts_with("optimiser");
        if (of_run && seen_.insert(key.key).second) found.push_back(key);
    }
    void add(const std::vector<ResolvedKey>& resolved) {
        for (const auto& key : resolved) add(key);
    }
    /// A key without a default.
    void add(const std::string& key, const std::string& meaning) { add({key, "", meaning}); }
};

/// What configurations that ask for everything resolve to: so a key that the reader gains is here by itself.
std::vector<ResolvedKey> keys_of(const std::string& command) {
    Keys keys;
    const auto recursion = "model.name = 'noisy-saddle'\n";
    if (command == "simulate") {
        keys.add(
            config_from_text("model.name = 'linear-sde'\nobserve.exit_radius = 1e9", command, {}).resolved);
        keys.add(config_from_text(recursion, command, {}).resolved);
        keys.add("integrator.t_end", "instead of steps: the end of the run, a multiple of dt [time]");
        keys.add("observe.histogram", "bins of x: {scale, bins, from, to, linear_within}");
        keys.add("rare.level", "the odds are those that the coordinate comes to it, by walks that split");
        keys.add("rare.back", "before it comes back to this; without, before the end");
        keys.add(config_from_text("model.name = 'linear-sde'\nrare.level = 2.0", command, {}).resolved);
    } else if (command == "compare") {
        keys.add(comparison_from_text(std::string(recursion) + "[optimisers.sgd]", command, {}).resolved);
    } else {
        for (const char* model : {"model.name = 'linear-sde'\n", recursion})
            keys.add(sweep_from_text(std::string(model) + "[sweep]\nmodel.a = [0.1, 0.2]\nexit_radius = 1e9\n"
                                                          "observe = ['growth', 'escaped', 'trapped']",
                                     command, {}, host_models())
                         .resolved);
        keys.add("integrator.t_end", "instead of steps: the end of the run, a multiple of dt [time]");
        keys.add("sweep.boundary",
                 "where an observable crosses a level along the second axis, or the only one");
    }
    return keys.found;
}

nb::dict compiler_dict(const std::optional<Compiler>& compiler) {
    nb::dict d;
    if (!compiler) return d;
    d["program"] = compiler->program.string(), d["version"] = compiler->version();
    return d;
}

nb::dict info() {
    nb::dict d, found;
    d["version"] = version(), d["revision"] = revision(), d["build"] = build_type();
    d["instruction_set"] = cpu_target({});
    d["threads"] = make_cpu_backend("omp", 0)->threads();
    for (const auto& b : backends()) {
        nb::dict one;
        one["built"] = b.built, one["usable"] = b.usable, one["note"] = b.note;
        found[b.name.c_str()] = one;
    }
    d["backends"] = found;
    d["kernel_compiler"] = compiler_dict(host_compiler());
    d["gpu_kernel_compiler"] = compiler_dict(device_compiler());
    d["kernel_cache"] = user_cache_folder().string();
    return d;
}

nb::list known(const Request& request) {
    const auto answers = attended(nb::none(), [&](StopToken stop, News&) {
        return known_answers(config_from_text(request.toml, request.name, request.settings, stop));
    });
    nb::list rows;
    for (const auto& a : answers) rows.append(nb::make_tuple(a.quantity, a.value, a.unit, a.source));
    return rows;
}

/// Where the drift of a formula, or the step of its mean, is 0, and what it is nearby.
nb::list fixed_points(const Request& request) {
    const auto theory = attended(nb::none(), [&](StopToken stop, News&) {
        return equation_theory(
            config_from_text(request.toml, request.name, request.settings, stop).simulation);
    });
    nb::list points;
    for (const auto& point : theory.points) {
        nb::dict d;
        d["x"] = point.x, d["a"] = point.a, d["sigma"] = point.sigma, d["tau"] = point.tau;
        d["rho"] = point.rho, d["growth"] = point.growth;
        points.append(d);
    }
    return points;
}

}  // namespace

void bind_catalogue(nb::module_& m) {
    m.def("models", models);
    m.def("optimisers", optimiser_list);
    m.def("keys_of", [](const std::string& command) {
        nb::list list;
        for (const auto& key : keys_of(command)) list.append(nb::make_tuple(key.key, key.comment, key.value));
        return list;
    });
    m.def("known_answers", known);
    m.def("fixed_points", fixed_points);
    m.def("text_of_file", text_of_file);
    m.def("nearest", [](const std::string& word, const std::vector<std::string>& words) {
        return nearest(word, words).value_or("");
    });
    m.def("version", [] { return std::string(version()); });
    m.def("revision", [] { return std::string(revision()); });
    m.def("info", info);
}

}  // namespace noisetrap::python
