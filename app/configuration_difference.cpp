#include "app/configuration_difference.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace noisetrap {
namespace {

using KeyValues = std::vector<std::pair<std::string, std::string>>;

/// "section.key" and its value, line by line; without the words of the page.
KeyValues key_values(const std::string& toml) {
    KeyValues found;
    std::string section;
    for (std::size_t begin = 0; begin < toml.size();) {
        const auto end = std::min(toml.find('\n', begin), toml.size());
        const auto line = toml.substr(begin, end - begin);
        begin = end + 1;
        if (line.starts_with("[")) section = line.substr(1, line.find(']') - 1) + ".";
        const auto equals = line.find(" = ");
        if (equals == std::string::npos) continue;
        const auto key = section + line.substr(0, equals);
        if (key != "sweep.title" && key != "sweep.caption") found.emplace_back(key, line.substr(equals + 3));
    }
    return found;
}

}  // namespace

std::string difference_of(const std::string& before, const std::string& now) {
    const auto old_values = key_values(before), new_values = key_values(now);
    const auto value_of = [](const KeyValues& values, const std::string& key) {
        for (const auto& [k, value] : values)
            if (k == key) return value;
        return std::string("not given");
    };
    for (const auto* values : {&new_values, &old_values})
        for (const auto& [key, value] : *values) {
            const auto was = value_of(old_values, key), is = value_of(new_values, key);
            if (was != is) return fmt::format("{} was {} and now is {}", key, was, is);
        }
    for (std::size_t i = 0; i < new_values.size(); ++i)  // of the axes
        if (new_values[i].first != old_values[i].first)
            return fmt::format("{} stood where {} stands now", old_values[i].first, new_values[i].first);
    return {};
}

}  // namespace noisetrap
