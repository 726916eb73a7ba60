// Every key that files for the commands may hold, as the readers declare them: for JSON Schema, for completion and for
// messages.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/input/declaration.hpp"

namespace noisetrap {

/// Names that are the user's own begin so in the texts that readers are given here.
inline constexpr const char* own_name = "some_";

/// A key as all readings together declare it.
struct FileKey {
    std::string name;                // dotted
    std::vector<Declaration> forms;  // of different types
    std::vector<std::string> meanings;
    std::set<std::string> standards;  // "" for none

    /// Where it has always the same one.
    std::string standard() const { return standards.size() == 1 ? *standards.begin() : ""; }
};

class KeyList {
    std::vector<FileKey> keys_;

  public:
    const std::vector<FileKey>& list() const { return keys_; }
    void add(const Declaration&);
};

/// The keys of one model, of one optimiser or of one landscape.
struct KeyGroup {
    std::string name;  // empty: of the user's own
    KeyList keys;
};

/// All that a kind of file may say. What is simulated, or searched, has a table of its own, which says its name.
struct FileKeys {
    std::string subject, says;  // that table, and its key for the name; empty: there is none
    std::vector<KeyGroup> subjects, methods;
    KeyList others;
};

/// The commands whose files there are.
std::vector<std::string> file_kinds();

FileKeys keys_of_kind(const std::string& kind);

/// Whether the key is that of the values of an axis.
bool is_of_axis(const std::string& key);

/// The keys of all models and optimisers, each once, that --set of a command may give; without those that have names of
/// the user's own.
std::vector<Declaration> keys_of_command(const std::string& command);

}  // namespace noisetrap
