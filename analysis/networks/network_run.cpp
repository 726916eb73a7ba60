#include "analysis/networks/network_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <span>
#include <tuple>
#include <utility>

#include "engine/error.hpp"
#include "engine/runs/memory.hpp"
#include "models/adaptive_optimisers.hpp"
#include "models/networks/network_process.hpp"
#include "models/optimised.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

using Optimisers = std::tuple<Sgd, Annealed, Momentum, Nesterov, RmsProp, AdaGrad, Adam, AmsGrad>;

/// f(Optimiser{}) for each of them.
template <class F>
void for_each_optimiser(F f) {
    std::apply([&](auto... optimiser) { (f(optimiser), ...); }, Optimisers{});
}

/// Its name as C++ writes it, and the headers that define it: as in any recursion of the catalogue.
ProcessSource source_of(const std::string& optimiser) {
    const auto& source = find_entry("noisy-saddle", optimiser)->source;
    const auto comma = source.family.rfind(", ");
    return {source.family.substr(comma + 2, source.family.size() - comma - 3), source.headers};
}

const char* in_cpp(NetworkKind kind) {
    constexpr const char* words[] = {"NetworkKind::layers", "NetworkKind::gates", "NetworkKind::recurrent"};
    return words[static_cast<int>(kind)];
}

std::string shape_in_cpp(const Network& network) {
    return fmt::format("StaticNetwork<{}, UnitFunction::{}, {}, NetworkLoss::{}, {}, {}>",
                       in_cpp(network.kind), unit_function_names[static_cast<int>(network.unit)],
                       network.bias, network_loss_names[static_cast<int>(network.loss)], network.steps,
                       fmt::join(network.widths, ", "));
}

/// What a process of this precision points into.
template <class Real>
struct TablesOf {
    std::vector<Real> table, base, subspace, way_out;
};

template <class Real>
std::vector<Real> as(const std::vector<double>& numbers) {
    return {numbers.begin(), numbers.end()};
}

}  // namespace

std::vector<std::string> network_optimisers() {
    std::vector<std::string> names;
    for_each_optimiser([&](auto optimiser) { names.emplace_back(decltype(optimiser)::name); });
    return names;
}

std::vector<ParameterInfo> optimiser_parameters(const std::string& name) {
    std::vector<ParameterInfo> infos;
    for_each_optimiser([&](auto optimiser) {
        if (decltype(optimiser)::name == name) infos = parameters_of<decltype(optimiser)>();
    });
    return infos;
}

bool is_linear_optimiser(const std::string& name) {
    bool linear = false;
    for_each_optimiser([&](auto optimiser) {
        if (decltype(optimiser)::name == name) linear = is_linear<decltype(optimiser)>;
    });
    return linear;
}

struct NetworkRun::Tables {
    TablesOf<float> single;
    TablesOf<double> double_;
    std::vector<std::uint32_t> support;
    std::uint32_t row = 0, targets = 0, first_target = 0, vectors = 0;
    bool moved = false;
    std::vector<double> kept;

    template <class Real>
    const TablesOf<Real>& of() const {
        if constexpr (sizeof(Real) == sizeof(float)) {
            return single;
        } else {
            return double_;
        }
    }
    template <class Real>
    void fill(TablesOf<Real>& to, const EscapeConfig& config, const NetworkSaddle& saddle,
              const std::vector<double>& basis) {
        const auto& data = config.data;
        for (std::size_t i = 0; i < data.samples(); ++i) {
            for (std::size_t j = 0; j < data.inputs; ++j)
                to.table.push_back(static_cast<Real>(data.input_of(i)[j]));
            for (std::size_t j = 0; j < targets; ++j)
                to.table.push_back(static_cast<Real>(data.target_of(i)[j]));
            to.table.resize((i + 1) * row);
        }
        to.base = as<Real>(saddle.point);
        to.subspace = as<Real>(basis);
        to.way_out = as<Real>(saddle.escape);
    }
};

