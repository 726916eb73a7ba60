#include "validation/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "analysis/statistics/significance.hpp"
#include "validation/figure.hpp"

namespace noisetrap {
namespace {

double nominal_coverage(double errors) { return 1 - two_sided_p(errors); }

/// How many of so many answers lie within some standard errors, and the odds of each that the null allows.
struct Counted {
    std::size_t within, answers;
    double lowest, highest;  // odds
    Promise promise;

    /// Two-sided, where there are two sides, with the odds moved.
    double p_value(double moved = 0) const {
        if (answers == 0) return 0;
        const auto law = [&](double odds) {
            return boost::math::binomial(static_cast<double>(answers), std::clamp(odds + moved, 0.0, 1.0));
        };
        const auto k = static_cast<double>(within);
        const double too_few = boost::math::cdf(law(lowest), k);
        const double too_many = promise != Promise::normal || within == 0
                                    ? 1.0
                                    : boost::math::cdf(boost::math::complement(law(highest), k - 1));
        return std::min(1.0, 2 * std::min(too_few, too_many));
    }

    /// The smallest shortfall of the odds below the nominal ones that is found with odds `claim_power`.
    double notices(double nominal) const {
        const auto n = static_cast<double>(answers);
        if (answers == 0) return 1;
        const double least = boost::math::quantile(
            boost::math::binomial_distribution<
                double, boost::math::policies::policy<boost::math::policies::discrete_quantile<
                            boost::math::policies::integer_round_down>>>(n, std::max(lowest, 0.0)),
            claim_level / 2);
        const auto missed = [&](double odds) {
            return boost::math::cdf(boost::math::binomial(n, odds), least) - claim_power;
        };
        if (missed(1e-9) < 0) return nominal;
        std::uintmax_t rounds = 200;
        const auto [low, high] = boost::math::tools::bisect(
            missed, 1e-9, nominal, boost::math::tools::eps_tolerance<double>(30), rounds);
        return nominal - (low + high) / 2;
    }
};

std::size_t count_within(const std::vector<double>& scores, double errors) {
    return static_cast<std::size_t>(
        std::count_if(scores.begin(), scores.end(), [&](double z) { return std::abs(z) <= errors; }));
}
double share_within(const std::vector<double>& scores, double errors) {
    return static_cast<double>(count_within(scores, errors)) / static_cast<double>(scores.size());
}

Counted counted(const std::vector<double>& scores, const CoverageLevel& level, Promise promise) {
    const double nominal = nominal_coverage(level.errors), shortfall = promise == Promise::heavy_rows ? 3 : 1;
    return {count_within(scores, level.errors), scores.size(), nominal - shortfall * level.allowance,
            std::min(1.0, nominal + level.allowance), promise};
}

/// Observed less nominal coverage in percentage points, from a tenth of a standard error to three and a half.
std::vector<Panel> coverage_panels(const std::vector<Reading>& readings) {
    const auto errors = even(0.1, 3.5, 35);
    std::vector<Panel> panels;
    for (const auto& reading : readings) {
        const auto scores = reading.scores();
        const auto n = static_cast<double>(scores.size());
        std::vector<double> difference, low, high;
        for (const double k : errors) {
            const double nominal = nominal_coverage(k);
            difference.push_back(100 * (share_within(scores, k) - nominal));
            high.push_back(100 * two_sided_z(1e-3) * std::sqrt(nominal * (1 - nominal) / n));
            low.push_back(-high.back());
        }
        Panel panel(reading.quantity, "standard errors", "observed − nominal coverage  (points)");
        panel.band("chance (99.9 %)", errors, low, high)
            .reference("nominal", {errors.front(), errors.back()}, {0, 0})
            .theory("observed", errors, difference);
        panels.push_back(panel);
    }
    return panels;
}

}  // namespace

std::vector<double> Reading::scores() const {
    std::vector<double> scores;
    for (const auto& e : estimates)
        if (e.standard_error > 0 && std::isfinite(e.value))
            scores.push_back((e.value - exact) / e.standard_error);
    return scores;
}

Claim coverage_claim(const std::string& section, const Reading& reading, const CoverageLevel& level) {
    const auto scores = reading.scores();
    const auto count = counted(scores, level, reading.promise);
    const double nominal = nominal_coverage(level.errors), notices = count.notices(nominal);
    const auto unknown = reading.estimates.size() - scores.size();
    Claim claim{section,
                fmt::format("{} within {} s.e.{}", reading.quantity, level.errors,
                            reading.promise == Promise::normal     ? ""
                            : reading.promise == Promise::at_least ? ", or more often"
                                                                   : ", nearly"),
                reading.parameters + (unknown ? fmt::format("; {} without an error", unknown) : ""),
                {share_within(scores, level.errors)},
                nominal};
    claim.law = LawTest{count.p_value(), notices, count.p_value(notices), count.p_value(-notices)};
    return claim;
}

Evidence coverage_evidence(const std::string& section, const std::vector<Reading>& readings) {
    Evidence evidence;
    for (const auto& reading : readings)
        for (const auto& level : coverage_levels)
            evidence.claims.push_back(coverage_claim(section, reading, level));
    auto name = section;
    std::replace(name.begin(), name.end(), ' ', '-');
    evidence.figures[name] = figure(
        section,
        "How often the exact answer lies within so many standard errors of the estimate, less how often it "
        "should, over independent runs. Above the band errors are too large, below it too small.",
        coverage_panels(readings));
    return evidence;
}

}  // namespace noisetrap
