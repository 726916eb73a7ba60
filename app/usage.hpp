// What a wrong command line was meant to be.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace noisetrap {

bool is_command(const CLI::App&, const std::string& word);

/// A word that stands where a command belongs and is none: one sentence about it.
std::string not_a_command(const CLI::App&, const std::string& word);

/// What a command's arguments have too many: one sentence about the first option that it has not, or about
/// all that is left over.
std::string not_expected(const CLI::App&, const std::vector<std::string>& arguments);

}  // namespace noisetrap
