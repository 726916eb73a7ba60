// Words of PTX text, and what its declarations say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ptxhost {

/// Words and single signs, one after the other. Comments are skipped.
class Tokens {
    std::string_view text_;
    std::size_t at_ = 0;

    void skip_blanks();

  public:
    explicit Tokens(std::string_view text) : text_(text) {}
    std::size_t position() const { return at_; }
    /// The next token, empty at the end.
    std::string_view next();
    std::string_view peek() const { return Tokens(*this).next(); }
    /// Skips the next token where it is this one.
    bool take(std::string_view token);
};

/// An integer as PTX writes it, modulo 2^64.
std::uint64_t number(std::string_view digits);

/// The bits of a constant: an integer, or 0f and 0d with the bits of a float or double.
std::uint64_t constant_bits(std::string_view word);

/// Of a type such as ".u32"; a predicate has one.
int bytes_of(std::string_view type);

/// What `.align 8 .b8 name[16]` or `.u64 name` says, after its space.
struct Declaration {
    std::uint32_t align = 1, element = 1, size = 0;
    std::string name;
};
Declaration declaration(Tokens& tokens);

inline std::uint32_t align_up(std::uint32_t x, std::uint32_t align) {
    return (x + align - 1) / align * align;
}

}  // namespace ptxhost
