#include "analysis/critical/search.hpp"

#include <cmath>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/require.hpp"
#include "analysis/spectra/lanczos.hpp"

namespace noisetrap {
namespace {

using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

constexpr double flat_share = 1e-3;        // of |g| |H|, below which the gradient is flat
constexpr double stationary_share = 1e-9;  // below which |g| has a minimum, and no step will help
constexpr double far = 0.01;               // a Newton step of this share of 1 + |x| does not end at x
constexpr double undone = 0.5, rounding = 1e-13;
constexpr double smallest_share = 1e-8;  // of |H|: eigenvalues below it have no inverse
constexpr std::size_t krylov_steps = 60;

/// The gradient at a point, what is known of the Hessian there, and what they have cost.
class Walker {
    const Landscape& landscape_;
    const SearchSettings& settings_;

  public:
    Evaluations cost;
    std::uint64_t steps = 0;
    Vector x, g;

    Walker(const Landscape& landscape, const Point& start, const SearchSettings& settings)
        : landscape_(landscape), settings_(settings), x(as_vector(start)), g(gradient(x)) {}

    static std::span<const double> span(const Vector& v) {
        return {v.data(), static_cast<std::size_t>(v.size())};
    }
    static std::span<double> span(Vector& v) { return {v.data(), static_cast<std::size_t>(v.size())}; }

