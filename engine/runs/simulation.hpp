// What a run is: G ensembles of P paths of one process, and what is observed of them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/catalogue/catalogue.hpp"
#include "engine/catalogue/observed_number.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

/// GPUs of this machine: the first, all, or those with these numbers.
struct ChosenDevices {
    bool all = false;
    std::vector<int> numbers = {};
    bool is_first() const { return !all && numbers.empty(); }
};

struct RunSettings {
    std::string backend = "auto";  // auto, cuda, omp, serial
    ChosenDevices devices;         // of cuda
    int threads = 0;               // 0: all
    Precision precision = Precision::mixed;
    Arithmetic arithmetic = Arithmetic::exact;  // fast: on a GPU, in mixed precision
    int lanes = 0;            // paths of a CPU's block: 1, or a multiple of 16 to 1024; 0: chosen
    std::uint64_t chunk = 0;  // paths in memory at a time; 0: chosen
    std::string instruction_set = "auto";  // auto, portable, x86-64-v3, x86-64-v4
    StopToken stop;                        // looked at while kernels are compiled and paths are stepped
};

enum class ExitWatch : int { none, at_steps, with_bridge };
enum class ExitSide : int { both, upper, lower };
inline constexpr const char* exit_side_names[] = {"both", "upper", "lower"};

/// Walks that split where they come far (engine/paths/family_block.hpp). Each path of the run is a family of them then, and
/// what is observed at the end are its estimates of the odds that the observed number comes to the level before it comes
/// back to `back`, and before the end.
struct Families {
    double level = 1, back = -std::numeric_limits<double>::infinity();
    std::uint64_t walks = 500;  // of each
};

struct Observation {
    std::shared_ptr<const ObservedNumber> of = nullptr;       // what is observed instead of x
    std::shared_ptr<const ObservedNumber> exit_of = nullptr;  // what is watched for exits instead of that
    std::vector<std::uint64_t> steps;                         // ascending: when x is summarised
    bool quantiles = true;                                    // keep a sketch
    std::vector<std::vector<double>> bin_edges;               // EdgeCounts of x at each observed step
    bool growth = true;                                       // log |dx[n]/dx[0]| at the end
    bool control = false;  // and what the path has drawn of its first noise, as control variates
    ExitWatch exit = ExitWatch::none;
    double exit_radius = 0;
    ExitSide exit_side = ExitSide::both;
    std::vector<double> survival_steps;  // where the survival curve is counted
    std::vector<double>
        largest_beyond;           // radii r of P(largest |x| of a path > r), ascending; none: do not look
    double inside_radius = 0;     // count the steps with |x| < inside_radius; 0: do not
    std::uint64_t exponents = 0;  // of the linearised flow: all, or 0
    std::optional<Families> families = {};

    /// The columns that paths write.
    bool wants(Column column) const {
        switch (column) {
            case Column::value:
            case Column::log_abs:
                return !steps.empty();
            case Column::log_growth:
                return growth;
            case Column::exit_step:
                return exit != ExitWatch::none;
            case Column::log_largest:
                return !largest_beyond.empty();
            case Column::steps_inside:
                return inside_radius > 0;
            case Column::noise_sum:
            case Column::noise_squares:
                return growth && control;
            case Column::log_stretches:
            case Column::log_volume:
                return exponents > 0;
        }
        return false;
    }
    /// Whether a path need not be stepped on once it has left.
    bool ends_at_exit() const {
        return exit != ExitWatch::none && !growth && !wants(Column::log_largest) &&
               !wants(Column::steps_inside) && !wants(Column::log_stretches);
    }
    /// Numbers of a column for each path.
    std::uint64_t numbers_of(Column column) const {
        if (!wants(column)) return 0;
        const auto each = column_table[static_cast<int>(column)].each;
        return each == Each::time ? steps.size() : each == Each::variable ? exponents : 1;
    }
};

/// How an ensemble steps that does not step as the others do.
struct OwnStep {
    ParameterValues method;
    double dt = 1;
};

struct Simulation {
    const CatalogueEntry* entry = nullptr;
    std::vector<ParameterValues> ensembles = {{}};  // model parameters of each ensemble
    ParameterValues method;
    double dt = 1;                     // of an SDE; 1 for a recursion
    bool stratonovich = false;         // an SDE's equation is meant in this sense, else in Ito's
    std::vector<OwnStep> own_steps;    // of each ensemble, instead of `method` and `dt`; else empty
    std::uint64_t first_ensemble = 0;  // number of ensembles[0]: which noise it takes
    std::uint64_t steps = 0, paths = 0, seed = 1;
    double x0 = 1, x0_deviation = 0;  // paths start at x0 + x0_deviation Z, Z standard normal
    /// A power of two: each step takes the noise of so many steps of a run with dt / coarsening, so that both
    /// follow the same Brownian path.
    std::uint64_t coarsening = 1;
    Observation observe;
    RunSettings run;

    double time(std::uint64_t step) const { return static_cast<double>(step) * dt; }
};

/// The equation in words, with the calculus in which it is meant.
inline std::string equation_of(const Simulation& s) {
    const std::string ito = "(Ito)", stratonovich = "(Stratonovich)";
    auto text = s.entry->equation;
    if (!s.stratonovich) return text;
    const auto at = text.find(ito);
    return at == std::string::npos ? text + "  " + stratonovich : text.replace(at, ito.size(), stratonovich);
}

}  // namespace noisetrap
