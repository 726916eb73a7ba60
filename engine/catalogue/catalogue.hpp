// The catalogue: every process that the program was built with, by name. The only indirection between a
// configuration and its loop.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/catalogue/cost.hpp"
#include "engine/catalogue/formulation.hpp"
#include "engine/catalogue/params.hpp"
#include "engine/kernels/kernel.hpp"

namespace noisetrap {

/// A table in memory of the host that a process points into. A device has a copy of its own.
struct PointedTable {
    std::size_t place;  // of the pointer in the bytes of the process
    std::span<const std::byte> table;
};

/// A process ready to be stepped: its bytes, and what decides which kernel steps it.
struct PreparedProcess {
    std::vector<std::byte> bytes;
    std::vector<Law> laws;        // of the noises that a step takes
    bool moves_zero = false;      // a step can move x = 0
    bool scaled = false;          // lengths matter
    double largest_log_step = 0;  // of log|x|, where the scheme exponentiates
    int noises = 1;               // of an SDE: those that these parameters need
    bool additive = false;        // of an SDE: known to depend on x in none of them
    double jumps = 0;             // the most that a step has on average of one noise
    std::vector<PointedTable> tables = {};
    std::uint64_t path_bytes = 0;  // of a wide process: what a thread of a GPU keeps of a path
};

struct FormulaFacts;

struct CatalogueEntry {
    std::string model;   // an SDE's or a loss's name
    std::string method;  // its scheme or optimiser
    Formulation formulation;
    std::string equation, method_equation;
    std::vector<ParameterInfo> model_parameters, method_parameters;
    bool differentiable;   // else there is no growth rate of dx(t)/dx(0)
    ProcessSource source;  // what kernels are compiled from
    /// The family of the same kernels where the equation is meant in Stratonovich's sense; empty where the scheme does
    /// not step such equations.
    std::string source_of_stratonovich = {};
    /// What an SDE does per unit of time: x -> drift(x) and x -> variance(x) = noise(x)^2; null for a recursion.
    std::function<std::function<double(double)>(const ParameterValues& model)> drift = nullptr;
    std::function<std::function<double(double)>(const ParameterValues& model)> variance = nullptr;
    /// What the steps of a recursion cost; null for an SDE, and for a recursion that no optimiser steps.
    Cost (*cost)(const ParameterValues& model, const ParameterValues& method) = nullptr;
    std::function<Complaint(const ParameterValues& model)> model_complaint;
    Complaint (*method_complaint)(const ParameterValues& method);
    /// Why a path cannot start at x0, as the end of a sentence; empty where it can. Null where every start will do.
    std::function<std::string(const ParameterValues& model, double x0)> start_complaint = nullptr;
    /// dt is the time step of an SDE, 1 for a recursion.
    std::function<PreparedProcess(const ParameterValues& model, const ParameterValues& method, double dt,
                                  Precision)>
        make;
    bool known_noise =
        true;  // the steps take the first noise as it is drawn, so that its mean and variance are known
    bool noise_depends_on_time = false;  // of an SDE: there are no bridges between its steps then
    std::shared_ptr<const FormulaFacts> formula = nullptr;  // that the model was given as (formula_facts.hpp)
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
