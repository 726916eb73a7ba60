#include "engine/formula/equation.hpp"

#include <catch2/catch.hpp>

#include "engine/formula/code.hpp"

using namespace noisetrap::formula;

static Scope scope_of(const std::vector<std::string>& parameters) {
    Scope scope;
    for (const auto& parameter : parameters) scope.names[parameter] = Role::parameter;
    return scope;
}

static Equation sde(const std::string& text) {
    return read_sde(text, scope_of({"a", "mu", "sigma", "tau", "k", "m"}));
}

TEST_CASE("An equation is taken apart into its drift and the factors of its noises") {
    const auto e = sde("dx = (mu*x - x^3) dt + sigma*x dW + tau dV");
    CHECK(e.variable == "x");
    CHECK(text_of(e.drift) == "((mu*x) + -((x^3)))");
    REQUIRE(e.noises.size() == 2);
    CHECK(e.noises[0].name == "dW");
    CHECK(text_of(e.noises[0].factor) == "(sigma*x)");
    CHECK(text_of(e.noises[1].factor) == "tau");
}

TEST_CASE("An equation may be written in several ways") {
    const auto same = [](const std::string& text, const std::string& drift, const std::string& noise) {
        INFO(text);
        const auto e = sde(text);
        CHECK(text_of(e.drift) == drift);
        CHECK(text_of(e.noises[0].factor) == noise);
    };
    same("dx=a*x*dt+sigma*x*dW", "(a*x)", "(sigma*x)");
    same("dx = a*x dt - sigma*x dW", "(a*x)", "-((sigma*x))");
    same("dx = sigma*x dW", "0", "(sigma*x)");
    same("dx = dW", "0", "1");
    same("dx = -dW + a dt", "a", "-1");
    same("dx = dt*a*x + dW*sigma", "(a*x)", "sigma");
    same("dx = (a dt + sigma dW)*x", "(x*a)", "(x*sigma)");
    same("dx = x*(a dt + sigma dW)", "(x*a)", "(x*sigma)");
    same("dx = (a*x dt + sigma dW)/k", "((1/k)*a*x)", "((1/k)*sigma)");
    same("dx = a dt + sigma*x dW + tau dW", "a", "((sigma*x) + tau)");
    same("dv = -k*v dt + tau dW", "-((k*v))", "tau");
}

static void check_error(const std::string& text, std::size_t column, const std::string& part) {
    INFO(text);
    try {
        sde(text);
        FAIL("it was taken");
    } catch (const FormulaError& error) {
        CHECK(error.column == column);
        CHECK_THAT(error.what(), Catch::Contains(part));
    }
}

TEST_CASE("What is no equation is refused") {
    check_error("", 1, "has no =");
    check_error("dx", 1, "has no =");
    check_error("dx = ", 6, "it is empty");
    check_error("x = a dt", 1, "is no left side");
    check_error("dt = a dt + dW", 1, "is no left side");
    check_error("da = a dt + dW", 1, "stands for two things");
    check_error("dx = a*x + sigma*x dW", 6, "stands without dt");
    check_error("dx = a*x dt + sigma*x", 15, "stands without dt");
    check_error("dx = a*x dt", 1, "it has no noise");
    check_error("dx = a*x dt + 0*x dW", 1, "it has no noise");
    check_error("dx = a dt + sin(dW)", 17, "must stand behind its factor");
    check_error("dx = a dt + dW^2", 13, "must stand behind its factor");
    check_error("dx = a dt + x*dW*dV", 18, "must stand behind its factor");
    check_error("dx = a dt + x/dW", 15, "must stand behind its factor");
    check_error("dx = a dt dt + dW", 11, "must stand behind its factor");
    check_error("dx = a*x dt + sigma*x dW + tau dw", 32,
                "'dw' is no noise, whose name is d and a capital letter: write dW");
    check_error("dx = a*x dt + sigma*x dWt + tau dWT", 1, "differ in capitals alone");
    check_error("dx = a*x dt + sigmaa dW", 15, "'sigmaa' is not known");
    check_error("dx = a*n dt + dW", 8, "'n' is not known");
}

static Written code(const std::string& text) { return written(sde(text)); }
static std::vector<std::string> moving(const Written& code) {
    std::vector<std::string> texts;
    for (const auto place : code.moving) texts.push_back(text_of(code.coefficients[place]));
    return texts;
}

TEST_CASE("An equation that is linear in x needs no unit of length") {
    CHECK_FALSE(code("dx = a*x dt + sigma*x dW + tau dV").has_length);
    CHECK_FALSE(code("dx = k*(m - x) dt + sigma/mu*x dW").has_length);
    CHECK_FALSE(code("dx = (a + sin(t))*x dt + exp(-k*t)*x dW").has_length);
    CHECK(code("dx = a*x*x dt + sigma*x dW").has_length);
    CHECK(code("dx = sin(x) dt + sigma*x dW").has_length);
    CHECK(code("dx = a*x dt + sigma*abs(x) dW").has_length);
    CHECK(code("dx = a/x dt + sigma*x dW").has_length);
}

