// The growth rate of the noisy heavy ball, quickly: for maps over many points.
#pragma once

#include "analysis/growth/heavy_ball.hpp"

namespace noisetrap {

/// heavy_ball_growth in 1 or 2 ms, also for strong noise and little momentum, from the chain of ratios u =
/// x[n+1]/x[n], u <- 1 + a + m - m/u + sigma Z. Good to 1e-5 up to sigma = 2; throws where twice the nodes
/// change the result by 1e-3 or more, of which less is asked where steps are small.
double heavy_ball_growth_on_ratios(const HeavyBall& ball);

}  // namespace noisetrap
