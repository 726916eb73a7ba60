#include "app/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/file_keys.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

using Of = Declaration::Of;
using Many = Declaration::Many;

Json item(const Declaration& d) {
    switch (d.of) {
        case Of::flag:
            return {{"type", "boolean"}};
        case Of::word:
            return {{"enum", d.choices}};
        case Of::text:
            return {{"type", "string"}};
        case Of::name:
            return {{"type", {"string", "integer"}}};
        default:
            break;
    }
    Json json = {{"type", "number"}, {"minimum", d.range->smallest}, {"maximum", d.range->largest}};
    if (d.range->open_below) json["exclusiveMinimum"] = true;
    if (d.of == Of::whole_number) json["multipleOf"] = 1;  // 1e6 is one too, which TOML calls a float
    return json;
}

Json list_of(const Json& items) { return {{"type", "array"}, {"items", items}}; }

Json form(const Declaration& d) {
    if (d.many == Many::one) return item(d);
    if (d.many == Many::list) return list_of(item(d));
    return {{"anyOf", {item(d), list_of(item(d))}}};
}

Json value(const FileKey& key) {
    Json json = form(key.forms.front());
    if (key.forms.size() > 1) {
        json = {{"anyOf", Json::array()}};
        for (const auto& each : key.forms) json["anyOf"].push_back(form(each));
    }
    json["description"] = fmt::format("{}", fmt::join(key.meanings, "; or "));
    if (const auto standard = key.standard(); !standard.empty()) json["default"] = Json::parse(standard);
    return json;
}

Json table() { return {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}}; }

/// Puts a value where its dotted key says; a name that is the user's own stands for all names.
void put(Json& in, const std::string& key, Json json) {
    const auto dot = key.find('.');
    const auto part = key.substr(0, dot);
    const bool any = part.starts_with(own_name);
    if (any) json.erase("default");
    Json& at = any ? in["additionalProperties"] : in["properties"][part];
    if (dot == std::string::npos) {
        at = std::move(json);
        return;
    }
    if (!at.is_object()) at = table();
    put(at, key.substr(dot + 1), std::move(json));
}

std::string last_of(const std::string& key) { return key.substr(key.find('.') + 1); }

/// The table of a model, an optimiser or a landscape, whose name its key `says` gives.
Json table_of(const KeyGroup& group, const std::string& says) {
    Json json = table();
    for (const auto& key : group.keys.list()) put(json, last_of(key.name), value(key));
    if (!group.name.empty()) {
        json["properties"][says] = {{"enum", {group.name}}, {"description", "what the other keys belong to"}};
        json["required"] = {says};
        return json;
    }
    for (const char* form : {"equation", "next", "gradient", "header"})
        if (json["properties"].contains(form)) json["required"] = {form};
    if (json["properties"].contains("header")) json["additionalProperties"] = true;  // as the header says
    return json;
}

Json any_of(const std::vector<KeyGroup>& groups, const std::string& says) {
    Json json = Json::array();
    for (const auto& group : groups) json.push_back(table_of(group, says));
    return {{"anyOf", std::move(json)}};
}

/// The tables of optimisers; one that is called after an optimiser need not name it.
Json contenders(const std::vector<KeyGroup>& methods) {
    const Json named = {{"$ref", "#/definitions/optimiser"}};
    Json json = {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", named}};
    for (const auto& method : methods) {
        auto unnamed = table_of(method, "name");
        unnamed.erase("required");
        json["properties"][method.name] = {{"anyOf", {std::move(unnamed), named}}};
    }
    return json;
}

/// The first optimiser is the one that is taken where none is named.
Json optimiser(const std::vector<KeyGroup>& methods) {
    auto json = any_of(methods, "name");
    json["anyOf"][0].erase("required");
    return json;
}

/// The values of an axis: a list, or a range with the keys that a reading has declared.
Json axis(const FileKey& key, const Json& range) {
    const auto& declared = key.forms.front();
    Json json = {{"anyOf", {list_of(item(declared))}}, {"description", value(key)["description"]}};
    if (declared.of == Of::word) {
        json["anyOf"].push_back(item(declared));
        return json;
    }
    auto with_ends = range;
    for (const char* end : {"from", "to"}) with_ends["properties"][end] = item(declared);
    with_ends["required"] = {"from", "to", "points"};
    json["anyOf"].push_back(std::move(with_ends));
    return json;
}

/// Numbers and words of a model or an optimiser, and numbers of the integrator.
bool makes_an_axis(const FileKey& key) {
    const auto of = key.forms.front().of;
    const bool one = std::count(key.name.begin(), key.name.end(), '.') == 1;
    const bool number = of == Of::number || of == Of::whole_number;
    if (key.name.starts_with("integrator.")) return number;
    return one && (number || of == Of::word) && last_of(key.name) != "name";
}

void put_axes(Json& json, const FileKeys& keys) {
    Json range = table();
    KeyList all;
    for (const auto& key : keys.others.list()) {
        const auto last = key.name.substr(key.name.rfind('.') + 1);
        if (is_of_axis(key.name) && (last == "points" || last == "scale")) put(range, last, value(key));
        if (key.name.starts_with("integrator."))
            for (const auto& each : key.forms) all.add(each);
    }
    for (const auto* groups : {&keys.subjects, &keys.methods})
        for (const auto& group : *groups)
            for (const auto& key : group.keys.list())
                for (const auto& each : key.forms) all.add(each);
    for (const auto& key : all.list())
        if (makes_an_axis(key)) put(json, "sweep." + key.name, axis(key, range));
}

Json file_schema(const std::string& kind) {
    const auto keys = keys_of_kind(kind);
    Json json = table();
    json["title"] = fmt::format("a file for noisetrap {}", kind);
    if (!keys.subject.empty()) {
        json["properties"][keys.subject] = any_of(keys.subjects, keys.says);
        json["required"] = {keys.subject};
    }
    if (kind == "compare") {
        json["definitions"]["optimiser"] = any_of(keys.methods, "name");
        json["properties"]["optimisers"] = contenders(keys.methods);
        json["required"].push_back("optimisers");
    } else if (!keys.methods.empty()) {
        json["properties"]["optimiser"] = optimiser(keys.methods);
    }
    for (const auto& key : keys.others.list())
        if (!is_of_axis(key.name)) put(json, key.name, value(key));
    if (kind != "sweep") return json;
    put_axes(json, keys);
    json["required"].push_back("sweep");
    return json;
}

}  // namespace

Json schema(const std::string& kind) {
    Json json = {{"$schema", "http://json-schema.org/draft-04/schema#"}};
    if (!kind.empty()) {
        json.update(file_schema(kind));
        return json;
    }
    json["title"] = fmt::format("a file for noisetrap {}", version());
    json["anyOf"] = Json::array();
    for (const auto& each : file_kinds()) {
        auto file = file_schema(each);
        const auto& others = json["anyOf"];
        if (std::any_of(others.begin(), others.end(),
                        [&](const Json& other) { return other["properties"] == file["properties"]; }))
            continue;  // one file may serve two commands
        if (file.contains("definitions")) json["definitions"].update(file["definitions"]);
        file.erase("definitions");
        json["anyOf"].push_back(std::move(file));
    }
    return json;
}

}  // namespace noisetrap
