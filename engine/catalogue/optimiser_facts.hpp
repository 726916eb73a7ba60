// What a process needs to know of an optimiser that is put together without a compiler.
#pragma once

#include <vector>

#include "engine/catalogue/catalogue.hpp"

namespace noisetrap {

struct OptimiserFacts {
    OptimiserSource source;
    const char *name, *equation;
    std::vector<ParameterInfo> parameters;
    bool kicks, linear, deterministic, differentiable;
    std::vector<std::byte> (*bytes)(const ParameterValues&);
    Law (*law)(const ParameterValues&);  // of its own noise
    Complaint (*complaint)(const ParameterValues&);
    /// What a step costs on a loss whose gradient is that of one sample.
    Cost (*cost)(const ParameterValues& model, const ParameterValues& method);
};

/// The facts of every optimiser in models/CMakeLists.txt.
const std::vector<OptimiserFacts>& optimiser_facts();

}  // namespace noisetrap
