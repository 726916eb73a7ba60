#include "engine/formula/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "engine/formula/evaluate.hpp"

namespace noisetrap::formula {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)); }

struct Token {
    enum Sort { number, name, sign, end } sort;
    std::string text;
    std::size_t column;
};

/// Columns count characters: the further bytes of one of UTF-8 count nothing.
class Tokens {
    const std::string& text_;
    std::size_t at_ = 0, column_ = 1;
    std::vector<Token> found_;

    void take(Token::Sort sort, std::size_t length) {
        found_.push_back({sort, text_.substr(at_, length), column_});
        at_ += length;
        column_ += length;
    }
    template <class Test>
    std::size_t run(std::size_t from, Test test) const {
        std::size_t end = from;
        while (end < text_.size() && test(text_[end])) ++end;
        return end - from;
    }
    /// Digits, a point, digits, an exponent.
    std::size_t number_length() const {
        std::size_t n = run(at_, is_digit);
        if (at_ + n < text_.size() && text_[at_ + n] == '.') ++n, n += run(at_ + n, is_digit);
        if (at_ + n < text_.size() && (text_[at_ + n] == 'e' || text_[at_ + n] == 'E')) {
            std::size_t more = n + 1;
            if (at_ + more < text_.size() && (text_[at_ + more] == '+' || text_[at_ + more] == '-')) ++more;
            if (const auto digits = run(at_ + more, is_digit)) n = more + digits;
        }
        return n;
    }
    [[noreturn]] void refuse() const {
        std::size_t length = 1;
        while (at_ + length < text_.size() && (text_[at_ + length] & 0xc0) == 0x80) ++length;
        throw FormulaError(column_,
                           fmt::format("'{}' means nothing in a formula", text_.substr(at_, length)));
    }

  public:
    explicit Tokens(const std::string& text) : text_(text) {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (is_space(c)) {
                ++at_, ++column_;
            } else if (is_letter(c)) {
                take(Token::name, run(at_, [](char d) { return is_letter(d) || is_digit(d); }));
            } else if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
                take(Token::number, number_length());
            } else if (text_.compare(at_, 2, "**") == 0) {
                found_.push_back({Token::sign, "^", column_});
                at_ += 2, column_ += 2;
            } else if (std::string("+-*/^(),=").find(c) != std::string::npos) {
                take(Token::sign, 1);
            } else {
                refuse();
            }
        }
        found_.push_back({Token::end, "the end", column_});
    }
    std::vector<Token> all() && { return std::move(found_); }
};

std::string quoted(const Token& token) {
    return token.sort == Token::end ? token.text : fmt::format("'{}'", token.text);
}

class Parser {
    const Scope& scope_;
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    int depth_ = 0;

    const Token& here() const { return tokens_[next_]; }
    bool is(const char* sign) const { return here().sort == Token::sign && here().text == sign; }
    bool take(const char* sign) {
        if (!is(sign)) return false;
        ++next_;
        return true;
    }
    [[noreturn]] void fail(const Token& token, const std::string& what) const {
        throw FormulaError(token.column, what);
    }

    Tree sum() {
        std::vector<Tree> parts = {product()};
        while (is("+") || is("-")) {
            const bool minus = take("-");
            if (!minus) take("+");
            auto part = product();
            parts.push_back(minus ? negate(std::move(part)) : std::move(part));
        }
        return formula::sum(std::move(parts));
    }

    /// A differential stands behind what it multiplies, with no sign between.
    Tree product() {
        auto left = signed_one();
        while (true) {
            const auto place = here().column;
            if (take("*")) {
                left = formula::product({left, signed_one()});
            } else if (take("/")) {
                left = quotient(left, signed_one(), place);
            } else if (scope_.differentials && here().sort == Token::name && is_end_of_term(here().text)) {
                left = formula::product({left, one()});
            } else {
                break;
            }
        }
        refuse_missing_sign();
        return left;
    }
    static bool is_end_of_term(const std::string& name) { return name == "dt" || is_differential(name); }
    /// d and a small letter, where a noise may stand.
    static bool is_nearly_noise(const std::string& name) {
        return name.size() > 1 && name[0] == 'd' && std::islower(static_cast<unsigned char>(name[1]));
    }
    void refuse_missing_sign() const {
        if (scope_.differentials && here().sort == Token::name && is_nearly_noise(here().text) &&
            !scope_.names.count(here().text)) {
            auto capital = here().text;
            capital[1] = static_cast<char>(std::toupper(static_cast<unsigned char>(capital[1])));
            fail(here(), fmt::format("{} is no noise, whose name is d and a capital letter: write {}",
                                     quoted(here()), capital));
        }
        if (here().sort == Token::name || here().sort == Token::number || is("("))
            fail(here(),
                 fmt::format("a sign is missing before {}: a product is written with *", quoted(here())));
    }

    Tree signed_one() {
        if (++depth_ > 200) fail(here(), "it is nested too deeply");
        Tree tree;
        if (take("-")) {
            tree = negate(signed_one());
        } else if (take("+")) {
            tree = signed_one();
        } else {
            tree = raised();
        }
        --depth_;
        return tree;
    }
    /// To the right first: 2^3^2 = 2^9; and -x^2 is -(x^2).
    Tree raised() {
        auto base = one();
        const auto place = here().column;
        return take("^") ? power(base, signed_one(), place) : base;
    }