NetworkRun::~NetworkRun() = default;

static std::unique_ptr<NetworkRun::Tables> tables_of(const EscapeConfig& config, const NetworkSaddle& saddle,
                                                     const EscapeSpace& space) {
    auto tables = std::make_unique<NetworkRun::Tables>();
    const auto& data = config.data;
    const bool answers_inputs = !data.classes && data.target == data.input;
    const std::size_t targets = answers_inputs ? 0 : data.classes ? 1 : data.outputs;
    tables->targets = static_cast<std::uint32_t>(targets);
    tables->row = static_cast<std::uint32_t>(row_of_table(config.network));
    tables->first_target = answers_inputs ? 0 : static_cast<std::uint32_t>(data.inputs);
    if (data.samples() * tables->row >= (std::size_t{1} << 31))
        throw InputError(fmt::format("the data hold {} numbers, and networks are run on fewer than 2^31",
                                     data.samples() * tables->row));
    require_memory(data.samples() * tables->row * (sizeof(float) + sizeof(double)),
                   "the data in both precisions");
    for (const double x : saddle.point) tables->moved |= x != 0;
    std::vector<double> basis = space.basis;
    if (config.along_way_out) {
        basis.clear();
        for (std::size_t p = 0; p < saddle.parameters(); ++p) {
            tables->support.push_back(static_cast<std::uint32_t>(p));
            basis.push_back(saddle.escape[p]);
        }
        tables->vectors = 1;
    } else {
        tables->support.assign(space.support.begin(), space.support.end());
        tables->vectors = static_cast<std::uint32_t>(space.vectors);
    }
    tables->fill(tables->single, config, saddle, basis);
    tables->fill(tables->double_, config, saddle, basis);
    return tables;
}

/// Of a path in a thread of its own: those that stay from step to step, and those that a step is worked out in.
static std::size_t numbers_of_a_path(const Network& network, int memory) {
    return kept_numbers(network, memory) + step_numbers(network, 1);
}

/// The bytes of a process; `model` says what differs between ensembles.
template <class Optimiser, class Real>
static PreparedProcess process_of(const EscapeConfig& config, const NetworkRun::Tables& tables,
                                  const ParameterValues& model, const ParameterValues& method) {
    const auto& of = tables.of<Real>();
    const auto near = static_cast<Real>(config.escape.near);
    const auto number = [&](const char* key) { return std::get<double>(model.at(key)); };
    const NetworkSetting<Optimiser, Real> setting{
        .optimiser = with_parameters<Optimiser>(method),
        .rule = {Shuffle::of(static_cast<std::uint32_t>(config.data.samples())),
                 static_cast<std::uint32_t>(number("batch_size")), config.order},
        .table = of.table.data(),
        .row = tables.row,
        .first_target = tables.first_target,
        .base = of.base.data(),
        .decay = static_cast<Real>(config.decay),
        .label_noise = static_cast<float>(config.label_noise),
        .near_squared = near > 0 ? near * near : static_cast<Real>(-1),
        .subspace = of.subspace.data(),
        .support = tables.support.data(),
        .way_out = of.way_out.data(),
        .vectors = tables.vectors,
        .supported = static_cast<std::uint32_t>(tables.support.size()),
        .any_angle = number("any_angle") != 0,
        .kept = tables.kept.empty() ? nullptr : const_cast<double*>(tables.kept.data()),
        .kept_paths = config.paths};
    PreparedProcess made;
    made.bytes.resize(sizeof setting);
    std::memcpy(made.bytes.data(), &setting, sizeof setting);
    made.laws = {Law::uniform};
    const auto points_into = [&](const auto& pointer, const auto& table) {
        const auto place =
            reinterpret_cast<const std::byte*>(&pointer) - reinterpret_cast<const std::byte*>(&setting);
        made.tables.push_back({static_cast<std::size_t>(place), std::as_bytes(std::span(table))});
    };
    points_into(setting.table, of.table);
    points_into(setting.base, of.base);
    points_into(setting.subspace, of.subspace);
    points_into(setting.support, tables.support);
    points_into(setting.way_out, of.way_out);
    made.path_bytes = sizeof(Real) * numbers_of_a_path(config.network, Optimiser::memory);
    return made;
}

