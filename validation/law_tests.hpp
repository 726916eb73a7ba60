// Claims about whole laws and tails, and the panels that show them. Samples are sorted ascending.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "analysis/growth/binomial_law.hpp"
#include "analysis/statistics/goodness_of_fit.hpp"
#include "analysis/statistics/significance.hpp"
#include "analysis/statistics/tail_estimate.hpp"
#include "validation/claim.hpp"
#include "validation/experiment.hpp"
#include "validation/figure.hpp"

namespace noisetrap {

struct Words {
    std::string section, statement, parameters;
};

/// Kolmogorov-Smirnov. Notices: a distribution function that is wrong by so much at one point; the law is
/// bent by it for the self-test.
Claim whole_law(const Words&, std::span<const double> ascending, const Cdf& cdf);

/// Anderson-Darling. Notices: the relative error of a tail exponent, P(X > x) -> P(X > x)^(1 + error).
Claim anderson_darling(const Words&, std::span<const double> ascending, const Cdf& cdf, const Cdf& survival);

/// Pearson's chi-square over the atoms that expect 10 paths or more. Notices: a root mean square relative
/// error of the odds; the self-test tilts them by it.
Claim whole_binomial_law(const Words&, std::span<const double> log_ratios,
                         const std::vector<BinomialAtom>& atoms);

/// Kolmogorov-Smirnov between the first half of the paths at the earlier time and the second half at the
/// later one.
Claim stopped_moving(const Words&, std::span<const double> earlier, std::span<const double> later);

/// Mean excess of log|x| over a high threshold, beyond which a share of the paths lies, beside that of the
/// law, given v -> P(log|X| > v).
Claim tail_of_law(const Words&, std::span<const double> log_sizes, double share,
                  const std::function<double(double)>& log_survival);

/// Tail exponent of the share of largest samples (Hill 1975).
Estimate tail_index_above(std::span<const double> log_sizes, double share);

/// A quantity along the same paths at time steps 4 dt, 2 dt, dt; all rows are multiplied by `scale`.
Claim extrapolated_claim(const Words&, std::span<const double> coarse, std::span<const double> middle,
                         std::span<const double> fine, int weak_order, double scale, double theory);

/// Odds of an event along the same paths at three time steps; indicator(columns, factor) is 1 for each path
/// on which it happens and 0 elsewhere, `factor` the time step in units of the fine one.
Claim extrapolated_share(const Words&, const Levels&, int weak_order, double theory,
                         const std::function<std::vector<double>(const PathColumns&, double)>& indicator);

/// Part of the paths for which a condition holds.
Estimate share_of(std::span<const double> rows, const std::function<bool(double)>& condition);

Panel cdf_panel(const std::string& title, const std::string& x_label, std::span<const double> ascending,
                const Cdf& cdf);
Panel residual_panel(const std::string& title, const std::string& x_label, std::span<const double> ascending,
                     const Cdf& cdf);
/// Both of the above.
void append_law_panels(std::vector<Panel>& panels, const std::string& title, const std::string& x_label,
                       std::span<const double> ascending, const Cdf& cdf);
/// P(|x| > r), log-log; `two_sided` is the law's.
Panel survival_panel(const std::string& title, std::span<const double> ascending_log_sizes,
                     const std::function<double(double)>& two_sided);
/// For claims without a drawing of their own: estimates beside their exact answers, and their differences in
/// units of what each claim would notice.
nlohmann::ordered_json comparison_figure(const std::string& title, const std::vector<Claim>& claims);
Panel hill_panel(const std::string& title, std::span<const double> log_sizes, double tail_index);

}  // namespace noisetrap
