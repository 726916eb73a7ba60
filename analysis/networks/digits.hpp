// The data set of digits, which cmake/Digits.cmake finds on the machine that builds the program.
#pragma once

#include <string_view>

namespace noisetrap {

/// Its rows as text; empty where it was not found.
std::string_view digits_text();

}  // namespace noisetrap
