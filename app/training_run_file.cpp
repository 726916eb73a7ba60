#include "app/training_run_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <regex>

#include "app/array_file.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void complain(const std::string& shown, const std::string& what) {
    throw InputError(fmt::format("{}: {}", shown, what));
}

/// The array of steps, if there is one, apart from those of parameters.
struct Arrays {
    std::vector<NumberArray> parameters, steps;
};

Arrays arrays_of(const std::string& file, const RunToAnalyse& asked) {
    Arrays arrays;
    for (auto& array : read_arrays(file)) {
        auto& kind = array.name == asked.steps ? arrays.steps : arrays.parameters;
        kind.push_back(std::move(array));
    }
    if (!asked.arrays.empty()) arrays.parameters = read_arrays(file, asked.arrays);
    if (arrays.parameters.empty()) complain(file, "holds no parameters beside the steps");
    return arrays;
}

void require_parameters(const std::string& shown, std::size_t held, std::size_t parameters) {
    if (held != parameters)
        complain(shown, fmt::format("holds {} numbers a checkpoint, and the loss has {} parameters", held,
                                    parameters));
}

/// One axis: a single checkpoint.
void append_rows(TrainingRun& run, const std::vector<NumberArray>& arrays, const std::string& shown) {
    const bool single = arrays.size() == 1 && arrays[0].shape.size() < 2;
    const std::size_t rows = single ? 1 : arrays[0].shape.empty() ? 0 : arrays[0].shape[0];
    for (const auto& array : arrays)
        if (!single && (array.shape.empty() || array.shape[0] != rows))
            complain(shown,
                     fmt::format("'{}' has {} checkpoints along its first axis, and '{}' has {}", array.name,
                                 array.shape.empty() ? 0 : array.shape[0], arrays[0].name, rows));
    if (rows == 0) complain(shown, "holds no checkpoint");
    for (std::size_t k = 0; k < rows; ++k) {
        auto& point = run.points.emplace_back();
        for (const auto& array : arrays) {
            const auto width = static_cast<std::ptrdiff_t>(array.values.size() / rows);
            const auto begin = array.values.begin() + static_cast<std::ptrdiff_t>(k) * width;
            point.insert(point.end(), begin, begin + width);
        }
    }
}

TrainingRun run_in_file(const RunToAnalyse& asked) {
    TrainingRun run;
    const auto arrays = arrays_of(asked.path, asked);
    append_rows(run, arrays.parameters, asked.path);
    if (!arrays.steps.empty()) run.steps = arrays.steps[0].values;
    for (std::size_t k = 0; arrays.steps.empty() && k < run.points.size(); ++k)
        run.steps.push_back(static_cast<double>(k));
    if (run.steps.size() != run.points.size())
        complain(asked.path, fmt::format("has {} steps in '{}' for {} checkpoints", run.steps.size(),
                                         asked.steps, run.points.size()));
    return run;
}

/// What a name ends in, before the kind of the file.
double step_in(const fs::path& file) {
    static const std::regex last(R"((\d+)\D*$)");
    const auto stem = file.stem().string();
    std::smatch match;
    if (!std::regex_search(stem, match, last))
        complain(file.string(), "has no step in its name, as checkpoint-1000.npz has");
    return std::stod(match[1]);
}

TrainingRun run_in_folder(const RunToAnalyse& asked) {
    std::vector<std::pair<double, std::string>> files;
    for (const auto& entry : fs::directory_iterator(asked.path))
        if (entry.is_regular_file() && is_array_file(entry.path().string()))
            files.emplace_back(step_in(entry.path()), entry.path().string());
    if (files.empty()) complain(asked.path, "is a folder without a file in .npy, .npz, .h5 or .hdf5");
    std::sort(files.begin(), files.end());
    TrainingRun run;
    for (const auto& [step, file] : files) {
        run.steps.push_back(step);
        auto& point = run.points.emplace_back();
        for (const auto& array : arrays_of(file, asked).parameters)
            point.insert(point.end(), array.values.begin(), array.values.end());
    }
    return run;
}

}  // namespace

TrainingRun read_training_run(const RunToAnalyse& asked, std::size_t parameters) {
    std::error_code error;
    auto run = fs::is_directory(asked.path, error) ? run_in_folder(asked) : run_in_file(asked);
    for (std::size_t k = 0; k < run.points.size(); ++k) {
        const auto shown = fmt::format("{}, step {:g}", asked.path, run.steps[k]);
        const auto& point = run.points[k];
        require_parameters(shown, point.size(), parameters);
        const auto wrong =
            std::find_if(point.begin(), point.end(), [](double x) { return !std::isfinite(x); });
        if (wrong != point.end())
            complain(shown, fmt::format("parameter {} is {}", wrong - point.begin(), *wrong));
        if (!std::isfinite(run.steps[k]) || (k > 0 && !(run.steps[k] > run.steps[k - 1])))
            complain(shown, "comes out of order: steps of checkpoints must rise");
    }
    return run;
}

}  // namespace noisetrap
