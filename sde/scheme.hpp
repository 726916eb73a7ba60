// What schemes are made of. A step of an SDE gives its drift and amplitudes per time step h: F = f h and G = g sqrt(h),
// so that a scheme is written in F, G and standard normals and never sees h.
#pragma once

#include <type_traits>
#include <utility>

#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// In whose sense a scheme reads an equation. Under additive noise the two are one.
enum class Calculus { ito, stratonovich, either };

/// The noises that a scheme takes.
enum class Takes { one, additive, any };

/// The variates of a step, where a model has `noises` noises of which the first `active` are needed: one for each, or a
/// pair. The second of a pair stands behind all first ones, so that schemes of either kind follow the same path.
constexpr int variates_of(bool pairs, int noises, int active) { return pairs ? noises + active : active; }

/// What the variates of a scheme are, and the facts that most schemes share.
template <Takes which, bool pairs = false, Law first = Law::gaussian, Law second = Law::gaussian>
struct SchemeNoise {
    static constexpr Takes takes = which;
    static constexpr bool in_pairs = pairs;
    static constexpr Law first_law = first, second_law = second;
    static constexpr bool converts = true;     // false where drift is not all that the other calculus changes
    static constexpr bool has_length = false;  // true where a step is not linear though the equation be
    static constexpr bool looks_ahead =
        false;  // true where coefficients are taken at later times of the step
    static constexpr bool for_systems = false;  // true where a step may be one of several variables
    static constexpr bool remembers = false;    // true where something of a step is kept for the next
    static constexpr bool langevin = false;     // true where the equation must be Langevin's, of x and v
    static constexpr bool bounded = false;  // true where a step must say how far its coefficients are taken

    template <class Step>
    static constexpr int noises =
        which == Takes::one && !pairs ? 1 : variates_of(pairs, Step::noises, Step::noises);
    template <class Step>
    static int active_noises(const Step& sde) {
        return variates_of(pairs, Step::noises, sde.active_noises());
    }
    template <class Step>
    static Law law(const Step& sde, int i) {
        return i < sde.active_noises() ? first : i < Step::noises ? Law::none : second;
    }
};

// Views of a draw

/// The noise times a number.
template <class Noise, class Real>
struct Scaled {
    const Noise& noise;
    Real factor;
    template <int i>
    NOISETRAP_HD auto get() const {
        return factor * noise.template get<i>();
    }
};
template <class Real, class Noise>
NOISETRAP_HD Scaled<Noise, Real> scaled(const Noise& noise, Real factor) {
    return {noise, factor};
}

/// Noise k alone.
template <int k, class Real>
struct Along {
    Real size;
    template <int i>
    NOISETRAP_HD auto get() const {
        if constexpr (i == k) {
            return size;
        } else {
            return Zero{};
        }
    }
};

/// Variate i, also where it is known to be zero.
template <class Real, int i, class Noise>
NOISETRAP_HD Real number_of(const Noise& noise) {
    return Real{} + noise.template get<i>();
}

/// I10/h^(3/2), the integral of W over the step: (z + z'/sqrt 3)/2, z' the second normal of the pair.
template <int i, int noises, class Real, class Noise>
NOISETRAP_HD Real area_of(const Noise& noise) {
    constexpr double half = 0.5, share = 0x1.279a74590331dp-2;  // 1/(2 sqrt 3)
    return fma(static_cast<Real>(share), number_of<Real, noises + i>(noise),
               static_cast<Real>(half) * number_of<Real, i>(noise));
}
template <int noises, class Noise, class Real>
struct Areas {
    const Noise& noise;
    template <int i>
    NOISETRAP_HD Real get() const {
        return area_of<i, noises, Real>(noise);
    }
};
/// What is left of W: z less its area.
template <int noises, class Noise, class Real>
struct WithoutAreas {
    const Noise& noise;
    template <int i>
    NOISETRAP_HD Real get() const {
        return number_of<Real, i>(noise) - area_of<i, noises, Real>(noise);
    }
};

// Times within a step

