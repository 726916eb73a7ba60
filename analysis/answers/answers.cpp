#include "analysis/answers/answers.hpp"

#include <stdexcept>

namespace noisetrap {
namespace {

bool applies(const Answer& answer, const CatalogueEntry& entry) {
    return answer.method == every_method || answer.method == entry.method;
}

const Answers& rows_of(const CatalogueEntry& entry) {
    static const ModelAnswers table[] = {linear_sde_answers(),        noisy_saddle_answers(),
                                         finite_sum_saddle_answers(), random_curvature_answers(),
                                         two_sided_saddle_answers(),  two_layer_unit_answers(),
                                         least_squares_answers(),     quartic_well_answers(),
                                         double_well_answers(),       piecewise_linear_sde_answers()};
    static const Answers none;
    if (entry.formula) return equation_answers(entry);
    for (const auto& of_model : table)
        if (of_model.model == entry.model) return of_model.rows;
    return none;
}

}  // namespace

std::vector<const Answer*> answers_of(const CatalogueEntry& entry) {
    std::vector<const Answer*> found;
    for (const auto& answer : rows_of(entry))
        if (applies(answer, entry)) found.push_back(&answer);
    return found;
}

const Answer* find_answer(const CatalogueEntry& entry, Quantity quantity, Of of) {
    for (const auto& answer : rows_of(entry))
        if (answer.quantity == quantity && answer.of == of && answer.whom != For::theory &&
            applies(answer, entry))
            return &answer;
    return nullptr;
}

/// Answers are of x, both sides alike. The linearised flow is the same whatever is observed.
static bool is_of_what_is_seen(Quantity quantity, const Observation& observe) {
    switch (quantity) {
        case Quantity::growth:
        case Quantity::long_run_growth:
        case Quantity::growth_at_origin:
        case Quantity::small_step:
        case Quantity::mean_square:
        case Quantity::mean_square_factor:
        case Quantity::window_lower:
        case Quantity::window_upper:
        case Quantity::threshold:
        case Quantity::relaxation:
            return true;
        case Quantity::exit_time:
        case Quantity::exit_variance:
        case Quantity::exit_upper:
        case Quantity::exit_rate:
        case Quantity::survival:
            return !observe.of && !observe.exit_of && observe.exit_side == ExitSide::both;
        default:
            return !observe.of;
    }
}

/// A series of Boost's that does not converge throws std::runtime_error.
double value_of(const Answer& answer, const Question& question) {
    if (!is_of_what_is_seen(answer.quantity, question.run.observe)) return unknown;
    try {
        return answer.value(question);
    } catch (const std::domain_error&) {
        return unknown;
    } catch (const std::runtime_error&) {
        return unknown;
    }
}

double answer(Quantity quantity, Of of, const Question& question) {
    const auto* row = find_answer(*question.run.entry, quantity, of);
    return row ? value_of(*row, question) : unknown;
}

}  // namespace noisetrap
