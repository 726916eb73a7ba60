// dx = a sign(x) dt + tau dV.
#include "models/piecewise_linear_sde.hpp"

#include "analysis/answers/answers.hpp"
#include "analysis/diffusions/exit_time.hpp"

namespace noisetrap {

static double mean_exit_from_0(const Question& q) {
    const auto [a, tau] = q.model<PiecewiseLinearSde>();
    if (q.run.x0 != 0 || !q.starts_at_a_point()) return unknown;
    return mean_exit_time_piecewise_linear(a, tau, q.at);
}

ModelAnswers piecewise_linear_sde_answers() {
    return {PiecewiseLinearSde::name,
            {{every_method, Quantity::exit_time, Of::sde, "R/a - tau^2/(2 a^2) (1 - exp(-2 a R/tau^2))",
              mean_exit_from_0}}};
}

}  // namespace noisetrap
