// A formula as a tree. Trees are never changed, and share their branches. What makes a node leaves out what does
// nothing: 0 times a branch, 1 times it, sums of numbers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace noisetrap::formula {

enum class Kind { number, name, negate, sum, product, quotient, power, call, slope_at_zero };

/// What a name stands for.
enum class Role {
    variable,      // x
    parameter,     // known before the run
    step_length,   // dt and its square root, known before the run
    noise,         // a variate of the step, with its standard deviation
    time,          // t, at the start of the step
    step_number,   // n, steps done
    differential,  // dt and dW, in the text of an equation alone
    argument,      // u and v, in the text of a function alone
};

struct Node;
using Tree = std::shared_ptr<const Node>;

struct Node {
    Kind kind;
    double number = 0;
    std::string name = {};  // of a name, or of the function that is called
    Role role = Role::parameter;
    std::vector<Tree> parts = {};
    std::size_t place = 0;  // of its first character, or of its operator, in the text
    std::size_t size = 1;   // nodes of the whole branch
};

Tree number(double value);
Tree name(std::string name, Role role, std::size_t place = 0);
Tree negate(Tree a);
Tree sum(std::vector<Tree> parts);
Tree product(std::vector<Tree> parts);
Tree quotient(Tree a, Tree b, std::size_t place = 0);
Tree power(Tree base, Tree exponent, std::size_t place = 0);
Tree call(std::string function, std::vector<Tree> arguments, std::size_t place = 0);
/// The derivative by x at x = 0, a number.
Tree slope_at_zero(Tree a);

bool is_number(const Tree&);
bool is_number(const Tree&, double value);
/// The exponent where it is a whole number other than 0, of at most 64; else 0.
int whole_exponent(const Tree& power);

bool contains(const Tree&, Role role);
bool any_of(const Tree&, const std::function<bool(const Node&)>& test);
/// Every name goes through `replacement`, which gives null where it stays.
Tree replaced(const Tree&, const std::function<Tree(const Node&)>& replacement);
/// As a formula, fully bracketed: equal texts are equal trees.
std::string text_of(const Tree&);

}  // namespace noisetrap::formula
