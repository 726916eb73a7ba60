#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/critical/landscape_file.hpp"
#include "app/commands.hpp"
#include "app/output_folder.hpp"
#include "engine/error.hpp"
#include "engine/formula/equation.hpp"
#include "engine/formula/parse.hpp"
#include "engine/input/config.hpp"

namespace noisetrap {
namespace {

/// Names that stand in an SDE and have no meaning yet: its parameters, in their order. Where the text is no equation
/// the reader of files says so later.
std::vector<std::string> parameters_of(const std::string& equation) {
    formula::Scope scope;
    std::vector<std::string> names;
    for (;;) try {
            formula::read_sde(equation, scope);
            return names;
        } catch (const formula::FormulaError& error) {
            if (!formula::is_name(error.word) || scope.names.count(error.word)) return names;
            scope.names[error.word] = formula::Role::parameter;
            names.push_back(error.word);
        }
}

/// The table [model] of an equation, all of whose parameters are 1.
std::string model_of(const std::string& equation) {
    std::vector<std::string> values;
    for (const auto& name : parameters_of(equation)) values.push_back(name + " = 1.0");
    auto text = fmt::format("[model]\nequation = '{}'\n", equation);
    if (!values.empty())
        text += fmt::format("parameters = {{{}}}    # give them their values\n", fmt::join(values, ", "));
    return text;
}

bool of_start(const ResolvedKey& key) {
    for (const char* section : {"model.", "optimiser.", "integrator.", "ensemble."})
        if (key.key.starts_with(section)) return true;
    return false;
}

/// The keys that most runs change, each with its meaning.
std::string starter_text(const InitOptions& options, const std::string& file) {
    const auto model = options.equation.empty() ? fmt::format("[model]\nname = \"{}\"\n", options.model)
                                                : model_of(options.equation);
    auto keys = config_from_text(model, "init", {}).resolved;
    std::erase_if(keys, [&](const ResolvedKey& key) {
        return !of_start(key) || (!options.equation.empty() && key.key.starts_with("model."));
    });
    const auto more = options.equation.empty()
                          ? fmt::format("# All keys that there are: noisetrap defaults {}\n", options.model)
                          : std::string("# All that an equation may hold: docs/equations.md\n");
    return fmt::format(
        "# Run it, and keep the results:  noisetrap simulate {0} --out first\n"
        "# What theory knows of it:       noisetrap theory {0}\n{1}"
        "# Editors complete and check keys by the file that this writes: noisetrap schema > "
        "noisetrap.schema.json\n\n{2}{3}",
        file, more, options.equation.empty() ? "" : model + "\n", to_toml(keys, true));
}

}  // namespace

int init(const InitOptions& options) {
    if (!options.model.empty() && !options.equation.empty())
        throw InputError("init takes a model or an --equation, not both");
    auto asked = options;
    if (asked.model.empty()) asked.model = "linear-sde";
    const bool searched = is_landscape(asked.model);
    if (!searched) require_model(asked.model, "init");
    const auto file = !options.file.empty()      ? options.file
                      : options.equation.empty() ? asked.model + ".toml"
                                                 : std::string("equation.toml");
    write_new_file(file, searched ? default_landscape(asked.model) : starter_text(asked, file));
    fmt::print("written: {}\nnext:    noisetrap {} {} --out first\n", file,
               searched ? "landscape" : "simulate", file);
    return 0;
}

}  // namespace noisetrap
