#include "analysis/critical/advice_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/critical/hessian.hpp"
#include "analysis/networks/network_problem.hpp"
#include "engine/input/config_reader.hpp"

namespace noisetrap {
namespace {

/// Deviations by eigenvector; none where all are 0.
std::vector<double> read_deviations(ConfigReader& reader, const char* key, const char* meaning,
                                    std::size_t parameters) {
    const auto numbers = reader.numbers(key, {}, {0, 1e300}, meaning);
    if (numbers.size() > parameters)
        reader.complain(key, fmt::format("has {} numbers, and the landscape has {} parameters",
                                         numbers.size(), parameters));
    if (numbers.size() > 1 && parameters > most_dense)
        reader.complain(key,
                        fmt::format("has {} numbers, and of more than {} parameters the lowest eigenvector "
                                    "alone is made: give one",
                                    numbers.size(), most_dense));
    if (std::all_of(numbers.begin(), numbers.end(), [](double s) { return s == 0; })) return {};
    return numbers;
}

void read_steps(ConfigReader& reader, AdviceSettings& advice) {
    advice.learning_rates =
        reader.numbers("advise.learning_rates", {0.1}, {0, 1e6, true}, "of stochastic gradient descent");
    if (advice.learning_rates.empty())
        reader.complain("advise.learning_rates", "is empty: give one at least");
    for (const auto b : integers_or(reader, "advise.batch_sizes", 1, {1, 1e9}, "samples of its steps"))
        advice.batches.push_back(static_cast<int>(b));
    if (advice.batches.empty()) reader.complain("advise.batch_sizes", "is empty: give one at least");
}

}  // namespace

void read_noise(ConfigReader& reader, AdviceSettings& advice, std::size_t parameters) {
    advice.sigma =
        read_deviations(reader, "noise.sigma",
                        "standard deviations of a sample's curvature along the eigenvectors of the "
                        "Hessian, from the lowest on; none beyond these",
                        parameters);
    advice.tau = read_deviations(reader, "noise.tau", "and of its gradient", parameters);
    for (const char* key : {"noise.samples", "advise.learning_rates", "advise.batch_sizes"}) {
        reader.know(key);
        if (!advice.noisy() && reader.has(key))
            reader.complain(key, "is about noise: give noise.sigma or noise.tau beside it");
    }
    if (!advice.noisy()) return;
    if (!reader.has("noise.samples"))
        reader.complain(
            "noise.samples",
            "is missing: how many samples the loss is the mean of, so that steps with some of them "
            "and with all can be compared");
    advice.samples = reader.number("noise.samples", 1, {1, 1e15}, "that the loss is the mean of");
    read_steps(reader, advice);
}

void read_distances(ConfigReader& reader, AdviceSettings& advice) {
    advice.start =
        reader.number("advise.start", 1e-4, {0, 1e300, true}, "distance at which optimisers start");
    advice.far = reader.number("advise.far", 0.03, {0, 1e300, true},
                               "distance along the way out at which they have left");
    if (!(advice.start < advice.far))
        reader.complain("advise.start",
                        fmt::format("= {:g} must be below advise.far = {:g}", advice.start, advice.far));
    advice.tolerance = reader.number("advise.tolerance", 1e-8, {0, 1, true},
                                     "a point is critical at |gradient| <= tolerance max(1, |Hessian|)");
}

}  // namespace noisetrap
