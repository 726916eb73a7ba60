// What theory knows of a configured simulation without running it.
#pragma once

#include <string>
#include <vector>

#include "engine/input/config.hpp"

namespace noisetrap {

struct KnownAnswer {
    std::string quantity;  // with its parameters, for example "0.5 quantile"
    double value;          // +-infinity where it diverges
    std::string unit, source;
};

/// Growth rates, trap window, tail exponents, stationary law (mode, quantiles and cdf where the configuration
/// asks for them, E log|x|), moments at its times, mean exit time from its radius. Quantities without a
/// closed form, or that do not exist, are left out.
std::vector<KnownAnswer> known_answers(const Config&);

}  // namespace noisetrap
