// The commands as CLI11 knows them. Parsing, --help, completion and the man page all come from this description.
#pragma once

#include <CLI/CLI.hpp>

namespace noisetrap {

/// Adds every command; the one that is parsed runs, and sets `status`. The options live as long as `app`.
void add_commands(CLI::App& app, int& status);

}  // namespace noisetrap
