// Roots of functions on the whole line.
#pragma once

#include <functional>
#include <vector>

namespace noisetrap {

/// 0 and +-10^(k/per_decade) from 10^-decades to 10^decades, in rising order.
std::vector<double> places_on_the_line(int decades, int per_decade);

/// The roots of f, in rising order: x = 0 where f(0) = 0 exactly, and the changes of sign between neighbours of
/// places_on_the_line(12, 32), refined to the last bit (Alefeld, Potra and Shi 1995). Between two neighbours, which are
/// 7 % apart, an even number of roots is missed and of an odd number one is found; roots where f touches 0 are found at
/// 0 and at places of the grid alone. Poles and jumps are no roots, nor are stretches on which f is 0 throughout, nor
/// changes of sign within a thousandth of others, as rounding makes them.
std::vector<double> roots_on_the_line(const std::function<double(double)>& f);

}  // namespace noisetrap
