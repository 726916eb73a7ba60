#include "engine/input/observable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

using enum Observable::Kind;

/// THE table of observables. `median` is a quantile that is asked for often.
constexpr ObservableKind table[] = {
    {"growth", growth, Needs::growth, "growth rate of log|dx(t)/dx(0)|", "1/T", 0},
    {"escaped", escaped, Needs::exits, "odds of escape before the end", "1", 0.5},
    {"trapped", trapped, Needs::end, "odds of being trapped at the end", "1", 0.5},
    {"quantile", quantile, Needs::end, "quantile of x at the end", "length", {}, 0.5, 1e-9, 1},
    {"median", quantile, Needs::end, "quantile of x at the end", "length", {}, 0.5, 0.5, 0.5},
    {"exit-time", exit_time, Needs::exits, "quantile of the exit time", "T", {}, 0.5, 1e-9, 1},
    {"tail-index", tail_index, Needs::end, "tail index of |x| at the end", "1", {}, 0.01, 1e-6, 0.5},
    {"mode", mode, Needs::end, "mode of x at the end", "length"},
    {"small-step", small_step, Needs::factors, "growth rate in the limit of small steps", "1/T", 0},
    {"mean-square", mean_square, Needs::factors, "growth rate of log E x^2", "1/T", 0},
    {"exponent", exponent, Needs::products, "Lyapunov exponent", "1/T", 0, 1, 1, 1024}};

std::string hint_about(const std::string& word, const std::vector<std::string>& words) {
    if (word == "probability" || word == "odds") return "; odds are those of 'trapped' and 'escaped'";
    return did_you_mean(word, words);
}

/// The number after the colon of "quantile:0.9".
double number_of(const ConfigReader& reader, const std::string& key, const std::string& text,
                 const std::string& number, const ObservableKind& kind) {
    if (!kind.takes_number())
        reader.complain(key, fmt::format("holds '{}': {} takes no number", text, kind.name));
    char* end = nullptr;
    const double p = std::strtod(number.c_str(), &end);
    const bool read =
        !number.empty() && *end == 0 && number.find_first_not_of("0123456789.e-+") == number.npos;
    const bool in_range = p >= kind.smallest && p <= kind.largest;
    if (kind.kind == exponent && !(read && in_range && p == std::floor(p)))
        reader.complain(key, fmt::format("holds '{}': exponents have whole numbers, 1 is the largest", text));
    if (!(read && in_range && (kind.kind == exponent || p < 1)))
        reader.complain(key, fmt::format("holds '{}': the number must be a share above 0 and below {:g}, "
                                         "for example {}:0.1",
                                         text, kind.largest, kind.name));
    return p;
}

}  // namespace

std::span<const ObservableKind> observable_kinds() { return table; }

const ObservableKind& kind_of(const Observable& o) {
    return *std::find_if(std::begin(table), std::end(table),
                         [&](const auto& row) { return row.kind == o.kind; });
}

bool is_odds(const Observable& o) { return o.kind == escaped || o.kind == trapped; }

Observable read_observable(const ConfigReader& reader, const std::string& key, const std::string& text) {
    const auto colon = text.find(':');
    const auto word = text.substr(0, colon);
    std::vector<std::string> words;
    for (const auto& row : table) words.push_back(row.name);
    const auto known = std::find(words.begin(), words.end(), word);
    if (known == words.end())
        reader.complain(key, fmt::format("holds '{}', which is none of {}{}", text, fmt::join(words, ", "),
                                         hint_about(word, words)));
    const auto& kind = table[known - words.begin()];
    const double p =
        colon == std::string::npos ? kind.p : number_of(reader, key, text, text.substr(colon + 1), kind);
    return {text, kind.kind, p};
}

}  // namespace noisetrap
