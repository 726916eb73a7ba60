// Stands in for params.hpp in kernel units: a kernel needs physics alone, and without the rest it compiles in two
// thirds of the time.
#pragma once

#include <array>

#include "engine/noise/law.hpp"

namespace noisetrap {

struct ParameterValues;
struct Complaint {
    const char *key = "", *what = "";
    explicit operator bool() const { return *key != 0; }
};
inline Complaint unless_whole(const char*, double) { return {}; }

struct NoField {};
template <class Model = void, class... Ignored>
constexpr NoField number(const Ignored&...) {
    return {};
}
template <class Model = void, class... Ignored>
constexpr NoField law(const Ignored&...) {
    return {};
}
template <class Model = void, class... Ignored>
constexpr NoField shaped_law(const Ignored&...) {
    return {};
}
template <class Model = void, class... Ignored>
constexpr NoField word(const Ignored&...) {
    return {};
}
template <class Model>
Model with_parameters(const ParameterValues&) {
    return {};
}

}  // namespace noisetrap
