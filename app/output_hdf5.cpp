#include "app/output_hdf5.hpp"

#include <numeric>

#include "app/hdf5_file.hpp"
#include "engine/input/observed.hpp"
#include "engine/runs/reading.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

using Numbers = std::vector<double>;

template <class Of>
Numbers collect(const std::vector<TimeFindings>& times, Of of) {
    Numbers column;
    for (const auto& at : times) column.push_back(of(at));
    return column;
}

/// name and name_standard_error over time.
template <class Of>
void write_estimate(Hdf5File& file, const Findings& f, const std::string& name, const char* unit,
                    const char* meaning, Of of) {
    const Numbers values = collect(f.times, [&](const auto& at) { return of(at).value; });
    const Numbers errors = collect(f.times, [&](const auto& at) { return of(at).standard_error; });
    file.dataset<double>(name, values, {"time"}, unit, meaning);
    file.dataset<double>(name + "_standard_error", errors, {"time"}, unit, "standard error");
}

/// name and name_standard_error, single numbers.
void write_number(Hdf5File& file, const std::string& name, const Estimate& e, const char* unit,
                  const char* meaning) {
    file.dataset<double>(name, Numbers{e.value}, {}, unit, meaning);
    file.dataset<double>(name + "_standard_error", Numbers{e.standard_error}, {}, unit, "standard error");
}

/// A table (time, coordinate) of findings.
template <class Of>
void write_table(Hdf5File& file, const Findings& f, const std::string& name, const std::string& coordinate,
                 const char* unit, const char* meaning, Of of) {
    Numbers values, errors;
    for (const auto& at : f.times)
        for (const auto& finding : of(at)) {
            values.push_back(finding.estimate.value);
            errors.push_back(finding.estimate.standard_error);
        }
    file.dataset<double>(name, values, {"time", coordinate}, unit, meaning);
    file.dataset<double>(name + "_standard_error", errors, {"time", coordinate}, unit, "standard error");
}

void write_histogram(Hdf5File& file, const Config& config, const EnsembleSummary& summary) {
    const auto edges = config.histogram->edges();
    Numbers lower(edges.begin(), edges.end() - 1), upper(edges.begin() + 1, edges.end()), density, errors;
    std::vector<std::uint64_t> counts, below, above;
    for (const auto& at : summary.times) {
        const auto& bins = at.value.bins.back();
        counts.insert(counts.end(), bins.counts.begin() + 1, bins.counts.end() - 1);
        below.push_back(bins.counts.front());
        above.push_back(bins.counts.back());
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
            const auto d = bins.density(i);
            density.push_back(d.value);
            errors.push_back(d.standard_error);
        }
    }
    file.group("histogram");
    file.coordinate<double>("histogram/lower_edge", lower, "length", "lower edge of each bin, excluded");
    file.dataset<double>("histogram/upper_edge", upper, {"histogram/lower_edge"}, "length",
                         "upper edge of each bin, included");
    file.dataset<std::uint64_t>("histogram/counts", counts, {"time", "histogram/lower_edge"}, "paths",
                                "paths in each bin");
    file.dataset<double>("histogram/density", density, {"time", "histogram/lower_edge"}, "1/length",
                         "probability per length");
    file.dataset<double>("histogram/density_standard_error", errors, {"time", "histogram/lower_edge"},
                         "1/length", "standard error");
    file.dataset<std::uint64_t>("histogram/below", below, {"time"}, "paths",
                                "paths at or below the first edge");
    file.dataset<std::uint64_t>("histogram/above", above, {"time"}, "paths", "paths above the last edge");
}

void write_passage(Hdf5File& file, const PassageFindings& f) {
    Numbers values, errors, theory;
    for (const auto& s : f.survival) {
        values.push_back(s.estimate.value);
        errors.push_back(s.estimate.standard_error);
        theory.push_back(s.theory.sde);
    }
    file.group("first_passage");
    file.coordinate<double>("first_passage/time", f.survival_times, "time", "time, or steps of a recursion");
    file.dataset<double>("first_passage/survival", values, {"first_passage/time"}, "1",
                         "P(first passage later than time)");
    file.dataset<double>("first_passage/survival_standard_error", errors, {"first_passage/time"}, "1",
                         "standard error");
    file.dataset<double>("first_passage/survival_theory", theory, {"first_passage/time"}, "1",
                         "that of the SDE; not a number where it is not known");
}

void write_spectrum(Hdf5File& file, const SpectrumFindings& f) {
    std::vector<std::uint64_t> numbers;
    Numbers values, errors;
    for (const auto& exponent : f.exponents) {
        numbers.push_back(numbers.size() + 1);
        values.push_back(exponent.value), errors.push_back(exponent.standard_error);
    }
    file.coordinate<std::uint64_t>("exponent", numbers, "1", "place among the exponents, the largest first");
    file.dataset<double>("spectrum", values, {"exponent"}, "1/time", "Lyapunov exponents");
    file.dataset<double>("spectrum_standard_error", errors, {"exponent"}, "1/time", "standard error");
    write_number(file, "spectrum_sum", f.sum, "1/time", "rate at which volumes grow");
}

