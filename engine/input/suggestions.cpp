#include "engine/input/suggestions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

#include "engine/catalogue/catalogue.hpp"

namespace noisetrap {
namespace {

using Words = std::vector<std::string>;

bool contains(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// A letter more, less or other, or two neighbours exchanged, is one edit.
std::size_t edits(const std::string& from, const std::string& to) {
    const std::string a = lower(from), b = lower(to);
    std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                table[i][j] = i + j;
                continue;
            }
            table[i][j] = std::min(
                {table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
        }
    return table[a.size()][b.size()];
}

bool near(const std::string& a, const std::string& b) {
    return 3 * edits(a, b) <= std::max(a.size(), b.size());
}

/// What others call things here.
const std::pair<const char*, const char*> other_names[] = {
    {"rademacher", "two-point"}, {"normal", "gaussian"},  {"euler", "euler-maruyama"},
    {"gd", "gradient-descent"},  {"strang", "splitting"}, {"heavy-ball", "momentum"},
    {"em", "euler-maruyama"},    {"srid1", "sriw1"},      {"stratheun", "heun"},
    {"rkmil", "rk-milstein"},    {"eulerheun", "heun"},   {"platen", "pl1wm"}};

std::string section_of(const std::string& key) {
    const auto dot = key.rfind('.');
    return dot == std::string::npos ? "" : key.substr(0, dot);
}
std::string last_of(const std::string& key) { return key.substr(key.rfind('.') + 1); }

bool is_sde(const std::string& model) {
    const auto entries = entries_of(model);
    return !entries.empty() && entries.front()->formulation == Formulation::sde;
}

bool has(const std::vector<ParameterInfo>& infos, const std::string& key) {
    return std::any_of(infos.begin(), infos.end(), [&](const auto& info) { return info.key == key; });
}

Words models_with(const std::string& key) {
    Words names;
    for (const auto& entry : catalogue())
        if (has(entry.model_parameters, key) && !contains(names, entry.model)) names.push_back(entry.model);
    return names;
}

Words methods_with(const std::string& model, const std::string& key) {
    Words names;
    for (const auto* entry : entries_of(model))
        if (has(entry->method_parameters, key)) names.push_back(entry->method);
    return names;
}

/// Last parts of the known keys of a table.
Words keys_of(const std::string& section, const Words& known) {
    Words keys;
    for (const auto& key : known)
        if (section_of(key) == section && !contains(keys, last_of(key))) keys.push_back(last_of(key));
    return keys;
}

bool steps_by_optimiser(const std::string& section) {
    return section == "optimiser" || section.starts_with("optimisers.");
}

/// A key of the other formulation, or of another command's file.
std::string hint_about_kind(const std::string& key, const Words& known, const std::string& model) {
    const auto table = key.substr(0, key.find('.'));
    const bool table_known = std::any_of(known.begin(), known.end(),
                                         [&](const auto& other) { return other.starts_with(table + "."); });
    if (is_sde(model) && steps_by_optimiser(section_of(key)))
        return fmt::format(
            ": {} is an SDE, which no optimiser steps; start from noisetrap defaults noisy-saddle", model);
    const bool recursion = !entries_of(model).empty() && !is_sde(model);
    if (recursion &&
        contains({"integrator.dt", "integrator.t_end", "integrator.scheme", "integrator.calculus"}, key))
        return fmt::format(": {} steps without a {}; start from noisetrap defaults {}", model, last_of(key),
                           model);
    if (table_known) return "";
    if (table == "sweep") return ": a file with a table [sweep] is for noisetrap sweep";
    if (table == "compare" || table == "optimisers")
        return fmt::format(": a file with a table [{}] is for noisetrap compare", table);
    return "";
}

/// Who has keys like this one; nobody where its table belongs to the run.
std::string owner_of(const std::string& key, const std::string& model, const std::string& method) {
    const auto section = section_of(key);
    if (steps_by_optimiser(section)) return "optimiser " + method;
    return section == "model" || section.empty() ? model : "";
}

/// Another model or optimiser has the key.
std::string hint_about_others(const std::string& key, const std::string& model, const std::string& method) {
    const auto owner = owner_of(key, model, method), last = last_of(key);
    const auto others = steps_by_optimiser(section_of(key)) ? methods_with(model, last) : models_with(last);
    if (owner.empty() || others.empty()) return "";
    return fmt::format(": {} has no {}; {}", owner, last, owners_have(others));
}

/// What the table of this key holds.
std::string hint_about_table(const std::string& key, const Words& known, const std::string& model,
                             const std::string& method) {
    const auto section = section_of(key), owner = owner_of(key, model, method);
    auto keys = keys_of(section, known);
    if (section == "observe" && keys.empty()) return ": a table [observe] is for noisetrap simulate";
    std::erase(keys, "name");
    if (section.empty() || keys.empty()) return "";
    return fmt::format(": {} has {}", owner.empty() ? "[" + section + "]" : owner, fmt::join(keys, ", "));
}

}  // namespace

bool mentions(const std::string& text, const std::string& part) {
    return lower(text).find(lower(part)) != std::string::npos;
}

std::optional<std::string> nearest(const std::string& word, const Words& words) {
    const auto found = std::min_element(words.begin(), words.end(), [&](const auto& a, const auto& b) {
        return edits(word, a) < edits(word, b);
    });
    if (found == words.end() || !near(word, *found)) return std::nullopt;
    return *found;
}

std::optional<std::string> nearest_key(const std::string& key, const Words& known) {
    std::optional<std::string> best;
    const auto distance = [&](const std::string& other) {
        return std::tuple(edits(last_of(key), last_of(other)), section_of(key) != section_of(other),
                          edits(key, other));
    };
    for (const auto& other : known)
        if (near(last_of(key), last_of(other)) && (!best || distance(other) < distance(*best))) best = other;
    return best;
}

std::optional<std::string> meant_by(const std::string& word, const Words& words) {
    for (const auto& [other, name] : other_names)
        if (lower(word) == other && contains(words, name)) return name;
    return nearest(word, words);
}

std::string did_you_mean(const std::string& word, const Words& words) {
    const auto found = meant_by(word, words);
    return found ? fmt::format("; did you mean '{}'?", *found) : "";
}

std::string kind_of(const std::string& word) {
    for (const auto& entry : catalogue()) {
        if (entry.model == word) return "a model";
        if (entry.method == word) return entry.formulation == Formulation::sde ? "a scheme" : "an optimiser";
    }
    return "";
}

std::string hint_about_word(const std::string& word, const Words& words) {
    const auto meant = did_you_mean(word, words);
    const auto kind = kind_of(word);
    return meant.empty() && !kind.empty() ? fmt::format(": {} is {}", word, kind) : meant;
}

std::string owners_have(const Words& owners) {
    if (owners.size() == 1) return owners.front() + " has";
    const Words first(owners.begin(), owners.end() - 1);
    return fmt::format("{} and {} have", fmt::join(first, ", "), owners.back());
}

std::string hint_about_key(const std::string& key, const Words& known, const std::string& model,
                           const std::string& method) {
    if (const auto hint = hint_about_kind(key, known, model); !hint.empty()) return hint;
    const auto close = nearest_key(key, known);
    const auto meant = close ? fmt::format("; did you mean {}?", *close) : "";
    if (close && last_of(*close) == last_of(key)) return meant;
    if (const auto hint = hint_about_others(key, model, method); !hint.empty()) return hint;
    return close ? meant : hint_about_table(key, known, model, method);
}

}  // namespace noisetrap
