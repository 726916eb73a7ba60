#include "engine/formula/parse.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/formula/evaluate.hpp"

using namespace noisetrap::formula;

static Scope scope_of_x() {
    Scope scope;
    scope.names = {{"x", Role::variable}, {"a", Role::parameter}, {"mu", Role::parameter}};
    return scope;
}

static double value(const std::string& text, double x = 0.7) {
    return value_of(parse(text, scope_of_x()), {{"a", 2.0}, {"mu", -1.5}}, x);
}

static std::string tree(const std::string& text) { return text_of(parse(text, scope_of_x())); }

TEST_CASE("Formulas have the value that their signs give them") {
    CHECK(value("1 + 2*3") == 7);
    CHECK(value("(1 + 2)*3") == 9);
    CHECK(value("2^3^2") == 512);
    CHECK(value("2**3") == 8);
    CHECK(value("-2^2") == -4);
    CHECK(value("2^-1") == 0.5);
    CHECK(value("6/3/2") == 1);
    CHECK(value("6/3*2") == 4);
    CHECK(value("1 - 2 - 3") == -4);
    CHECK(value("1 - (2 - 3)") == 2);
    CHECK(value("--3") == 3);
    CHECK(value("+3 - -3") == 6);
    CHECK(value("2*-3") == -6);
    CHECK(value(".5 + 1. + 1e-1 + 2.5E+1") == Approx(26.6));
    CHECK(value("a*x - mu") == Approx(2 * 0.7 + 1.5));
    CHECK(value("a - x - mu - 1") == Approx(2 - 0.7 + 1.5 - 1));
    CHECK(value("x/a/2*mu") == Approx(0.7 / 2 / 2 * -1.5));
    CHECK(value("cos(pi)") == Approx(-1));
}

TEST_CASE("Functions are those of the engine") {
    CHECK(value("exp(x)") == Approx(std::exp(0.7)));
    CHECK(value("log(x)") == Approx(std::log(0.7)));
    CHECK(value("sqrt(x)") == std::sqrt(0.7));
    CHECK(value("sin(x) + cos(x) + tan(x)") == Approx(std::sin(0.7) + std::cos(0.7) + std::tan(0.7)));
    CHECK(value("tanh(x)*sinh(x)/cosh(x)") == Approx(std::tanh(0.7) * std::tanh(0.7)));
    CHECK(value("atan(x)") == Approx(std::atan(0.7)));
    CHECK(value("abs(mu)*sign(mu)") == -1.5);
    CHECK(value("min(a, x) + max(a, x)") == Approx(2.7));
    CHECK(value("step(x) + step(mu)") == 1);
    CHECK(value("pow(x, 2.5)") == Approx(std::pow(0.7, 2.5)));
    CHECK(value("x^a") == Approx(0.49));
    CHECK(value("x^-3") == Approx(std::pow(0.7, -3)));
}

TEST_CASE("Own functions take u, or u and v, and call those before them") {
    auto scope = scope_of_x();
    auto inside = scope;
    inside.names["u"] = inside.names["v"] = Role::argument;
    scope.functions["f"] = {parse("u/(1 + u^2)", inside), 1};
    inside.functions = scope.functions;
    scope.functions["g"] = {parse("f(u) - v*a", inside), 2};
    CHECK(value_of(parse("g(x, f(2))", scope), {{"a", 2.0}}, 0.7) == Approx(0.7 / 1.49 - 0.4 * 2));
}

TEST_CASE("Functions that call functions grow no further than a limit") {
    Scope scope;
    scope.names = {{"x", Role::variable}, {"u", Role::argument}};
    scope.functions["f0"] = {parse("u*u + u", scope), 1};
    const auto grow = [&] {
        for (int i = 1; i < 40; ++i) {
            const auto before = "f" + std::to_string(i - 1);
            scope.functions["f" + std::to_string(i)] = {parse(before + "(" + before + "(u))", scope), 1};
        }
    };
    CHECK_THROWS_AS(grow(), FormulaError);
    CHECK_THROWS_AS(parse("x" + std::string(20000, '/') + "x", scope), FormulaError);
    std::string long_quotient = "x";
    for (int i = 0; i < 4000; ++i) long_quotient += "/x";
    CHECK(value_of(parse(long_quotient, scope), {}, 1.0) == 1);
}

