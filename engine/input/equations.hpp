// A model that a configuration gives as a formula: [model] equation or next, its parameters, [functions] and [noise].
#pragma once

#include <string>

#include "engine/input/config_reader.hpp"

namespace noisetrap {

/// Whether the configuration gives one.
bool has_equation(const ConfigReader&);

/// The name of the model, which joins the catalogue.
std::string read_equation(ConfigReader&);

}  // namespace noisetrap
