// measure and escape of networks, and the experiments that the program holds.
#include <algorithm>
#include <cmath>
#include <memory>

#include "app/escape_output.hpp"
#include "app/measure_output.hpp"
#include "python/core/arrays.hpp"
#include "python/core/attended.hpp"
#include "python/core/bindings.hpp"
#include "validation/network_presets.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

/// Numbers that arrays of Python share, and the rest as the command line's JSON and table.
struct DoneNetwork {
    std::string json, toml, table;
    Shared<double> point, way_out, curvature, push;
    Shared<double> survival_steps, survival;  // of an escape: [run, step]
    std::size_t runs = 0;
};

Shared<double> shared(std::vector<double> numbers) {
    return std::make_shared<std::vector<double>>(std::move(numbers));
}

void take_saddle(DoneNetwork& done, NetworkSaddle saddle) {
    done.point = shared(std::move(saddle.point));
    done.way_out = shared(std::move(saddle.escape));
    done.curvature = shared(std::move(saddle.curvature));
    done.push = shared(std::move(saddle.push));
}

DoneNetwork measure(const Request& request, const nb::object& progress) {
    return attended(progress, [&](StopToken stop, News&) {
        const auto config = network_config_from_text(request.toml, request.name, request.settings, stop);
        auto found = noisetrap::measure(config);
        stop.check();
        DoneNetwork done;
        done.json = measure_json(config, found).dump() + "\n";
        done.toml = to_toml(config.resolved, false);
        done.table = measure_text(config, found);
        take_saddle(done, std::move(found.saddle));
        return done;
    });
}

DoneNetwork escape(const Request& request, const nb::object& progress) {
    return attended(progress, [&](StopToken stop, News& news) {
        auto config = escape_config_from_text(request.toml, request.name, request.settings, stop);
        config.run.stop = stop;
        auto result = noisetrap::escape(config, news.progress());
        stop.check();
        DoneNetwork done;
        done.json = escape_json(config, result).dump() + "\n";
        done.toml = to_toml(config.resolved, false);
        done.table = escape_text(config, result);
        done.runs = result.runs.size();
        std::vector<double> survival;
        for (const auto& run : result.runs)
            survival.insert(survival.end(), run.survival.begin(), run.survival.end());
        done.survival_steps = shared(result.runs.front().survival_steps);
        done.survival = shared(std::move(survival));
        take_saddle(done, std::move(result.measured.saddle));
        return done;
    });
}

nb::object line(const Shared<double>& numbers) { return array_of(numbers, {numbers->size()}); }

}  // namespace

void bind_networks(nb::module_& m) {
    nb::class_<DoneNetwork>(m, "DoneNetwork")
        .def_ro("json", &DoneNetwork::json)
        .def_ro("toml", &DoneNetwork::toml)
        .def_ro("table", &DoneNetwork::table)
        .def("point", [](const DoneNetwork& done) { return line(done.point); })
        .def("way_out", [](const DoneNetwork& done) { return line(done.way_out); })
        .def("curvature", [](const DoneNetwork& done) { return line(done.curvature); })
        .def("push", [](const DoneNetwork& done) { return line(done.push); })
        .def("survival_steps", [](const DoneNetwork& done) { return line(done.survival_steps); })
        .def("survival", [](const DoneNetwork& done) {
            return array_of(done.survival, {done.runs, done.survival->size() / done.runs});
        });
    m.def("measure", measure, nb::arg("request"), nb::arg("progress").none());
    m.def("escape", escape, nb::arg("request"), nb::arg("progress").none());
    m.def("network_presets", [] {
        nb::list list;
        for (const auto& preset : network_presets())
            list.append(nb::make_tuple(preset.name, preset.title, preset.toml));
        return list;
    });
}

}  // namespace noisetrap::python