TEST_CASE("What does nothing is left out of a tree") {
    CHECK(tree("0*x + a") == "a");
    CHECK(tree("1*x - 0") == "x");
    CHECK(tree("x^1 + x^0") == "(x + 1)");
    CHECK(tree("0/x") == "0");
    CHECK(tree("-(x - a)") == "(-(x) + a)");
    CHECK(tree("2*(3 + 4)") == "14");
    CHECK(tree("(-x)*a*(-mu)") == "(x*a*mu)");
}

static void check_error(const std::string& text, std::size_t column, const std::string& part) {
    INFO(text);
    try {
        parse(text, scope_of_x());
        FAIL("it was taken");
    } catch (const FormulaError& error) {
        CHECK(error.column == column);
        CHECK_THAT(error.what(), Catch::Contains(part));
    }
}

TEST_CASE("A formula that cannot be read is refused where it goes wrong") {
    check_error("", 1, "it is empty");
    check_error("   ", 4, "it is empty");
    check_error("x +", 4, "the end stands where a number");
    check_error("(x", 3, "a bracket is not closed");
    check_error("x)", 2, "')' does not belong here");
    check_error("2 x", 3, "a sign is missing before 'x'");
    check_error("x(a)", 1, "'x' is no function");
    check_error("a (x)", 1, "'a' is no function");
    check_error("(a)(x)", 4, "a sign is missing before '('");
    check_error("sin", 1, "it is written sin(...)");
    check_error("sin x", 1, "'sin' is a function");
    check_error("sin()", 1, "takes 1 argument, and here it has 0");
    check_error("max(x)", 1, "takes 2 arguments, and here it has 1");
    check_error("pow(x, 2", 9, "the bracket of pow is not closed");
    check_error("a*bb", 3, "'bb' is not known");
    check_error("a*(x + bb(x))", 8, "'bb' is not known");
    check_error("a; x", 2, "';' means nothing");
    check_error("a*\xcf\x83", 3, "'\xcf\x83' means nothing");
    check_error("\"x\"", 1, "means nothing");
    check_error("1e999", 1, "out of the range");
    check_error("x = 2", 3, "'=' does not belong here");
    check_error("a*dt", 3, "'dt' is not known");
    check_error(std::string(500, '(') + "x" + std::string(500, ')'), 201, "nested too deeply");
    check_error(std::string(500, '-') + "x", 201, "nested too deeply");
}

TEST_CASE("The part that has no value is found") {
    const auto at = [](const std::string& text, double x) {
        const auto tree = parse(text, scope_of_x());
        const auto* node = not_finite_in(tree, {{"a", 2.0}, {"mu", -1.5}}, x);
        return node ? node->place : 0;
    };
    CHECK(at("1 + a/x", 0) == 6);
    CHECK(at("1 + a/x", 1) == 0);
    CHECK(at("x*log(x - 1)", 0.5) == 3);
    CHECK(at("x + 1/0", 0.5) == 6);
}

/// A text of brackets, signs, names and numbers, with which a parser may do as it likes but for falling.
TEST_CASE("Any text is read or refused") {
    const std::vector<std::string> words = {"x",   "a",   "1", "(",   ")", "+", "-",  "*",  "/",    "^", ",",
                                            "sin", "max", " ", "2.5", "e", "=", "dt", "dW", "\xff", "."};
    std::mt19937 random(5);
    auto scope = scope_of_x();
    int taken = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (int n = static_cast<int>(random() % 12); n >= 0; --n) text += words[random() % words.size()];
        scope.differentials = i % 2 == 0;
        try {
            taken += text_of(parse(text, scope)).empty() ? 0 : 1;
        } catch (const FormulaError& error) {
            CHECK(error.column <= text.size() + 1);
        }
    }
    CHECK(taken > 100);
}
