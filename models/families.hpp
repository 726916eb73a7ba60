// How a model and a method make a process: `Process<Real>` for the kernels, `make<Real>` for the host.
#pragma once

#include "engine/formulation.hpp"
#include "engine/params.hpp"

namespace noisetrap {

/// An SDE under a scheme.
template <class Sde, class Scheme, template <class, class> class Discretise>
struct SdeFamily {
    using Model = Sde;
    using Method = Scheme;
    static constexpr Formulation formulation = Formulation::sde;
    template <class Real>
    using Process = Discretise<typename Sde::template Step<Real>, Scheme>;

    template <class Real>
    static Process<Real> make(const ParameterValues& model, const ParameterValues&, double dt) {
        return {with_parameters<Sde>(model).template per_step<Real>(dt)};
    }
};

/// A loss under an optimiser.
template <class LossModel, class Optimiser>
struct RecursionFamily {
    using Model = LossModel;
    using Method = Optimiser;
    static constexpr Formulation formulation = Formulation::recursion;
    template <class Real>
    using Process = typename Optimiser::template Step<typename LossModel::template Loss<Real>, Real>;

    template <class Real>
    static Process<Real> make(const ParameterValues& model, const ParameterValues& method, double) {
        using Loss = typename LossModel::template Loss<Real>;
        const Loss loss = with_parameters<LossModel>(model).template loss<Real>();
        return with_parameters<Optimiser>(method).template over<Loss, Real>(loss);
    }
};

}  // namespace noisetrap
