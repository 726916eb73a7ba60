// A sweep: one quantity or more at every point of a grid of parameters, and where it crosses a level.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/input/axis.hpp"
#include "engine/input/config.hpp"
#include "engine/input/observable.hpp"

namespace noisetrap {

/// Where an observable crosses a level, along the second axis for every value of the others; along the first where it is
/// the only one.
struct BoundaryTerms {
    Observable observable;  // growth, escaped or trapped
    double level = 0;
    double error = 0.01;       // odds that any sign that the search relied on is wrong
    double accuracy = 0.01;    // of the bracket, as a share of the axis (of its logarithm where that is log)
    std::uint64_t coarse = 9;  // points of the first look along the axis
    std::uint64_t batch = 256, most_batches = 256;  // paths that are added together; of one point
};

/// A model that the engine does not step.
struct HostModel {
    std::string name, equation;
    std::vector<ParameterInfo> parameters;
    Complaint (*complaint)(const ParameterValues&);
};

struct SweepPoint {
    ParameterValues model, method;
    double dt = 1;
    double t_end = 0;  // where it is given, it says how many steps there are
    std::uint64_t steps = 0;

    /// Gives `key`, as in a configuration, another value.
    void set(const std::string& key, const ParameterValue& value);
};

struct Sweep {
    std::string title, caption;
    std::string model;       // its name
    Simulation base;         // what all points share; entry null: of a host model
    SweepPoint fixed;        // what the axes do not vary
    std::vector<Axis> axes;  // 1 to 3: across, up, panels
    std::vector<Observable> observables;
    bool map = true;            // measure the whole grid
    bool phases = false;        // tell them apart
    double phase_error = 1e-3;  // odds that a decision about a phase is wrong, at each point
    double trapped_within = 1e-6;
    std::uint64_t warm_up = 0;  // steps before growth counts
    std::optional<BoundaryTerms> boundary;
    std::vector<ResolvedKey> resolved;

    std::size_t size() const;  // points
    /// The axis along which a boundary is searched for.
    const Axis& search_axis() const { return axes[axes.size() > 1 ? 1 : 0]; }
    /// Place on each axis of point `index`; the last axis runs fastest.
    std::vector<std::size_t> place(std::size_t index) const;
    SweepPoint point(std::size_t index) const;
    /// The point with the value y on the axis of the search.
    SweepPoint point_at(std::size_t index, double y) const;
};

/// "model.a = 0.1, model.sigma = 0.2"
std::string description(const Sweep&, std::size_t index);

/// A run of these points, which all take the same number of steps; point i takes the noise of ensemble
/// `first` + i.
Simulation simulation_of(const Sweep&, const std::vector<SweepPoint>& points, std::uint64_t first);
/// The point alone: what estimates and theory are told of it.
Simulation simulation_of(const Sweep&, const SweepPoint&);

/// As keys_of_run (config.hpp).
Declarations keys_of_sweep(const std::string& toml, const std::vector<HostModel>& host_models);

/// Throws InputError as read_config does.
Sweep read_sweep(const std::string& file, const std::vector<std::string>& settings,
                 const std::vector<HostModel>& host_models, StopToken stop = {});
Sweep sweep_from_text(const std::string& toml, const std::string& name,
                      const std::vector<std::string>& settings, const std::vector<HostModel>& host_models,
                      StopToken stop = {});

}  // namespace noisetrap
