// The keys by which a run observes another number of the state than x, and watches another for exits.
#pragma once

#include <string>

#include "engine/input/config_reader.hpp"
#include "engine/runs/simulation.hpp"

namespace noisetrap {

/// TABLE.of, where table is "observe", "sweep" or "compare".
void read_observed(ConfigReader&, const std::string& table, Simulation&);
/// The same of another key, where x too is a number of its own.
void read_observed_as(ConfigReader&, const std::string& key, const std::string& meaning, Simulation&);
/// TABLE.exit_of and TABLE.exit_side, where exits are watched; elsewhere both are refused.
void read_exit_number(ConfigReader&, const std::string& table, Simulation&, bool watched);

/// What is watched for exits, in words: "x", or the formula that was given.
std::string watched_text(const Simulation&);
/// What is observed.
std::string observed_text(const Simulation&);

/// The observed and the watched number must have a value where paths start, and the watched one must be inside TABLE.exit_radius
/// there.
void check_start_of_numbers(const ConfigReader&, const std::string& table, const Simulation&);

/// Brownian bridges need the variance that a step's noise has in what is watched.
void check_bridge(const ConfigReader&, const std::string& key, Simulation&);

}  // namespace noisetrap
