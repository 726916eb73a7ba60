// The backends that a test body runs on. A backend that cannot run here makes the test say "skipped:", which
// CTest counts as skipped.
#pragma once

#include <catch2/catch.hpp>
#include <cstdio>

#include "engine/runs/backend.hpp"

struct Serial {
    static constexpr const char* name = "serial";
};
struct Omp {
    static constexpr const char* name = "omp";
};
struct Cuda {
    static constexpr const char* name = "cuda";
};

inline bool can_run(const std::string& name) {
    for (const auto& backend : noisetrap::backends())
        if (backend.name == name && !backend.usable) {
            std::printf("skipped: backend %s, %s\n", name.c_str(), backend.note.c_str());
            return false;
        }
    return true;
}
