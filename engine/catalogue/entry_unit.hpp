// Builds an entry of the catalogue from the types of a model and a method.
#pragma once

#include <cstring>
#include <type_traits>

#include "engine/catalogue/catalogue.hpp"
#include "engine/noise/variates.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/paths/process.hpp"
#include "sde/scheme.hpp"

namespace noisetrap {

template <IsProcess P>
PreparedProcess prepared(const P& process) {
    PreparedProcess made{std::vector<std::byte>(sizeof(P)),
                         {},
                         process.moves_zero(),
                         P::has_length || process.moves_zero(),
                         0,
                         1,
                         false};
    for (int i = 0; i < process.active_noises(); ++i) made.laws.push_back(process.law(i));
    if constexpr (requires { process.largest_log_step(); })
        made.largest_log_step = process.largest_log_step();
    if constexpr (requires { process.sde; }) made.noises = process.sde.active_noises();
    if constexpr (requires { process.sde.additive(); }) made.additive = process.sde.additive();
    std::memcpy(made.bytes.data(), &process, sizeof(P));
    return made;
}

template <class Family>
PreparedProcess make_process(const ParameterValues& model, const ParameterValues& method, double dt,
                             Precision precision) {
    if (precision == Precision::single) return prepared(Family::template make<float>(model, method, dt));
    return prepared(Family::template make<double>(model, method, dt));
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
Complaint complaint_of(const ParameterValues& values) {
    if constexpr (requires(Model m) { m.complaint(); }) {
        return with_parameters<Model>(values).complaint();
    } else {
        return {};
    }
}

template <class Family>
Cost cost_of(const ParameterValues& model, const ParameterValues& method) {
    const auto loss = with_parameters<typename Family::Model>(model).template loss<double>();
    const auto optimiser = with_parameters<typename Family::Method>(method);
    if constexpr (requires { loss.cost(); }) {
        return optimiser.cost(loss.cost());
    } else {
        return optimiser.cost({});
    }
}

/// Whether a process makes other numbers of the variates that are drawn.
template <class Process>
inline constexpr bool gathers = requires(const Process& process,
                                         float (&z)[Process::noises][group_steps][widest_slice]) {
    process.gather(z);
};

/// The family of a Stratonovich equation has another discretisation.
inline std::string of_stratonovich(std::string family) {
    const std::string ito = ", Discretised";
    const auto at = family.find(ito);
    return at == std::string::npos ? "" : family.replace(at, ito.size(), ", DiscretisedStratonovich");
}

template <class Family>
CatalogueEntry make_entry(ProcessSource source) {
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
        entry.cost = cost_of<Family>;
    } else {
        entry.drift = drift_of<Model>;
        entry.variance = variance_of<Model>;
        if constexpr (StepsStratonovich<Method, typename Model::template Step<double>>)
            entry.source_of_stratonovich = of_stratonovich(source.family);
    }
    entry.differentiable = Family::template Process<double>::differentiable;
    entry.known_noise = !gathers<typename Family::template Process<double>>;
    entry.source = std::move(source);
    entry.model_complaint = complaint_of<Model>;
    entry.method_complaint = complaint_of<Method>;
    entry.make = make_process<Family>;
    return entry;
}

}  // namespace noisetrap