/// The coefficients when `share` of the step has gone by.
template <class Step>
NOISETRAP_HD Step later(const Step& sde, double share) {
    if constexpr (requires { sde.later(share); }) {
        return sde.later(share);
    } else {
        return sde;
    }
}

/// Whether schemes that look ahead can be told of later times: always, where the coefficients stay the same.
template <class Step>
concept KnowsLaterTimes = !requires(const Step& s) {
    s.at(0);
}
|| requires(const Step& s) { s.later(0.5); };

// From one calculus to the other

/// A number or a state that moves along a direction, as duals do, and how fast a function of it moves.
template <class X>
NOISETRAP_HD Dual<X> moving(X x, X direction) {
    return {x, direction};
}
template <class X, int D>
NOISETRAP_HD State<Dual<X>, D> moving(const State<X, D>& x, const State<X, D>& direction) {
    return each<D>([&](int i) NOISETRAP_INLINED { return Dual<X>{x.at[i], direction.at[i]}; });
}
template <class X>
NOISETRAP_HD X slope_of(Dual<X> x) {
    return x.slope;
}
template <class X, int D>
NOISETRAP_HD State<X, D> slope_of(const State<Dual<X>, D>& x) {
    return each<D>([&](int i) NOISETRAP_INLINED { return x.at[i].slope; });
}

/// (b . grad) b of noise k.
template <int k, class Step, class X, class Unit>
NOISETRAP_HD X along_itself(const Step& sde, X x, Unit unit) {
    const Along<k, typename Step::Number> one{1};
    const auto at = moving(x, sde.diffused(X{}, x, unit, one));
    return slope_of(sde.diffused(decltype(at){}, at, unit, one));
}
template <class Step, class X, class Unit, int... k>
NOISETRAP_HD X half_along_themselves(const Step& sde, X x, Unit unit, std::integer_sequence<int, k...>) {
    return static_cast<typename Step::Number>(0.5) * (along_itself<k>(sde, x, unit) + ...);
}
/// The drift that an Ito equation has beyond the Stratonovich equation of the same noise (Kloeden and Platen 1992,
/// section 4.9): half the sum of (b . grad) b over independent noises. Those of a step are, whatever rho is.
template <class Step, class X, class Unit>
NOISETRAP_HD X ito_drift(const Step& sde, X x, Unit unit) {
    return half_along_themselves(sde, x, unit, std::make_integer_sequence<int, Step::noises>{});
}

/// What ito_drift asks of a step.
template <class Step>
concept HasItoDrift = requires(const Step& s, Dual<double> x) {
    s.diffused(x, x, 1.0, Along<0, double>{1.0});
};

/// Whether a scheme steps a Stratonovich equation.
template <class Scheme, class Step>
concept StepsStratonovich = Scheme::converts &&(Scheme::calculus != Calculus::ito || HasItoDrift<Step>);

/// A step with that drift, `sign` times, for a scheme of the other calculus.
template <class Step, int sign>
struct Converted {
    using Number = typename Step::Number;
    static constexpr int noises = Step::noises;
    Step sde;

    template <class X, class Unit>
    NOISETRAP_HD X drift(X x, Unit unit) const {
        return sde.drift(x, unit) + static_cast<Number>(sign) * ito_drift(sde, x, unit);
    }
    template <class X, class Unit>
    NOISETRAP_HD X drifted(X x, Unit unit) const {
        return sde.drifted(x, unit) + static_cast<Number>(sign) * ito_drift(sde, x, unit);
    }
    template <class X, class Unit>
    NOISETRAP_HD X amplitude(X x, Unit unit) const {
        return sde.amplitude(x, unit);
    }
    template <class X, class Unit, class Noise>
    NOISETRAP_HD X diffused(X from, X x, Unit unit, const Noise& noise) const {
        return sde.diffused(from, x, unit, noise);
    }
    NOISETRAP_HD Number reach() const requires requires(const Step& s) { s.reach(); }
    { return sde.reach(); }
    NOISETRAP_HD Converted later(double share) const { return {noisetrap::later(sde, share)}; }
};

}  // namespace noisetrap
