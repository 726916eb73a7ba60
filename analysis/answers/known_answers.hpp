// What theory knows of a configured simulation without running it: the table's answers, listed.
#pragma once

#include <string>
#include <vector>

#include "analysis/answers/answers.hpp"
#include "engine/input/config.hpp"

namespace noisetrap {

struct KnownAnswer {
    std::string quantity;  // with its parameters, for example "0.5 quantile"
    double value;          // +-infinity where it diverges
    std::string unit, source;
};

/// In the order of the model's table, at the probabilities, places, times and the exit radius of the
/// configuration. Quantities without a closed form, or that do not exist, are left out.
std::vector<KnownAnswer> known_answers(const Config&);

}  // namespace noisetrap
