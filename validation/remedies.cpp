#include "validation/remedies.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace noisetrap {

const std::vector<Remedy>& remedies() {
    static const std::vector<Remedy> all = {
        {"larger batch",
         "σ and τ fall like 1/√*b*; without replacement from *N* also times √((*N* − *b*)/(*N* − 1))",
         "escapes once *b* > σ²/(2*a*) (SDE); the recursion has an edge of its own nearby",
         "*b* gradients a step", remedy_batch, 2},
        {"smaller learning rate", "*a*, σ and τ all times *l*", "escapes once *l* < 2*a*/σ² (SDE)",
         "one gradient a step, and more steps: growth per step falls with *l*", remedy_learning_rate, 0},
        {"annealing", "*a*, σ and τ all times a rate that falls with *n*",
         "first a deep dip, then escape at power-law speed",
         "one gradient a step; the return may take longer than anybody waits", remedy_annealing, 2},
        {"SVRG", "τ becomes σ|*x**|, ρ becomes −1",
         "|*x*| never falls below |*x**|; it grows by E log(1 + *z*) an epoch, *z* inverse gamma after a "
         "long one",
         "two gradients a step, and a full gradient an epoch", remedy_svrg, 4},
        {"perturbation", "τ grows, σ stays",
         "the trap stays, its law becomes wider: P(|*x*| < *R*) falls like 1/radius", "one gradient a step",
         remedy_perturbation, 1},
        {"ReLU", "no noise is proportional to *x*: σ = 0 but at the kink",
         "no trap at any noise; it returns when kinks are close together", "one gradient a step", remedy_relu,
         3},
        {"momentum", "*x* and its velocity together: products of random 2 × 2 matrices",
         "enough of it ends the trap: at *a* = 0.01, σ = 0.2 from *m* = 0.75 on", "one gradient a step",
         remedy_momentum, 1},
        {"adaptive steps", "the gradient is divided by its typical size",
         "no closed form. AMSGrad's divisor freezes: it becomes momentum, and can be trapped; Adam's does "
         "not",
         "one gradient a step", remedy_adaptive, 1},
    };
    return all;
}

std::string measured_sentence(const std::vector<Claim>& claims, std::size_t telling) {
    const auto& c = claims.at(telling);
    const auto agree = std::count_if(claims.begin(), claims.end(),
                                     [](const Claim& claim) { return std::abs(claim.z()) < 4; });
    const auto error = std::isfinite(c.estimate.standard_error)
                           ? fmt::format(" ± {:.1g}", c.estimate.standard_error)
                           : std::string();
    return fmt::format("{} ({}): {:.4g}{}, theory {:.4g}. {} of {} claims within 4 standard errors.",
                       c.statement, c.parameters, c.estimate.value, error, c.theory, agree, claims.size());
}

}  // namespace noisetrap
