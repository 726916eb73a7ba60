// compare
#include "analysis/answers/outcome.hpp"
#include "app/comparison_output.hpp"
#include "app/output_hdf5.hpp"
#include "python/core/attended.hpp"
#include "python/core/bindings.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

struct DoneComparison {
    Comparison comparison;
    RunFacts facts;
    std::vector<Outcome> outcomes;

    std::string json() const { return comparison_json(comparison, facts, outcomes).dump() + "\n"; }
};

DoneComparison compare(const Request& request, const nb::object& progress) {
    return attended(progress, [&](StopToken stop, News& news) {
        DoneComparison done{comparison_from_text(request.toml, request.name, request.settings, stop), {}, {}};
        CheckpointStore none({}, "", "", false);
        const auto summaries = run_all(done.comparison, none, news.progress(), done.facts);
        done.outcomes = outcomes_of(done.comparison, summaries);
        done.comparison.common.run.stop = {};
        return done;
    });
}

/// The files of `noisetrap compare --out` but its page, which `draw` puts into the folder.
void save_comparison(const DoneComparison& done, const std::string& out, bool fresh,
                     const nb::callable& draw) {
    OutputFolder folder(out, fresh ? Earlier::replaced : Earlier::refused);
    folder.write("config.toml", to_toml(done.comparison.resolved, false));
    folder.write("compare.json", done.json());
    write_hdf5(folder, done.comparison, done.outcomes);
    draw(folder.path().string());
    folder.commit();
}

}  // namespace

void bind_comparisons(nb::module_& m) {
    nb::class_<DoneComparison>(m, "DoneComparison")
        .def("json", &DoneComparison::json)
        .def("toml", [](const DoneComparison& done) { return to_toml(done.comparison.resolved, false); })
        .def(
            "table",
            [](const DoneComparison& done) { return table_text(done.comparison, done.facts, done.outcomes); })
        .def("save", save_comparison);
    m.def("compare", compare, nb::arg("request"), nb::arg("progress").none());
}

}  // namespace noisetrap::python