TEST_CASE("What moves x = 0 is read off the equation") {
    using Texts = std::vector<std::string>;
    CHECK(moving(code("dx = a*x dt + sigma*x dW")) == Texts{});
    CHECK(moving(code("dx = a*x dt + sigma*x dW + tau dV")) == Texts{"(tau*sqrt(dt))"});
    CHECK(moving(code("dx = k*(m - x) dt + sigma*x dW")) == Texts{"(m*k*dt)"});
    CHECK(moving(code("dx = (mu*x - x^3) dt + sigma*x*exp(x) dW")) == Texts{});
    CHECK(moving(code("dx = -a*tanh(x) dt + sigma*sin(x)*cos(x) dW")) == Texts{});
    CHECK_FALSE(code("dx = a*x dt + sigma*x dW").always_moves);
    CHECK(code("dx = a*x dt + dW").moving.size() == 1);
    CHECK(code("dx = a*x dt + cos(x) dW").moving.size() == 1);
}

TEST_CASE("A path may fall to any size where everything vanishes with x") {
    const auto falls = [](const std::string& text) {
        return code(text).text.find("no_lowest_exponent") != std::string::npos;
    };
    CHECK(falls("dx = (mu*x - x^3) dt + sigma*x dW"));
    CHECK(falls("dx = -sin(x) dt + sigma*x/(1 + x^2) dW"));
    CHECK(falls("dx = -x dt + (exp(x) - 1) dW"));
    CHECK(falls("dx = -x*abs(x) dt + x^1.5 dW"));
    CHECK_FALSE(falls("dx = -x dt + sqrt(abs(x)) dW"));
    CHECK_FALSE(falls("dx = -x dt + log(1 + abs(x)) dW"));
}

TEST_CASE("A jump has no growth rate") {
    CHECK(code("dx = -abs(x) dt + sigma*x dW").differentiable);
    CHECK_FALSE(code("dx = -sign(x) dt + sigma*x dW").differentiable);
    CHECK_FALSE(code("dx = -x*step(x - 1) dt + sigma*x dW").differentiable);
}

TEST_CASE("Only what depends on time is given the step's number") {
    CHECK_FALSE(code("dx = a*x dt + sigma*x dW").keeps_step_number);
    CHECK(code("dx = a*cos(k*t)*x dt + sigma*x dW").keeps_step_number);
}

TEST_CASE("Recursions use every noise that is given") {
    auto scope = scope_of({"a", "l"});
    const auto next = read_recursion("x + l*(a + xi)*x", scope, {{"xi", number(0.2)}});
    CHECK(text_of(next.drift) == "(x + (l*(a + xi)*x))");
    CHECK_FALSE(written(next).has_length);
    CHECK_THROWS_AS(read_recursion("x + l*a*x", scope, {{"xi", number(0.2)}}), FormulaError);
    CHECK(written(read_recursion("x*cos(n) + xi", scope, {{"xi", number(1)}})).always_moves);
}

TEST_CASE("Equations of several variables share their noises") {
    const auto e = read_sdes({"dx = v dt + sigma*x dV", "dv = -k*x dt + tau dW + x dV"},
                             scope_of({"k", "sigma", "tau"}));
    REQUIRE(e.system.size() == 2);
    REQUIRE(e.noises.size() == 2);
    CHECK(e.noises[0].name == "dV");
    CHECK(text_of(e.system[0].factors[0]) == "(sigma*x)");
    CHECK(text_of(e.system[0].factors[1]) == "0");
    CHECK(text_of(e.system[1].factors[1]) == "tau");
    const auto code = written(e);
    CHECK_FALSE(code.has_length);
    CHECK(moving(code) == std::vector<std::string>{"(tau*sqrt(dt))"});
    CHECK(written(read_sdes({"dx = x*v dt + dV", "dv = x dt"}, {})).has_length);
    try {
        read_sdes({"dx = v dt", "dv = w dW"}, {});
        FAIL("it was taken");
    } catch (const FormulaError& error) {
        CHECK(error.formula == 1);
        CHECK(error.column == 6);
    }
}

TEST_CASE("The noise of a loss must leave the mean gradient alone") {
    auto scope = scope_of({"a"});
    CHECK_NOTHROW(read_loss("-(a + xi)*x", scope, {{"xi", number(1)}}));
    CHECK_NOTHROW(read_loss("x^2*(1 + xi)/a", scope, {{"xi", number(1)}}));
    for (const char* gradient : {"xi^2*x", "xi*xi*x", "exp(xi)*x", "x/(1 + xi)", "(a + xi)*(x + xi)"})
        CHECK_THROWS_AS(read_loss(gradient, scope, {{"xi", number(1)}}), FormulaError);
}
