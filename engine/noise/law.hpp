// The laws a noise variate can have, and what is said of each. Those with a variance have mean 0 and variance 1, so that
// sigma and tau are standard deviations whatever the law.
#pragma once

#include "engine/numbers/hd.hpp"

namespace noisetrap {

enum class Law : int {
    gaussian,   // Normal(0, 1)
    uniform,    // uniform on (-sqrt 3, sqrt 3)
    two_point,  // +1 or -1 with equal odds
    student_t,  // Student's t with nu degrees of freedom, over its standard deviation
    stable,     // symmetric alpha-stable, E e^(ikZ) = e^(-|k|^alpha): no variance, and for alpha <= 1 no mean
    jumps,      // how many jumps a step has: a Poisson number, whose mean is the shape
    none,       // always 0: a noise that the parameters at hand do not use
};

/// THE list of laws, in the order of the words: their names in configurations and as C++ writes them, the key of the number
/// that gives a law its shape, and whether mean 0 and variance 1 are known of it.
struct LawFacts {
    const char *name, *in_cpp, *shape;
    bool standard;
};
inline constexpr LawFacts law_facts[] = {{"gaussian", "Law::gaussian", "", true},
                                         {"uniform", "Law::uniform", "", true},
                                         {"two-point", "Law::two_point", "", true},
                                         {"student-t", "Law::student_t", "nu", true},
                                         {"stable", "Law::stable", "alpha", false},
                                         {"jumps", "Law::jumps", "rate", false},
                                         {"none", "Law::none", "", true}};
constexpr const LawFacts& facts_of(Law law) { return law_facts[static_cast<int>(law)]; }

/// Whether a number gives the law its shape.
NOISETRAP_HD constexpr bool has_shape(Law law) {
    return law == Law::student_t || law == Law::stable || law == Law::jumps;
}
/// The words of the generator that a variate is made of.
NOISETRAP_HD constexpr int words_of(Law law) { return law == Law::student_t || law == Law::stable ? 2 : 1; }

/// What is wrong with a shape, as the end of a sentence; empty where nothing is. Student's t with an even number has a
/// variance too, but no growth rate in closed form.
constexpr const char* shape_complaint(Law law, double shape) {
    const bool odd = shape == static_cast<double>(static_cast<long long>(shape / 2) * 2 + 1);
    if (law == Law::student_t && !(shape >= 3 && shape < 1e6 && odd))
        return "must be an odd whole number from 3 on: the degrees of freedom of Student's t";
    if (law == Law::stable && !(shape > 0 && shape <= 2))
        return "must be above 0 and at most 2: the exponent of a stable law, 2 being the normal one";
    if (law == Law::jumps && !(shape >= 0)) return "must be 0 or more: a rate of jumps";
    return "";
}
/// The most jumps of a step, on average, that are drawn.
inline constexpr double most_jumps = 10;

/// A law with the number that gives it its shape.
struct NoiseLaw {
    Law law = Law::gaussian;
    double shape = 0;
    constexpr NoiseLaw(Law of = Law::gaussian, double its_shape = 0) : law(of), shape(its_shape) {}
    bool operator==(const NoiseLaw&) const = default;
};

/// A uniform law of width 1 has variance 1/12.
inline constexpr double sqrt_12 = 0x1.bb67ae8584caap+1;

}  // namespace noisetrap
