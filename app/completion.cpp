#include "app/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/sweeps/point_source.hpp"
#include "app/file_keys.hpp"
#include "engine/input/config_parts.hpp"
#include "validation/network_presets.hpp"
#include "validation/sweep_presets.hpp"

namespace noisetrap {
namespace {

using Words = std::vector<std::string>;

struct Candidate {
    std::string word, meaning = {};
};
using Candidates = std::vector<Candidate>;

constexpr const char* script_of_bash =
    R"(# noisetrap completion bash > ~/.local/share/bash-completion/completions/noisetrap
_noisetrap() {
    local found current=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
    [[ $current == = ]] && current=
    found=($("${COMP_WORDS[0]}" __complete bash "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    case ${found[0]} in
        :files) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
        :folders) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
        *) COMPREPLY=("${found[@]%%$'\t'*}") ;;
    esac
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return 0
}
complete -F _noisetrap noisetrap
)";

constexpr const char* script_of_zsh = R"(#compdef noisetrap
# noisetrap completion zsh > a file _noisetrap in a folder of $fpath
_noisetrap() {
    local -a found plain said
    found=("${(@f)$("${words[1]}" __complete zsh "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    case ${found[1]} in
        :files) _files ;;
        :folders) _files -/ ;;
        *)
            plain=("${(@)found%%$'\t'*}")
            said=("${(@)found/$'\t'/  }")
            [[ ${plain[1]} == *= ]] && compadd -S '' -l -d said -a plain || compadd -l -d said -a plain ;;
    esac
}
compdef _noisetrap noisetrap
)";

constexpr const char* script_of_fish =
    R"(# noisetrap completion fish > ~/.config/fish/completions/noisetrap.fish
function __noisetrap_complete
    set -l before (commandline -opc)
    set -l found ($before[1] __complete fish $before[2..-1] (commandline -ct) 2>/dev/null)
    switch "$found[1]"
        case :files
            __fish_complete_path (commandline -ct)
        case :folders
            __fish_complete_directories (commandline -ct)
        case '*'
            printf '%s\n' $found
    end
end
complete -c noisetrap -f -a '(__noisetrap_complete)'
)";

/// bash parts words at "="; the parts of one are put together again.
Words joined_at_equals(const Words& parts) {
    Words words;
    bool open = false;  // the last word goes on
    for (const auto& part : parts) {
        if ((part == "=" || open) && !words.empty())
            words.back() += part;
        else
            words.push_back(part);
        open = part == "=";
    }
    return words;
}

bool takes_value(const CLI::Option* option) { return option->get_items_expected_max() > 0; }

/// A word of the help that says what a value is.
std::string kind_of_value(const CLI::Option* option) {
    return option->get_positional() ? option->get_name(true) : option->get_type_name();
}

/// The choices of an IsMember, as CLI11 writes them: {bash,fish,zsh}.
Candidates choices_in(const std::string& type) {
    Candidates choices;
    const auto begin = type.find('{'), end = type.find('}');
    if (begin == std::string::npos || end == std::string::npos) return choices;
    for (const auto& word : CLI::detail::split(type.substr(begin + 1, end - begin - 1), ','))
        choices.push_back({word});
    return choices;
}

Candidates models_of(const std::string& command) {
    Candidates models;
    for (const auto& name : model_names()) models.push_back({name, entries_of(name).front()->equation});
    if (command == "show")
        for (const auto& host : host_models()) models.push_back({host.name, host.equation});
    return models;
}

/// "key=" for each key; its words once one is there.
Candidates settings_of(const std::string& command, const std::string& current) {
    const auto equals = current.find('=');
    Candidates settings;
    for (const auto& key : keys_of_command(command)) {
        if (equals == std::string::npos) {
            settings.push_back({key.key + "=", key.meaning});
            continue;
        }
        if (key.key != current.substr(0, equals)) continue;
        for (const auto& word : key.choices) settings.push_back({key.key + "=" + word});
        if (key.of == Declaration::Of::flag)
            for (const char* word : {"true", "false"}) settings.push_back({key.key + "=" + word});
    }
    return settings;
}

