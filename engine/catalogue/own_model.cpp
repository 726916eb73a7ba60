#include "engine/catalogue/own_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "engine/error.hpp"
#include "engine/kernels/fingerprint.hpp"
#include "engine/kernels/store.hpp"

namespace noisetrap {
namespace fs = std::filesystem;
namespace {

std::mutex mutex;
struct Loaded {
    OwnModel model;
    std::deque<CatalogueEntry> entries;  // kept for good: simulations point to them
};
std::map<std::string, Loaded> loaded;  // by header, type and fingerprint
/// Of every name those that this thread has named last: configurations that are read side by side may give one name to
/// different models.
thread_local std::vector<const CatalogueEntry*> current;

const OwnModel& make_current(const Loaded& own) {
    std::erase_if(current, [&](const auto* entry) { return entry->model == own.model.name; });
    for (const auto& entry : own.entries) current.push_back(&entry);
    return own.model;
}

bool is_type_name(const std::string& type) {
    const auto good = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':';
    };
    return !type.empty() && !std::isdigit(static_cast<unsigned char>(type[0])) &&
           std::all_of(type.begin(), type.end(), good);
}

/// A unit that tells the program what it knows of a built-in model, under every optimiser of the list. The fingerprint
/// makes a changed header another unit.
std::string unit_of(const fs::path& header, const std::string& type, const std::string& mark) {
    std::set<std::string> includes;
    std::string methods;
    for (const auto& optimiser : optimisers()) {
        includes.insert(fmt::format("#include \"{}\"\n", optimiser.header));
        methods += fmt::format(",\n    Named<{0}>{{\"{0}\", \"{1}\"}}", optimiser.type, optimiser.header);
    }
    return fmt::format(
        "// {0}\n#include \"engine/catalogue/own_unit.hpp\"\n{3}#include \"{1}\"\n\n"
        "NOISETRAP_OWN_MODEL({2}, \"{1}\", \"{0}\"{4})\n",
        mark, header.string(), type, fmt::join(includes, ""), methods);
}

}  // namespace

const std::vector<const CatalogueEntry*>& own_entries() { return current; }

void keep_own_entries(const std::string& key, const std::string& model, std::deque<CatalogueEntry> entries) {
    const std::lock_guard lock(mutex);
    make_current(loaded.try_emplace(key, Loaded{{model, ""}, std::move(entries)}).first->second);
}

OwnModel load_model(const fs::path& header, const std::string& type, StopToken stop) {
    if (!fs::is_regular_file(header))
        throw InputError(fmt::format("= '{}' is not a file that can be read", header.string()));
    if (header.string().find_first_of("\"\\\n") != std::string::npos)
        throw InputError("must have a path without quotes and backslashes");
    if (!is_type_name(type))
        throw InputError(fmt::format("names '{}', which is not the name of a C++ type", type));
    const auto path = fs::weakly_canonical(header);
    const auto mark = header_fingerprint(path);
    const std::lock_guard lock(mutex);
    const auto key = path.string() + "\n" + type + "\n" + mark;
    if (const auto found = loaded.find(key); found != loaded.end()) return make_current(found->second);

    using AddEntries = void (*)(std::vector<CatalogueEntry>&);
    const auto add = reinterpret_cast<AddEntries>(
        compiled_symbol(unit_of(path, type, mark), "noisetrap_entries", {path.string(), mark}, stop));
    std::vector<CatalogueEntry> found;
    add(found);
    const auto name = found.front().model;
    for (const auto& entry : catalogue())
        if (entry.model == name)
            throw InputError(
                fmt::format("calls its model '{}', which is built in: give it another name", name));
    return make_current(loaded[key] = {{name, mark}, {found.begin(), found.end()}});
}

}  // namespace noisetrap
