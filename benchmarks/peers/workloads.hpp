// The workloads, in the same words as workloads.py. Each is the recursion
//     x <- (1 + a dt + xi) x + eta,    sd(xi) = sigma sqrt(dt),  sd(eta) = tau sqrt(dt),  x = 1 at the start.
#pragma once

#include <string_view>

namespace peer {

struct Workload {
    std::string_view name;
    double a, sigma, tau, dt;
    bool two_point = false;  // xi = +-sd with equal odds, one random bit; else xi is normal, as eta always is
    double momentum = 0;     // v <- momentum v + (a dt + xi) x + eta, x <- x + v, from v = 0
    double radius = 0;       // a path stops where |x| >= radius; 0: nowhere
};

inline constexpr Workload workloads[] = {
    {"W1", 0.3, 1, 0.5, 1.0 / 64},  // dx = a x dt + sigma x dW + tau dV
    {"W2", 0.3, 1, 0, 1.0 / 64},    // the same without tau
    {.name = "W3", .a = 0.02, .sigma = 0.3, .tau = 0.1, .dt = 1, .two_point = true},  // SGD, one bit a step
    {.name = "W4", .a = 0.3, .sigma = 1, .tau = 0.5, .dt = 1.0 / 64, .radius = 10},   // first passage of W1
    {.name = "W6", .a = 0.02, .sigma = 0.3, .tau = 0.1, .dt = 1, .momentum = 0.9},    // SGD with momentum
};

/// The workload of that name, or null.
inline const Workload* workload(std::string_view name) {
    for (const Workload& w : workloads)
        if (w.name == name) return &w;
    return nullptr;
}

}  // namespace peer
