// Schemes that are made for stationary laws.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// x + F(x) + G (z + z')/2 with the normals of this step and of the next (Leimkuhler and Matthews 2013). Here z' is that of
/// the step, and z that of the step before, whose half is kept: the same steps, of which the first has half its noise.
struct LeimkuhlerMatthews : SchemeNoise<Takes::additive> {
    static constexpr const char* name = "leimkuhler-matthews";
    static constexpr Calculus calculus = Calculus::either;
    static constexpr double strong_order = 0, order_of_several = 0, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 1;
    static constexpr bool for_systems = true, remembers = true;

    /// `kept` is what the scheme remembers beside x.
    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, X& kept, Unit unit, const Noise& noise) {
        const auto half = scaled(noise, static_cast<typename Step::Number>(0.5));
        const X before = kept;
        kept = sde.diffused(X{}, x, unit, half);
        return sde.drifted(x, unit) + (before + kept);
    }
};

/// Langevin's equations dx = v dt, dv = (f(x) - g v) dt + noise that knows no v, by half steps of the force (B) and of v (A)
/// around the exact solution of friction and noise (O), at the x of the middle (Leimkuhler and Matthews 2013). The
/// variables are x1, x2, ..., then v1, v2, ... in the same order.
struct Baoab : SchemeNoise<Takes::any> {
    static constexpr const char* name = "baoab";
    static constexpr Calculus calculus = Calculus::either;
    static constexpr double strong_order = 1, order_of_several = 1, weak_order = 2;
    static constexpr int drifts = 2, amplitudes = 1;
    static constexpr bool for_systems = true, langevin = true, looks_ahead = true;

    template <class Step, class X, int D, class Unit, class Noise>
    static NOISETRAP_HD State<X, D> step(const Step& sde, State<X, D> s, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        constexpr int half = D / 2;
        kick<Real>(sde, s, unit);
        glide<Real>(sde, s, unit);
        const auto middle = later(sde, 0.5);
        const auto shaken = middle.diffused(State<X, D>{}, s, unit, noise);
        NOISETRAP_UNROLL
        for (int i = half; i < D; ++i) {
            const Real friction = friction_of<Real>(middle, s, unit, i);
            s.at[i] = fma(exp(-friction), s.at[i], spread_of(friction) * shaken.at[i]);
        }
        glide<Real>(sde, s, unit);
        kick<Real>(later(sde, 1), s, unit);
        return s;
    }

  private:
    /// Half a step of the force: the drift of v without friction.
    template <class Real, class Step, class X, int D, class Unit>
    static NOISETRAP_HD void kick(const Step& sde, State<X, D>& s, Unit unit) {
        const auto at_rest = each<D>([&](int i) NOISETRAP_INLINED { return i < D / 2 ? s.at[i] : X{}; });
        const auto force = sde.drift(at_rest, unit);
        NOISETRAP_UNROLL
        for (int i = D / 2; i < D; ++i) s.at[i] = fma(static_cast<Real>(0.5), force.at[i], s.at[i]);
    }
    /// Half a step of x.
    template <class Real, class Step, class X, int D, class Unit>
    static NOISETRAP_HD void glide(const Step& sde, State<X, D>& s, Unit unit) {
        const auto drift = sde.drift(s, unit);
        NOISETRAP_UNROLL
        for (int i = 0; i < D / 2; ++i) s.at[i] = fma(static_cast<Real>(0.5), drift.at[i], s.at[i]);
    }
    /// Friction times the step's length: the slope of the drift of v, which does not depend on the state.
    template <class Real, class Step, class X, int D, class Unit>
    static NOISETRAP_HD Real friction_of(const Step& sde, const State<X, D>& s, Unit unit, int i) {
        const auto along = each<D>([&](int j) NOISETRAP_INLINED {
            return Dual<Real>{value_of(s.at[j]), static_cast<Real>(i == j ? 1 : 0)};
        });
        return -sde.drift(along, unit).at[i].slope;
    }
    /// sqrt((1 - e^(-2 u))/(2 u)): the deviation of the noise that is left after a step of friction u.
    template <class Real>
    static NOISETRAP_HD Real spread_of(Real u) {
        const Real two = u + u;
        return two == 0 ? static_cast<Real>(1) : sqrt(-exp_minus_one(-two) / two);
    }
};

}  // namespace noisetrap
