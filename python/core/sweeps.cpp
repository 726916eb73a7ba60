// sweep, and the ready-made diagrams.
#include <chrono>
#include <memory>
#include <optional>

#include "app/sweep_results.hpp"
#include "app/sweep_store.hpp"
#include "python/core/attended.hpp"
#include "python/core/bindings.hpp"
#include "validation/sweep_presets.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

struct DoneSweep {
    std::string json, toml, table;
};

/// Everything finished is kept in the folder, whatever ends the run.
std::optional<Boundary> run_kept(const Sweep& sweep, SweepStore* store, SweepState& state, News& news) {
    try {
        return run_sweep(
            sweep, state,
            [&](const SweepState&) {
                if (store) store->keep();
            },
            [&](const SweepNews& latest) {
                news.tell(static_cast<double>(latest.done), static_cast<double>(latest.points),
                          latest.seconds);
            });
    } catch (...) {
        if (store) store->keep_now();
        throw;
    }
}

/// `out`: the folder of `noisetrap sweep --out`, with the same files but the page; empty: none.
DoneSweep sweep(const Request& request, const std::string& out, bool fresh, const nb::object& progress) {
    return attended(progress, [&](StopToken stop, News& news) {
        auto asked = sweep_from_text(request.toml, request.name, request.settings, host_models(), stop);
        prepare(asked);
        std::unique_ptr<SweepStore> store;
        if (!out.empty()) store = std::make_unique<SweepStore>(out, asked, fresh);
        SweepState own;
        auto& state = store ? store->state() : own;
        const auto start = std::chrono::steady_clock::now();
        auto boundary = run_kept(asked, store.get(), state, news);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        const auto found = findings_of(asked, state, std::move(boundary));
        const auto json = sweep_json(asked, state, found).dump() + "\n";
        if (store) write_sweep(*store, asked, found, json, seconds.count());
        return DoneSweep{json, to_toml(asked.resolved, false), findings_text(asked, state, found)};
    });
}

}  // namespace

void bind_sweeps(nb::module_& m) {
    nb::class_<DoneSweep>(m, "DoneSweep")
        .def_ro("json", &DoneSweep::json)
        .def_ro("toml", &DoneSweep::toml)
        .def_ro("table", &DoneSweep::table);
    m.def("sweep", sweep, nb::arg("request"), nb::arg("out"), nb::arg("fresh"), nb::arg("progress").none());
    m.def("presets", [] {
        nb::list list;
        for (const auto& preset : sweep_presets())
            list.append(nb::make_tuple(preset.name, preset.title, preset.toml));
        return list;
    });
}

}  // namespace noisetrap::python
