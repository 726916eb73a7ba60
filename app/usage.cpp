#include "app/usage.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "app/file_keys.hpp"
#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

using Words = std::vector<std::string>;

/// What other programs call such commands.
const std::pair<const char*, const char*> other_names[] = {{"run", "simulate"},
                                                           {"start", "simulate"},
                                                           {"sim", "simulate"},
                                                           {"test", "validate"},
                                                           {"models", "list"}};

Words names_of(const std::vector<const CLI::App*>& commands) {
    Words names;
    for (const auto* command : commands) names.push_back(command->get_name());
    return names;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::Option* option_of(const CLI::App& command, const std::string& name) {
    return command.get_option_no_throw(name);
}

bool is_option(const std::string& argument) {
    return argument.size() > 1 && argument[0] == '-' && !std::isdigit(argument[1]) && argument[1] != '.';
}

/// Every key that a file for the command may hold.
Words keys_of(const std::string& command) {
    Words keys;
    for (const auto& key : keys_of_command(command)) keys.push_back(key.key);
    return keys;
}

/// The key whose last part is `name`; empty where there is none.
std::string key_named(const std::string& command, const std::string& name) {
    for (const auto& key : keys_of(command))
        if (key == name || key.ends_with("." + name)) return key;
    return "";
}

/// An option of the place `at` that the command has not.
std::string unknown_option(const CLI::App& app, const CLI::App& command, const Words& arguments,
                           std::size_t at) {
    const auto& argument = arguments[at];
    const auto equals = argument.find('=');
    const auto option = argument.substr(0, equals);
    std::string value = "...";
    if (equals != std::string::npos)
        value = argument.substr(equals + 1);
    else if (at + 1 < arguments.size() && !is_option(arguments[at + 1]))
        value = arguments[at + 1];
    const auto key = option_of(command, "--set")
                         ? key_named(command.get_name(), option.substr(option.find_first_not_of('-')))
                         : "";
    if (!key.empty()) return fmt::format("{}: write --set {}={}", option, key, value);
    auto others = commands_of(app);
    std::erase_if(others, [&](const auto* other) { return !option_of(*other, option); });
    if (!others.empty())
        return fmt::format("{} has no {}: {}", command.get_name(), option, owners_have(names_of(others)));
    Words own;
    for (const auto* one : command.get_options())
        if (!one->get_positional()) own.push_back(one->get_name());
    return fmt::format("{} has no {}{} (noisetrap {} --help shows all)", command.get_name(), option,
                       did_you_mean(option, own), command.get_name());
}

}  // namespace

bool is_command(const CLI::App& app, const std::string& word) {
    const auto names = names_of(commands_of(app));
    return std::find(names.begin(), names.end(), word) != names.end();
}

std::string not_a_command(const CLI::App& app, const std::string& word) {
    for (const auto& [other, name] : other_names)
        if (word == other) return fmt::format("'{}' is not a command; did you mean '{}'?", word, name);
    if (const auto kind = kind_of(word); !kind.empty())
        return fmt::format("{} is {}, not a command{}", word, kind,
                           kind == "a model" ? ": noisetrap show " + word + " tells of it" : "");
    std::error_code error;
    if (std::filesystem::exists(word, error))
        return fmt::format("{} is a file, not a command: noisetrap simulate {} runs it", word, word);
    return fmt::format("'{}' is not a command{} (noisetrap --help lists them)", word,
                       did_you_mean(word, names_of(commands_of(app))));
}

std::string not_expected(const CLI::App& app, const std::vector<std::string>& arguments) {
    const auto parsed = app.get_subcommands();
    const auto& command = parsed.empty() ? app : *parsed.front();
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (is_option(arguments[i]) && !option_of(command, arguments[i].substr(0, arguments[i].find('='))))
            return unknown_option(app, command, arguments, i);
    const auto left_over = app.remaining(true);
    Words extra;
    for (const auto& argument : arguments)
        if (std::find(left_over.begin(), left_over.end(), argument) != left_over.end())
            extra.push_back(argument);
    return fmt::format("{} takes no more: {} (noisetrap {} --help shows how)", command.get_name(),
                       fmt::join(extra, " "), command.get_name());
}

}  // namespace noisetrap
