#include "engine/input/config_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "engine/catalogue/catalogue.hpp"
#include "engine/error.hpp"
#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

std::string toml_number(double x) {
    auto text = fmt::format("{}", x);
    return text.find_first_of(".einf") == std::string::npos ? text + ".0" : text;
}

std::string range_text(Range r) {
    if (r.smallest == r.largest) return fmt::format("{}", r.smallest);
    if (r.open_below && r.smallest == 0) return fmt::format("a number above 0 and at most {}", r.largest);
    return fmt::format("between {} and {}", r.smallest, r.largest);
}

template <class T>
std::string array_text(const std::vector<T>& list, std::string (*text)(T)) {
    std::vector<std::string> parts;
    for (const auto& x : list) parts.push_back(text(x));
    return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string type_name(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::string:
            return "a string";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::table:
            return "a table";
        case toml::node_type::integer:
            return "an integer";
        case toml::node_type::floating_point:
            return "a number";
        default:
            return "a date or time";
    }
}

toml::table parse(const std::string& text, const std::string& name) {
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& e) {
        throw InputError(fmt::format("{}:{}: {}", name, e.source().begin.line, e.description()));
    }
}

void collect_keys(const toml::table& table, const std::string& name, const std::string& prefix,
                  std::vector<std::string>& keys) {
    for (const auto& [key, node] : table) {
        if (key.str().find('.') != std::string_view::npos)
            throw InputError(
                fmt::format("{}: the key \"{}\" has a dot inside quotes; write it without quotes", name,
                            std::string(key.str())));
        const std::string dotted = prefix + std::string(key.str());
        if (const auto* inner = node.as_table()) {
            if (inner->empty()) keys.push_back(dotted);
            collect_keys(*inner, name, dotted + ".", keys);
        } else {
            keys.push_back(dotted);
        }
    }
}

using Place = std::pair<std::uint32_t, std::uint32_t>;  // line and column

void collect_places(const toml::table& table, const std::string& prefix,
                    std::vector<std::pair<Place, std::string>>& places) {
    for (const auto& [key, node] : table) {
        const std::string dotted = prefix + std::string(key.str());
        places.push_back({{key.source().begin.line, key.source().begin.column}, dotted});
        if (const auto* inner = node.as_table()) collect_places(*inner, dotted + ".", places);
    }
}

std::string quoted(std::string word) {
    const toml::value<std::string> value(std::move(word));
    std::stringstream out;
    out << toml::toml_formatter(value, toml::format_flags::none);  // on one line
    return out.str();
}

using Of = Declaration::Of;
using Many = Declaration::Many;

/// A standard outside the range is that of a key which has to be given.
Declaration declared_number(const std::string& key, Many many, const std::vector<double>& standard,
                            Range range, const std::string& meaning) {
    Declaration declaration{key, Of::number, many, range, {}, meaning, {}};
    const bool inside = std::all_of(standard.begin(), standard.end(), [&](double x) {
        return x <= range.largest && (range.open_below ? x > range.smallest : x >= range.smallest);
    });
    if (standard.empty() || !inside) return declaration;
    declaration.standard =
        many == Many::list ? array_text<double>(standard, toml_number) : toml_number(standard.front());
    return declaration;
}

std::optional<std::string> unless_empty(const std::string& word) {
    return word.empty() ? std::nullopt : std::optional(quoted(word));
}

Declaration declared_word(const std::string& key, Many many, const std::string& standard,
                          const std::vector<std::string>& choices, const std::string& meaning) {
    return {key, Of::word, many, {}, choices, meaning, unless_empty(standard)};
}

}  // namespace

ConfigReader::ConfigReader(const std::string& toml, const std::string& name,
                           const std::vector<std::string>& settings, StopToken stop)
    : name_(name), table_(parse(toml, name)), stop_(stop) {
    std::vector<std::pair<Place, std::string>> places;
    collect_places(table_, "", places);
    std::sort(places.begin(), places.end());
    for (auto& [place, key] : places) order_.push_back(std::move(key));
    for (const auto& setting : settings) apply(setting);
}

