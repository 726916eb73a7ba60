// Another number of a state than its first, which a run observes or watches for exits: a formula of the variables and
// the parameters, compiled into the kernel.
#pragma once

#include <string>
#include <vector>

#include "engine/catalogue/catalogue.hpp"
#include "engine/formula/code.hpp"
#include "engine/formula/evaluate.hpp"

namespace noisetrap {

/// The text that stands for the Euclidean norm of the variables.
inline constexpr const char* norm_word = "norm";

struct ObservedNumber {
    std::string text;                    // as it was given
    std::vector<std::string> variables;  // the first numbers of the state
    formula::Tree tree;                  // null: the norm
    formula::WrittenNumber code;

    /// The number of that state; not a number where it has none.
    double at(const std::vector<double>& state, const CatalogueEntry&, const ParameterValues&) const;
    /// What has no value there; null where there is no such part.
    const formula::Node* not_finite_at(const std::vector<double>& state, const CatalogueEntry&,
                                       const ParameterValues&) const;
};

/// What the number is for: the C++ names of its struct and of the process that has it.
enum class NumberRole { observed, watched };

/// `tree` null: the norm.
ObservedNumber observed_number(NumberRole, const std::string& text, formula::Tree tree,
                               const std::vector<std::string>& variables);

/// The variables of a model by their names: x alone, unless it is a formula that says otherwise.
std::vector<std::string> variables_of(const CatalogueEntry&);
/// Where they start.
std::vector<double> start_of(const CatalogueEntry&, double x0);

/// The process that has the number: its bytes behind those of the model.
void add_number(PreparedProcess&, const ObservedNumber&, const CatalogueEntry&, const ParameterValues& model,
                Precision);
/// And what its kernel is compiled from.
void add_number(ProcessSource&, NumberRole, const ObservedNumber&);

}  // namespace noisetrap
