#include "engine/input/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/numbers/elementary.hpp"

namespace noisetrap {
namespace {

/// Equally spaced in x or in log x; both ends are as given. By the engine's own functions: the same bits on
/// every machine.
std::vector<double> spaced(double from, double to, std::uint64_t points, bool logarithmic) {
    std::vector<double> values;
    const double ratio = logarithmic ? noisetrap::log(to / from) : 0;
    for (std::uint64_t i = 0; i < points; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(points - 1);
        values.push_back(logarithmic ? from * noisetrap::exp(ratio * part) : from + (to - from) * part);
    }
    values.back() = to;
    return values;
}

void read_range(ConfigReader& reader, const std::string& place, Range range, Axis& axis) {
    for (const char* part : {".from", ".to", ".points"})
        if (!reader.has(place + part))
            reader.complain(place,
                            "must be a list of values, or {from = ..., to = ..., points = ...} with "
                            "scale = \"log\" where wanted");
    const double from = reader.number(place + ".from", 0, range, axis.meaning);
    const double to = reader.number(place + ".to", 0, range, axis.meaning);
    const auto points = reader.integer(place + ".points", 2, {2, 1e6}, "number of values");
    axis.scale = reader.word(place + ".scale", "linear", {"linear", "log"}, "equal steps, or equal ratios");
    if (!(from < to)) reader.complain(place + ".to", fmt::format("= {} must be above from = {}", to, from));
    if (axis.scale == "log" && !(from > 0))
        reader.complain(place + ".from", fmt::format("= {} must be above 0 where scale is log", from));
    for (const double x : spaced(from, to, points, axis.scale == "log")) axis.values.emplace_back(x);
}

void check_axis(const ConfigReader& reader, const std::string& place, const Axis& axis) {
    for (std::size_t i = 1; i < axis.size(); ++i) {
        const auto here = axis.values.begin() + static_cast<std::ptrdiff_t>(i);
        if (axis.is_words() && std::find(axis.values.begin(), here, *here) != here)
            reader.complain(place, fmt::format("holds '{}' twice", std::get<std::string>(*here)));
        if (!axis.is_words() && !(axis.number(i - 1) < axis.number(i)))
            reader.complain(place, "must ascend, without equal values");
    }
    if (axis.key != "integrator.steps") return;
    for (std::size_t i = 0; i < axis.size(); ++i)
        if (axis.number(i) != std::floor(axis.number(i)))
            reader.complain(place, fmt::format("holds {}, not a whole number", axis.number(i)));
}

}  // namespace

Axis read_axis(ConfigReader& reader, const Variable& variable) {
    const auto& key = variable.key;
    const std::string place = "sweep." + key;
    if (reader.has(key))
        reader.complain(place, fmt::format("is an axis, and {} has a value too: keep one", key));
    const auto& info = variable.info;
    Axis axis{key, info.key, info.unit, info.meaning, "list", {}};
    if (!info.choices.empty()) {
        axis.scale = "words";
        for (const auto& word : reader.words_or_one(place, "", info.choices, info.meaning))
            axis.values.emplace_back(word);
    } else if (reader.is_list(place)) {
        for (const double x : reader.numbers_or_one(place, 0, variable.range, info.meaning))
            axis.values.emplace_back(x);
    } else {
        read_range(reader, place, variable.range, axis);
    }
    check_axis(reader, place, axis);
    return axis;
}

}  // namespace noisetrap
