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

template <class Model, class... Optimisers>
void add_own_model(std::vector<CatalogueEntry>& entries, const char* type, const char* header,
                   const char* mark, Named<Optimisers>... optimisers) {
    require_model<Model>();
    OwnEntries own(entries, type, header, mark);
    if constexpr (IsSde<Model>) {
        using Step = typename Model::template Step<double>;
        own.sde<Model, EulerMaruyama>("EulerMaruyama");
        if constexpr (HasAmplitude<Step>) own.sde<Model, Milstein>("Milstein");
        if constexpr (CanSplit<Step>) own.sde<Model, Splitting>("Splitting");
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
