// An axis of a sweep: the values of one key.
#pragma once

#include <string>
#include <vector>

#include "engine/input/config_reader.hpp"

namespace noisetrap {

/// The values of one key. Words (a law's name, say) make an axis too.
struct Axis {
    std::string key;   // dotted, as in a configuration: "model.sigma"
    std::string name;  // in results: "sigma"
    std::string unit, meaning;
    std::string scale;                   // linear, log, list, words
    std::vector<ParameterValue> values;  // all numbers, ascending, or all words

    std::size_t size() const { return values.size(); }
    bool is_words() const { return std::holds_alternative<std::string>(values.front()); }
    double number(std::size_t i) const { return std::get<double>(values[i]); }
};

/// What an axis may vary.
struct Variable {
    std::string key;  // dotted
    ParameterInfo info;
    Range range;
};

/// Reads the axis sweep.KEY: a list of values, a range, or words.
Axis read_axis(ConfigReader&, const Variable&);

}  // namespace noisetrap