    Vector gradient(const Vector& at) {
        Vector slope(at.size());
        landscape_.gradient(span(at), span(slope));
        ++cost.gradients;
        require(slope.allFinite(), "the gradient is not finite");
        return slope;
    }
    Vector times(const Vector& v) {
        Vector product(v.size());
        landscape_.hessian_times(span(x), span(v), span(product));
        ++cost.products;
        require(product.allFinite(), "a Hessian-vector product is not finite");
        return product;
    }
    Product product() {
        return [this](std::span<const double> v, std::span<double> p) {
            landscape_.hessian_times(span(x), v, p);
            ++cost.products;
        };
    }
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigenvectors() {
        const auto hessian = dense_hessian(landscape_, span(x));
        cost.products += landscape_.size();
        return eigenvectors_of(as_matrix(hessian, landscape_.size()));
    }
    bool may_go_on() const {
        settings_.stop.check();
        return cost.total() < settings_.budget && steps < settings_.steps;
    }
    void move(const Vector& to, const Vector& slope) {
        x = to, g = slope;
        ++steps;
    }
    /// Moves by `step`, or by 1/4, 1/16, ... of it, until |g| falls; false where it does not.
    bool move_down(const Vector& step) {
        for (double share = 1; share > 1e-10; share /= 4) {
            const Vector to = x + share * step, slope = gradient(to);
            if (slope.norm() < g.norm()) {
                move(to, slope);
                return true;
            }
        }
        return false;
    }
    /// What deflation makes of Newton's step s: s/(1 - s.grad log M), M the factor of |g| (Sherman and Morrison).
    double stretch(const Vector& step) const {
        if (settings_.deflated.empty() || step.norm() == 0) return 1;
        const double share = 1e-6 * (1 + x.norm()) / step.norm();
        const double slope = (log_factor(x + share * step) - log_factor(x - share * step)) / (2 * share);
        return 1 / (1 - slope);
    }
    double log_factor(const Vector& at) const {
        const auto traits = traits_of(landscape_, span(at));
        double sum = 0;
        for (const auto& other : settings_.deflated) {
            double square = 0;
            for (std::size_t i = 0; i < traits.size(); ++i)
                square += (traits[i] - other[i]) * (traits[i] - other[i]);
            sum += std::log1p(1 / square);
        }
        return sum;
    }
    SearchEnd end(Outcome outcome) const {
        SearchEnd found{{x.begin(), x.end()}, outcome, 0, g.norm(), steps, cost};
        found.loss = landscape_.value(found.x);
        return found;
    }
};

/// A step s that solves H s = -g as well as H lets it, and what it leaves of g.
struct NewtonStep {
    Vector step;
    double left;  // |H s + g|
    double size;  // |H|, from below
};

/// The gradient is small, the point that Newton's step leads to is near, and the step undoes the gradient: where most
/// of that lies along directions in which H is zero, there need not be a point however small it is. Rounding may lie
/// anywhere.
bool is_converged(const Walker& at, const SearchSettings& settings, const NewtonStep& newton) {
    const double slope = at.g.norm(), scale = std::max(1.0, newton.size);
    return slope <= settings.tolerance * scale && newton.step.norm() <= far * (1 + at.x.norm()) &&
           (newton.left <= undone * slope || slope <= rounding * scale);
}

SearchEnd dense_search(Walker at, const SearchSettings& settings) {
    double damping = settings.damping.start;
    while (true) {
        const auto hessian = at.eigenvectors();
        const Vector& values = hessian.eigenvalues();
        const Vector along = hessian.eigenvectors().transpose() * at.g;
        const double size = values.cwiseAbs().maxCoeff(), slope = at.g.norm();
        const auto inverse = [&](double value) {
            return std::abs(value) > smallest_share * size ? 1 / value : 0;
        };
        const auto is_zero = [&](double value) {
            return std::abs(value) > smallest_share * size ? 0.0 : 1.0;
        };
        const Vector newton = -(hessian.eigenvectors() * values.unaryExpr(inverse).cwiseProduct(along));
        const double left = values.unaryExpr(is_zero).cwiseProduct(along).norm();
        if (is_converged(at, settings, {newton, left, size})) return at.end(Outcome::converged);
        const double turned = values.cwiseProduct(along).norm();
        const auto unfinished =
            turned <= flat_share * slope * size ? Outcome::gradient_flat : Outcome::budget;
        if (!at.may_go_on() || turned <= stationary_share * slope * size) return at.end(unfinished);
        if (settings.method == SearchMethod::newton) {
            const Vector step = at.stretch(newton) * newton;
            const Vector to = at.x + step * std::min(1.0, settings.trust / step.norm());
            at.move(to, at.gradient(to));
            continue;
        }
        bool moved = false;
        while (!moved && damping < 1e30) {
            const double added = settings.damping.plain ? damping : damping * slope;
            const Vector shares =
                values.unaryExpr([&](double value) { return -value / (value * value + added); });
            const Vector to = at.x + hessian.eigenvectors() * shares.cwiseProduct(along),
                         next = at.gradient(to);
            moved = next.norm() < slope;
            damping = moved ? damping / settings.damping.fall : damping * settings.damping.rise;
            if (moved) at.move(to, next);
        }
        if (!moved) return at.end(unfinished);
        damping = std::max(damping, 1e-30);
    }
}

/// min |H V y + g| over the Krylov space V of g, in which H V = V T + left e^T.
NewtonStep krylov_step(Walker& at) {
    const auto krylov = lanczos(at.product(), Walker::span(at.g), krylov_steps);
    const auto m = static_cast<Index>(krylov.steps());
    Eigen::MatrixXd between = Eigen::MatrixXd::Zero(m + 1, m);
    for (Index k = 0; k < m; ++k) {
        const auto beside = krylov.next[static_cast<std::size_t>(k)];
        between(k, k) = krylov.diagonal[static_cast<std::size_t>(k)];
        between(k + 1, k) = beside;
        if (k + 1 < m) between(k, k + 1) = beside;
    }
    Vector target = Vector::Zero(m + 1);
    target(0) = -at.g.norm();
    Eigen::JacobiSVD<Eigen::MatrixXd> solver(between, Eigen::ComputeThinU | Eigen::ComputeThinV);
    solver.setThreshold(smallest_share);
    const Eigen::Map<const Eigen::MatrixXd> basis(krylov.basis.data(), at.x.size(), m);
    const Vector solution = solver.solve(target);
    return {basis * solution, (between * solution - target).norm(), solver.singularValues()(0)};
}

SearchEnd krylov_search(Walker at, const SearchSettings& settings) {
    while (true) {
        if (at.g.norm() == 0) return at.end(Outcome::converged);
        const auto newton = krylov_step(at);
        if (is_converged(at, settings, newton)) return at.end(Outcome::converged);
        const double size = newton.size;
        const double turned = at.times(at.g).norm(), slope = at.g.norm();
        const auto unfinished =
            turned <= flat_share * slope * size ? Outcome::gradient_flat : Outcome::budget;
        if (!at.may_go_on() || turned <= stationary_share * slope * size || !at.move_down(newton.step))
            return at.end(unfinished);
    }
}

SearchEnd gradient_norm_search(Walker at, const SearchSettings& settings) {
    double rate = 1, size = 0;
    while (true) {
        const Vector turned = at.times(at.g);
        const double slope = at.g.norm();
        if (slope == 0) return at.end(Outcome::converged);
        size = std::max(size, turned.norm() / slope);
        const auto unfinished =
            turned.norm() <= flat_share * slope * size ? Outcome::gradient_flat : Outcome::budget;
        if (slope <= settings.tolerance * std::max(1.0, size)) {
            return at.end(is_converged(at, settings, krylov_step(at)) ? Outcome::converged : unfinished);
        }
        const auto before = at.x;
        if (!at.may_go_on() || !at.move_down(-rate * turned)) return at.end(unfinished);
        rate = 2 * (at.x - before).norm() / turned.norm();
    }
}

}  // namespace

std::vector<double> traits_of(const Landscape& landscape, std::span<const double> x) {
    auto traits = landscape.invariants(x);
    traits.push_back(landscape.value(x));
    return traits;
}

SearchEnd search(const Landscape& landscape, Point start, const SearchSettings& settings) {
    Walker at(landscape, start, settings);
    switch (settings.method) {
        case SearchMethod::newton_mr:
            return krylov_search(std::move(at), settings);
        case SearchMethod::gradient_norm:
            return gradient_norm_search(std::move(at), settings);
        default:
            return dense_search(std::move(at), settings);
    }
}

}  // namespace noisetrap