void write_paths(Hdf5File& file, const Config& config, const WholePaths& whole) {
    Numbers x, times;
    std::vector<std::uint64_t> numbers;
    for (const auto step : whole.steps) times.push_back(config.simulation.time(step));
    for (const auto& path : whole.paths) {
        numbers.push_back(path.number);
        x.insert(x.end(), path.x.begin(), path.x.end());
    }
    file.group("paths");
    file.coordinate<std::uint64_t>("paths/number", numbers, "1", "path number");
    file.coordinate<double>("paths/time", times, "time", "time, or steps of a recursion");
    file.dataset<double>("paths/x", x, {"paths/number", "paths/time"}, "length",
                         "displacement along each path");
}

/// The dimensions of a column of rows.
std::vector<std::string> dimensions_of(Each each) {
    if (each == Each::path) return {"rows/path"};
    return {each == Each::time ? "time" : "exponent", "rows/path"};
}

void write_rows(Hdf5File& file, const Config& config, const RowTable& rows) {
    std::vector<std::uint64_t> numbers(config.rows);
    std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
    file.group("rows");
    file.coordinate<std::uint64_t>("rows/path", numbers, "1", "path number");
    for (int c = 0; c < column_count; ++c) {
        const auto& [name, unit, meaning, each] = column_table[c];
        if (const auto& column = rows.of(static_cast<Column>(c)); !column.empty())
            file.dataset<double>(std::string("rows/") + name, column, dimensions_of(each), unit, meaning);
    }
    Numbers times;
    for (const double step : rows.of(Column::exit_step))
        times.push_back(exit_time(step, 0) * config.simulation.dt);
    if (!times.empty())
        file.dataset<double>("rows/exit_time", times, {"rows/path"}, "time",
                             "time of the exit step; infinite if none, not a number where the path failed");
}

}  // namespace

std::string provenance(std::vector<ResolvedKey> resolved, const RunSettings& run) {
    const bool fast = run.arithmetic == Arithmetic::fast;
    std::erase_if(resolved, [fast](const ResolvedKey& key) {
        const bool changes_numbers = key.key == "run.precision" || (key.key == "run.arithmetic" && fast);
        return key.key.starts_with("run.") && !changes_numbers;
    });
    return to_toml(resolved, false);
}

void write_hdf5(const OutputFolder& folder, const Config& config, const EnsembleSummary& summary,
                const Findings& f, const KeptPaths& kept) {
    Hdf5File file;
    file.attribute("/", "noisetrap", version());
    file.attribute("/", "revision", revision());
    file.attribute("/", "observed", observed_text(config.simulation));
    file.text("configuration", provenance(config.resolved, config.simulation.run));
    if (config.simulation.observe.growth)
        write_number(file, "growth_rate", f.growth_rate.estimate, "1/time", "mean of log |dx(t)/dx(0)|/t");
    if (f.plain_growth_rate)
        write_number(file, "growth_rate_plain", *f.plain_growth_rate, "1/time",
                     "the same without control variates");
    if (f.spectrum) write_spectrum(file, *f.spectrum);
    if (f.rare) write_number(file, "odds", f.rare->odds, "1", "that the coordinate comes to the level");
    if (!f.times.empty()) {
        const Numbers times = collect(f.times, [](const auto& at) { return at.t; });
        file.coordinate<double>("time", times, "time", "time, or steps of a recursion");
        write_estimate(file, f, "mean", "length", "E x", [](const auto& at) { return at.mean.estimate; });
        write_estimate(file, f, "variance", "length^2", "Var x",
                       [](const auto& at) { return at.variance.estimate; });
        write_estimate(file, f, "mean_log_abs", "1", "E log |x|",
                       [](const auto& at) { return at.mean_log_abs.estimate; });
        write_estimate(file, f, "variance_log_abs", "1", "Var log |x|",
                       [](const auto& at) { return at.variance_log_abs; });
        if (!config.quantiles.empty()) {
            file.coordinate<double>("probability", config.quantiles, "1", "probability of each quantile");
            write_table(file, f, "quantile", "probability", "length", "quantiles of x",
                        [](const auto& at) { return at.quantiles; });
        }
        if (!config.cdf_at.empty()) {
            file.coordinate<double>("x", config.cdf_at, "length", "where the distribution is estimated");
            write_table(file, f, "cdf", "x", "1", "P(X <= x)", [](const auto& at) { return at.cdf; });
        }
        if (config.histogram) write_histogram(file, config, summary);
    }
    if (f.first_passage) write_passage(file, *f.first_passage);
    if (!kept.whole.paths.empty()) write_paths(file, config, kept.whole);
    if (config.rows) write_rows(file, config, kept.rows);
    folder.write("data.h5", file.bytes());
}

}  // namespace noisetrap
