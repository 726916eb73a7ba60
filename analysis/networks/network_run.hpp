// A network as the engine runs it: the process whose kernel is compiled for its shape, the tables that the process points
// into, and simulations of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/networks/escape_config.hpp"
#include "analysis/networks/escape_space.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// Optimisers that step each parameter by itself, with one gradient a step.
std::vector<std::string> network_optimisers();
std::vector<ParameterInfo> optimiser_parameters(const std::string& name);
/// Whether its step is linear in its vectors and gradients.
bool is_linear_optimiser(const std::string& name);

/// Tables and the entry of a catalogue that stands for them. It outlives the simulations of it.
class NetworkRun {
  public:
    NetworkRun(const EscapeConfig&, const NetworkSaddle&, const EscapeSpace&);
    ~NetworkRun();
    NetworkRun(const NetworkRun&) = delete;
    NetworkRun& operator=(const NetworkRun&) = delete;

    /// An ensemble for each learning rate and batch size, in the order of the predictions: paths start as configured and
    /// are watched for exits.
    Simulation escape() const;
    /// Paths that start on the way out, so near that nothing but the linearised steps counts, observed at two steps. They
    /// take noise of their own.
    Simulation growth() const;

    /// Paths start at the point, and what is returned are their parameters at these steps: step after step, and path
    /// after path.
    std::vector<double> states_at(const std::vector<std::uint64_t>& steps, const Progress& progress = {});

    struct Tables;

  private:
    const EscapeConfig& config_;
    std::unique_ptr<Tables> tables_;
    CatalogueEntry entry_;

    Simulation simulation(bool any_angle) const;
};

/// Where growth is measured from: a distance that no growth in a measurement makes large.
inline constexpr double growth_start = 1e-40;
/// Beyond this distance steps are no longer linear to nine digits.
inline constexpr double growth_end = 1e-5;

}  // namespace noisetrap
