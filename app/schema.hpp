// What files for `simulate`, `compare` and `sweep` may say, as the readers declare it: for editors, for completion, and
// for messages.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "app/output_json.hpp"
#include "engine/input/declaration.hpp"

namespace noisetrap {

/// The commands whose files there are.
inline constexpr std::array file_kinds = {"simulate", "compare", "sweep"};

/// The keys of all models and optimisers, each once; without those that have names of the user's own.
std::vector<Declaration> keys_of_files(const std::string& kind);

/// JSON Schema, draft 4, of the files of one kind, or of all where `kind` is empty.
Json schema(const std::string& kind);

}  // namespace noisetrap
