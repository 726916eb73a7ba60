#include "tokens.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "program.hpp"

namespace ptxhost {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)); }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }
bool is_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_$%.").find(c) != std::string_view::npos;
}

}  // namespace

void Tokens::skip_blanks() {
    while (at_ < text_.size()) {
        if (is_blank(text_[at_]))
            ++at_;
        else if (text_.substr(at_, 2) == "//")
            at_ = std::min(text_.find('\n', at_), text_.size());
        else
            return;
    }
}

std::string_view Tokens::next() {
    skip_blanks();
    if (at_ == text_.size()) return {};
    std::size_t end = at_ + 1;
    const bool negative = text_[at_] == '-' && end < text_.size() && is_digit(text_[end]);
    if (text_[at_] == '"') {
        end = text_.find('"', end) + 1;
    } else if (is_of_word(text_[at_]) || negative) {
        while (end < text_.size() && is_of_word(text_[end])) ++end;
    }
    const auto token = text_.substr(at_, end - at_);
    at_ = end;
    return token;
}

bool Tokens::take(std::string_view token) {
    if (peek() != token) return false;
    next();
    return true;
}

std::uint64_t number(std::string_view digits) {
    const auto whole = digits;
    const bool negative = digits.starts_with("-");
    if (negative) digits.remove_prefix(1);
    const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    if (hexadecimal) digits.remove_prefix(2);
    if (digits.ends_with("U")) digits.remove_suffix(1);
    std::uint64_t x = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, x, hexadecimal ? 16 : 10);
    if (error != std::errc() || end != last) throw Unsupported("no number: " + std::string(whole));
    return negative ? 0 - x : x;
}

std::uint64_t constant_bits(std::string_view word) {
    for (const char* prefix : {"0f", "0F", "0d", "0D"})
        if (word.starts_with(prefix)) return number("0x" + std::string(word.substr(2)));
    return number(word);
}

int bytes_of(std::string_view type) {
    if (type == ".pred") return 1;
    return static_cast<int>(number(type.substr(2)) / 8);
}

Declaration declaration(Tokens& tokens) {
    Declaration d;
    for (std::string_view token; !(token = tokens.next()).empty();) {
        if (token == ".align") {
            d.align = static_cast<std::uint32_t>(number(tokens.next()));
        } else if (token == ".ptr" || token == ".global" || token == ".const") {
            // Said of a parameter: where it points.
        } else if (token[0] == '.') {
            d.element = static_cast<std::uint32_t>(bytes_of(token));
            d.align = std::max(d.align, d.element);
        } else {
            d.name = token;
            break;
        }
    }
    std::uint64_t count = 1;
    while (tokens.take("[")) {
        if (tokens.peek() != "]") count *= number(tokens.next());
        tokens.take("]");
    }
    d.size = static_cast<std::uint32_t>(d.element * count);
    return d;
}

}  // namespace ptxhost
