// Typed access to a TOML table in which every key that is asked for is known, documented and checked, and
// every other key is an error that says what may have been meant.
#pragma once

#include <toml++/toml.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/input/config.hpp"
#include "engine/input/declaration.hpp"

namespace noisetrap {

class ConfigReader {
    std::string name_;
    toml::table table_;
    std::map<std::string, std::string> set_by_;  // dotted key -> "--set" text
    std::vector<std::string> order_;             // of all dotted keys in the file, tables among them
    std::vector<ResolvedKey> resolved_;
    Declarations declarations_;
    StopToken stop_;

    void apply(const std::string& setting);
    const toml::node* find(const std::string& key) const;
    bool is_set(const std::string& key) const;
    /// The --set or the line of the file that gives the key, or the file.
    std::string where(const std::string& key) const;
    std::string word_at(const std::string& key) const;
    /// The name of the optimiser that would take this key.
    std::string method_for(const std::string& key) const;
    const toml::array* non_empty_list(const toml::node& node, const std::string& key) const;
    std::string word_in(const toml::node& node, const std::string& key,
                        const std::vector<std::string>& choices) const;
    double number_in(const toml::node& node, const std::string& key, Range range) const;
    std::vector<double> numbers_in(const toml::array& array, const std::string& key, Range range) const;
    void resolve(const Declaration&, std::string value);

  public:
    ConfigReader(const std::string& toml, const std::string& name, const std::vector<std::string>& settings,
                 StopToken stop = {});

    /// The token of the run that is read.
    StopToken stop() const { return stop_; }

    bool has(const std::string& key) const { return find(key) != nullptr; }
    /// Settles two keys that contradict each other: forgets `key`, which is a TABLE.NAME, where --set gives `rival`
    /// and not `key`.
    void give_way(const std::string& key, const std::string& rival);
    double number(const std::string& key, double standard, Range range, const std::string& meaning);
    std::uint64_t integer(const std::string& key, std::uint64_t standard, Range range,
                          const std::string& meaning);
    bool flag(const std::string& key, bool standard, const std::string& meaning);
    std::string word(const std::string& key, const std::string& standard,
                     const std::vector<std::string>& choices, const std::string& meaning);
    std::vector<double> numbers(const std::string& key, const std::vector<double>& standard, Range range,
                                const std::string& meaning);
    /// A number, or a list of some: the values of a grid.
    std::vector<double> numbers_or_one(const std::string& key, double standard, Range range,
                                       const std::string& meaning);
    std::vector<std::string> words_or_one(const std::string& key, const std::string& standard,
                                          const std::vector<std::string>& choices,
                                          const std::string& meaning);
    /// Free words.
    std::string text(const std::string& key, const std::string& standard, const std::string& meaning);
    /// A file that is there, which a path relative to the configuration names; absolute.
    std::string file(const std::string& key, const std::string& meaning);
    /// A list of free words, or one.
    std::vector<std::string> texts(const std::string& key, const std::vector<std::string>& standard,
                                   const std::string& meaning);
    /// A list of free words and whole numbers, or one of them; numbers as words.
    std::vector<std::string> names(const std::string& key, const std::string& meaning);
    /// What the table `key` holds, in the order of the file, then what --set has added.
    std::vector<std::string> keys_in(const std::string& key) const;
    /// The same, where all of it must be tables.
    std::vector<std::string> tables_in(const std::string& key) const;
    bool is_list(const std::string& key) const;
    bool is_text(const std::string& key) const;
    /// Among all keys of the file; those that only --set gives come last.
    std::size_t place_of(const std::string& key) const;
    /// A number that another key says again in the resolved configuration.
    double number_instead(const std::string& key, Range range, const std::string& meaning);
    std::vector<std::uint64_t> integers(const std::string& key, Range range, const std::string& meaning);
    /// Makes a key known without giving it a value (it is derived, or absent).
    void know(const std::string& key) { declarations_.known.push_back(key); }

    /// Throws if the key is there and is not a table; an empty one is as good as none of its keys.
    void know_table(const std::string& key);

    /// Of the file, where the key stands in it; else 0.
    std::size_t line_of(const std::string& key) const;
    /// `nearest`: what may have been meant.
    [[noreturn]] void complain(const std::string& key, const std::string& what,
                               const std::string& nearest = {}) const;
    /// About the character at `column` of a string, from 1, or of number `item` of a list of strings.
    [[noreturn]] void complain_at(const std::string& key, std::size_t item, std::size_t column,
                                  const std::string& what) const;
    /// Throws at the first key that nobody asked for.
    void refuse_unknown_keys() const;
    const Declarations& declarations() const { return declarations_; }
    std::vector<ResolvedKey> take_resolved() { return std::move(resolved_); }
};

/// The keys that are asked for while this text is read, which need not be a file that makes sense.
Declarations declared_by(const std::string& toml, const std::function<void(ConfigReader&)>& read);

}  // namespace noisetrap