void ConfigReader::apply(const std::string& setting) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
        throw InputError(
            fmt::format("--set {}: write key=value, for example --set model.sigma=1.2", setting));
    const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
    toml::table parsed;
    try {
        parsed = toml::parse("value = " + value);
    } catch (const toml::parse_error&) {
        parsed.insert("value", value);  // a bare word
    }
    if (parsed.size() != 1) throw InputError(fmt::format("--set {}: gives more than one value", setting));
    toml::table* table = &table_;
    std::size_t begin = 0;
    for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
        const std::string part = key.substr(begin, dot - begin);
        auto* inner = table->insert(part, toml::table{}).first->second.as_table();
        if (!inner) throw InputError(fmt::format("--set {}: {} is not a table", setting, key.substr(0, dot)));
        table = inner;
        begin = dot + 1;
    }
    table->insert_or_assign(key.substr(begin), *parsed.get("value"));
    set_by_[key] = "--set " + setting;
}

const toml::node* ConfigReader::find(const std::string& key) const { return table_.at_path(key).node(); }

bool ConfigReader::is_set(const std::string& key) const {
    return std::any_of(set_by_.begin(), set_by_.end(),
                       [&](const auto& set) { return key == set.first || key.starts_with(set.first + "."); });
}

void ConfigReader::give_way(const std::string& key, const std::string& rival) {
    if (!has(key) || !has(rival) || !is_set(rival) || is_set(key)) return;
    const auto section = key.substr(0, key.find('.'));
    auto& table = *table_[section].as_table();
    table.erase(key.substr(section.size() + 1));
    if (table.empty()) table_.erase(section);
}

std::size_t ConfigReader::line_of(const std::string& key) const {
    const auto* node = find(key);
    return node && !is_set(key) ? node->source().begin.line : 0;
}

std::string ConfigReader::where(const std::string& key) const {
    for (const auto& [set_key, setting] : set_by_)
        if (key == set_key || key.starts_with(set_key + ".")) return setting;
    const auto* node = find(key);
    if (node && node->source().begin.line > 0) return fmt::format("{}:{}", name_, node->source().begin.line);
    return name_;
}

void ConfigReader::complain(const std::string& key, const std::string& what,
                            const std::string& nearest) const {
    const auto place = where(key);
    throw InputError(fmt::format("{}: {} {}", place, key, what), {place, key, nearest});
}

/// The column in the file is known where the string stands on one line as it is, without escapes.
void ConfigReader::complain_at(const std::string& key, std::size_t item, std::size_t column,
                               const std::string& what) const {
    const auto* node = find(key);
    if (node && node->is_array() && item < node->as_array()->size()) node = node->as_array()->get(item);
    const auto text = node && node->is_string() ? *node->value<std::string>() : "";
    const auto at_column = fmt::format("at column {}: {}", column, what);
    const auto begin = node ? node->source().begin : toml::source_position{};
    const auto end = node ? node->source().end : toml::source_position{};
    if (is_set(key) || begin.line == 0) complain(key, at_column);
    const bool as_it_is = begin.line == end.line && end.column - begin.column == text.size() + 2;
    const auto place =
        fmt::format("{}:{}{}", name_, begin.line, as_it_is ? fmt::format(":{}", begin.column + column) : "");
    throw InputError(fmt::format("{}: {} {}", place, key, at_column), {place, key});
}

void ConfigReader::refuse_unknown_keys() const {
    std::vector<std::string> present;
    collect_keys(table_, name_, "", present);
    const auto& known = declarations_.known;
    for (const auto& key : present)
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            const auto hint = hint_about_key(key, known, word_at("model.name"), method_for(key));
            const auto near = nearest_key(key, known).value_or("");
            complain(key, "is not a key here" + hint, hint.find(near) == std::string::npos ? "" : near);
        }
}

