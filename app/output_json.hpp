#pragma once

#include <nlohmann/json.hpp>

#include "analysis/findings.hpp"

namespace noisetrap {

using Json = nlohmann::ordered_json;

/// The number, or null: JSON has no infinities and no NaN.
Json finite(double x);
/// {value, standard_error}; what is not known or not finite is null.
Json to_json(const Estimate&);
/// {value, standard_error, theory, theory_scheme, theory_stationary}
Json to_json(const Finding&);
const char* precision_name(Precision);
/// On standard output. Throws InputError where it cannot be written.
void print_alone(const std::string& text);
/// Every key of the configuration with its value.
Json resolved_input(const Config&);
/// The summary as documented in docs/output.md.
Json summary_json(const Config&, const RunFacts&, const Findings&);

}  // namespace noisetrap
