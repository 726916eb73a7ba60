#include "engine/catalogue/noise_facts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/noise_processes.hpp"

namespace noisetrap {
namespace {

using formula::call;
using formula::negate;
using formula::number;
using formula::product;
using formula::quotient;
using formula::sum;
using formula::Tree;
using Trees = std::vector<Tree>;

Tree one_less(const Tree& x) { return sum({number(1), negate(x)}); }

Trees of_correlated(const Trees& keys) {
    const auto phi = call("exp", {negate(quotient(number(1), keys[0]))});
    return {phi, one_less(phi), call("sqrt", {quotient(one_less(phi), sum({number(1), phi}))})};
}
/// Where a uniform variate of variance 1 lies with odds p.
Tree below(const Tree& p) { return product({number(sqrt_12), sum({p, number(-0.5)})}); }
Trees of_switching(const Trees& keys) {
    return {below(keys[0]), below(keys[1]), below(quotient(keys[0], sum({keys[0], keys[1]})))};
}

using Numbers = std::vector<double>;
double plain(const Numbers&) { return 1; }
std::vector<Level> none(const Numbers&) { return {}; }
std::vector<Level> each_sample(const Numbers& numbers) {
    std::vector<Level> levels;
    for (double i = 0; i < numbers[0]; ++i) levels.push_back({i, 1 / numbers[0]});
    return levels;
}
std::vector<Level> two_states(const Numbers& numbers) {
    const double up = numbers[2] / sqrt_12 + 0.5;
    return {{0, 1 - up}, {1, up}};
}
Trees no_numbers(const Trees&) { return {}; }

}  // namespace

const std::vector<NoiseFacts>& noise_facts() {
    static const std::vector<NoiseFacts> all = {
        {"independent", "Independent", {}, {Law::none}, true, no_numbers, plain, none},
        {"correlated",
         "Correlated",
         {{"correlation_time", "steps in which the memory falls to 1/e; 0: independent", 0, 1e9}},
         {Law::gaussian},
         true,
         of_correlated,
         [](const Numbers& numbers) { return numbers[2]; },
         none},
        {"anticorrelated",
         "Differenced",
         {},
         {Law::gaussian},
         true,
         no_numbers,
         [](const Numbers&) { return std::numbers::sqrt2; },
         none},
        {"samples",
         "Samples",
         {{"samples", "how many there are", 2, 1 << 20, true},
          {"reshuffled", "1: each once in an epoch, in a new order; 0: drawn with replacement", 0, 1, true}},
         {Law::uniform, Law::uniform},
         false,
         [](const Trees& keys) { return keys; },
         plain,
         each_sample},
        {"switching",
         "Switching",
         {{"up", "odds of going from 0 to 1 in a step", 1e-4, 1},
          {"down", "odds of going from 1 to 0 in a step", 1e-4, 1}},
         {Law::uniform},
         false,
         of_switching,
         plain,
         two_states}};
    return all;
}

bool NoiseKey::allows(double value) const {
    return value >= smallest && value <= largest && (!whole || value == std::floor(value));
}
std::string NoiseKey::range() const {
    return fmt::format("must be a {}number between {:g} and {:g}", whole ? "whole " : "", smallest, largest);
}

const NoiseFacts& noise_facts_of(const std::string& name) {
    const auto& all = noise_facts();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == name; });
    return found == all.end() ? all.front() : *found;
}

}  // namespace noisetrap
