// With the scale density s = exp(-phi), phi' = 2 drift/variance, S(u, v) = int_u^v s and the speed density
// m = 2/(variance s),
//     T(x0) = int S(low, min(x0, y)) S(max(x0, y), high)/S(low, high) m(y) dy.
// Every factor is positive. S and m can each overflow, their product cannot: logarithms are kept.
#include "analysis/diffusions/exit_problem.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#include "analysis/diffusions/collocation.hpp"

namespace noisetrap {
namespace {

constexpr std::size_t kMostPanels = 100000;

double log_sum(double a, double b) {
    const double large = std::max(a, b);
    return std::isinf(large) ? large : large + std::log1p(std::exp(std::min(a, b) - large));
}

double phi_slope(const LinearDiffusion& sde, double x) { return 2 * sde.drift(x) / sde.variance(x); }

// A stretch of the interval, over which phi changes by about 2 at most.
struct Panel {
    double left, half;       // left end, half width
    NodeValues phi;          // at the nodes, counted from the left end
    NodeValues scale_below;  // int_left^x exp(-phi) at the nodes
    double rise, scale;      // phi at the right end, the integral over the panel
    // Once the panels are joined, counted from `low`: phi at the left end, log S(low, left), log S(right,
    // high).
    double phi_left = 0, log_below = 0, log_above = 0;

    double log_scale() const { return std::log(scale) - phi_left; }
    double x(double node) const { return left + half * (1 + node); }
};

Panel make_panel(const LinearDiffusion& sde, double left, double right) {
    const auto& [node, weight, integral] = collocation();
    Panel panel{left, (right - left) / 2, {}, {}, 0, 0};
    NodeValues slope, scale;
    for (std::size_t i = 0; i < collocation_nodes; ++i) slope[i] = phi_slope(sde, panel.x(node[i]));
    for (std::size_t i = 0; i < collocation_nodes; ++i) panel.phi[i] = panel.half * dot(integral[i], slope);
    for (std::size_t i = 0; i < collocation_nodes; ++i) scale[i] = std::exp(-panel.phi[i]);
    for (std::size_t i = 0; i < collocation_nodes; ++i)
        panel.scale_below[i] = panel.half * dot(integral[i], scale);
    panel.rise = panel.half * dot(weight, slope);
    panel.scale = panel.half * dot(weight, scale);
    return panel;
}

double panel_width(const LinearDiffusion& sde, double x, double room) {
    double width = std::min(room, sde.smoothness(x) / 2);
    while (std::max(std::abs(phi_slope(sde, x)), std::abs(phi_slope(sde, x + width))) * width > 2)
        width /= 1.5;
    return width;
}

void append_panels(std::vector<Panel>& panels, const LinearDiffusion& sde, double low, double high) {
    for (double left = low, right = low; right < high; left = right) {
        const double room = high - left, width = panel_width(sde, left, room);
        right = width < room ? left + width : high;
        if (panels.size() == kMostPanels || right <= left)
            throw std::domain_error(
                "mean exit time not resolved: the noise is too weak against the drift; take more noise or "
                "less radius");
        panels.push_back(make_panel(sde, left, right));
    }
}

void join(std::span<Panel> panels, const Beyond& beyond) {
    double phi = 0, log_below = std::log(beyond.low);
    for (Panel& panel : panels) {
        panel.phi_left = phi;
        panel.log_below = log_below;
        log_below = log_sum(log_below, panel.log_scale());
        phi += panel.rise;
    }
    double log_above = std::log(beyond.high) - phi;
    for (std::size_t i = panels.size(); i-- > 0;) {
        panels[i].log_above = log_above;
        log_above = log_sum(log_above, panels[i].log_scale());
    }
}

// log S(low, x) at a node
double log_below(const Panel& panel, std::size_t i) {
    return log_sum(panel.log_below, std::log(panel.scale_below[i]) - panel.phi_left);
}

// log S(x, high) at a node
double log_above(const Panel& panel, std::size_t i) {
    return log_sum(panel.log_above, std::log(panel.scale - panel.scale_below[i]) - panel.phi_left);
}

// sum over panels of int S m dy exp(log_factor), S one of the two above: m = 2 exp(phi)/variance.
template <class LogScale>
double time_in(const LinearDiffusion& sde, std::span<const Panel> panels, LogScale log_scale,
               double log_factor) {
    const auto& [node, weight, integral] = collocation();
    double sum = 0;
    for (const Panel& panel : panels)
        for (std::size_t i = 0; i < collocation_nodes; ++i) {
            const double log_green = log_scale(panel, i) + panel.phi_left + panel.phi[i] + log_factor;
            sum += panel.half * weight[i] * std::exp(log_green) * 2 / sde.variance(panel.x(node[i]));
        }
    return sum;
}

}  // namespace

// sigma^2 (x + mu)^2 + omega^2, mu = rho tau/sigma, omega^2 = tau^2 (1 - rho^2)
double LinearDiffusion::variance(double x) const {
    const double y = sigma * x + rho * tau;
    return y * y + tau * tau * (1 - rho) * (1 + rho);
}

double LinearDiffusion::smoothness(double x) const { return std::sqrt(variance(x)) / std::abs(sigma); }

Exit leave_interval(const LinearDiffusion& sde, double low, double high, double x0, Beyond beyond) {
    std::vector<Panel> panels;
    append_panels(panels, sde, low, x0);
    const std::size_t start = panels.size();
    append_panels(panels, sde, x0, high);
    join(panels, beyond);
    const std::span<const Panel> all(panels);
    const double below = all[start].log_below, above = log_sum(all[start].log_above, all[start].log_scale());
    const double whole = log_sum(below, above);
    return {time_in(sde, all.first(start), log_below, above - whole) +
                time_in(sde, all.subspan(start), log_above, below - whole),
            std::exp(below - whole)};
}

}  // namespace noisetrap