NetworkRun::NetworkRun(const EscapeConfig& config, const NetworkSaddle& saddle, const EscapeSpace& space)
    : config_(config), tables_(tables_of(config, saddle, space)) {
    entry_.model = "network";
    entry_.method = config.optimiser;
    entry_.formulation = Formulation::recursion;
    entry_.differentiable = false;
    entry_.source = source_of(config.optimiser);
    entry_.source.family = fmt::format("NetworkFamily<{}, {}, {}>", shape_in_cpp(config.network),
                                       entry_.source.family, tables_->moved);
    for (const char* header : {"engine/paths/wide_block.hpp", "models/networks/network_process.hpp"})
        entry_.source.headers.emplace_back(header);
    for_each_optimiser([&](auto optimiser) {
        using Optimiser = decltype(optimiser);
        if (Optimiser::name != config.optimiser) return;
        entry_.make = [this](const ParameterValues& model, const ParameterValues& method, double,
                             Precision precision) {
            return precision == Precision::single
                       ? process_of<Optimiser, float>(config_, *tables_, model, method)
                       : process_of<Optimiser, double>(config_, *tables_, model, method);
        };
    });
}

Simulation NetworkRun::simulation(bool any_angle) const {
    Simulation s;
    s.entry = &entry_;
    s.ensembles.clear();
    for (const double rate : config_.learning_rates)
        for (const int batch : config_.batches) {
            s.ensembles.push_back(
                {{"batch_size", static_cast<double>(batch)}, {"any_angle", any_angle ? 1.0 : 0.0}});
            auto method = config_.method;
            method["learning_rate"] = rate;
            s.own_steps.push_back({std::move(method), 1});
        }
    s.method = s.own_steps.front().method;
    s.seed = config_.seed;
    s.run = config_.run;
    s.observe.growth = false;
    return s;
}

Simulation NetworkRun::escape() const {
    auto s = simulation(config_.any_angle);
    s.steps = config_.steps;
    s.paths = config_.paths;
    s.x0 = config_.escape.start;
    s.observe.exit = ExitWatch::at_steps;
    s.observe.exit_radius = config_.escape.far;
    return s;
}

Simulation NetworkRun::growth() const {
    auto s = simulation(false);
    s.steps = config_.growth_steps;
    s.paths = config_.growth_paths;
    // Behind the numbers of all paths that may leave.
    const auto aligned = [](std::uint64_t paths) { return (paths + path_alignment - 1) / path_alignment; };
    s.first_ensemble = s.ensembles.size() * aligned(config_.paths) / aligned(config_.growth_paths) + 1;
    s.x0 = growth_start;
    s.run.precision = Precision::double_;
    s.observe.quantiles = false;
    s.observe.steps = {config_.growth_steps / 10, config_.growth_steps};
    return s;
}

std::vector<double> NetworkRun::states_at(const std::vector<std::uint64_t>& steps, const Progress& progress) {
    const std::uint64_t numbers = steps.size() * config_.paths * config_.point.size();
    require_memory(numbers * sizeof(double), "all checkpoints; keep fewer of them");
    auto s = simulation(false);
    s.steps = steps.back();
    s.paths = config_.paths;
    s.x0 = 0;
    s.observe.quantiles = false;
    s.observe.steps = steps;
    s.run.chunk = config_.paths;  // paths are numbered within a launch
    tables_->kept.assign(numbers, 0);
    run_rows(
        s, [](std::uint64_t, std::uint64_t, const Part&) {}, progress);
    return std::exchange(tables_->kept, {});
}

}  // namespace noisetrap
