// The catalogue: every process that the program was built with, by name. The only indirection between a
// configuration and its loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/catalogue/cost.hpp"
#include "engine/catalogue/formulation.hpp"
#include "engine/catalogue/params.hpp"
#include "engine/kernels/kernel.hpp"

namespace noisetrap {

/// A process ready to be stepped: its bytes, and what decides which kernel steps it.
struct PreparedProcess {
    std::vector<std::byte> bytes;
    std::vector<Law> laws;        // of the noises that a step takes
    bool moves_zero = false;      // a step can move x = 0
    bool scaled = false;          // lengths matter
    double largest_log_step = 0;  // of log|x|, where the scheme exponentiates
};

struct CatalogueEntry {
    std::string model;   // an SDE's or a loss's name
    std::string method;  // its scheme or optimiser
    Formulation formulation;
    std::string equation, method_equation;
    std::vector<ParameterInfo> model_parameters, method_parameters;
    int most_noises;       // that the method can take
    bool differentiable;   // else there is no growth rate of dx(t)/dx(0)
    ProcessSource source;  // what kernels are compiled from
    /// What an SDE does per unit of time: x -> drift(x) and x -> variance(x) = noise(x)^2; null for a recursion.
    std::function<double(double)> (*drift)(const ParameterValues& model) = nullptr;
    std::function<double(double)> (*variance)(const ParameterValues& model) = nullptr;
    /// What the steps of a recursion cost; null for an SDE.
    Cost (*cost)(const ParameterValues& model, const ParameterValues& method) = nullptr;
    Complaint (*model_complaint)(const ParameterValues& model);
    Complaint (*method_complaint)(const ParameterValues& method);
    /// dt is the time step of an SDE, 1 for a recursion.
    PreparedProcess (*make)(const ParameterValues& model, const ParameterValues& method, double dt,
                            Precision);
};

const std::vector<CatalogueEntry>& catalogue();

/// An optimiser of the list in models/CMakeLists.txt, as C++ writes it, and the header that defines it.
struct OptimiserSource {
    const char* type;
    const char* header;
};
const std::vector<OptimiserSource>& optimisers();

/// Among these and the models that were loaded (own_model.hpp). Null where there is none.
const CatalogueEntry* find_entry(const std::string& model, const std::string& method);
std::vector<const CatalogueEntry*> entries_of(const std::string& model);

}  // namespace noisetrap
