#include "app/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "analysis/sweeps/point_source.hpp"
#include "engine/input/comparison.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

using Of = Declaration::Of;
using Many = Declaration::Many;
using Words = std::vector<std::string>;

/// Names that are the user's own begin so in the texts that readers are given here.
constexpr const char* own = "some_";
constexpr const char* own_optimiser = "optimisers.some_optimiser.";

/// A key as all readings together declare it.
struct Key {
    std::string name;                // dotted
    std::vector<Declaration> forms;  // of different types
    Words meanings;
    std::set<std::string> standards;  // "" for none

    /// Where it has always the same one.
    std::string standard() const { return standards.size() == 1 ? *standards.begin() : ""; }
};

template <class T>
void add_new(std::vector<T>& list, const T& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

class Keys {
    std::vector<Key> keys_;

    Key& named(const std::string& name) {
        for (auto& key : keys_)
            if (key.name == name) return key;
        return keys_.emplace_back(Key{name, {}, {}, {}});
    }

  public:
    const std::vector<Key>& list() const { return keys_; }

    void add(const Declaration& d) {
        auto& key = named(d.key);
        add_new(key.meanings, d.meaning);
        key.standards.insert(d.standard.value_or(""));
        for (auto& form : key.forms) {
            if (form.of != d.of || form.many != d.many) continue;
            for (const auto& word : d.choices) add_new(form.choices, word);
            if (!form.range) return;
            form.range->smallest = std::min(form.range->smallest, d.range->smallest);
            form.range->largest = std::max(form.range->largest, d.range->largest);
            form.range->open_below = form.range->open_below && d.range->open_below;
            return;
        }
        key.forms.push_back(d);
    }
};

/// The keys of one model or of one optimiser.
struct Group {
    std::string name;  // empty: of the user's own
    Keys keys;
};

/// All that a kind of file may say.
struct FileKeys {
    std::vector<Group> models, methods;
    Keys others;
};

bool begins(const std::string& text, const std::string& with) { return text.starts_with(with); }

/// Readings of texts that make the reader of a kind ask for every key. Where a default depends on another key, that
/// has another value in some text.
class Readings {
    const std::string kind_;
    FileKeys keys_;
    std::set<std::string> declared_, known_;

    Declarations read(const std::string& toml) const {
        if (kind_ == "compare") return keys_of_comparison(toml);
        if (kind_ == "sweep") return keys_of_sweep(toml, host_models());
        return keys_of_run(toml);
    }

    /// Shares the declarations out; a text about a model says nothing of an optimiser's keys, and the reverse.
    void take(const Declarations& read, Group* model, Group* method) {
        known_.insert(read.known.begin(), read.known.end());
        for (auto d : read.declared) {
            declared_.insert(d.key);
            if (begins(d.key, "model.")) {
                if (model) model->keys.add(d);
            } else if (begins(d.key, "optimiser.") || begins(d.key, own_optimiser)) {
                d.key = "optimiser" + d.key.substr(d.key.rfind('.'));
                if (method) method->keys.add(d);
            } else {
                keys_.others.add(d);
            }
        }
    }

    /// What asks for the keys that are no model's and no optimiser's.
    std::string common(bool sde, bool of_engine) const {
        if (kind_ == "compare") return "compare.exit_radius = 20.0\noptimisers.some_optimiser.name = 'sgd'\n";
        if (kind_ == "simulate")
            return std::string(
                       "observe.exit_radius = 2.0\nobserve.histogram = {scale = 'symlog', to = 7.0}\n") +
                   (sde ? "integrator = {dt = 0.5, t_end = 8.0}\n" : "");
        const std::string axis = " = {from = 100, to = 200, points = 2}\n";
        if (sde) return "sweep.exit_radius = 2.0\nintegrator.t_end = 800.0\nsweep.integrator.dt" + axis;
        return (of_engine ? "sweep.exit_radius = 2.0\nsweep.boundary.coarse = 9\n" : "") +
               ("sweep.integrator.steps" + axis);
    }

    void read_models() {
        for (const auto& name : model_names()) {
            const bool sde = entries_of(name).front()->formulation == Formulation::sde;
            if (sde && kind_ == "compare") continue;
            keys_.models.push_back({name, {}});
            take(read(fmt::format("model.name = '{}'\n{}", name, common(sde, true))), &keys_.models.back(),
                 nullptr);
        }
        if (kind_ != "sweep") return;
        for (const auto& host : host_models()) {
            keys_.models.push_back({host.name, {}});
            take(read(fmt::format("model.name = '{}'\n{}", host.name, common(false, false))),
                 &keys_.models.back(), nullptr);
        }
    }

    void read_formulas() {
        struct Form {
            bool sde, for_optimisers;
            std::vector<std::string> texts;
        };
        const std::string parts = "model.parameters.some_parameter = 1.0\nfunctions.some_function = 'u'\n";
        const std::string rate = "some_parameter*some_function(x)";
        const auto with_noise = [&](const std::string& key, std::initializer_list<const char*> noises) {
            std::vector<std::string> texts;
            for (const auto* of_noise : noises)
                texts.push_back(
                    fmt::format("{} = '{} + some_noise'\nnoise.some_noise = {{{}}}\n", key, rate, of_noise));
            return texts;
        };
        // Numbers of a noise may be formulas of parameters, which are strings.
        auto recursions = with_noise(
            "model.next",
            {"law = 'gaussian', sd = 1.5", "law = 'uniform', sd = '2'", "law = 'student-t', nu = 3",
             "law = 'student-t', nu = '3'", "law = 'stable', alpha = 1.5", "law = 'stable', alpha = '1.5'",
             "law = 'jumps', rate = 1.0", "law = 'jumps', rate = '1'", "process = 'anticorrelated'",
             "process = 'correlated', correlation_time = 5.0",
             "process = 'correlated', correlation_time = '5'",
             "process = 'samples', samples = 4, reshuffled = 1",
             "process = 'samples', samples = '4', reshuffled = '1'",
             "process = 'switching', up = 0.1, down = 0.1",
             "process = 'switching', up = '0.1', down = '0.1'"});
        recursions.push_back("model.next = ['x = " + rate +
                             " + some_noise', 'some_variable = x']\nmodel.start.some_variable = 1.0\n"
                             "noise.some_noise = {law = 'gaussian'}\n");
        const Form forms[] = {
            {true,
             false,
             {"model.equation = 'dx = " + rate + " dt + x dW'\n",
              "model.equation = ['dx = some_variable dt', 'dsome_variable = " + rate +
                  " dt + dW']\nmodel.start.some_variable = 1.0\n"}},
            {false, false, recursions},
            {false, true,
             with_noise("model.gradient", {"law = 'gaussian', sd = 1.5", "law = 'uniform', sd = '2'"})}};
        for (const auto& form : forms) {
            if (kind_ == "compare" && !form.for_optimisers) continue;
            keys_.models.push_back({"", {}});
            for (const auto& text : form.texts)
                take(read(text + parts + common(form.sde, true)), &keys_.models.back(), nullptr);
        }
        keys_.models.push_back({"", {}});
        take(keys_of_own_source(), &keys_.models.back(), nullptr);
    }

    void read_methods() {
        Words seen;
        for (const auto& entry : catalogue()) {
            if (entry.formulation == Formulation::sde) continue;
            if (std::find(seen.begin(), seen.end(), entry.method) != seen.end()) continue;
            seen.push_back(entry.method);
            keys_.methods.push_back({entry.method, {}});
            auto text = common(false, true);
            if (kind_ != "compare") text += "optimiser.name = 'sgd'\n";
            text.replace(text.rfind("'sgd'"), 5, "'" + entry.method + "'");
            take(read(fmt::format("model.name = '{}'\n{}", entry.model, text)), nullptr,
                 &keys_.methods.back());
        }
    }

    /// A key that no text has made the reader ask for would be missing without a word.
    void require_all() const {
        for (const auto& key : known_)
            if (!declared_.count(key))
                throw std::logic_error(fmt::format("no text of the schema makes a reader ask for {}", key));
    }

  public:
    explicit Readings(std::string kind) : kind_(std::move(kind)) {}

    FileKeys keys() {
        read_models();
        read_formulas();
        read_methods();
        require_all();
        return std::move(keys_);
    }
};

FileKeys keys_of_kind(const std::string& kind) { return Readings(kind).keys(); }

// -- JSON Schema

Json item(const Declaration& d) {
    switch (d.of) {
        case Of::flag:
            return {{"type", "boolean"}};
        case Of::word:
            return {{"enum", d.choices}};
        case Of::text:
            return {{"type", "string"}};
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

Json value(const Key& key) {
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
    const bool any = begins(part, own);
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

/// The table of a model or of an optimiser, which says its name.
Json table_of(const Group& group) {
    Json json = table();
    for (const auto& key : group.keys.list()) put(json, last_of(key.name), value(key));
    if (!group.name.empty()) {
        json["properties"]["name"] = {{"enum", {group.name}},
                                      {"description", "what the other keys belong to"}};
        json["required"] = {"name"};
        return json;
    }
    for (const char* form : {"equation", "next", "gradient", "header"})
        if (json["properties"].contains(form)) json["required"] = {form};
    if (json["properties"].contains("header")) json["additionalProperties"] = true;  // as the header says
    return json;
}

Json any_of(const std::vector<Group>& groups) {
    Json json = Json::array();
    for (const auto& group : groups) json.push_back(table_of(group));
    return {{"anyOf", std::move(json)}};
}

/// The tables of optimisers; one that is called after an optimiser need not name it.
Json contenders(const std::vector<Group>& methods) {
    const Json named = {{"$ref", "#/definitions/optimiser"}};
    Json json = {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", named}};
    for (const auto& method : methods) {
        auto unnamed = table_of(method);
        unnamed.erase("required");
        json["properties"][method.name] = {{"anyOf", {std::move(unnamed), named}}};
    }
    return json;
}

/// The first optimiser is the one that is taken where none is named.
Json optimiser(const std::vector<Group>& methods) {
    auto json = any_of(methods);
    json["anyOf"][0].erase("required");
    return json;
}

/// The values of an axis: a list, or a range with the keys that a reading has declared.
Json axis(const Key& key, const Json& range) {
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

bool is_of_axis(const std::string& key) {
    return begins(key, "sweep.model.") || begins(key, "sweep.optimiser.") || begins(key, "sweep.integrator.");
}

/// Numbers and words of a model or an optimiser, and numbers of the integrator.
bool makes_an_axis(const Key& key) {
    const auto of = key.forms.front().of;
    const bool one = std::count(key.name.begin(), key.name.end(), '.') == 1;
    const bool number = of == Of::number || of == Of::whole_number;
    if (begins(key.name, "integrator.")) return number;
    return one && (number || of == Of::word) && last_of(key.name) != "name";
}

void put_axes(Json& json, const FileKeys& keys) {
    Json range = table();
    Keys all;
    for (const auto& key : keys.others.list()) {
        const auto last = key.name.substr(key.name.rfind('.') + 1);
        if (is_of_axis(key.name) && (last == "points" || last == "scale")) put(range, last, value(key));
        if (begins(key.name, "integrator."))
            for (const auto& each : key.forms) all.add(each);
    }
    for (const auto* groups : {&keys.models, &keys.methods})
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
    json["properties"]["model"] = any_of(keys.models);
    json["required"] = {"model"};
    if (kind == "compare") {
        json["definitions"]["optimiser"] = any_of(keys.methods);
        json["properties"]["optimisers"] = contenders(keys.methods);
        json["required"].push_back("optimisers");
    } else {
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

std::vector<Declaration> keys_of_files(const std::string& kind) {
    const auto keys = keys_of_kind(kind);
    Keys all;
    const auto add = [&](const Keys& some) {
        for (const auto& key : some.list())
            if (("." + key.name).find(std::string(".") + own) == std::string::npos && !is_of_axis(key.name))
                for (auto each : key.forms) {
                    each.meaning = key.meanings.front();
                    all.add(each);
                }
    };
    for (const auto& group : keys.models) add(group.keys);
    if (kind != "compare")
        for (const auto& group : keys.methods) add(group.keys);
    add(keys.others);
    std::vector<Declaration> list;
    for (const auto& key : all.list()) list.push_back(key.forms.front());
    return list;
}

Json schema(const std::string& kind) {
    Json json = {{"$schema", "http://json-schema.org/draft-04/schema#"}};
    if (!kind.empty()) {
        json.update(file_schema(kind));
        return json;
    }
    json["title"] = fmt::format("a file for noisetrap {}", version());
    for (const char* each : file_kinds) {
        auto file = file_schema(each);
        if (file.contains("definitions")) json["definitions"].update(file["definitions"]);
        file.erase("definitions");
        json["anyOf"].push_back(std::move(file));
    }
    return json;
}

}  // namespace noisetrap
