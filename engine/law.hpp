// The laws a noise variate can have. Every law has mean 0 and variance 1, so that sigma and tau are standard
// deviations whatever the law.
#pragma once

namespace noisetrap {

enum class Law : int {
    gaussian,   // Normal(0, 1)
    uniform,    // uniform on (-sqrt 3, sqrt 3)
    two_point,  // +1 or -1 with equal odds
};

}  // namespace noisetrap
