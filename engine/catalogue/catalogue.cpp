#include "engine/catalogue/catalogue.hpp"

#include "engine/catalogue/own_model.hpp"

namespace noisetrap {

const CatalogueEntry* find_entry(const std::string& model, const std::string& method) {
    for (const auto* entry : entries_of(model))
        if (entry->method == method) return entry;
    return nullptr;
}

std::vector<const CatalogueEntry*> entries_of(const std::string& model) {
    std::vector<const CatalogueEntry*> found;
    for (const auto& entry : catalogue())
        if (entry.model == model) found.push_back(&entry);
    for (const auto* entry : own_entries())
        if (entry->model == model) found.push_back(entry);
    return found;
}

}  // namespace noisetrap