Candidates values_of(const CLI::App& command, const CLI::Option* option, const std::string& current) {
    const auto kind = kind_of_value(option);
    if (const auto choices = choices_in(option->get_type_name()); !choices.empty()) return choices;
    if (kind == "FILE") return {{":files"}};
    if (kind == "FOLDER") return {{":folders"}};
    if (kind == "-") return {{"-", option->get_description()}};
    if (kind == "NAME") return models_of(command.get_name());
    if (kind == "KEY=VALUE") return settings_of(command.get_name(), current);
    Candidates presets;
    if (kind == "PRESET")
        for (const auto& preset : command.get_name() == "sweep"     ? sweep_presets()
                                  : command.get_name() == "analyse" ? training_presets()
                                                                    : network_presets())
            presets.push_back({preset.name, preset.title});
    return presets;
}

Candidates options_of(const CLI::App& command) {
    Candidates options;
    for (const auto* option : command.get_options())
        if (!option->get_positional() && !option->get_group().empty())
            options.push_back({"--" + (option->get_lnames().empty() ? "" : option->get_lnames().front()),
                               option->get_description()});
    std::erase_if(options, [](const Candidate& option) { return option.word == "--"; });
    return options;
}

std::vector<const CLI::App*> inner_commands(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
    for (const auto* command : inner_commands(app))
        if (command->get_name() == name) return command;
    return nullptr;
}

Candidates commands_of(const CLI::App& app) {
    Candidates commands;
    for (const auto* command : inner_commands(app))
        commands.push_back({command->get_name(), command->get_description()});
    return commands;
}

/// Where the words before the last one have led to.
struct Place {
    const CLI::App* command;
    const CLI::Option* option = nullptr;  // whose value comes next
    std::size_t positionals = 0;          // that are there already

    void pass(const std::string& word) {
        if (option) {
            option = nullptr;
        } else if (word.starts_with("-") && word != "-") {
            const auto* named = command->get_option_no_throw(word.substr(0, word.find('=')));
            if (named && takes_value(named) && word.find('=') == std::string::npos) option = named;
        } else if (const auto* inner = positionals ? nullptr : command_named(*command, word)) {
            command = inner;
        } else {
            ++positionals;
        }
    }
    Candidates candidates(const std::string& current) const {
        if (option) return values_of(*command, option, current);
        if (current.starts_with("-")) return options_of(*command);
        if (const auto commands = commands_of(*command); !commands.empty()) return commands;
        std::size_t place = 0;
        for (const auto* each : command->get_options())
            if (each->get_positional() && place++ == positionals) return values_of(*command, each, current);
        return options_of(*command);
    }
};

}  // namespace

std::string completion_script(const std::string& shell) {
    return shell == "bash" ? script_of_bash : shell == "zsh" ? script_of_zsh : script_of_fish;
}

std::string candidates_text(const CLI::App& app, std::vector<std::string> arguments) {
    if (arguments.empty()) return "";
    const auto shell = arguments.front();
    arguments.erase(arguments.begin());
    const auto words = shell == "bash" ? joined_at_equals(arguments) : arguments;
    const auto current = words.empty() ? std::string() : words.back();
    Place place{&app};
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        if (!(i == 0 && words[i] == "help")) place.pass(words[i]);
    // What stands before "=" is the shell's already, where that parts words there.
    const auto equals = current.find('=');
    const auto kept = shell == "bash" && equals != std::string::npos ? equals + 1 : 0;
    std::string text;
    for (const auto& [word, meaning] : place.candidates(current)) {
        if (!word.starts_with(":") && !word.starts_with(current)) continue;
        text += word.starts_with(":") ? word : word.substr(kept);
        text += meaning.empty() || word.starts_with(":") ? "\n" : fmt::format("\t{}\n", meaning);
    }
    return text;
}

}  // namespace noisetrap
