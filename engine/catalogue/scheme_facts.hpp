// What the program says of schemes, and whether one of them fits the noise of a run.
#pragma once

#include <string>
#include <vector>

#include "engine/catalogue/catalogue.hpp"
#include "sde/scheme.hpp"

namespace noisetrap {

struct SchemeFacts {
    const char *name, *type;  // in configurations, and as C++ writes it
    Calculus calculus;
    Takes takes;
    /// The strong order with one noise or with noises that commute; and with others. 0 where a step follows no Brownian path.
    double strong_order, order_of_several;
    double weak_order;
    /// What a step evaluates, and the variates that it takes: amplitudes and variates for each noise.
    int drifts, amplitudes;
    bool in_pairs;
    Law first_law, second_law;
    bool has_length;   // its step is not linear though the equation be
    bool for_systems;  // it steps several variables too
    bool converts;     // it steps the equation of either calculus
    bool remembers;    // it keeps something of a step for the next
    bool langevin;     // the equation must be Langevin's
    bool bounded;      // a step must say how far its coefficients are taken
};

/// In the order of docs/schemes.md.
const std::vector<SchemeFacts>& scheme_facts();
/// Null where no scheme has the name.
const SchemeFacts* find_scheme(const std::string& name);

/// "one noise", "additive noise" or "any noise".
const char* name_of(Takes);
const char* name_of(Calculus);

/// The laws of a step's variates, of a model with `noises` noises of which the first `active` are needed.
std::vector<Law> laws_under(const SchemeFacts&, int noises, int active);

/// Why the entry's scheme does not fit the noise of a process, and which do, as the end of a sentence; empty where it
/// fits.
std::string noise_complaint(const CatalogueEntry&, const PreparedProcess&);
/// Why no entry of the model is named after the scheme, in the same way; empty where there is no such scheme.
std::string absence_complaint(const std::string& model, const std::string& scheme);
/// Why the scheme does not step Stratonovich equations; empty where it does.
std::string calculus_complaint(const CatalogueEntry&);

}  // namespace noisetrap
