// What a reader of configurations has said of a key while it asked for it: JSON Schema and completion are made of this.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace noisetrap {

struct Range {
    double smallest, largest;
    bool open_below = false;  // smallest itself is excluded
};

struct Declaration {
    enum class Of { number, whole_number, flag, word, text, name };
    enum class Many { one, list, one_or_list };

    std::string key;  // dotted
    Of of = Of::text;
    Many many = Many::one;
    std::optional<Range> range = {};           // of numbers
    std::vector<std::string> choices = {};     // of words
    std::string meaning;                       // with its unit
    std::optional<std::string> standard = {};  // as TOML; none where the key has to be given to be asked for
};

/// What one kind of file may say.
struct Declarations {
    std::vector<Declaration> declared;  // in the order in which they were asked for
    std::vector<std::string> known;     // keys that are no mistake, asked for or not

    void add(const Declarations& more) {
        declared.insert(declared.end(), more.declared.begin(), more.declared.end());
        known.insert(known.end(), more.known.begin(), more.known.end());
    }
};

}  // namespace noisetrap
