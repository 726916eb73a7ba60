// THE table of exact answers: what theory says of a run. The rows of a model are in the file that is named after
// it; `simulate`, `theory`, `sweep` and the claims of `validate` all read them here.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/runs/simulation.hpp"

namespace noisetrap {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

enum class Quantity {
    growth,            // of log|dx(t)/dx(0)| per unit of time, at every t
    long_run_growth,   // its limit as t grows, where it is not that from the start
    growth_at_origin,  // of log|x|, linearised at the origin
    // The next three are of steps x -> A x + B with A of one law in each, and known of no others.
    small_step,          // [E(A - 1) - Var(A)/2]/dt
    mean_square,         // (log E A^2)/dt
    mean_square_factor,  // E A^2
    window_lower,        // the least sigma that traps
    window_upper,        // and the largest
    threshold,           // of zeta
    tail_index,
    mode,
    mean_square_size,  // E x^2
    mean_log_abs,
    quantile,
    cdf,
    density,
    size_quantile,  // of |x|
    size_cdf,       // of |x|
    mean,
    variance,
    within,         // P(|x| < r)
    exit_time,      // the mean time until |x| >= r
    exit_variance,  // of that time
    exit_upper,     // the odds that x >= r then
    exit_rate,      // at which P(no exit until t) falls in the end
    survival,       // P(no exit until t)
    relaxation      // the rate at which the law comes to the stationary one in the end
};

/// What an answer is true of.
enum class Of {
    sde,            // the limit of small steps; of a recursion, time counted in steps
    scheme,         // the steps that are taken
    stationary,     // the SDE as t grows, where the steps themselves are trapped
    at_origin,      // the steps that are taken, linearised at the origin: of a run that starts near it
    gaussian_batch  // steps whose batches have Gaussian means of the right variance
};

/// One ensemble of a run, and what else an answer depends on.
struct Question {
    const Simulation& run;
    std::size_t ensemble = 0;
    double t = 0;   // time; steps of a recursion
    double at = 0;  // the probability of a quantile, the place of a cdf, the radius

    template <class Model>
    Model model() const {
        return with_parameters<Model>(run.ensembles.at(ensemble));
    }
    template <class Method>
    Method method() const {
        return with_parameters<Method>(run.own_steps.empty() ? run.method
                                                             : run.own_steps.at(ensemble).method);
    }
    double dt() const { return run.own_steps.empty() ? run.dt : run.own_steps.at(ensemble).dt; }
    bool starts_at_a_point() const { return run.x0_deviation == 0; }
};

/// Not a number, or std::domain_error, where there is none.
using Value = std::function<double(const Question&)>;

/// A formula in words, with its source.
struct Formula {
    std::function<std::string(const Question&)> text;
    Formula(const char* words) : text([words](const Question&) { return words; }) {}
    explicit Formula(std::function<std::string(const Question&)> words) : text(std::move(words)) {}
};

/// Who takes an answer: one that costs a hundredth of a second is left out of sweeps, one that costs a second is worked
/// out by `noisetrap theory` alone.
enum class For { everybody, runs, theory };

/// A row of the table.
struct Answer {
    std::string_view method;  // a scheme or an optimiser, or every_method
    Quantity quantity;
    Of of;
    Formula formula;
    Value value;
    bool listed = true;  // by `noisetrap theory`, where the quantity has a name there
    For whom = For::everybody;
};
inline constexpr std::string_view every_method;
inline constexpr bool unlisted = false;
using Answers = std::vector<Answer>;

struct ModelAnswers {
    std::string_view model;
    Answers rows;
};

// The models that have answers, each in a file of its name.
ModelAnswers linear_sde_answers();
ModelAnswers noisy_saddle_answers();
ModelAnswers finite_sum_saddle_answers();
ModelAnswers random_curvature_answers();
ModelAnswers two_sided_saddle_answers();
ModelAnswers two_layer_unit_answers();
ModelAnswers least_squares_answers();
ModelAnswers quartic_well_answers();
ModelAnswers double_well_answers();
ModelAnswers piecewise_linear_sde_answers();
/// Those of a model that is a formula follow from the form of the formula.
const Answers& equation_answers(const CatalogueEntry&);

/// The rows of an entry, in the order in which `noisetrap theory` lists them. An entry has one row at most of a
/// quantity of something.
std::vector<const Answer*> answers_of(const CatalogueEntry&);

/// The row of an entry, or null; rows for `theory` alone are not found.
const Answer* find_answer(const CatalogueEntry&, Quantity, Of);

/// `unknown` where there is no row, or where its formula does not apply.
double value_of(const Answer&, const Question&);
double answer(Quantity, Of, const Question&);

}  // namespace noisetrap
