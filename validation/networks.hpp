// Networks at saddles, as experiments: what `reproduce` shows of them and `validate` claims.
#pragma once

#include <vector>

#include "analysis/networks/escape.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {

struct Evidence;

struct Escaped {
    EscapeConfig config;
    EscapeResult result;
};

/// For each learning rate and batch size of which one axis gives the odds. The prediction allows for the overshoot of the
/// two ends by its mean alone, which is right to 2 % of the odds.
std::vector<Claim> odds_claims(const char* network, const Escaped&);

/// Which gates of a network noise switches off.
Evidence network_features(Laboratory&);
/// How the difference of two equal units grows, and how long chains of layers take to leave zero.
Evidence network_equal_units(Laboratory&);
Evidence network_depth(Laboratory&);

}  // namespace noisetrap
