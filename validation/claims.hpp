// The claims of `validate`: one table, each row a group of claims that share simulations.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "validation/claim.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {

struct Evidence {
    std::vector<Claim> claims;
    nlohmann::ordered_json figures = nlohmann::ordered_json::object();  // by name
};

struct ClaimGroup {
    const char* name;       // what --only matches, with its subject
    const char* statement;  // in one line
    std::function<Evidence(Laboratory&)> gather;
};

/// In the order of the argument: the recursion, the SDE, its schemes, exits, the quartic well, ways to
/// escape, losses with exact answers.
const std::vector<ClaimGroup>& claim_groups();

/// A group's seeds follow from the user's and from its own name, so that no group moves the noise of another.
std::uint64_t first_seed_of(const std::string& name, std::uint64_t seed);

// recursion
Evidence recursion_growth(Laboratory&);
Evidence recursion_window_edges(Laboratory&);
Evidence recursion_without_window(Laboratory&);
Evidence recursion_binomial_law(Laboratory&);
Evidence recursion_diffusion(Laboratory&);
Evidence recursion_moment_equations(Laboratory&);
Evidence recursion_tails(Laboratory&);
// SDE
Evidence sde_growth(Laboratory&);
Evidence sde_log_normal_law(Laboratory&);
Evidence sde_moment_equations(Laboratory&);
Evidence sde_stationary_repulsive(Laboratory&);
Evidence sde_stationary_attractive(Laboratory&);
Evidence sde_no_mean(Laboratory&);
Evidence sde_transient_law(Laboratory&);
Evidence sde_law_at_the_edge(Laboratory&);
// schemes
Evidence scheme_growth(Laboratory&);
Evidence scheme_step_limit(Laboratory&);
Evidence scheme_strong_order(Laboratory&);
Evidence scheme_weak_order(Laboratory&);
Evidence schemes_of_others(Laboratory&);
Evidence scheme_endpoints(Laboratory&);
Evidence scheme_levels(Laboratory&);
Evidence scheme_truncated(Laboratory&);
// growth with control variates
Evidence growth_control(Laboratory&);
// exits
Evidence exit_times(Laboratory&);
Evidence exit_laws(Laboratory&);
Evidence exit_non_monotone(Laboratory&);
Evidence exit_bridge(Laboratory&);
Evidence exit_survival(Laboratory&);
// quartic well
Evidence well_threshold(Laboratory&);
Evidence well_law(Laboratory&);
Evidence well_collapse(Laboratory&);
// remedies that change the noise or the step
Evidence remedy_batch(Laboratory&);
Evidence remedy_learning_rate(Laboratory&);
Evidence remedy_annealing(Laboratory&);
Evidence remedy_svrg(Laboratory&);
Evidence remedy_perturbation(Laboratory&);
// ways to escape: the shape of the loss, the form of the step
Evidence remedy_relu(Laboratory&);
Evidence remedy_momentum(Laboratory&);
Evidence remedy_adaptive(Laboratory&);
Evidence remedy_shapes(Laboratory&);
Evidence remedy_double_well(Laboratory&);
// other noises
Evidence noise_heavy_tails(Laboratory&);
Evidence noise_levy(Laboratory&);
Evidence noise_correlated(Laboratory&);
Evidence noise_reshuffled(Laboratory&);
Evidence noise_switching(Laboratory&);
Evidence noise_schedule(Laboratory&);
Evidence noise_kurtosis(Laboratory&);
Evidence noise_inertia(Laboratory&);
Evidence noise_moments(Laboratory&);
Evidence noise_edges(Laboratory&);
Evidence noise_epochs(Laboratory&);
Evidence noise_first_passage(Laboratory&);
Evidence rare_escapes(Laboratory&);
Evidence rare_splitting(Laboratory&);
// many dimensions
Evidence spectra_of_products(Laboratory&);
// landscapes
Evidence critical_points(Laboratory&);
Evidence index_laws(Laboratory&);
Evidence enumerated_fields(Laboratory&);
// networks at saddles
Evidence network_odds(Laboratory&);
Evidence network_thresholds(Laboratory&);
Evidence network_recurrent_window(Laboratory&);
Evidence network_dense_units(Laboratory&);
// phase diagrams
Evidence phase_maps(Laboratory&);
Evidence phase_boundaries(Laboratory&);

}  // namespace noisetrap
