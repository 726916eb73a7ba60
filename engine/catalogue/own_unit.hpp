// Included by the unit that is compiled for a model of the user's own: its entries of the catalogue.
#pragma once

#include <string>
#include <vector>

#include "engine/catalogue/entry_unit.hpp"
#include "models/adaptive_optimisers.hpp"
#include "models/contract.hpp"
#include "models/families.hpp"
#include "models/optimisers.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {

class OwnEntries {
    std::vector<CatalogueEntry>& entries_;
    std::string type_;
    std::vector<std::string> headers_;
    std::string mark_;

    template <class Family>
    void add(const std::string& form, const std::string& method, const std::string& rest = "") {
        entries_.push_back(
            make_entry<Family>({form + "<" + type_ + ", " + method + rest + ">", headers_, mark_}));
    }

  public:
    OwnEntries(std::vector<CatalogueEntry>& entries, std::string type, const char* header, const char* mark)
        : entries_(entries),
          type_(std::move(type)),
          headers_{"models/optimisers.hpp", "models/adaptive_optimisers.hpp", "sde/schemes.hpp", header},
          mark_(mark) {}
    template <class Model, class Scheme>
    void sde(const char* scheme) {
        add<SdeFamily<Model, Scheme, Discretised>>("SdeFamily", scheme, ", Discretised");
    }
    template <class Model, class... Optimisers>
    void loss(const std::vector<const char*>& names) {
        std::size_t i = 0;
        (add<RecursionFamily<Model, Optimisers>>("RecursionFamily", names[i++]), ...);
    }
};

template <class Model>
void add_own_model(std::vector<CatalogueEntry>& entries, const char* type, const char* header,
                   const char* mark) {
    require_model<Model>();
    OwnEntries own(entries, type, header, mark);
    if constexpr (IsSde<Model>) {
        using Step = typename Model::template Step<double>;
        own.sde<Model, EulerMaruyama>("EulerMaruyama");
        if constexpr (HasAmplitude<Step>) own.sde<Model, Milstein>("Milstein");
        if constexpr (CanSplit<Step>) own.sde<Model, Splitting>("Splitting");
    } else {
        own.loss<Model, Sgd, Annealed, Momentum, Nesterov, Perturbed, Svrg, NormalisedSgd, GradientDescent,
                 RmsProp, AdaGrad, Adam, AmsGrad>({"Sgd", "Annealed", "Momentum", "Nesterov", "Perturbed",
                                                   "Svrg", "NormalisedSgd", "GradientDescent", "RmsProp",
                                                   "AdaGrad", "Adam", "AmsGrad"});
    }
}

}  // namespace noisetrap

#define NOISETRAP_OWN_MODEL(Type, header, mark)                                           \
    extern "C" __attribute__((visibility("default"))) const char noisetrap_kernel_key[] = \
        NOISETRAP_KERNEL_KEY;                                                             \
    extern "C" __attribute__((visibility("default"))) void noisetrap_entries(             \
        std::vector<noisetrap::CatalogueEntry>& entries) {                                \
        using namespace noisetrap;                                                        \
        add_own_model<Type>(entries, #Type, header, mark);                                \
    }
