#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "analysis/answers/findings.hpp"

namespace noisetrap {

using Json = nlohmann::ordered_json;

/// The number, or null: JSON has no infinities and no NaN.
Json finite(double x);
Json or_null(const std::optional<double>&);
/// {value, standard_error}; what is not known or not finite is null.
Json to_json(const Estimate&);
/// {value, standard_error, theory, theory_scheme, theory_stationary}
Json to_json(const Finding&);
const char* precision_name(Precision);
/// After a write that failed: throws InputError, or where nobody reads on the system_error EPIPE, as fmt
/// does.
[[noreturn]] void refuse_standard_output();
/// On standard output. Throws as above where it cannot be written.
void print_alone(const std::string& text);
/// Every key of a configuration with its value.
Json resolved_input(const std::vector<ResolvedKey>&);
/// The summary as documented in docs/output.md.
Json summary_json(const Config&, const RunFacts&, const Findings&);

}  // namespace noisetrap
