// Colour, in the one place that decides whether there is any: on a terminal, unless NO_COLOR asks for none
// (no-color.org) or TERM says that it has none.
#pragma once

#include <cstdio>
#include <string>

namespace noisetrap {

enum class Look { heading, bad, warning };

/// The text as it goes to `stream`, where nothing but its look changes.
std::string shown(std::FILE* stream, Look, const std::string& text);

}  // namespace noisetrap
