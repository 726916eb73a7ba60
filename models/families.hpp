// How a model and a method make a process: `Process<Real>` for the kernels, `make<Real>` for the host.
#pragma once

#include "engine/formulation.hpp"
#include "engine/one_of.hpp"
#include "engine/params.hpp"
#include "models/optimised.hpp"

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

/// A loss under an optimiser, with kernels of its own.
template <class LossModel, class Optimiser>
struct RecursionFamily {
    using Model = LossModel;
    using Method = Optimiser;
    static constexpr Formulation formulation = Formulation::recursion;
    template <class Real>
    using Process = Optimised<typename LossModel::template Loss<Real>, Optimiser, Real>;

    template <class Real>
    static Process<Real> make(const ParameterValues& model, const ParameterValues& method, double) {
        return {with_parameters<LossModel>(model).template loss<Real>(), with_parameters<Optimiser>(method)};
    }
};

/// A loss under one of several optimisers, which share their kernels.
template <class LossModel, class... Optimisers>
struct SharedFamily {
    static constexpr bool in_mixed_precision_alone = true;
    template <class Real>
    using Process = OneOf<Optimised<typename LossModel::template Loss<Real>, Optimisers, Real>...>;
};
template <class Shared, class LossModel, class Optimiser>
struct SharingFamily {
    static constexpr bool in_mixed_precision_alone = true;
    using Model = LossModel;
    using Method = Optimiser;
    static constexpr Formulation formulation = Formulation::recursion;
    template <class Real>
    using Process = typename Shared::template Process<Real>;

    template <class Real>
    static Process<Real> make(const ParameterValues& model, const ParameterValues& method, double dt) {
        return Process<Real>(RecursionFamily<LossModel, Optimiser>::template make<Real>(model, method, dt));
    }
};

}  // namespace noisetrap
