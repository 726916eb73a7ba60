// An equation's expressions as C++: numbers, and lengths that are in proportion to the unit.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/formula/equation.hpp"

namespace noisetrap::formula {

/// A term as a factor and the rest, for a fused product; or whole, with no rest.
struct Term {
    std::string first, rest;
    bool negative = false, has_x = false;
};

enum class Mode { number, length };

/// Writes expressions, and notes which coefficients and which locals they use.
class Writer {
    const Equation& equation_;
    std::vector<Tree> coefficients_;
    std::map<std::string, std::size_t> places_;

  public:
    bool uses_one = false, uses_step_number = false, keeps_any_size = true;
    std::set<std::string> numbers;  // of variables, as the expressions name them
    /// The unit may be of any size. It is at most 1 where a linear equation looks at it, since then 0 is moved.
    bool any_unit = true;

    explicit Writer(const Equation& equation) : equation_(equation) {}
    const std::vector<Tree>& coefficients() const { return coefficients_; }

    std::size_t place_of(const Tree& coefficient);
    std::string coefficient(const Tree& tree);
    /// The value of the formula.
    std::string in_numbers(const Tree& tree);
    /// The length of the formula, where that is plain.
    std::string in_lengths(const Tree& tree);
    /// start + the terms, each product fused with its sum.
    std::string sum_of(const std::vector<Tree>& trees, Mode mode, std::string start);
    /// The length of a sum of any terms. Those that are not plain go together, unit f(x/unit), with the constants that
    /// may take them to 0 at x = 0.
    std::string length_of(const Tree& tree, const std::string& start);

  private:
    /// Where there are several variables, the place of each is in its name.
    std::string name_in(const char* letter, const Node& variable) const;
    std::string name_of(const Node& node);
    std::string constant_length(const Tree& tree);
    std::string divided(const Tree& tree, Mode mode);
    std::string raised(const Tree& tree);
    std::string called(const Tree& tree);
    std::string length_of_call(const Tree& tree);

    /// The branches whose product a tree is: a quotient by a coefficient, a power x x^(n-1).
    static std::vector<Tree> branches_of(const Tree& tree, Mode mode);
    /// The branch that is taken as a length: the only one with x, or the first that vanishes with x.
    static std::size_t lengthy_of(const std::vector<Tree>& branches);

    /// The coefficient first, then the others.
    std::vector<std::string> factors_of(const Tree& tree, Mode mode, bool negative = false);
    Term term_of(const Tree& tree, Mode mode);
    Term term_of(const Tree& tree, Mode mode, bool negative);
    /// Takes out the term that a sum starts with: one that is no product, with x if there is one.
    static std::string started(std::vector<Term>& terms);
    std::string length_of_rest(const Tree& rest);
};

}  // namespace noisetrap::formula
