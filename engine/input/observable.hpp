// What a sweep can estimate at a point. Each observable is a row of one table here, and has its estimator in
// analysis/sweeps/observables.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/input/config_reader.hpp"

namespace noisetrap {

/// What is estimated at a point.
struct Observable {
    enum class Kind {
        growth,
        escaped,
        trapped,
        quantile,
        exit_time,
        tail_index,
        mode,
        small_step,
        mean_square,
        exponent
    };
    std::string name;  // as given: "growth", "quantile:0.9"
    Kind kind = Kind::growth;
    double p = 0.5;

    bool operator==(const Observable&) const = default;
};

/// What must be watched, so that an observable can be estimated.
enum class Needs {
    growth,   // log |dx(end)/dx(0)|
    exits,    // when |x| >= exit_radius
    end,      // x at the end
    factors,  // x after each of the first steps
    products  // of random matrices, which the engine does not step
};

struct ObservableKind {
    const char* name;  // "tail-index:0.02" is the row tail-index with p = 0.02
    Observable::Kind kind;
    Needs needs;
    const char* meaning;
    const char* unit;                  // with T for that of time
    std::optional<double> level = {};  // that tells two behaviours apart
    double p = 0;                      // unless given
    double smallest = 0, largest = 0;  // of p; equal where it has none

    bool takes_number() const { return smallest != largest; }
};

std::span<const ObservableKind> observable_kinds();
/// The row of an observable.
const ObservableKind& kind_of(const Observable&);

/// Whether it is the odds of what happens to whole paths, 0 or 1 on each.
bool is_odds(const Observable&);

/// Reads "quantile:0.9", which stands at `key`.
Observable read_observable(const ConfigReader&, const std::string& key, const std::string& text);

}  // namespace noisetrap
