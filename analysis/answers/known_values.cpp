#include "analysis/answers/known_values.hpp"

#include "analysis/answers/answers.hpp"

namespace noisetrap {
namespace {

std::vector<Quantity> quantities_of(Observable::Kind kind) {
    using enum Observable::Kind;
    switch (kind) {
        case growth:
            return {Quantity::growth, Quantity::long_run_growth};
        case trapped:
            return {Quantity::within};
        case quantile:
            return {Quantity::quantile};
        case tail_index:
            return {Quantity::tail_index};
        case mode:
            return {Quantity::mode};
        case small_step:
            return {Quantity::small_step};
        case mean_square:
            return {Quantity::mean_square};
        case escaped:
        case exit_time:
        case exponent:
            break;
    }
    return {};
}

struct NameOf {
    Of of;
    const char* name;
};
constexpr NameOf names[] = {{Of::sde, "SDE"},
                            {Of::scheme, "exact"},
                            {Of::stationary, "stationary"},
                            {Of::at_origin, "at the origin"},
                            {Of::gaussian_batch, "Gaussian batch"}};

}  // namespace

std::vector<KnownValue> known_values(const Observable& observable, const Simulation& point,
                                     double trapped_within) {
    std::vector<KnownValue> known;
    if (!point.entry) return known;
    const bool within = observable.kind == Observable::Kind::trapped;
    const Question question{point, 0, static_cast<double>(point.steps) * Question{point}.dt(),
                            within ? trapped_within : observable.p};
    for (const auto& [of, name] : names)
        for (const auto quantity : quantities_of(observable.kind))
            if (const auto* row = find_answer(*point.entry, quantity, of))
                known.push_back({name, value_of(*row, question)});
    return known;
}

}  // namespace noisetrap