    Tree one() {
        const auto token = here();
        ++next_;
        if (token.sort == Token::number) return number_of(token);
        if (token.sort == Token::name) return is("(") ? called(token) : named(token);
        if (token.sort == Token::sign && token.text == "(") {
            auto inner = sum();
            if (!take(")")) fail(here(), fmt::format("a bracket is not closed before {}", quoted(here())));
            return inner;
        }
        fail(token, fmt::format("{} stands where a number, a name or a bracket is wanted", quoted(token)));
    }
    Tree number_of(const Token& token) const {
        double value = 0;
        const auto* begin = token.text.data();
        if (std::from_chars(begin, begin + token.text.size(), value).ec != std::errc{})
            fail(token, fmt::format("'{}' is out of the range of numbers", token.text));
        return number(value);
    }

    Tree named(const Token& token) const {
        if (const auto found = scope_.names.find(token.text); found != scope_.names.end())
            return name(token.text, found->second, token.column);
        if (token.text == "pi") return number(0x1.921fb54442d18p+1);
        if (scope_.differentials && is_end_of_term(token.text))
            return name(token.text, Role::differential, token.column);
        if (is_function(token.text))
            fail(token, fmt::format("'{0}' is a function: it is written {0}(...)", token.text));
        refuse_name(token);
    }
    bool is_function(const std::string& word) const {
        return find_function(word) || word == "pow" || scope_.functions.count(word) != 0;
    }
    [[noreturn]] void refuse_name(const Token& token) const {
        FormulaError error(token.column, fmt::format("'{}' is not known", token.text));
        error.word = token.text;
        for (const auto& [known, role] : scope_.names) error.known.push_back(known);
        for (const auto& [known, function] : scope_.functions) error.known.push_back(known);
        for (const auto& known : function_names()) error.known.push_back(known);
        throw error;
    }

    std::vector<Tree> arguments(const Token& function) {
        take("(");
        std::vector<Tree> found;
        if (take(")")) return found;
        do {
            found.push_back(sum());
        } while (take(","));
        if (!take(")"))
            fail(here(),
                 fmt::format("the bracket of {} is not closed before {}", function.text, quoted(here())));
        return found;
    }
    Tree called(const Token& token) {
        if (scope_.names.count(token.text))
            fail(token, fmt::format("'{0}' is no function: a product is written {0}*(...)", token.text));
        if (!is_function(token.text)) refuse_name(token);
        auto given = arguments(token);
        const auto own = scope_.functions.find(token.text);
        const auto* known = find_function(token.text);
        const std::size_t wanted = own != scope_.functions.end() ? own->second.arguments
                                   : known                       ? known->arguments
                                                                 : 2;
        if (given.size() != wanted)
            fail(token, fmt::format("{} takes {} argument{}, and here it has {}", token.text, wanted,
                                    wanted == 1 ? "" : "s", given.size()));
        if (own != scope_.functions.end()) return body_of(own->second, given, token);
        if (!known) return power(given[0], given[1], token.column);
        return call(token.text, std::move(given), token.column);
    }
    Tree body_of(const OwnFunction& function, const std::vector<Tree>& given, const Token& token) const {
        std::size_t largest = 1;
        for (const auto& argument : given) largest = std::max(largest, argument->size);
        if (function.body->size > most_nodes / largest)
            fail(token,
                 fmt::format("with the text of {} put in it has more than {} parts", token.text, most_nodes));
        return replaced(function.body, [&](const Node& node) -> Tree {
            if (node.role != Role::argument) return nullptr;
            return given[node.name == "u" ? 0 : 1];
        });
    }

  public:
    Parser(const std::string& text, const Scope& scope) : scope_(scope), tokens_(Tokens(text).all()) {}

    Tree whole() {
        if (here().sort == Token::end) fail(here(), "it is empty");
        auto tree = sum();
        if (here().sort != Token::end) fail(here(), fmt::format("{} does not belong here", quoted(here())));
        return tree;
    }
};

}  // namespace

bool is_name(const std::string& text) {
    return !text.empty() && is_letter(text[0]) &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_differential(const std::string& name) {
    return name.size() > 1 && name[0] == 'd' && std::isupper(static_cast<unsigned char>(name[1]));
}

Tree parse(const std::string& text, const Scope& scope) {
    if (text.size() > most_characters)
        throw FormulaError(most_characters, fmt::format("it has more than {} characters", most_characters));
    return Parser(text, scope).whole();
}

Sides sides_of(const std::string& equation) {
    const auto equals = equation.find('=');
    if (equals == std::string::npos)
        throw FormulaError(1, "it has no =: an equation is written dx = ... dt + ... dW");
    auto left = equation.substr(0, equals);
    left.erase(std::remove_if(left.begin(), left.end(), is_space), left.end());
    return {left, equation.substr(equals + 1), equals + 1};
}

}  // namespace noisetrap::formula
