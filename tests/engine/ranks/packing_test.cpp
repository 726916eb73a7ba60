#include "engine/ranks/packing.hpp"

#include <bit>
#include <catch2/catch.hpp>

using namespace noisetrap;

TEST_CASE("Packing keeps every bit of a number") {
    const std::uint64_t words[] = {
        0, 1, 0x8000000000000000, 0x7ff0000000000000, 0xfff8000000000000, 0x7ff8000000000001};
    for (const auto word : words)
        CHECK(std::bit_cast<std::uint64_t>(unpacked<double>(packed(std::bit_cast<double>(word)))) == word);
}

TEST_CASE("Packing keeps texts, lists, tables and what may be missing") {
    using Values = std::map<std::string, std::variant<double, std::string>>;
    const Values values = {{"a", 0.1}, {"law", "two-point"}, {"", ""}};
    CHECK(unpacked<Values>(packed(values)) == values);
    const std::vector<std::string> texts = {"", "x", std::string("\0y", 2)};
    CHECK(unpacked<std::vector<std::string>>(packed(texts)) == texts);
    CHECK(unpacked<std::optional<double>>(packed(std::optional<double>())) == std::nullopt);
    CHECK(unpacked<std::optional<double>>(packed(std::optional<double>(2.5))) == 2.5);
}

TEST_CASE("Bytes that are too few are refused, also where they say how many there are") {
    const auto whole = packed(std::vector<double>{1, 2, 3});
    CHECK_THROWS_AS(unpacked<std::vector<double>>(whole.substr(0, whole.size() - 1)), std::runtime_error);
    CHECK_THROWS_AS(unpacked<std::vector<double>>(packed(~std::uint64_t{0})), std::runtime_error);
}
