// What the program says of noises that remember (models/noise_processes.hpp): what a configuration gives, and what the
// kernel's numbers are made of.
#pragma once

#include <string>
#include <vector>

#include "engine/formula/tree.hpp"
#include "engine/noise/law.hpp"

namespace noisetrap {

/// A number that a configuration gives, or a formula of parameters; with its range.
struct NoiseKey {
    const char *name, *meaning;
    double smallest, largest;
    bool whole = false;

    bool allows(double value) const;
    /// "must be a whole number between 2 and 1048576"
    std::string range() const;
};

/// What a noise is worth in one step, where it takes few values: each with its odds.
struct Level {
    double value, odds;
};

struct NoiseFacts {
    const char *name, *type;  // in configurations, and as C++ writes it
    std::vector<NoiseKey> keys;
    std::vector<Law> laws;  // of its variates; none: what the configuration chooses
    bool sized;             // the configuration gives its standard deviation
    /// The numbers of the struct, from those of the keys in their order.
    std::vector<formula::Tree> (*numbers)(const std::vector<formula::Tree>& keys);
    /// Of one step, by the numbers of the struct: the standard deviation of a normal noise as a multiple of its `sd`, and
    /// the values of a noise that takes few.
    double (*spread)(const std::vector<double>& numbers);
    std::vector<Level> (*levels)(const std::vector<double>& numbers);
};

/// THE list of them, `independent` first, whose law a configuration chooses.
const std::vector<NoiseFacts>& noise_facts();
const NoiseFacts& noise_facts_of(const std::string& name);

}  // namespace noisetrap
