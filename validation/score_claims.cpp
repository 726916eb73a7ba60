#include "validation/score_claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

using boost::math::cdf;
using boost::math::complement;
using boost::math::quantile;

constexpr const char* section = "standard errors";

double two_sided(const boost::math::chi_squared& law, double sum) {
    return std::min(1.0, 2 * std::min(cdf(law, sum), cdf(complement(law, sum))));
}

/// Standard errors that are 1 + error times too small make the sum (1 + error)^2 times as large, or as small where they
/// are too large. This is the least error that the worse of the two directions shows with odds `claim_power`.
double noticed_error(const boost::math::chi_squared& law) {
    const double too_small = quantile(complement(law, claim_level / 2)) / quantile(law, 1 - claim_power);
    const double too_large = quantile(complement(law, 1 - claim_power)) / quantile(law, claim_level / 2);
    return std::sqrt(std::max(too_small, too_large)) - 1;
}

bool has_score(const Claim& c) { return !c.law && !c.counted && c.bias == 0 && std::isfinite(c.z()); }

}  // namespace

Claim sum_of_squares(const std::string& parameters, const std::vector<double>& scores) {
    const auto n = static_cast<double>(scores.size());
    const boost::math::chi_squared law(n);
    const double sum = std::inner_product(scores.begin(), scores.end(), scores.begin(), 0.0);
    const double error = noticed_error(law), factor = (1 + error) * (1 + error);
    Claim claim{section, "mean of z^2", parameters, {sum / n}, 1};
    claim.law = {two_sided(law, sum), error, two_sided(law, sum * factor), two_sided(law, sum / factor)};
    return claim;
}

std::vector<Claim> claims_about_scores(const std::vector<Claim>& claims) {
    std::vector<double> all;
    std::map<std::string, std::vector<double>> of_section;
    for (const auto& c : claims)
        if (has_score(c)) {
            all.push_back(c.z());
            of_section[c.section].push_back(c.z());
        }
    std::vector<Claim> found;
    if (all.size() < fewest_scores) return found;
    const auto text = fmt::format("all {} claims with a standard error", all.size());
    found.push_back(sum_of_squares(text, all));
    std::sort(all.begin(), all.end());
    if (all.size() >= fewest_scores_of_a_law)
        found.push_back(whole_law({section, "z has the standard normal law", text}, all,
                                  [](double z) { return cdf(boost::math::normal(), z); }));
    for (const auto& [name, scores] : of_section)
        if (scores.size() >= fewest_scores && scores.size() < all.size())
            found.push_back(sum_of_squares(fmt::format("{}: {} claims", name, scores.size()), scores));
    return found;
}

}  // namespace noisetrap
