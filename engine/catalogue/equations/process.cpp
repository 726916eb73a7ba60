// Models that are formulas as processes: their coefficients as the kernel holds them, and the laws of their noises.
#include <cstring>

#include "engine/catalogue/equations/model.hpp"

namespace noisetrap::equations {
namespace {

/// The coefficients as the kernel holds them.
struct Coefficients {
    std::vector<std::byte> bytes;
    std::vector<double> values;
};

template <class Real>
Coefficients rounded(const Model& model, const formula::Values& values) {
    std::vector<Real> members;
    Coefficients found;
    for (const auto& tree : model.code.coefficients) {
        members.push_back(static_cast<Real>(formula::value_of(tree, values, 0)));
        found.values.push_back(static_cast<double>(members.back()));
    }
    if (model.code.keeps_step_number) members.push_back(0);
    found.bytes.resize(members.size() * sizeof(Real));
    std::memcpy(found.bytes.data(), members.data(), found.bytes.size());
    return found;
}

Coefficients coefficients_of(const Model& model, const ParameterValues& parameters, double dt,
                             Precision precision) {
    const auto values = model.per_step(parameters, dt);
    return precision == Precision::single ? rounded<float>(model, values) : rounded<double>(model, values);
}

/// The last noises are left out where nothing needs them, but for the first of all.
void leave_out_last(std::vector<Law>& laws) {
    while (laws.size() > 1 && laws.back() == Law::none) laws.pop_back();
}

PreparedProcess prepared(const Model& model, const Coefficients& coefficients) {
    PreparedProcess process{coefficients.bytes, {}, model.code.always_moves, false, 0};
    for (const auto place : model.code.moving)
        process.moves_zero = process.moves_zero || coefficients.values[place] != 0;
    process.scaled = model.code.has_length || process.moves_zero || model.starts_apart();
    for (std::size_t i = 0; i < model.code.active.size(); ++i)
        process.laws.push_back(model.is_active(i, coefficients.values) ? model.law(i) : Law::none);
    return process;
}

/// The most jumps of a step.
double jumps_of(const Model& model, const formula::Values& values) {
    double most = 0;
    for (std::size_t i = 0; i < model.given.laws.size(); ++i)
        if (model.law(i) == Law::jumps) most = std::max(most, model.noise_law(i, values).shape);
    return most;
}

/// The process with what makes its noises behind it: the bytes of Driven (models/noise_processes.hpp), and the laws of
/// what the sources draw. Noises beyond those of the model are an optimiser's own.
template <class Real>
void append_sources(PreparedProcess& process, const Model& model, const formula::Values& values) {
    std::vector<Real> numbers;
    std::vector<Law> laws;
    auto inner = process.laws;
    inner.resize(std::max(inner.size(), model.given.sources.size()), Law::none);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (!model.source(i).remembers()) {
            laws.push_back(inner[i]);
            continue;
        }
        for (const double number : model.source_numbers(i, values))
            numbers.push_back(static_cast<Real>(number));
        for (const auto law : model.source(i).facts->laws)
            laws.push_back(inner[i] == Law::none ? Law::none : law);
    }
    numbers.push_back(0);
    auto& bytes = process.bytes;
    const auto start = bytes.size(), whole = model.is_map() ? sizeof(Real) : sizeof(double);
    bytes.resize((start + numbers.size() * sizeof(Real) + whole - 1) / whole * whole);
    std::memcpy(bytes.data() + start, numbers.data(), numbers.size() * sizeof(Real));
    process.laws = laws;
    leave_out_last(process.laws);
}
void add_sources(PreparedProcess& process, const Model& model, const formula::Values& values,
                 Precision precision) {
    if (!model.remembers()) return;
    if (precision == Precision::single) return append_sources<float>(process, model, values);
    append_sources<double>(process, model, values);
}

}  // namespace

PreparedProcess as_recursion(const Model& model, const ParameterValues& parameters, double dt,
                             Precision precision) {
    auto process = prepared(model, coefficients_of(model, parameters, dt, precision));
    leave_out_last(process.laws);
    process.jumps = jumps_of(model, model.per_step(parameters, dt));
    add_sources(process, model, model.per_step(parameters, dt), precision);
    return process;
}

PreparedProcess as_sde(const Model& model, const ParameterValues& parameters, double dt, Precision precision,
                       const SchemeFacts& scheme) {
    auto process = prepared(model, coefficients_of(model, parameters, dt, precision));
    const auto all = process.laws;
    process.additive = true;
    for (std::size_t i = 0; i < all.size(); ++i)
        process.additive = process.additive && (all[i] == Law::none || model.is_additive(i));
    leave_out_last(process.laws);
    process.noises = static_cast<int>(process.laws.size());
    process.laws = laws_under(scheme, static_cast<int>(all.size()), process.noises);
    for (std::size_t i = 0; i < model.given.laws.size() && i < process.laws.size(); ++i)
        if (process.laws[i] != Law::none) process.laws[i] = model.law(i);
    process.scaled = process.scaled || scheme.has_length;
    process.jumps = jumps_of(model, model.per_step(parameters, dt));
    return process;
}

/// Its bytes are those of Optimised (models/optimised.hpp).
PreparedProcess optimised(const Model& model, const ParameterValues& parameters, double dt,
                          Precision precision, const OptimiserFacts& optimiser,
                          const ParameterValues& method) {
    auto process = prepared(model, coefficients_of(model, parameters, dt, precision));
    auto& bytes = process.bytes;
    bytes.resize((bytes.size() + sizeof(double) - 1) / sizeof(double) * sizeof(double));
    const auto of_optimiser = optimiser.bytes(method);
    bytes.insert(bytes.end(), of_optimiser.begin(), of_optimiser.end());
    if (optimiser.deterministic) std::fill(process.laws.begin(), process.laws.end(), Law::none);
    if (optimiser.kicks) process.laws.push_back(optimiser.law(method));
    leave_out_last(process.laws);
    process.moves_zero = process.moves_zero || optimiser.kicks;
    process.scaled = model.code.has_length || !optimiser.linear || process.moves_zero;
    add_sources(process, model, model.per_step(parameters, dt), precision);
    return process;
}

}  // namespace noisetrap::equations
