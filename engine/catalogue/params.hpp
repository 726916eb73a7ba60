// What a parameter is: its key, range, unit and meaning stand beside the field that holds it.
#pragma once

#if defined(NOISETRAP_KERNEL_UNIT)
    #include "engine/catalogue/no_params.hpp"
#else

    #include <algorithm>
    #include <cmath>
    #include <iterator>
    #include <map>
    #include <span>
    #include <string>
    #include <variant>
    #include <vector>

    #include "engine/noise/law.hpp"

namespace noisetrap {

using ParameterValue = std::variant<double, std::string>;
using ParameterValues = std::map<std::string, ParameterValue>;

/// What is wrong with parameters that are each in range: the key to blame, whose value "must ..." or
/// "needs ...". No key: nothing is.
struct Complaint {
    std::string key, what;
    explicit operator bool() const { return !key.empty(); }
};

inline Complaint unless_whole(const char* key, double value) {
    if (value == std::floor(value)) return {};
    return {key, "must be a whole number"};
}

/// A parameter as the command line, the documentation and the checks see it.
struct ParameterInfo {
    std::string key, unit, meaning;
    ParameterValue standard;           // the default
    double smallest = 0, largest = 0;  // numbers only
    std::vector<std::string> choices;  // words only
};

/// The names of the laws up to `last`.
inline std::vector<std::string> law_names(Law last) {
    std::vector<std::string> names;
    for (int i = 0; i <= static_cast<int>(last); ++i) names.emplace_back(law_facts[i].name);
    return names;
}
inline Law law_named(const std::string& name) {
    return static_cast<Law>(std::find_if(std::begin(law_facts), std::end(law_facts),
                                         [&](const auto& facts) { return facts.name == name; }) -
                            std::begin(law_facts));
}

/// A field of `Model`: a number with a range, a law by name, or the place of a word among the choices.
template <class Model>
struct Field {
    ParameterInfo info;
    std::variant<double Model::*, Law Model::*, int Model::*> member;

    void assign(Model& model, const ParameterValue& value) const {
        if (auto number = std::get_if<double Model::*>(&member)) {
            model.*(*number) = std::get<double>(value);
        } else if (auto word = std::get_if<int Model::*>(&member)) {
            const auto& choices = info.choices;
            const auto found = std::find(choices.begin(), choices.end(), std::get<std::string>(value));
            model.*(*word) = static_cast<int>(found - choices.begin());
        } else {
            model.*std::get<Law Model::*>(member) = law_named(std::get<std::string>(value));
        }
    }
};

template <class Model>
Field<Model> number(const char* key, double Model::*member, double smallest, double largest, const char* unit,
                    const char* meaning) {
    return {{key, unit, meaning, Model{}.*member, smallest, largest, {}}, member};
}

/// One of the laws without a shape; and one of those with a shape too, for a model that holds the shapes.
template <class Model>
Field<Model> law(const char* key, Law Model::*member, const char* meaning, Law last = Law::two_point) {
    return {{key, "-", meaning, facts_of(Model{}.*member).name, 0, 0, law_names(last)}, member};
}
template <class Model>
Field<Model> shaped_law(const char* key, Law Model::*member, const char* meaning) {
    return law(key, member, meaning, Law::stable);
}

template <class Model, std::size_t N>
Field<Model> word(const char* key, int Model::*member, const char* const (&choices)[N], const char* meaning) {
    return {{key, "-", meaning, choices[Model{}.*member], 0, 0, {choices, choices + N}}, member};
}

template <class Model>
std::vector<ParameterInfo> parameters_of() {
    std::vector<ParameterInfo> infos;
    for (const auto& field : Model::parameters()) infos.push_back(field.info);
    return infos;
}

/// The model with these values; keys that are absent keep their default.
template <class Model>
Model with_parameters(const ParameterValues& values) {
    Model model;
    for (const auto& field : Model::parameters())
        if (auto found = values.find(field.info.key); found != values.end())
            field.assign(model, found->second);
    return model;
}

}  // namespace noisetrap

#endif
