// What a parameter of a landscape is: a number, a whole number or a list, with its range and meaning beside the
// member that holds it.
#pragma once

#include <array>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/catalogue/params.hpp"

namespace noisetrap {

using LandscapeValue = std::variant<double, std::vector<double>>;
using LandscapeValues = std::map<std::string, LandscapeValue>;

struct LandscapeParameter {
    std::string key, meaning;
    LandscapeValue standard;
    double smallest, largest;
    bool whole;
};

/// One member of `Model`.
template <class Model>
struct LandscapeField {
    LandscapeParameter info;
    std::variant<double Model::*, std::size_t Model::*, std::vector<double> Model::*> member;

    void assign(Model& model, const LandscapeValue& value) const {
        if (const auto number = std::get_if<double Model::*>(&member)) {
            model.*(*number) = std::get<double>(value);
        } else if (const auto count = std::get_if<std::size_t Model::*>(&member)) {
            model.*(*count) = static_cast<std::size_t>(std::get<double>(value));
        } else {
            model.*std::get<std::vector<double> Model::*>(member) = std::get<std::vector<double>>(value);
        }
    }
};

template <class Model>
LandscapeField<Model> real(const char* key, double Model::*member, double smallest, double largest,
                           const char* meaning) {
    return {{key, meaning, Model{}.*member, smallest, largest, false}, member};
}
template <class Model>
LandscapeField<Model> count(const char* key, std::size_t Model::*member, double smallest, double largest,
                            const char* meaning) {
    return {{key, meaning, static_cast<double>(Model{}.*member), smallest, largest, true}, member};
}
template <class Model>
LandscapeField<Model> list(const char* key, std::vector<double> Model::*member, double smallest,
                           double largest, const char* meaning) {
    return {{key, meaning, Model{}.*member, smallest, largest, false}, member};
}

/// Parameters and sizes beyond this are typing errors.
inline constexpr double most_parameters = 1e9, most_height = 1e6;

/// Modes of equal height would make families of critical points that no list names.
inline Complaint unless_falling(const char* key, const std::vector<double>& values, std::size_t most) {
    if (values.empty()) return {key, "needs at least one number"};
    if (values.size() > most)
        return {key, std::string("has ") + std::to_string(values.size()) +
                         " numbers, and there is room for " + std::to_string(most)};
    for (std::size_t i = 1; i < values.size(); ++i)
        if (!(values[i] < values[i - 1])) return {key, "must fall: each number less than the one before"};
    return {};
}

}  // namespace noisetrap
