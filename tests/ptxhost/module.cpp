// Cuts the text of a module into its functions, and places its variables.
#include <cstring>

#include "program.hpp"
#include "tokens.hpp"

namespace ptxhost {
namespace {

/// The initial value of a variable, from behind its declaration.
std::vector<unsigned char> initial_value(Tokens& tokens, const Declaration& d) {
    std::vector<unsigned char> bytes(d.size);
    if (!tokens.take("=")) return bytes;
    const bool list = tokens.take("{");
    for (std::size_t i = 0; i < d.size; i += d.element) {
        const auto element = constant_bits(tokens.next());
        std::memcpy(&bytes[i], &element, d.element);
        if (!tokens.take(",")) break;
    }
    if (list && !tokens.take("}")) throw Unsupported("initialiser of " + d.name);
    return bytes;
}

/// The name of a function, from behind .entry or .func; `last` becomes "{" before its body, or ";" without one.
std::string_view name_of_function(Tokens& tokens, std::string_view& last) {
    std::string_view name;
    int parentheses = 0;
    while (!(last = tokens.next()).empty() && last != "{" && last != ";") {
        parentheses += last == "(" ? 1 : last == ")" ? -1 : 0;
        if (parentheses == 0 && last != ")" && name.empty() && last[0] != '.') name = last;
    }
    return name;
}

void skip_body(Tokens& tokens, std::string_view name) {
    for (int depth = 1; depth > 0;) {
        const auto token = tokens.next();
        if (token.empty()) throw Unsupported("no end of " + std::string(name));
        depth += token == "{" ? 1 : token == "}" ? -1 : 0;
    }
}

bool is_linkage(std::string_view token) {
    return token == ".visible" || token == ".extern" || token == ".weak" || token == ".common";
}

}  // namespace

Module::Module(std::string ptx, Place place) : text(std::move(ptx)) {
    while (!text.empty() && text.back() == '\0') text.pop_back();
    for (Tokens tokens(text); !tokens.peek().empty();) {
        std::string_view token = tokens.next();
        const auto start = tokens.position() - token.size();
        while (is_linkage(token)) token = tokens.next();
        if (token == ".version" || token == ".target" || token == ".address_size") {
            tokens.next();
            while (tokens.take(",")) tokens.next();
        } else if (token == ".global" || token == ".const") {
            const auto d = declaration(tokens);
            variables[d.name] = place(d.name, initial_value(tokens, d));
            if (!tokens.take(";")) throw Unsupported("declaration of " + d.name);
        } else if (token == ".entry" || token == ".func") {
            std::string_view last;
            const auto name = name_of_function(tokens, last);
            if (last == ";") continue;  // declared here and defined elsewhere, or nowhere
            skip_body(tokens, name);
            functions[std::string(name)] = std::string_view(text).substr(start, tokens.position() - start);
        } else {
            throw Unsupported("PTX directive " + std::string(token));
        }
    }
}

}  // namespace ptxhost
