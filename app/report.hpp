// The report that Python draws from the JSON of reproduce or validate.
#pragma once

#include <filesystem>

namespace noisetrap {

/// Writes index.html and figures beside the JSON in the folder. Debian's python3 has Debian's matplotlib;
/// NOISETRAP_PYTHON names another one. Throws InputError where that fails, Interrupted where it was stopped.
void draw_report(const std::filesystem::path& folder);

/// The same, anew, of results that are there; false where the report has said in a sentence what is wrong with them.
bool redraw_report(const std::filesystem::path& folder);

}  // namespace noisetrap
