// A model that a configuration gives as a formula: [model] equation or next, its parameters, [functions] and [noise].
#pragma once

#include <string>

#include "engine/catalogue/catalogue.hpp"
#include "engine/formula/parse.hpp"
#include "engine/input/config_reader.hpp"

namespace noisetrap {

/// Whether the configuration gives one.
bool has_equation(const ConfigReader&);

/// What formulas of its variables may hold beside them: the parameters, and the functions that the configuration gives.
formula::Scope scope_of(const ConfigReader&, const CatalogueEntry&);

/// The name of the model, which joins the catalogue.
std::string read_equation(ConfigReader&);

}  // namespace noisetrap
