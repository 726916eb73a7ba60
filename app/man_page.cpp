#include "app/man_page.hpp"

#include <fmt/format.h>

#include "engine/version.hpp"

namespace noisetrap {
namespace {

/// Text as man(7) takes it: no line begins with a request, hyphens are those that one types.
std::string roff(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        const bool at_start = escaped.empty() || escaped.back() == '\n';
        if (at_start && (c == '.' || c == '\'')) escaped += "\\&";
        if (c == '\\')
            escaped += "\\e";
        else if (c == '-')
            escaped += "\\-";
        else
            escaped += c;
    }
    return escaped;
}

std::string item(const std::string& term, const std::string& text) {
    return fmt::format(".TP\n.B {}\n{}\n", roff(term), roff(text.empty() ? "(no description)" : text));
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

/// "--out FOLDER", or the name of a value that stands alone.
std::string term_of(const CLI::Option& option) {
    if (option.get_positional()) return option.get_name(true);
    auto term = option.get_name(false, true);
    if (option.get_items_expected_max() > 0) term += " " + option.get_type_name();
    return term;
}

std::string options_of(const CLI::App& app) {
    std::string text;
    for (const auto* option : app.get_options())
        if (!option->get_group().empty()) text += item(term_of(*option), option->get_description());
    return text;
}

/// The commands below `app`, the longer names included: "kernels build".
std::string commands(const CLI::App& app, const std::string& before) {
    std::string text;
    for (const auto* command : commands_of(app)) {
        const auto name = before + command->get_name();
        text +=
            fmt::format(".SS {}\n{}\n{}", roff(name), roff(command->get_description()), options_of(*command));
        if (!command->get_footer().empty())
            text += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(command->get_footer()));
        text += commands(*command, name + " ");
    }
    return text;
}

constexpr std::pair<const char*, const char*> exit_statuses[] = {
    {"0", "done; of validate: every claim holds"},
    {"1", "of validate: a claim fails"},
    {"2",
     "wrong input; one sentence says what is wrong, where, and what would be right, and nothing is written"},
    {"3", "a GPU failed on the way"},
    {"4", "the time limit came, and how far the run has come is kept"},
    {"130", "interrupted"}};

constexpr std::pair<const char*, const char*> variables[] = {
    {"NOISETRAP_KERNEL_CACHE", "the folder in which compiled kernels are kept"},
    {"NOISETRAP_CXX", "the compiler of kernels for the processor"},
    {"NOISETRAP_NVCC", "the compiler of kernels for a GPU"},
    {"NOISETRAP_PYTHON", "the Python, with matplotlib, that draws pages"},
    {"NO_COLOR", "where it is set, nothing is coloured"}};

template <class Rows>
std::string table(const Rows& rows) {
    std::string text;
    for (const auto& [term, meaning] : rows) text += item(term, meaning);
    return text;
}

}  // namespace

std::string man_page(const CLI::App& app) {
    return fmt::format(
        ".TH NOISETRAP 1 \"\" \"noisetrap {}\" \"User Commands\"\n"
        ".SH NAME\nnoisetrap \\- how noise traps gradient descent at saddle points\n"
        ".SH SYNOPSIS\n.B noisetrap\n.I COMMAND\n[\\fIOPTION\\fR]...\n"
        ".SH OPTIONS\n{}.SH COMMANDS\n{}.SH EXIT STATUS\n{}.SH ENVIRONMENT\n{}",
        version(), options_of(app), commands(app, ""), table(exit_statuses), table(variables));
}

}  // namespace noisetrap
