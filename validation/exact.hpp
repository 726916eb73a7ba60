// The exact answers that claims are about. What the table of answers knows of the run at hand is taken from there
// (analysis/answers/answers.hpp); the rest, with its source, from these headers, which say more. None shares a line
// with the engine's loop, its noise or its models, but where it says so:
//
// growth.hpp          E log|1 + a + xi| for three laws, trap windows, Kesten's exponent (Kesten 1973, Goldie
//                     1991); a - sigma^2/2 (Ito); growth, tail, stability of schemes (Saito and Mitsui 1996)
// heavy_laws.hpp      the same for Student's t and stable laws (characteristic functions; figures of an independent
//                     program in its tests)
// scheme_growth.hpp   growth of the other schemes: it steps their own code, which tests hold against the figures of an
//                     independent program
// binomial_law.hpp    P(|x[n]| < |x[0]|) under two-point noise alone
// moments.hpp         E x, E x^2 of recursion and SDE (linear recursions)
// stationary_law.hpp  inverse gamma, Student t, Pearson IV (Wong 1964)
// fokker_planck.hpp   laws on their way, survival curves, collapse odds (numerical)
// exit_time.hpp       mean exit times (Karlin and Taylor 1981)
// strong_error.hpp    endpoint errors of Euler-Maruyama and Milstein (products of steps)
// quartic_well.hpp    gamma law, thresholds (Chen et al. 2023)
// log_normal.hpp      log-normal law (Ito)
// heavy_ball.hpp      invariant measure on the projective line; and the QR method, which multiplies matrices of a
//                     generator of its own
// remedies.hpp, remedy_answers.hpp
//                     rates over the population that was drawn; attractive_noise_of_samples shares the words of its
//                     samples with the model
// landscapes/, index_laws.hpp
//                     critical points of matrix losses by algebra (Baldi and Hornik 1989); index laws by Pfaffians (de Bruijn
//                     1955) and by Kac and Rice
// references.hpp      octopus (Du et al. 2017) by complex steps; AMSGrad (Reddi et al. 2018) in plain numbers. The
//                     latter takes the noise of each path from a run of plain gradient descent, 1 + a + xi
// below               tau sqrt N; overshoot of a barrier (Chernoff 1965, Siegmund 1979)
#pragma once

#include <cmath>

#include "analysis/answers/answers.hpp"
#include "analysis/diffusions/exit_time.hpp"
#include "analysis/diffusions/fokker_planck.hpp"
#include "analysis/growth/binomial_law.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/log_normal.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "analysis/laws/strong_error.hpp"
#include "analysis/require.hpp"

namespace noisetrap {

/// While one lives, theory is wrong by a share of itself: whatever a claim makes of an answer before it compares it with
/// its estimate, it makes of the wrong one. A claim that holds even so goes in a circle.
class WrongTheory {
  public:
    explicit WrongTheory(double share) { share_ = share; }
    ~WrongTheory() { share_ = 0; }
    WrongTheory(const WrongTheory&) = delete;
    WrongTheory& operator=(const WrongTheory&) = delete;

    static double of(double value) { return value * (1 + share_); }

  private:
    inline static double share_ = 0;
};

/// The table's answer for an ensemble of a run: what a claim about that run takes. Throws where there is none.
inline double exact(Quantity quantity, Of of, const Question& question) {
    const double value = answer(quantity, of, question);
    require(!std::isnan(value), "a claim asks for an answer that the table does not have");
    return WrongTheory::of(value);
}

/// tau sqrt N: standard deviation of x[N] - x[0] under diffusive noise alone.
inline double diffusion_deviation(double tau, double steps) { return tau * std::sqrt(steps); }

/// -zeta(1/2)/sqrt(2 pi): a random walk of small Gaussian steps of deviation s overshoots a barrier by this
/// many s on average; watched at its steps only, it behaves as if the barrier were so much farther away
/// (Broadie, Glasserman and Kou 1997).
inline constexpr double mean_overshoot = 0.5825971579390106702;

}  // namespace noisetrap
