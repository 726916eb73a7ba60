// What files for the commands may say, as JSON Schema for editors.
#pragma once

#include <string>

#include "app/output_json.hpp"

namespace noisetrap {

/// JSON Schema, draft 4, of the files of one kind, or of all where `kind` is empty.
Json schema(const std::string& kind);

}  // namespace noisetrap
