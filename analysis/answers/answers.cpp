#include "analysis/answers/answers.hpp"

#include <map>
#include <stdexcept>

#include "analysis/answers/models.hpp"
#include "models/finite_sum_saddle.hpp"
#include "models/least_squares.hpp"
#include "models/linear_sde.hpp"
#include "models/noisy_saddle.hpp"
#include "models/piecewise_linear_sde.hpp"
#include "models/quartic_well.hpp"
#include "models/random_curvature.hpp"
#include "models/two_layer_unit.hpp"
#include "models/two_sided_saddle.hpp"

namespace noisetrap {
namespace {

bool applies(const Answer& answer, const CatalogueEntry& entry) {
    return answer.method == every_method || answer.method == entry.method;
}

/// By the name of the model.
const std::map<std::string, Answers>& table() {
    static const std::map<std::string, Answers> models = {
        {LinearSde::name, linear_sde_answers()},
        {NoisySaddle::name, noisy_saddle_answers()},
        {FiniteSumSaddle::name, finite_sum_saddle_answers()},
        {RandomCurvature::name, random_curvature_answers()},
        {TwoSidedSaddle::name, two_sided_saddle_answers()},
        {TwoLayerUnit::name, two_layer_unit_answers()},
        {LeastSquares::name, least_squares_answers()},
        {QuarticWell::name, quartic_well_answers()},
        {PiecewiseLinearSde::name, piecewise_linear_sde_answers()}};
    return models;
}

const Answers& answers_of_model(const std::string& model) {
    static const Answers none;
    const auto found = table().find(model);
    return found == table().end() ? none : found->second;
}

}  // namespace

std::vector<const Answer*> answers_of(const CatalogueEntry& entry) {
    std::vector<const Answer*> found;
    for (const auto& answer : answers_of_model(entry.model))
        if (applies(answer, entry)) found.push_back(&answer);
    return found;
}

const Answer* find_answer(const CatalogueEntry& entry, Quantity quantity, Of of) {
    for (const auto& answer : answers_of_model(entry.model))
        if (answer.quantity == quantity && answer.of == of && applies(answer, entry)) return &answer;
    return nullptr;
}

/// A series of Boost's that does not converge throws std::runtime_error.
double value_of(const Answer& answer, const Question& question) {
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
