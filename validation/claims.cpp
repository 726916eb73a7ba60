#include "validation/claims.hpp"

#include <fmt/format.h>

#include "engine/kernels/fingerprint.hpp"
#include "engine/noise/streams.hpp"
#include "validation/networks.hpp"

namespace noisetrap {

const std::vector<ClaimGroup>& claim_groups() {
    static const std::vector<ClaimGroup> groups = {
        {"recursion/growth-rate", "E log|1 + a + xi| over the trap window, for three laws", recursion_growth},
        {"recursion/window-edges", "where the trap begins and ends, found by bisection",
         recursion_window_edges},
        {"recursion/no-window", "no Gaussian trap for a > 0.278", recursion_without_window},
        {"recursion/binomial-law", "pure attractive noise: the exact law", recursion_binomial_law},
        {"recursion/diffusion", "pure diffusive noise: tau sqrt N", recursion_diffusion},
        {"recursion/moments", "exact moments with all of a, sigma, tau, rho", recursion_moment_equations},
        {"recursion/tails", "Kesten's tail exponent and its limit 1 - 2a/sigma^2", recursion_tails},
        {"sde/growth-rate", "a - sigma^2/2, whatever tau and rho", sde_growth},
        {"sde/log-normal-law", "without diffusive noise log|x| is normal", sde_log_normal_law},
        {"sde/moments", "the moment equations", sde_moment_equations},
        {"sde/transient-law", "laws on their way, against the Fokker-Planck equation", sde_transient_law},
        {"sde/law-at-the-edge", "closed laws with both noises, the edge of the trap among them",
         sde_law_at_the_edge},
        {"sde/stationary-repulsive", "a > 0: law, mode, tail, and that it has stopped moving",
         sde_stationary_repulsive},
        {"sde/stationary-attractive", "a < 0: law, mode, tail, and that it has stopped moving",
         sde_stationary_attractive},
        {"sde/no-mean", "a > 0: sample means do not settle", sde_no_mean},
        {"scheme/growth-rate", "the rate that a scheme has instead of the SDE's", scheme_growth},
        {"scheme/step-limit", "the step that destroys the trap", scheme_step_limit},
        {"scheme/strong-order", "endpoint errors along the same Brownian path", scheme_strong_order},
        {"scheme/weak-order", "errors of expectations", scheme_weak_order},
        {"growth/control", "growth rates with the noise of each path as control variates", growth_control},
        {"scheme/others", "what the schemes of other libraries do to the trap", schemes_of_others},
        {"scheme/endpoints", "endpoint errors and stationary variances of other schemes", scheme_endpoints},
        {"scheme/levels", "variances of the differences that multilevel estimates are made of",
         scheme_levels},
        {"scheme/truncated", "mean squares where steep coefficients are cut off", scheme_truncated},
        {"exit/mean-time", "mean exit times with closed forms", exit_times},
        {"exit/law", "mean, variance, side and survival of an exit, closed and by collocation", exit_laws},
        {"exit/non-monotone", "noise first delays the exit, then hastens it", exit_non_monotone},
        {"exit/bridge", "the sqrt(dt) bias that a Brownian bridge removes", exit_bridge},
        {"exit/survival", "survival curves, against the Fokker-Planck equation", exit_survival},
        {"quartic-well/threshold", "the origin attracts iff zeta^2 > 2 mu", well_threshold},
        {"quartic-well/law", "the law below the threshold", well_law},
        {"quartic-well/collapse", "odds of x^2 < 1e-30 above the threshold", well_collapse},
        {"remedy/batch", "larger batches: the growth rate of the noise that is left", remedy_batch},
        {"remedy/learning-rate", "smaller learning rates: critical ones, for two laws", remedy_learning_rate},
        {"remedy/annealing", "shrinking learning rates: dip, return and power law", remedy_annealing},
        {"remedy/svrg", "SVRG: the law of a loop, geometric escape, its price", remedy_svrg},
        {"remedy/perturbation", "noise of one's own: the law, and kicks where it is flat",
         remedy_perturbation},
        {"remedy/relu", "two linear pieces instead of a parabola: no trap; knots between", remedy_relu},
        {"remedy/momentum", "the heavy ball's growth rate, its limits, and Nesterov's", remedy_momentum},
        {"remedy/adaptive", "Adam walks away, AMSGrad freezes", remedy_adaptive},
        {"losses/exact-answers", "losses whose traps are known exactly, and the octopus", remedy_shapes},
        {"losses/double-well", "trapped by attractive noise, or by smoothing", remedy_double_well},
        {"noise/heavy-tails", "Student's t and stable laws: the heavier the tail, the weaker the trap",
         noise_heavy_tails},
        {"noise/levy", "stable processes and jumps in an SDE", noise_levy},
        {"noise/correlated", "memory takes the trap away; anticorrelation", noise_correlated},
        {"noise/order-of-samples", "reshuffled, or drawn with replacement", noise_reshuffled},
        {"noise/switching", "a chain of two states", noise_switching},
        {"noise/schedule", "rates and noises that depend on time", noise_schedule},
        {"noise/kurtosis", "the edge of the trap depends on the fourth moment", noise_kurtosis},
        {"noise/inertia", "momentum time against correlation time, and Langevin's steps", noise_inertia},
        {"noise/tails", "E|x|^kappa stays where it is: tails under jumps and switching", noise_moments},
        {"noise/edges", "where traps begin and end under heavy tails and under memory", noise_edges},
        {"noise/epochs", "what an epoch of reshuffled samples does, one by one and in pairs", noise_epochs},
        {"noise/first-passage", "the mean time of a way out under a schedule", noise_first_passage},
        {"rare/tilt", "odds of 1e-11 with small errors, by tilted noise", rare_escapes},
        {"rare/splitting", "odds of 1e-9 of a walk whose noise is left as it is", rare_splitting},
        {"dimensions/spectra", "Lyapunov exponents of products of random matrices", spectra_of_products},
        {"landscapes/critical-points", "losses of many parameters: every critical point, found and listed",
         critical_points},
        {"landscapes/index-laws", "how many directions of a random Hessian lead down", index_laws},
        {"landscapes/gaussian-fields", "all critical points of smooth random losses, enumerated",
         enumerated_fields},
        {"networks/odds", "one axis gives the odds of leaving a saddle of a network", network_odds},
        {"networks/thresholds", "growth in a network where its trap begins, and below", network_thresholds},
        {"networks/recurrent-window", "from where to where noise holds a recurrent unit",
         network_recurrent_window},
        {"networks/features", "which gates of a network noise switches off", network_features},
        {"networks/dense-units", "several inputs or outputs free a unit from noise", network_dense_units},
        {"networks/equal-units", "how noise tells equal units apart, or does not", network_equal_units},
        {"networks/depth", "noise does not trap deep chains of units", network_depth},
        {"phases/maps", "whole diagrams, point by point", phase_maps},
        {"phases/boundaries", "where the adaptive search puts the edges of the trap", phase_boundaries},
    };
    return groups;
}

std::uint64_t first_seed_of(const std::string& name, std::uint64_t seed) {
    constexpr std::uint64_t runs_per_group = 1024;
    const auto digits = fingerprint(fmt::format("{} {}", name, seed)).substr(0, 16);
    return std::stoull(digits, nullptr, 16) % seed_limit / runs_per_group * runs_per_group;
}

}  // namespace noisetrap
