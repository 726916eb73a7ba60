#include "analysis/answers/known_values.hpp"

#include "analysis/answers/answers.hpp"

namespace noisetrap {
namespace {

using Kind = Observable::Kind;

struct Asked {
    Kind kind;
    Quantity quantity;
};
constexpr Asked asked[] = {
    {Kind::growth, Quantity::growth},         {Kind::growth, Quantity::long_run_growth},
    {Kind::trapped, Quantity::within},        {Kind::quantile, Quantity::quantile},
    {Kind::tail_index, Quantity::tail_index}, {Kind::mode, Quantity::mode},
    {Kind::small_step, Quantity::small_step}, {Kind::mean_square, Quantity::mean_square}};

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
    const bool within = observable.kind == Kind::trapped;
    const Question question{point, 0, static_cast<double>(point.steps) * Question{point}.dt(),
                            within ? trapped_within : observable.p};
    for (const auto& [of, name] : names)
        for (const auto& [kind, quantity] : asked)
            if (const auto* row = find_answer(*point.entry, quantity, of);
                row && row->whom == For::everybody && kind == observable.kind)
                known.push_back({name, value_of(*row, question)});
    return known;
}

}  // namespace noisetrap
