// Parts of configurations that several commands read alike.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/input/config_reader.hpp"

namespace noisetrap {

/// Paths, and steps: below 2^53, so that every number of them is exact in a double.
inline constexpr double most = 1e15;

/// Throws InputError where there is no such file.
std::string text_of_file(const std::string& file);
/// The model that a configuration names; empty where that cannot be read.
std::string model_named_in(const std::string& file);
std::vector<std::string> model_names();
ParameterValues read_parameters(ConfigReader&, const std::string& section, const std::vector<ParameterInfo>&);
inline constexpr std::size_t most_grid_points = 10000;
/// The parameters of every contender of a comparison: a key may hold a list, and all combinations are meant.
std::vector<ParameterValues> read_parameter_grid(ConfigReader&, const std::string& section,
                                                 const std::vector<ParameterInfo>&);
/// As keys_of_run (config.hpp): of a model that is a header, whose other keys that header defines.
Declarations keys_of_own_source();
/// model.name, one of these.
std::string read_model_name(ConfigReader&, const std::vector<std::string>& names);
/// model.name, and an entry of that model.
const CatalogueEntry& read_model(ConfigReader&);
/// optimiser.name or integrator.scheme, and the entry that it makes with the model.
const CatalogueEntry& read_method(ConfigReader&, const std::string& model);
/// Whether an SDE is meant in Ito's sense or in Stratonovich's.
void read_calculus(ConfigReader&, Simulation&);
/// The number of steps in `time`, a multiple of dt up to rounding; `key` is to blame.
std::uint64_t steps_in(const ConfigReader&, const std::string& key, double time, double dt);
/// A --set of one of integrator.steps and integrator.t_end replaces the file's other one.
void settle_length(ConfigReader&);
/// dt and steps, or t_end.
void read_integrator(ConfigReader&, Simulation&);
void read_ensemble(ConfigReader&, Simulation&, std::uint64_t standard_paths = 100000);
/// The same but for the number of paths.
void read_start(ConfigReader&, Simulation&);
std::uint64_t read_seed(ConfigReader&, const std::string& key = "ensemble.seed");
/// The place of a word among those that are allowed, which is the enumerator that it names; the first stands where none is
/// given, unless another is `standard`.
template <class Enum>
Enum read_choice(ConfigReader& reader, const std::string& key, const std::vector<std::string>& words,
                 const std::string& meaning, const std::string& standard = "") {
    const auto word = reader.word(key, standard.empty() ? words.front() : standard, words, meaning);
    return static_cast<Enum>(std::find(words.begin(), words.end(), word) - words.begin());
}
void read_run(ConfigReader&, RunSettings&);
/// run.backend, run.devices and run.threads.
void read_backend(ConfigReader&, RunSettings&);
/// run.threads.
void read_threads(ConfigReader&, RunSettings&);
/// run.lanes, run.chunk and run.instruction_set: what changes no byte of the results. And whether all settings go together.
void read_pace(ConfigReader&, RunSettings&);
/// Whether growth is estimated with control variates.
bool read_control(ConfigReader&, const std::string& key, const CatalogueEntry&);
/// Single precision goes without them: its rounding may move growth by 1e-8 a step, which is more than their error. So do
/// first noises whose squares have no variance, with the parameters of `at`.
void settle_control(Simulation&, const Simulation& at);
/// A list of probabilities between 0 and 1, both excluded.
std::vector<double> read_probabilities(ConfigReader&, const std::string& key,
                                       const std::vector<double>& standard, const std::string& meaning);
/// Paths must start at one place where they are watched for a radius, which `radius_key` gives.
void check_exit(const ConfigReader&, const Simulation&, const std::string& radius_key);
/// Squares of lengths must stay in range, in float32 (1e-38 to 3e38) or in float64.
void check_lengths(const ConfigReader&, const Simulation&,
                   const std::string& radius_key = "observe.exit_radius");
/// Two noises that do not commute, noise that does not correlate, a start that never moves.
void check_together(const ConfigReader&, const Simulation&, const std::string& method_section = "optimiser");

}  // namespace noisetrap
