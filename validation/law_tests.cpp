#include "validation/law_tests.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>

namespace noisetrap {
namespace {

double power_quantile() { return boost::math::quantile(boost::math::normal(), claim_power); }

Claim of_distance(const Words& words, double distance, const LawTest& test) {
    return {
        words.section, words.statement, words.parameters, {distance}, 0, Claim{}.discretisation, Claim{}.left,
        test};
}

/// The relative error e of a tail exponent moves A^2 by n e^2 c, c = int (1-u) ln^2(1-u)/u du = 2 zeta(3) -
/// 2, give or take less than sqrt(2 n e^2 c + Var A^2) (the largest weight of A^2's chi-squares is 1/2).
double noticed_tail_error(std::size_t n) {
    constexpr double c = 0.40411380631919, null_mean = 1, null_variance = 0.5797;
    const double critical = critical_anderson_darling(claim_level);
    const auto excess = [&](double q) {  // q = n e^2 c
        return q + null_mean - power_quantile() * std::sqrt(2 * q + null_variance) - critical;
    };
    std::uintmax_t rounds = 100;
    const auto [low, high] =
        boost::math::tools::bisect(excess, 0.0, 1e4, boost::math::tools::eps_tolerance<double>(40), rounds);
    return std::sqrt((low + high) / 2 / (c * static_cast<double>(n)));
}

double log_survival(double x, const Cdf& cdf, const Cdf& survival) {
    const double s = survival(x);
    return s < 0.5 ? std::log(s) : std::log1p(-cdf(x));
}

/// Observed and expected numbers of paths, cell by cell.
struct Cells {
    std::vector<double> seen, odds, place;  // place: the cell's atom in deviations from the mean
};

Cells cells_of(std::span<const double> log_ratios, const std::vector<BinomialAtom>& atoms) {
    std::vector<double> edges;
    for (std::size_t k = 0; k + 1 < atoms.size(); ++k)
        edges.push_back((atoms[k].log_ratio + atoms[k + 1].log_ratio) / 2);
    EdgeCounts counts(edges);
    for (double x : log_ratios) counts.add(x);
    const auto n = static_cast<double>(log_ratios.size());
    const double mean = static_cast<double>(atoms.size() - 1) / 2, deviation = std::sqrt(mean / 2);
    Cells cells;
    double rest_seen = 0, rest_odds = 0;
    for (std::size_t k = 0; k < atoms.size(); ++k) {
        if (atoms[k].probability * n < 10) {
            rest_seen += static_cast<double>(counts.counts[k]), rest_odds += atoms[k].probability;
            continue;
        }
        cells.seen.push_back(static_cast<double>(counts.counts[k]));
        cells.odds.push_back(atoms[k].probability);
        cells.place.push_back((static_cast<double>(k) - mean) / deviation);
    }
    if (rest_odds * n >= 10) {
        cells.seen.push_back(rest_seen);
        cells.odds.push_back(rest_odds);
        cells.place.push_back(0);
    }
    return cells;
}

/// The odds tilted by a relative root mean square error.
double chi_square_p_value(const Cells& cells, double paths, double tilt) {
    std::vector<double> odds;
    double total = 0, whole = 0, chi_square = 0;
    for (std::size_t i = 0; i < cells.odds.size(); ++i) {
        odds.push_back(cells.odds[i] * std::exp(tilt * cells.place[i]));
        total += odds.back();
        whole += cells.odds[i];
    }
    for (std::size_t i = 0; i < odds.size(); ++i) {
        const double expected = paths * odds[i] * whole / total, d = cells.seen[i] - expected;
        chi_square += d * d / expected;
    }
    const boost::math::chi_squared law(static_cast<double>(odds.size()) - 1);
    return boost::math::cdf(boost::math::complement(law, chi_square));
}

double noticed_odds_error(std::size_t cells, double paths) {
    const double freedom = static_cast<double>(cells) - 1;
    const double critical =
        boost::math::quantile(boost::math::complement(boost::math::chi_squared(freedom), claim_level));
    const auto missed = [&](double l) {
        return boost::math::cdf(boost::math::non_central_chi_squared(freedom, l), critical) -
               (1 - claim_power);
    };
    std::uintmax_t rounds = 200;
    const auto [low, high] =
        boost::math::tools::bisect(missed, 1.0, 1e4, boost::math::tools::eps_tolerance<double>(30), rounds);
    return std::sqrt((low + high) / 2 / paths);
}

/// Where samples are shown: every so many of them, tails included.
std::vector<std::size_t> shown_ranks(std::size_t n) {
    std::vector<std::size_t> ranks;
    for (int i = 1; i < 60; ++i) ranks.push_back(n * static_cast<std::size_t>(i) / 60);
    return ranks;
}

void fit_x_axis(Panel& panel, std::span<const double> ascending) {
    const auto at = [&](double p) {
        return ascending[static_cast<std::size_t>(p * static_cast<double>(ascending.size()))];
    };
    const double middle = at(0.75) - at(0.25);
    if (at(0.99) - at(0.01) > 15 * middle) panel.x_scale("symlog", middle);
}

}  // namespace

Claim whole_law(const Words& words, std::span<const double> ascending, const Cdf& cdf) {
    const double notices = noticed_difference(claim_level, claim_power, ascending.size());
    const auto distance = ks_distance(ascending, cdf);
    return of_distance(words, distance.distance(),
                       {distance.p_value(), notices, ks_distance(ascending, bent(cdf, notices)).p_value(),
                        ks_distance(ascending, bent(cdf, -notices)).p_value()});
}

Claim anderson_darling(const Words& words, std::span<const double> ascending, const Cdf& cdf,
                       const Cdf& survival) {
    const double notices = noticed_tail_error(ascending.size());
    const auto p_value = [&](double error) {
        const auto tail = [&](double x) { return std::exp((1 + error) * log_survival(x, cdf, survival)); };
        const auto below = [&](double x) {
            return -std::expm1((1 + error) * log_survival(x, cdf, survival));
        };
        return anderson_darling_p_value(anderson_darling(ascending, below, tail));
    };
    const double a2 = anderson_darling(ascending, cdf, survival);
    return of_distance(words, a2,
                       {anderson_darling_p_value(a2), notices, p_value(notices), p_value(-notices)});
}

Claim whole_binomial_law(const Words& words, std::span<const double> log_ratios,
                         const std::vector<BinomialAtom>& atoms) {
    const auto cells = cells_of(log_ratios, atoms);
    const auto paths = static_cast<double>(log_ratios.size());
    const double notices = noticed_odds_error(cells.odds.size(), paths);
    double distance = 0;
    for (std::size_t i = 0; i < cells.odds.size(); ++i) {
        const double expected = paths * cells.odds[i];
        distance += (cells.seen[i] - expected) * (cells.seen[i] - expected) / expected / paths;
    }
    return of_distance(
        words, std::sqrt(distance),
        {chi_square_p_value(cells, paths, 0), notices, chi_square_p_value(cells, paths, notices),
         chi_square_p_value(cells, paths, -notices)});
}

Claim stopped_moving(const Words& words, std::span<const double> earlier, std::span<const double> later) {
    const std::size_t half = earlier.size() / 2;
    std::vector<double> before(earlier.begin(), earlier.begin() + static_cast<std::ptrdiff_t>(half));
    std::vector<double> after(later.begin() + static_cast<std::ptrdiff_t>(half), later.end());
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    const auto n = static_cast<double>(before.size()), m = static_cast<double>(after.size());
    const double effective = n * m / (n + m);
    const double notices = critical_distance(claim_level, static_cast<std::size_t>(effective)) +
                           power_quantile() * 0.5 / std::sqrt(effective);
    const Cdf empirical = [&](double x) {
        return static_cast<double>(std::upper_bound(after.begin(), after.end(), x) - after.begin()) / m;
    };
    const auto p_bent = [&](double by) {
        return kolmogorov_survival(std::sqrt(effective) *
                                   ks_distance(before, bent(empirical, by)).distance());
    };
    const auto distance = ks_distance(before, after);
    return of_distance(words, distance.distance(),
                       {distance.p_value(), notices, p_bent(notices), p_bent(-notices)});
}

/// At least 500, so that their mean excess is nearly normal.
static std::size_t exceedances(double share, std::size_t n) {
    return std::max<std::size_t>(500, static_cast<std::size_t>(share * static_cast<double>(n)));
}

Claim tail_of_law(const Words& words, std::span<const double> log_sizes, double share,
                  const std::function<double(double)>& survival_of_log) {
    const auto k = exceedances(share, log_sizes.size());
    const auto tail = tail_estimate_of_largest(log_sizes, k);
    return {words.section, words.statement, words.parameters, tail.mean_log_excess,
            mean_log_excess(survival_of_log, tail.log_threshold)};
}

Estimate tail_index_above(std::span<const double> log_sizes, double share) {
    return tail_estimate_of_largest(log_sizes, exceedances(share, log_sizes.size())).index;
}

Claim extrapolated_claim(const Words& words, std::span<const double> coarse, std::span<const double> middle,
                         std::span<const double> fine, int weak_order, double scale, double theory) {
    const auto e = extrapolate_paths(coarse, middle, fine, weak_order);
    return {words.section,
            words.statement,
            words.parameters,
            {scale * e.estimate.value, std::abs(scale) * e.estimate.standard_error},
            theory,
            scale * e.discretisation.value,
            std::abs(scale) * e.remaining.value};
}

Claim extrapolated_share(const Words& words, const Levels& levels, int weak_order, double theory,
                         const std::function<std::vector<double>(const PathColumns&, double)>& indicator) {
    const auto fine = indicator(levels.fine, 1);
    auto claim = extrapolated_claim(words, indicator(levels.coarse, 4), indicator(levels.middle, 2), fine,
                                    weak_order, 1, theory);
    // where all paths agree an average knows of no error
    claim.estimate.standard_error =
        std::max(claim.estimate.standard_error, proportion(0, fine.size()).standard_error);
    return claim;
}

Estimate share_of(std::span<const double> rows, const std::function<bool(double)>& condition) {
    return proportion(static_cast<std::uint64_t>(std::count_if(rows.begin(), rows.end(), condition)),
                      rows.size());
}

Panel cdf_panel(const std::string& title, const std::string& x_label, std::span<const double> ascending,
                const Cdf& cdf) {
    const auto n = static_cast<double>(ascending.size());
    std::vector<double> x, exact, all_x;
    std::vector<Estimate> seen;
    for (const auto rank : shown_ranks(ascending.size())) {
        all_x.push_back(ascending[rank]);
        exact.push_back(cdf(all_x.back()));
        if (rank * 60 / ascending.size() % 4 != 0) continue;
        const double p = (static_cast<double>(rank) + 1) / n;
        x.push_back(ascending[rank]);
        seen.push_back({p, std::sqrt(p * (1 - p) / n)});
    }
    Panel panel(title, x_label, "P(X ≤ x)");
    panel.theory("exact", all_x, exact).points("measured", x, seen);
    fit_x_axis(panel, ascending);
    return panel;
}

Panel residual_panel(const std::string& title, const std::string& x_label, std::span<const double> ascending,
                     const Cdf& cdf) {
    const auto n = static_cast<double>(ascending.size());
    std::vector<double> x;
    std::vector<Estimate> difference;
    for (const auto rank : shown_ranks(ascending.size())) {
        const double p = (static_cast<double>(rank) + 1) / n;
        x.push_back(ascending[rank]);
        difference.push_back({p - cdf(ascending[rank]), std::sqrt(p * (1 - p) / n)});
    }
    const double critical = critical_distance(claim_level, ascending.size());
    Panel panel(title, x_label, "measured − exact");
    panel.band("Kolmogorov–Smirnov band", {x.front(), x.back()}, {-critical, -critical},
               {critical, critical});
    panel.points("measured", x, difference).level("exact", 0);
    fit_x_axis(panel, ascending);
    return panel;
}

void append_law_panels(std::vector<Panel>& panels, const std::string& title, const std::string& x_label,
                       std::span<const double> ascending, const Cdf& cdf) {
    panels.push_back(cdf_panel(title, x_label, ascending, cdf));
    panels.push_back(residual_panel(title, x_label, ascending, cdf));
}

Panel survival_panel(const std::string& title, std::span<const double> ascending_log_sizes,
                     const std::function<double(double)>& two_sided) {
    const auto n = static_cast<double>(ascending_log_sizes.size());
    std::vector<double> r, curve_r, curve;
    std::vector<Estimate> seen;
    for (double share = 1; share * n >= 30; share /= 3) {
        const auto beyond = static_cast<std::size_t>(share * n);
        const auto rank = ascending_log_sizes.size() - beyond;
        const double p = static_cast<double>(beyond) / n;
        if (!std::isfinite(ascending_log_sizes[rank]) || share == 1) continue;
        r.push_back(std::exp(ascending_log_sizes[rank]));
        seen.push_back({p, std::sqrt(p * (1 - p) / n)});
    }
    for (double x : even_ratios(r.front() / 30, r.back() * 3, 120)) {
        curve_r.push_back(x);
        curve.push_back(two_sided(x));
    }
    Panel panel(title, "r  (length)", "P(|x| > r)");
    panel.x_scale("log").y_scale("log").theory("exact", curve_r, curve).points("measured", r, seen);
    return panel;
}

nlohmann::ordered_json comparison_figure(const std::string& title, const std::vector<Claim>& claims) {
    std::vector<double> exact, number;
    std::vector<Estimate> estimate, difference;
    for (const auto& c : claims) {
        if (c.law || c.counted || !std::isfinite(c.estimate.value)) continue;
        const double notices = c.notices();
        exact.push_back(c.theory);
        estimate.push_back(c.estimate);
        number.push_back(static_cast<double>(number.size() + 1));
        difference.push_back({(c.estimate.value - c.theory) / notices, c.estimate.standard_error / notices});
    }
    if (exact.empty()) return nullptr;
    const auto [low, high] = std::minmax_element(exact.begin(), exact.end());
    Panel both("estimates", "exact", "measured");
    both.theory("measured = exact", {*low, *high}, {*low, *high}).points("measured", exact, estimate);
    Panel apart("differences", "claim, in the order of the table", "(measured − exact) / notices");
    apart.points("measured", number, difference).level("exact", 0).y_limits(-1.05, 1.05);
    return figure(
        title,
        "Left: measured values on the line where they equal the exact ones. Right: their "
        "differences, in units of "
        "what each claim would notice; a claim fails beyond two thirds, and one with a known bias later.",
        {both, apart});
}

Panel hill_panel(const std::string& title, std::span<const double> log_sizes, double tail_index) {
    std::vector<double> threshold;
    std::vector<Estimate> index;
    for (const auto& tail : tail_scan(log_sizes)) {
        threshold.push_back(std::exp(tail.log_threshold));
        index.push_back(tail.index);
    }
    Panel panel(title, "threshold r  (length)", "tail exponent above r");
    panel.x_scale("log").points("maximum likelihood", threshold, index);
    panel.theory("exact", {threshold.front(), threshold.back()}, {tail_index, tail_index});
    return panel;
}

}  // namespace noisetrap
