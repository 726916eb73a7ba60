// What the form of a tree tells of it as a function of x, and trees in another form.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/formula/tree.hpp"

namespace noisetrap::formula {

bool has_x(const Tree&);
/// Whether it is a call of an odd function.
bool is_odd(const Tree&);
/// Whether it is known before the run.
bool is_coefficient(const Tree&);
/// Whether it is linear in x, but for what does not hold x.
bool is_affine(const Tree&);
/// The same of what has that role: of all noises together, say.
bool is_affine_in(Role, const Tree&);
/// Whether its length is a product with the length of x, so that it vanishes at 0 without a difference of two lengths.
bool is_lengthy(const Tree&);
/// Whether its length needs no more than lengths of x and of constants.
bool is_plain(const Tree&);
/// Whether it has a slope at x = 0, as far as its form tells.
bool is_smooth_at_zero(const Tree&);

template <class Test>
bool all(const std::vector<Tree>& parts, Test test) {
    return std::all_of(parts.begin(), parts.end(), test);
}

/// What is left of a formula that is affine in its variables without the terms that hold none.
Tree linear_part(const Tree&);
/// The tree with 0 for x.
Tree at_zero(const Tree&);
/// `tree` times `factor`, a coefficient: multiplied into the terms of a sum, where they have coefficients of their own.
Tree scaled(const Tree& tree, const Tree& factor);
/// mu x - x^3 as x (mu - x^2), which takes fewer operations: the terms of a sum in one variable.
std::vector<Tree> with_powers_together(const std::vector<Tree>& terms);

}  // namespace noisetrap::formula
