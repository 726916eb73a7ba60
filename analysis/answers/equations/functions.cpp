#include "analysis/answers/equations/functions.hpp"

#include "analysis/growth/fixed_points.hpp"

namespace noisetrap::equations {
namespace {

std::function<double(double)> value_of(const WithSlope& f) {
    return [f](double x) { return f(x).value; };
}

using OfState = std::function<std::vector<double>(const std::vector<double>&)>;
OfState sum_of(const OfState& one, const OfState& other) {
    return [one, other](const std::vector<double>& state) {
        auto sum = one(state);
        const auto more = other(state);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
        return sum;
    };
}

}  // namespace

FormulaFunctions given_functions(const Question& q) {
    const auto& method = q.run.own_steps.empty() ? q.run.method : q.run.own_steps.at(q.ensemble).method;
    return q.run.entry->formula->functions(q.run.ensembles.at(q.ensemble), method);
}

FormulaFunctions functions_of(const Question& q) {
    auto functions = given_functions(q);
    if (q.run.stratonovich && functions.drift)
        functions.drift = [given = functions.drift, rest = functions.between_calculi](double x) {
            return given(x) + rest(x);
        };
    if (q.run.stratonovich && functions.rates) {
        functions.rates = sum_of(functions.rates, functions.rates_between);
        functions.jacobian = sum_of(functions.jacobian, functions.jacobian_between);
    }
    return functions;
}

Diffusion diffusion_of(const FormulaFunctions& functions) {
    return {value_of(functions.drift), [amplitudes = functions.amplitudes](double x) {
                double sum = 0;
                for (const auto& amplitude : amplitudes) {
                    const double value = amplitude(x).value;
                    sum += value * value;
                }
                return sum;
            }};
}

std::vector<Stretch> stretches_of(const FormulaFunctions& functions, const Diffusion& diffusion) {
    std::vector<std::function<double(double)>> amplitudes;
    for (const auto& amplitude : functions.amplitudes) amplitudes.push_back(value_of(amplitude));
    return noisy_stretches(diffusion, amplitudes);
}

Key key_of(const Question& q, double t) {
    return {q.run.entry, q.run.ensembles.at(q.ensemble), q.run.x0, q.run.x0_deviation, t, q.run.stratonovich};
}

}  // namespace noisetrap::equations
