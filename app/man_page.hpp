#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace noisetrap {

/// noisetrap(1), in the language of man(7), from what --help tells.
std::string man_page(const CLI::App&);

}  // namespace noisetrap
