// How a model and a method make a process: `Process<Real>` for the kernels, `make<Real>` for the host.
#pragma once

#include "engine/catalogue/formulation.hpp"
#include "engine/catalogue/params.hpp"
#include "models/contract.hpp"
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

/// A loss under an optimiser.
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

/// A recursion that is written down as the next state: Map<Real> is the process itself.
template <template <class> class Map>
struct MapFamily {
    static constexpr Formulation formulation = Formulation::recursion;
    template <class Real>
    using Process = Map<Real>;
    static constexpr bool is_complete = true;
};

/// An SDE of several variables under a scheme: System<Real> is its step.
template <template <class> class System, class Scheme, template <class, class> class Discretise,
          template <class, class> class OfSystem>
struct SystemFamily {
    static constexpr Formulation formulation = Formulation::sde;
    template <class Real>
    using Process = OfSystem<Discretise<System<Real>, Scheme>, System<Real>>;
    static constexpr bool is_complete = true;
};

/// A step, of one variable or of several, under a scheme that remembers.
template <template <class> class Step, class Scheme, template <class, class> class Remember>
struct RememberingFamily {
    static constexpr Formulation formulation = Formulation::sde;
    template <class Real>
    using Process = Remember<Step<Real>, Scheme>;
    static constexpr bool is_complete = true;
};

/// Refuses a model or a method that lacks something, in one sentence.
template <class Family>
constexpr void require_family() requires requires {
    Family::is_complete;
}
{}
template <class Family>
constexpr void require_family() {
    require_model<typename Family::Model>();
    if constexpr (Family::formulation == Formulation::sde) {
        require_scheme<typename Family::Method>();
    } else {
        require_optimiser<typename Family::Method>();
    }
}

}  // namespace noisetrap
