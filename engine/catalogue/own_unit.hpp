// Included by the unit that is compiled for a model of the user's own: its entries of the catalogue.
#pragma once

#include <string>
#include <vector>

#include "engine/catalogue/entry_unit.hpp"
#include "models/contract.hpp"
#include "models/families.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {

/// An optimiser as C++ writes it, and the header that defines it.
template <class Optimiser>
struct Named {
    const char* type;
    const char* header;
};

class OwnEntries {
    std::vector<CatalogueEntry>& entries_;
    std::string type_, header_, mark_;

  public:
    OwnEntries(std::vector<CatalogueEntry>& entries, std::string type, std::string header, std::string mark)
        : entries_(entries), type_(std::move(type)), header_(std::move(header)), mark_(std::move(mark)) {}
    template <class Model, class Scheme>
    void sde(const char* scheme) {
        entries_.push_back(make_entry<SdeFamily<Model, Scheme, Discretised>>(
            {"SdeFamily<" + type_ + ", " + scheme + ", Discretised>", {"sde/schemes.hpp", header_}, mark_}));
    }
    template <class Model, class Optimiser>
    void loss(Named<Optimiser> optimiser) {
        entries_.push_back(make_entry<RecursionFamily<Model, Optimiser>>(
            {"RecursionFamily<" + type_ + ", " + optimiser.type + ">", {optimiser.header, header_}, mark_}));
    }
};

/// Whether a scheme can step a model of one variable, as far as its members say.
template <class Scheme, class Step>
concept CanStep =
    !Scheme::remembers && !Scheme::langevin && !Scheme::bounded &&
    (!Scheme::looks_ahead || KnowsLaterTimes<Step>)&&(
        Scheme::calculus != Calculus::stratonovich ||
        HasItoDrift<Step>)&&(Scheme::takes != Takes::one ||
                             HasAmplitude<Step>)&&(Scheme::takes != Takes::additive ||
                                                   SaysAdditive<Step>)&&(!std::is_same_v<Scheme, Splitting> ||
                                                                         CanSplit<Step>);

template <class Model, class Scheme>
void add_under(OwnEntries& own, const char* scheme) {
    if constexpr (CanStep<Scheme, typename Model::template Step<double>>)
        own.template sde<Model, Scheme>(scheme);
}

template <class Model, class... Optimisers>
void add_own_model(std::vector<CatalogueEntry>& entries, const char* type, const char* header,
                   const char* mark, Named<Optimisers>... optimisers) {
    require_model<Model>();
    OwnEntries own(entries, type, header, mark);
    if constexpr (IsSde<Model>) {
#define NOISETRAP_ADD(Scheme) add_under<Model, Scheme>(own, #Scheme);
        NOISETRAP_SCHEMES(NOISETRAP_ADD)
#undef NOISETRAP_ADD
    } else {
        (own.loss<Model>(optimisers), ...);
    }
}

}  // namespace noisetrap

#define NOISETRAP_OWN_MODEL(Type, header, mark, ...)                                      \
    extern "C" __attribute__((visibility("default"))) const char noisetrap_kernel_key[] = \
        NOISETRAP_KERNEL_KEY;                                                             \
    extern "C" __attribute__((visibility("default"))) void noisetrap_entries(             \
        std::vector<noisetrap::CatalogueEntry>& entries) {                                \
        using namespace noisetrap;                                                        \
        add_own_model<Type>(entries, #Type, header, mark, __VA_ARGS__);                   \
    }
