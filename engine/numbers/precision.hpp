// What is kept in float64 and what in float32. The state's rounding decides how well slow drifts add up, the
// noise's how fine its steps are: float32 normals pass every test of their law that 2^33 draws allow.
#pragma once

namespace noisetrap {

/// exact: IEEE operations in a fixed order, the same bits everywhere. fast: the logarithm, sine, cosine and
/// square root of a GPU's hardware, whose last bits are its own.
enum class Arithmetic : int { exact, fast };

struct Mixed {  // the default: fast and safe
    using Real = double;
    using Variate = float;
    static constexpr Arithmetic arithmetic = Arithmetic::exact;
};
struct Double {
    using Real = double;
    using Variate = double;
    static constexpr Arithmetic arithmetic = Arithmetic::exact;
};
struct Single {
    using Real = float;
    using Variate = float;
    static constexpr Arithmetic arithmetic = Arithmetic::exact;
};
struct FastMixed : Mixed {  // on a GPU alone
    static constexpr Arithmetic arithmetic = Arithmetic::fast;
};

enum class Precision : int { mixed, double_, single };

}  // namespace noisetrap
