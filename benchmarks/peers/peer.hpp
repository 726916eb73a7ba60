// What the C++ peers share: the command line, the clock and the report. How a path is made is theirs.
#pragma once

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "workloads.hpp"

namespace peer {

struct Task {
    const Workload* workload;
    std::uint64_t paths, steps, seed;
    bool single = false;  // precision
};

/// Mean of values and its standard error, updated one value at a time (Welford 1962).
class Mean {
    std::uint64_t count_ = 0;
    double mean_ = 0, squares_ = 0;

  public:
    void add(double value) {
        const double deviation = value - mean_;
        mean_ += deviation / static_cast<double>(++count_);
        squares_ += deviation * (value - mean_);
    }
    std::uint64_t count() const { return count_; }
    void print(const char* name) const {
        const auto n = static_cast<double>(count_);
        std::printf("\"%s\": {\"value\": %.17g, \"standard_error\": %.17g}", name, mean_,
                    std::sqrt(squares_ / (n * (n - 1))));
    }
};

/// What is estimated from paths that run to the end.
class Ends {
    Mean log_abs_;

  public:
    void add(double x) { log_abs_.add(std::log(std::abs(x))); }
    std::uint64_t steps_taken(const Task& task) const { return task.paths * task.steps; }
    void print() const { log_abs_.print("mean_log_abs"); }
};

/// What is estimated from paths that stop where they leave, given the step of that or 0.
class Exits {
    Mean left_, step_;
    std::uint64_t steps_until_exit_ = 0;

  public:
    void add(std::uint64_t exit_step) {
        left_.add(exit_step > 0);
        if (exit_step > 0) step_.add(static_cast<double>(exit_step));
        steps_until_exit_ += exit_step;
    }
    std::uint64_t steps_taken(const Task& task) const {
        return steps_until_exit_ + (task.paths - step_.count()) * task.steps;
    }
    void print() const {
        left_.print("left");
        std::printf(", ");
        step_.print("mean_exit_step");
    }
};

[[noreturn]] inline void fail(int status, const char* message) {
    std::fprintf(stderr, "%s\n", message);
    std::exit(status);
}

inline Task task_from(int argc, char** argv) {
    const bool precision = argc == 7 && std::strcmp(argv[5], "--precision") == 0;
    const Workload* const named = argc > 1 ? workload(argv[1]) : nullptr;
    if ((argc != 5 && !precision) || !named)
        fail(2, "usage: PROG W1|W2|W3|W4|W6 PATHS STEPS SEED [--precision double|single]");
    const auto number = [argv](int i) { return std::strtoull(argv[i], nullptr, 10); };
    return {named, number(2), number(3), number(4), precision && std::strcmp(argv[6], "single") == 0};
}

template <class Estimates>
void report(const Task& task, double seconds, const Estimates& estimates, const char* library) {
    std::printf(
        "{\"path_steps\": %llu, \"seconds\": %.9g, \"compile_seconds\": 0, \"library\": \"%s\", "
        "\"estimates\": {",
        static_cast<unsigned long long>(estimates.steps_taken(task)), seconds, library);
    estimates.print();
    std::printf("}}\n");
}

/// Times next_path(), whose values the estimates are made from, and reports.
template <class Estimates, class NextPath>
void measure(const Task& task, const char* library, NextPath next_path) {
    Estimates estimates;
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t path = 0; path < task.paths; ++path) estimates.add(next_path());
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    report(task, elapsed.count(), estimates, library);
}

}  // namespace peer