std::string ConfigReader::word_at(const std::string& key) const {
    const auto* node = find(key);
    return node ? node->value_or(std::string()) : "";
}

/// Its table of a comparison may name it, or be named after it.
std::string ConfigReader::method_for(const std::string& key) const {
    const auto section = key.substr(0, key.rfind('.'));
    if (section.starts_with("optimisers.") && !has(section + ".name")) return section.substr(11);
    if (section.starts_with("optimisers.")) return word_at(section + ".name");
    if (has("optimiser.name")) return word_at("optimiser.name");
    const auto entries = entries_of(word_at("model.name"));
    return entries.empty() ? "" : entries.front()->method;
}

void ConfigReader::know_table(const std::string& key) {
    if (const auto* node = find(key)) {
        if (!node->is_table()) complain(key, fmt::format("must be a table, not {}", type_name(*node)));
        if (node->as_table()->empty()) know(key);
    }
}

void ConfigReader::resolve(const Declaration& declaration, std::string value) {
    know(declaration.key);
    resolved_.push_back({declaration.key, std::move(value), declaration.meaning});
    declarations_.declared.push_back(declaration);
}

double ConfigReader::number_in(const toml::node& node, const std::string& key, Range range) const {
    std::optional<double> value;
    if (node.is_integer()) value = static_cast<double>(*node.value<std::int64_t>());
    if (node.is_floating_point()) value = node.value<double>();
    if (!value)
        complain(key, fmt::format("must be a number, {}, not {}", range_text(range), type_name(node)));
    if (!std::isfinite(*value))
        complain(key, fmt::format("= {} must be finite, {}", *value, range_text(range)));
    const bool below = range.open_below ? *value <= range.smallest : *value < range.smallest;
    if (below || *value > range.largest)
        complain(key, fmt::format("= {} must be {}", *value, range_text(range)));
    return *value;
}

std::vector<double> ConfigReader::numbers_in(const toml::array& array, const std::string& key,
                                             Range range) const {
    std::vector<double> values;
    for (const auto& item : array) values.push_back(number_in(item, key, range));
    return values;
}

double ConfigReader::number(const std::string& key, double standard, Range range,
                            const std::string& meaning) {
    const auto* node = find(key);
    const double value = node ? number_in(*node, key, range) : standard;
    resolve(declared_number(key, Many::one, {standard}, range, meaning), toml_number(value));
    return value;
}

double ConfigReader::number_instead(const std::string& key, Range range, const std::string& meaning) {
    const double value = number_in(*find(key), key, range);
    know(key);
    declarations_.declared.push_back(declared_number(key, Many::one, {}, range, meaning));
    return value;
}

std::uint64_t ConfigReader::integer(const std::string& key, std::uint64_t standard, Range range,
                                    const std::string& meaning) {
    std::uint64_t value = standard;
    if (const auto* node = find(key)) {
        const double number = number_in(*node, key, range);
        if (number != std::floor(number)) complain(key, fmt::format("= {} must be a whole number", number));
        // 1e6 is as good as 1000000
        value = node->is_integer() ? static_cast<std::uint64_t>(*node->value<std::int64_t>())
                                   : static_cast<std::uint64_t>(number);
    }
    resolve({key, Of::whole_number, Many::one, range, {}, meaning, fmt::format("{}", standard)},
            fmt::format("{}", value));
    return value;
}

bool ConfigReader::flag(const std::string& key, bool standard, const std::string& meaning) {
    bool value = standard;
    if (const auto* node = find(key)) {
        if (!node->is_boolean())
            complain(key, fmt::format("must be true or false, not {}", type_name(*node)));
        value = *node->value<bool>();
    }
    const auto text = [](bool said) { return said ? "true" : "false"; };
    resolve({key, Of::flag, Many::one, {}, {}, meaning, text(standard)}, text(value));
    return value;
}

