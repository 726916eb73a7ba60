// Completion of a command line. The scripts of shells ask the program itself, which knows its commands from CLI11 and
// the keys of files from their readers: a script that was installed once never lags behind.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace noisetrap {

inline constexpr const char* completion_shells[] = {"bash", "zsh", "fish"};
/// The word that asks instead of a command: __complete SHELL WORD..., the last of which is to be completed.
inline constexpr const char* completion_word = "__complete";

/// What a shell reads at its start.
std::string completion_script(const std::string& shell);

/// One candidate a line, with a tab and its meaning; or ":files" or ":folders", which shells know themselves.
std::string candidates_text(const CLI::App&, std::vector<std::string> arguments);

}  // namespace noisetrap
