// A model of the user's own: a header that is compiled when a configuration names it, and joins the catalogue.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/catalogue/catalogue.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

struct OwnModel {
    std::string name;         // Type::name
    std::string fingerprint;  // of the header, and of the headers of the user's that it includes
};

/// Compiles and loads `type` of `header`; a second call with the same header gives the same model. Throws InputError
/// with the compiler's first error, or what the type lacks.
OwnModel load_model(const std::filesystem::path& header, const std::string& type, StopToken stop);

/// Keeps the entries of a model of one's own for good, and makes them those of its name; entries of the same key are
/// kept once.
void keep_own_entries(const std::string& key, const std::string& model, std::deque<CatalogueEntry> entries);

/// The entries of the models that this thread has loaded, of every name those that it named last. They stay where they
/// are.
const std::vector<const CatalogueEntry*>& own_entries();

}  // namespace noisetrap
