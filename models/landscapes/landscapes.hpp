// THE list of landscapes. Commands, their errors and the tests go through it.
#pragma once

#include <functional>

#include "models/landscapes/coupled_saddle.hpp"
#include "models/landscapes/deep_chain.hpp"
#include "models/landscapes/gaussian_field.hpp"
#include "models/landscapes/linear_autoencoder.hpp"
#include "models/landscapes/linear_net.hpp"
#include "models/landscapes/matrix_factorisation.hpp"
#include "models/landscapes/octopus_chain.hpp"
#include "models/landscapes/orthogonal_tensor.hpp"
#include "models/landscapes/phase_retrieval.hpp"
#include "models/landscapes/quadratic_saddle.hpp"
#include "models/landscapes/softmax_tie.hpp"
#include "models/landscapes/spherical_glass.hpp"

namespace noisetrap {

struct LandscapeEntry {
    const char *name, *formula, *source;
    const char* law;  // what theory knows instead of a list of points; null where it has the list
    std::vector<LandscapeParameter> parameters;
    std::function<Complaint(const LandscapeValues&)> complaint;
    std::function<std::unique_ptr<Landscape>(const LandscapeValues&)> make;
};

/// The model with these values; keys that are absent keep their default.
template <class Model>
Model landscape_with(const LandscapeValues& values) {
    Model model;
    for (const auto& field : Model::parameters())
        if (const auto found = values.find(field.info.key); found != values.end())
            field.assign(model, found->second);
    return model;
}

template <class Model>
LandscapeEntry landscape_entry() {
    LandscapeEntry entry{Model::name, Model::formula, Model::source, nullptr, {}, {}, {}};
    if constexpr (requires { Model::law; }) entry.law = Model::law;
    for (const auto& field : Model::parameters()) entry.parameters.push_back(field.info);
    entry.complaint = [](const LandscapeValues& values) { return landscape_with<Model>(values).complaint(); };
    entry.make = [](const LandscapeValues& values) {
        return std::make_unique<LandscapeOf<Model>>(landscape_with<Model>(values));
    };
    return entry;
}

template <class... Models>
std::vector<LandscapeEntry> landscape_entries() {
    return {landscape_entry<Models>()...};
}

inline const std::vector<LandscapeEntry>& landscapes() {
    static const auto list =
        landscape_entries<QuadraticSaddle, LinearNet, LinearAutoencoder, DeepChain, MatrixFactorisation,
                          PhaseRetrieval, OrthogonalTensor, SoftmaxTie, CoupledSaddle, OctopusChain,
                          SphericalGlass, GaussianField>();
    return list;
}

}  // namespace noisetrap