std::string ConfigReader::word_in(const toml::node& node, const std::string& key,
                                  const std::vector<std::string>& choices) const {
    if (!node.is_string())
        complain(key, fmt::format("must be one of {}, not {}", fmt::join(choices, ", "), type_name(node)));
    const auto value = *node.value<std::string>();
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
        complain(key,
                 fmt::format("= '{}' is none of {}{}", value, fmt::join(choices, ", "),
                             hint_about_word(value, choices)),
                 meant_by(value, choices).value_or(""));
    return value;
}

std::string ConfigReader::word(const std::string& key, const std::string& standard,
                               const std::vector<std::string>& choices, const std::string& meaning) {
    const auto* node = find(key);
    const std::string value = node ? word_in(*node, key, choices) : standard;
    resolve(declared_word(key, Many::one, standard, choices, meaning), fmt::format("\"{}\"", value));
    return value;
}

const toml::array* ConfigReader::non_empty_list(const toml::node& node, const std::string& key) const {
    const auto* array = node.as_array();
    if (array && array->empty()) complain(key, "is an empty list: give at least one value");
    return array;
}

std::vector<double> ConfigReader::numbers_or_one(const std::string& key, double standard, Range range,
                                                 const std::string& meaning) {
    const auto* node = find(key);
    const auto* array = node ? non_empty_list(*node, key) : nullptr;
    std::vector<double> values;
    if (array)
        values = numbers_in(*array, key, range);
    else
        values = {node ? number_in(*node, key, range) : standard};
    resolve(declared_number(key, Many::one_or_list, {standard}, range, meaning),
            array ? array_text<double>(values, toml_number) : toml_number(values.front()));
    return values;
}

std::vector<std::string> ConfigReader::words_or_one(const std::string& key, const std::string& standard,
                                                    const std::vector<std::string>& choices,
                                                    const std::string& meaning) {
    const auto* node = find(key);
    const auto* array = node ? non_empty_list(*node, key) : nullptr;
    std::vector<std::string> values;
    if (array)
        for (const auto& item : *array) values.push_back(word_in(item, key, choices));
    else
        values = {node ? word_in(*node, key, choices) : standard};
    resolve(declared_word(key, Many::one_or_list, standard, choices, meaning),
            array ? array_text<std::string>(values, quoted) : fmt::format("\"{}\"", values.front()));
    return values;
}

std::string ConfigReader::text(const std::string& key, const std::string& standard,
                               const std::string& meaning) {
    const auto* node = find(key);
    if (node && !node->is_string()) complain(key, fmt::format("must be a string, not {}", type_name(*node)));
    const auto value = node ? *node->value<std::string>() : standard;
    resolve({key, Of::text, Many::one, {}, {}, meaning, unless_empty(standard)}, quoted(value));
    return value;
}

std::string ConfigReader::file(const std::string& key, const std::string& meaning) {
    const auto* node = find(key);
    if (!node || !node->is_string()) complain(key, "must be the path of a file, as a string");
    const std::filesystem::path given(*node->value<std::string>());
    const auto path = std::filesystem::weakly_canonical(std::filesystem::path(name_).parent_path() / given);
    resolve({key, Of::text, Many::one, {}, {}, meaning, {}}, quoted(path.string()));
    return path.string();
}

std::vector<std::string> ConfigReader::texts(const std::string& key, const std::vector<std::string>& standard,
                                             const std::string& meaning) {
    std::vector<std::string> values;
    const auto add = [&](const toml::node& item) {
        if (!item.is_string())
            complain(key, fmt::format("must be a list of strings, not {}", type_name(item)));
        values.push_back(*item.value<std::string>());
    };
    const auto* node = find(key);
    if (!node) {
        values = standard;
    } else if (const auto* array = node->as_array()) {
        for (const auto& item : *array) add(item);
    } else {
        add(*node);
    }
    Declaration declaration{key, Of::text, Many::one_or_list, {}, {}, meaning, {}};
    if (!standard.empty()) declaration.standard = array_text<std::string>(standard, quoted);
    resolve(declaration, array_text<std::string>(values, quoted));
    return values;
}

