// Included by the generated catalogue alone: builds an entry from the types of a model and a method.
#pragma once

#include <cstring>
#include <type_traits>

#include "engine/catalogue.hpp"

namespace noisetrap {

template <class P>
Process process_of(const P& process) {
    static_assert(std::is_trivially_copyable_v<P>);
    Process made{std::vector<std::byte>(sizeof(P)), process.active_noises(), process.additive(),
                 P::always_scaled || process.additive(), 0};
    if constexpr (requires { process.largest_log_step(); })
        made.largest_log_step = process.largest_log_step();
    std::memcpy(made.bytes.data(), &process, sizeof(P));
    return made;
}

template <class Family>
Process make_process(const ParameterValues& model, const ParameterValues& method, double dt,
                     Precision precision) {
    if (precision == Precision::single) return process_of(Family::template make<float>(model, method, dt));
    return process_of(Family::template make<double>(model, method, dt));
}

template <class Model>
std::function<double(double)> drift_of(const ParameterValues& values) {
    return [sde = with_parameters<Model>(values).template per_step<double>(1)](double x) {
        return sde.drift(x, 1.0);
    };
}
template <class Model>
std::function<double(double)> variance_of(const ParameterValues& values) {
    return [sde = with_parameters<Model>(values).template per_step<double>(1)](double x) {
        return sde.variance(x, 1.0);
    };
}

template <class Model>
std::string complaint_of(const ParameterValues& values) {
    if constexpr (requires(Model m) { m.complaint(); }) {
        return with_parameters<Model>(values).complaint();
    } else {
        return {};
    }
}

/// An SDE may say that its coefficients jump.
template <class Family>
constexpr bool is_differentiable() {
    if constexpr (requires { Family::Model::template Step<double>::differentiable; }) {
        return Family::Model::template Step<double>::differentiable;
    } else {
        return true;
    }
}

template <class Family>
CatalogueEntry make_entry(const Kernels& kernels) {
    using Model = typename Family::Model;
    using Method = typename Family::Method;
    CatalogueEntry entry;
    entry.model = Model::name;
    entry.method = Method::name;
    entry.formulation = Family::formulation;
    entry.equation = Model::equation;
    entry.model_parameters = parameters_of<Model>();
    if constexpr (Family::formulation == Formulation::recursion) {
        entry.method_parameters = parameters_of<Method>();
        entry.method_equation = Method::equation;
    } else {
        entry.drift = drift_of<Model>;
        entry.variance = variance_of<Model>;
    }
    entry.most_noises = Family::template Process<double>::noises;
    entry.differentiable = is_differentiable<Family>();
    entry.kernels = kernels;
    entry.complaint = complaint_of<Model>;
    entry.make = make_process<Family>;
    return entry;
}

}  // namespace noisetrap
