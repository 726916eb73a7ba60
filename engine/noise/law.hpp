// The laws a noise variate can have. Every law has mean 0 and variance 1, so that sigma and tau are standard
// deviations whatever the law.
#pragma once

namespace noisetrap {

enum class Law : int {
    gaussian,   // Normal(0, 1)
    uniform,    // uniform on (-sqrt 3, sqrt 3)
    two_point,  // +1 or -1 with equal odds
    none,       // always 0: a noise that the parameters at hand do not use
};

/// A uniform law of width 1 has variance 1/12.
inline constexpr double sqrt_12 = 0x1.bb67ae8584caap+1;

}  // namespace noisetrap