std::vector<std::string> ConfigReader::names(const std::string& key, const std::string& meaning) {
    std::vector<std::string> values;
    const auto add = [&](const toml::node& item) {
        if (!item.is_string() && !item.is_integer())
            complain(key, fmt::format("must be a list of names and whole numbers, not {}", type_name(item)));
        values.push_back(item.is_string() ? *item.value<std::string>()
                                          : fmt::format("{}", *item.value<std::int64_t>()));
    };
    const auto* node = find(key);
    if (node && node->is_array()) {
        for (const auto& item : *node->as_array()) add(item);
    } else if (node) {
        add(*node);
    }
    resolve({key, Of::name, Many::one_or_list, {}, {}, meaning, {}}, array_text<std::string>(values, quoted));
    return values;
}

std::vector<std::string> ConfigReader::keys_in(const std::string& key) const {
    const auto* node = find(key);
    if (!node) return {};
    if (!node->is_table()) complain(key, fmt::format("must be a table, not {}", type_name(*node)));
    std::vector<std::string> names;
    for (const auto& [name, inner] : *node->as_table()) names.emplace_back(name.str());
    std::stable_sort(names.begin(), names.end(), [&](const auto& a, const auto& b) {
        return place_of(key + "." + a) < place_of(key + "." + b);
    });
    return names;
}

std::vector<std::string> ConfigReader::tables_in(const std::string& key) const {
    const auto names = keys_in(key);
    for (const auto& name : names)
        if (const auto* inner = find(key + "." + name); !inner->is_table())
            complain(key + "." + name, fmt::format("must be a table, not {}", type_name(*inner)));
    return names;
}

std::size_t ConfigReader::place_of(const std::string& key) const {
    return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), key) - order_.begin());
}

bool ConfigReader::is_list(const std::string& key) const {
    const auto* node = find(key);
    return node && node->is_array();
}

bool ConfigReader::is_text(const std::string& key) const {
    const auto* node = find(key);
    return node && node->is_string();
}

std::vector<double> ConfigReader::numbers(const std::string& key, const std::vector<double>& standard,
                                          Range range, const std::string& meaning) {
    std::vector<double> values = standard;
    if (const auto* node = find(key)) {
        const auto* array = node->as_array();
        if (!array) complain(key, fmt::format("must be a list of numbers, not {}", type_name(*node)));
        values = numbers_in(*array, key, range);
    }
    resolve(declared_number(key, Many::list, standard, range, meaning),
            array_text<double>(values, toml_number));
    return values;
}

std::vector<std::uint64_t> ConfigReader::integers(const std::string& key, Range range,
                                                  const std::string& meaning) {
    std::vector<std::uint64_t> values;
    if (const auto* node = find(key)) {
        const auto* array = node->as_array();
        if (!array) complain(key, fmt::format("must be a list of whole numbers, not {}", type_name(*node)));
        for (const auto& item : *array) {
            const double number = number_in(item, key, range);
            if (number != std::floor(number))
                complain(key, fmt::format("holds {}, not a whole number", number));
            values.push_back(static_cast<std::uint64_t>(number));
        }
    }
    resolve({key, Of::whole_number, Many::list, range, {}, meaning, {}},
            array_text<std::uint64_t>(values, [](std::uint64_t n) { return fmt::format("{}", n); }));
    return values;
}

Declarations declared_by(const std::string& toml, const std::function<void(ConfigReader&)>& read) {
    ConfigReader reader(toml, "a file", {});
    try {
        read(reader);
    } catch (const InputError&) {  // what was asked for before counts
    }
    return reader.declarations();
}

}  // namespace noisetrap
