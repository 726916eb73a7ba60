// The parts of the Python module, a unit each.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "engine/error.hpp"
#include "engine/input/config.hpp"

namespace noisetrap::python {

/// A configuration as the command line would have it: the text of a TOML file, what messages call it, and --set.
struct Request {
    std::string toml, name;
    std::vector<std::string> settings;
};

/// What the engine warned of since it was last asked.
std::vector<std::string> take_warnings();
/// For a warning of the module's own.
void add_warning(const std::string& sentence);

void bind_catalogue(nanobind::module_&);
void bind_runs(nanobind::module_&);
void bind_laws(nanobind::module_&);
void bind_comparisons(nanobind::module_&);
void bind_sweeps(nanobind::module_&);
void bind_networks(nanobind::module_&);

}  // namespace noisetrap::python
