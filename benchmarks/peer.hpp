// What the C++ peers share: the workload, the command line, the clock and the report. How a path is made is
// theirs.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace peer {

/// dx = a x dt + sigma x dW + tau dV with independent W and V, x(0) = x0.
struct Workload {
    double a = 0.3, sigma = 1, tau = 0.5;
    double x0 = 1, dt = 1.0 / 64;
};

struct Size {
    std::uint64_t paths, steps, seed;
};

/// Mean of log |x| over the paths and its standard error, updated one path at a time (Welford 1962).
class MeanLogAbs {
    std::uint64_t count_ = 0;
    double mean_ = 0, squares_ = 0;

  public:
    void add(double x) {
        const double value = std::log(std::abs(x)), deviation = value - mean_;
        mean_ += deviation / static_cast<double>(++count_);
        squares_ += deviation * (value - mean_);
    }
    double value() const { return mean_; }
    double standard_error() const {
        const auto n = static_cast<double>(count_);
        return std::sqrt(squares_ / (n * (n - 1)));
    }
};

inline Size size_from(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: %s PATHS STEPS SEED\n", argv[0]);
        std::exit(2);
    }
    const auto number = [argv](int i) { return std::strtoull(argv[i], nullptr, 10); };
    return {number(1), number(2), number(3)};
}

inline void print(const Size& size, double seconds, const MeanLogAbs& mean, const char* library) {
    std::printf(
        "{\"path_steps\": %.0f, \"seconds\": %.9g, \"mean_log_abs\": %.17g, \"standard_error\": %.17g, "
        "\"library\": \"%s\"}\n",
        static_cast<double>(size.paths) * static_cast<double>(size.steps), seconds, mean.value(),
        mean.standard_error(), library);
}

/// Times a peer: PathMaker is made from (workload, seed), and its end(steps) is x at the end of the next
/// path.
template <class PathMaker>
int run(int argc, char** argv, const char* library) {
    const Size size = size_from(argc, argv);
    PathMaker maker(Workload{}, size.seed);
    MeanLogAbs mean;
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t path = 0; path < size.paths; ++path) mean.add(maker.end(size.steps));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    print(size, elapsed.count(), mean, library);
    return 0;
}

}  // namespace peer
