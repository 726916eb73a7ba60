// What is kept in float64 and what in float32. The state's rounding decides how well slow drifts add up, the
// noise's how fine its steps are: float32 normals pass every test of their law that 2^33 draws allow.
#pragma once

namespace noisetrap {

struct Mixed {  // the default: fast and safe
    using Real = double;
    using Variate = float;
};
struct Double {
    using Real = double;
    using Variate = double;
};
struct Single {
    using Real = float;
    using Variate = float;
};

enum class Precision : int { mixed, double_, single };

}  // namespace noisetrap
