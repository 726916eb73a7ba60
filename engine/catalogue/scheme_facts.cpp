#include "engine/catalogue/scheme_facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/catalogue/formula_facts.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

template <class Scheme>
SchemeFacts facts_of(const char* type) {
    return {Scheme::name,         type,
            Scheme::calculus,     Scheme::takes,
            Scheme::strong_order, Scheme::order_of_several,
            Scheme::weak_order,   Scheme::drifts,
            Scheme::amplitudes,   Scheme::in_pairs,
            Scheme::first_law,    Scheme::second_law,
            Scheme::has_length,   Scheme::for_systems,
            Scheme::converts,     Scheme::remembers,
            Scheme::langevin,     Scheme::bounded};
}

bool fits(Takes takes, int noises, bool additive) {
    return takes == Takes::any || (takes == Takes::one ? noises <= 1 : additive);
}

/// "'heun', 'ri1' or 'splitting'": what steps this noise of the model, of the highest weak orders.
std::string fitting_schemes(const std::string& model, int noises, bool additive) {
    std::vector<const SchemeFacts*> fitting;
    for (const auto* entry : entries_of(model))
        if (const auto* facts = find_scheme(entry->method); facts && fits(facts->takes, noises, additive))
            fitting.push_back(facts);
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const auto* a, const auto* b) { return a->weak_order > b->weak_order; });
    constexpr std::size_t most = 3;
    std::vector<std::string> names;
    for (const auto* facts : fitting)
        if (names.size() < most) names.push_back(fmt::format("'{}'", facts->name));
    if (names.size() < 2) return fmt::format("{}", fmt::join(names, ""));
    const auto last = names.back();
    names.pop_back();
    return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

bool has_parameter(const CatalogueEntry& entry, const char* key) {
    return std::any_of(entry.model_parameters.begin(), entry.model_parameters.end(),
                       [&](const auto& info) { return info.key == key; });
}

}  // namespace

const std::vector<SchemeFacts>& scheme_facts() {
#define FACTS(Scheme) facts_of<Scheme>(#Scheme),
    static const std::vector<SchemeFacts> all = {NOISETRAP_SCHEMES(FACTS)};
#undef FACTS
    return all;
}

const SchemeFacts* find_scheme(const std::string& name) {
    for (const auto& facts : scheme_facts())
        if (facts.name == name) return &facts;
    return nullptr;
}

const char* name_of(Takes takes) {
    return takes == Takes::one ? "one noise" : takes == Takes::additive ? "additive noise" : "any noise";
}

const char* name_of(Calculus calculus) {
    return calculus == Calculus::ito ? "Ito" : calculus == Calculus::stratonovich ? "Stratonovich" : "either";
}

std::vector<Law> laws_under(const SchemeFacts& scheme, int noises, int active) {
    std::vector<Law> laws;
    for (int i = 0; i < variates_of(scheme.in_pairs, noises, active); ++i)
        laws.push_back(i < active ? scheme.first_law : i < noises ? Law::none : scheme.second_law);
    return laws;
}

std::string noise_complaint(const CatalogueEntry& entry, const PreparedProcess& process) {
    const auto* scheme = find_scheme(entry.method);
    if (!scheme || fits(scheme->takes, process.noises, process.additive)) return "";
    const auto others = fitting_schemes(entry.model, process.noises, process.additive);
    if (scheme->takes == Takes::additive)
        return fmt::format(
            "does not fit: it takes noise that does not depend on x, as this model's does here; use {}",
            others);
    const bool correlated = has_parameter(entry, "tau") && has_parameter(entry, "rho");
    return fmt::format("does not fit: it takes one noise, and the {} here do not commute; use {}{}",
                       process.noises, others,
                       correlated ? ", or leave one noise: tau = 0, or rho = 1 or -1" : "");
}

std::string absence_complaint(const std::string& model, const std::string& scheme) {
    const auto* facts = find_scheme(scheme);
    if (!facts || entries_of(model).empty()) return "";
    const auto others = fitting_schemes(model, 2, false);
    const auto& formula = entries_of(model)[0]->formula;
    if (formula && !formula->standard_noise)
        return fmt::format("does not step '{}', whose noise is no Brownian motion; use {}", model, others);
    const char* why = facts->langevin
                          ? "is for Langevin's equations, dx = v dt and dv = (f(x) - g*v) dt + noise "
                            "that knows no v, with all x before all v"
                      : facts->bounded || facts->remembers ? "steps formulas alone"
                      : facts->has_length                  ? "is for drifts that grow faster than x"
                      : !facts->converts                   ? "needs flows that are known in closed form"
                      : facts->takes == Takes::additive    ? "takes noise that is known not to depend on x"
                      : facts->takes == Takes::one ? "takes one variable with the amplitude of its one noise"
                                                   : "needs members of a model that are not here";
    return fmt::format("does not step '{}': it {}; use {}", model, why, others);
}

std::string calculus_complaint(const CatalogueEntry& entry) {
    if (!entry.source_of_stratonovich.empty()) return "";
    if (entry.formula && !entry.formula->standard_noise)
        return "= 'stratonovich' is meant of Brownian noise, and this equation has other noise; leave it out";
    return fmt::format(
        "= 'stratonovich' does not go with the scheme '{}', which steps '{}' as an Ito equation; use "
        "'heun' or 'midpoint'",
        entry.method, entry.model);
}

}  // namespace noisetrap
