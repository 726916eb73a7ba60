// Growth of an SDE that is not linear, linearised at a fixed point at x = 0.
#include <stdexcept>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/growth/fixed_points.hpp"
#include "analysis/growth/growth.hpp"
#include "sde/schemes.hpp"

namespace noisetrap::equations {
namespace {

FixedPoint at_origin(const Question& q) {
    const auto functions = functions_of(q);
    const auto point = linearisation(functions.drift, functions.amplitudes, 0);
    if (functions.drift(0).value != 0 || !point.smooth || point.tau != 0)
        throw std::domain_error("x = 0 is no fixed point with a linearisation");
    return point;
}
double origin_growth(const Question& q) { return at_origin(q).growth(); }
double origin_euler(const Question& q) {
    const auto point = at_origin(q);
    return euler_growth_rate(point.a, point.sigma, q.dt());
}
double origin_milstein(const Question& q) {
    const auto point = at_origin(q);
    return scheme_growth_rate<Milstein>(point.a, point.sigma, q.dt());
}

}  // namespace

Answers origin_rows() {
    using enum Quantity;
    constexpr const char* linear = "linearised at x = 0";
    return {{every_method, growth_at_origin, Of::sde, linear, origin_growth},
            {EulerMaruyama::name, growth, Of::at_origin, linear, origin_euler, unlisted},
            {Milstein::name, growth, Of::at_origin, linear, origin_milstein, unlisted}};
}

}  // namespace noisetrap::equations
