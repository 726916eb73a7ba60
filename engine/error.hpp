// What the user must hear: one sentence that says what is wrong, where, and what would be right.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace noisetrap {

/// Where an input is wrong, as far as that is known; else empty.
struct Blame {
    std::string where;         // the file and its line, or --set with its text
    std::string key;           // dotted
    std::string nearest = {};  // what may have been meant instead
};

/// The input cannot be run as it is (exit status 2).
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
    InputError(const std::string& sentence, Blame blamed)
        : std::runtime_error(sentence), blame(std::move(blamed)) {}
    Blame blame = {};
};

/// A setting that cannot be followed, for whoever knows where it was made.
struct SettingError : InputError {
    std::string key, wrong;
    SettingError(const std::string& where, const std::string& what)
        : InputError(where + " " + what), key(where), wrong(what) {}
};

/// The user asked to stop (exit status 130).
struct Interrupted : std::runtime_error {
    explicit Interrupted(const std::string& sentence = "interrupted: nothing was written")
        : std::runtime_error(sentence) {}
};

}  // namespace noisetrap
