#include "engine/input/families.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/input/config_parts.hpp"
#include "engine/input/observed.hpp"

namespace noisetrap {
namespace {

constexpr const char *table = "rare", *coordinate = "rare.coordinate", *level = "rare.level",
                     *back = "rare.back", *walks = "rare.walks", *families = "rare.families";
constexpr double most_walks = 1e6;

}  // namespace

bool has_families(ConfigReader& reader) {
    reader.know_table(table);
    if (reader.has(table)) return true;
    for (const auto* key : {coordinate, level, back, walks, families}) reader.know(key);
    return false;
}

void read_families(ConfigReader& reader, Config& config) {
    auto& s = config.simulation;
    reader.know("ensemble.paths");
    if (reader.has("ensemble.paths"))
        reader.complain("ensemble.paths", fmt::format("does not go with [rare]: {} says how many walks a "
                                                      "family has, and {} how many families there are",
                                                      walks, families));
    if (const auto keys = reader.keys_in("observe"); !keys.empty())
        reader.complain(
            "observe." + keys.front(),
            "does not go with [rare], where odds alone are observed; rare.coordinate says of what");
    auto& f = s.observe.families.emplace();
    read_observed_as(reader, coordinate, "how far a walk has come: a formula of the variables, or norm", s);
    if (!reader.has(level))
        reader.complain(
            table, fmt::format("needs {}, to which the odds are that {} comes", level, s.observe.of->text));
    f.level = reader.number(level, 1, {-1e300, 1e300}, "the odds are those that the coordinate comes to it");
    if (reader.has(back))
        f.back =
            reader.number(back, 0, {-1e300, 1e300}, "before it comes back to this; without, before the end");
    else
        reader.know(back);
    f.walks =
        reader.integer(walks, f.walks, {2, most_walks}, "walks of a family: more of them, smaller errors");
    s.paths = reader.integer(families, 32, {1, most},
                             "independent families, whose spread gives the standard error");
    s.observe.growth = s.observe.quantiles = false;
    s.observe.steps = {s.steps};
    s.observe.bin_edges = {{}};
    config.times = {s.time(s.steps)};
}

void check_families(const ConfigReader& reader, Simulation& s) {
    const auto& f = *s.observe.families;
    const auto& number = *s.observe.of;
    if (s.x0_deviation != 0)
        reader.complain("ensemble.x0_deviation", "does not go with [rare], whose walks start at one place");
    const auto state = start_of(*s.entry, s.x0);
    if (const auto* node = number.not_finite_at(state, *s.entry, s.ensembles.front()))
        reader.complain_at(coordinate, 0, std::max<std::size_t>(node->place, 1),
                           fmt::format("it has no finite value at the start, x0 = {}", s.x0));
    const double start = number.at(state, *s.entry, s.ensembles.front());
    const auto at_start = fmt::format("{} = {} at the start", number.text, start);
    if (!(f.level > start))
        reader.complain(level, fmt::format("= {} is reached already: {}", f.level, at_start));
    if (!(f.back < start))
        reader.complain(back, fmt::format("= {} gives all walks up: {}", f.back, at_start));
    if (s.run.backend == "cuda")
        reader.complain("run.backend",
                        "= 'cuda' does not go with [rare], whose walks run on the CPU; use 'omp'");
    if (s.run.backend == "auto") s.run.backend = "omp";
}

}  // namespace noisetrap
