#include "analysis/answers/known_answers.hpp"

#include <fmt/core.h>

#include <cmath>

namespace noisetrap {
namespace {

/// What a quantity is asked at.
enum class Argument { nothing, probability, place, time, radius };

struct Listing {
    const char *name, *unit;  // {} in the name stands for the argument
    Argument argument = Argument::nothing;
};

Listing listing_of(Quantity quantity, bool sde) {
    using enum Quantity;
    switch (quantity) {
        case growth:
        case long_run_growth:
            return {"growth rate", sde ? "1/time" : "1/step"};
        case growth_at_origin:
            return {"growth rate at the origin", "1/time"};
        case small_step:
            return {"growth rate in the limit of small steps", sde ? "1/time" : "1/step"};
        case mean_square:
            return {"growth rate of E x^2", sde ? "1/time" : "1/step"};
        case mean_square_factor:
            return {"mean-square factor", "1/step"};
        case window_lower:
            return {"trap window in sigma, lower edge", "1/step"};
        case window_upper:
            return {"trap window in sigma, upper edge", "1/step"};
        case threshold:
            return {"threshold of zeta", "1/sqrt(time)"};
        case tail_index:
            return {"tail exponent", "-"};
        case mode:
            return {"stationary mode", "length"};
        case mean_square_size:
            return {"stationary E x^2", "length^2"};
        case mean_log_abs:
            return {"stationary E log|x|", "log length"};
        case quantile:
            return {"stationary {} quantile", "length", Argument::probability};
        case cdf:
            return {"stationary P(X <= {})", "-", Argument::place};
        case density:
            return {"stationary density at {}", "1/length", Argument::place};
        case size_quantile:
            return {"stationary {} quantile of |X|", "length", Argument::probability};
        case size_cdf:
            return {"stationary P(|X| <= {})", "-", Argument::place};
        case mean:
            return {sde ? "E x at t = {}" : "E x[{}]", "length", Argument::time};
        case variance:
            return {sde ? "Var x at t = {}" : "Var x[{}]", "length^2", Argument::time};
        case within:
            return {"P(|x| < {})", "-", Argument::radius};
        case exit_time:
            return {"mean exit time from |x| < {}", "time", Argument::radius};
    }
    return {"", ""};
}

std::vector<double> places_of(Argument argument, const Config& config) {
    switch (argument) {
        case Argument::nothing:
            return {0};
        case Argument::probability:
            return config.quantiles;
        case Argument::place:
            return config.cdf_at;
        case Argument::time:
            return config.times;
        case Argument::radius:
            break;
    }
    const auto& observe = config.simulation.observe;
    return observe.exit == ExitWatch::none ? std::vector<double>{} : std::vector{observe.exit_radius};
}

/// An SDE is run by a scheme, and a recursion has an SDE.
std::string suffix_of(Of of, const Simulation& s) {
    const bool sde = s.entry->formulation == Formulation::sde;
    if (of == Of::gaussian_batch) return ", Gaussian batch";
    if (of == Of::scheme && sde) return fmt::format(" of {} at dt = {}", s.entry->method, s.dt);
    return of == Of::scheme || sde ? "" : ", small-step limit";
}

class Listings {
    const Config& config_;
    const bool sde_ = config_.simulation.entry->formulation == Formulation::sde;
    std::vector<KnownAnswer> known_;

  public:
    explicit Listings(const Config& config) : config_(config) {}
    Argument argument_of(const Answer& answer) const { return listing_of(answer.quantity, sde_).argument; }

    void add(const Answer& answer, double place) {
        const auto& s = config_.simulation;
        const auto listing = listing_of(answer.quantity, sde_);
        const Question question{s, 0, listing.argument == Argument::time ? place : 0, place};
        const double value = value_of(answer, question);
        if (std::isnan(value)) return;
        known_.push_back({fmt::format(fmt::runtime(listing.name), place) + suffix_of(answer.of, s), value,
                          listing.unit, answer.formula.text(question)});
    }
    std::vector<KnownAnswer> take() { return std::move(known_); }
};

}  // namespace

/// Neighbouring answers that are asked at the same places go through these together.
std::vector<KnownAnswer> known_answers(const Config& config) {
    Listings listings(config);
    auto answers = answers_of(*config.simulation.entry);
    std::erase_if(answers, [](const Answer* answer) { return !answer->listed; });
    for (auto first = answers.begin(), next = first; first != answers.end(); first = next) {
        const auto argument = listings.argument_of(**first);
        next = std::find_if(first, answers.end(),
                            [&](const Answer* answer) { return listings.argument_of(*answer) != argument; });
        for (const double place : places_of(argument, config))
            for (auto answer = first; answer != next; ++answer) listings.add(**answer, place);
    }
    return listings.take();
}

}  // namespace noisetrap
