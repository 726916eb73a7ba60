#include "analysis/critical/ways_out.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/require.hpp"
#include "analysis/spectra/lanczos.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;

Vector gradient_at(const Landscape& landscape, const Point& x) {
    Vector g(static_cast<Index>(x.size()));
    landscape.gradient(x, {g.data(), x.size()});
    require(g.allFinite(), "the gradient is not finite");
    return g;
}

void move(Point& x, double by, const Vector& along) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += by * along(static_cast<Index>(i));
}

/// So far along a direction, or against it, that the loss falls.
void move_downhill(Point& x, double length, const Point& direction, const Vector& g) {
    const Vector e = as_vector(direction).normalized();
    move(x, e.dot(g) > 0 ? -length : length, e);
}

Product product_at(const Landscape& landscape, const Point& x, Evaluations& cost) {
    return [&landscape, &x, &cost](std::span<const double> v, std::span<double> p) {
        landscape.hessian_times(x, v, p);
        ++cost.products;
    };
}

/// (|A| + damping)^-1 g.
Vector saddle_free(const Matrix& a, double damping, const Vector& g) {
    const auto solver = eigenvectors_of(a);
    const Vector sizes = solver.eigenvalues().cwiseAbs().array() + damping;
    return solver.eigenvectors() * (solver.eigenvectors().transpose() * g).cwiseQuotient(sizes);
}

}  // namespace

Evaluations gradient_step(const Landscape& landscape, Point& x, double rate) {
    move(x, -rate, gradient_at(landscape, x));
    return {1, 0};
}

Evaluations saddle_free_newton_step(const Landscape& landscape, Point& x, double rate, double damping) {
    const auto g = gradient_at(landscape, x);
    const auto hessian = dense_hessian(landscape, x);
    move(x, -rate, saddle_free(as_matrix(hessian, x.size()), damping, g));
    return {1, x.size()};
}

Evaluations krylov_saddle_free_step(const Landscape& landscape, Point& x, double rate, double damping,
                                    std::size_t vectors) {
    Evaluations cost{1, 0};
    const auto g = gradient_at(landscape, x);
    if (g.norm() == 0) return cost;
    const auto krylov = lanczos(product_at(landscape, x, cost), {g.data(), x.size()}, vectors);
    const auto m = static_cast<Index>(krylov.steps());
    Matrix between = Matrix::Zero(m, m);
    for (Index k = 0; k < m; ++k) {
        between(k, k) = krylov.diagonal[static_cast<std::size_t>(k)];
        if (k > 0) between(k, k - 1) = between(k - 1, k) = krylov.next[static_cast<std::size_t>(k - 1)];
    }
    const Eigen::Map<const Matrix> basis(krylov.basis.data(), g.size(), m);
    move(x, -rate, basis * saddle_free(between, damping, basis.transpose() * g));
    return cost;
}

CurvatureStep negative_curvature_step(const Landscape& landscape, Point& x, const CurvatureSteps& with) {
    constexpr double accuracy = 1e-12;
    constexpr std::size_t most_products = 10000;
    CurvatureStep step{false, {1, 0}};
    const auto g = gradient_at(landscape, x);
    if (g.norm() < with.gradient_below) {
        const auto lowest = smallest_eigenvalue(product_at(landscape, x, step.cost),
                                                random_direction(x.size()), accuracy, most_products);
        if (lowest.value < -with.curvature_above) {
            move_downhill(x, with.length, lowest.vector, g);
            step.along_curvature = true;
            return step;
        }
    }
    move(x, -with.rate, g);
    return step;
}

PowerDirection power_direction(const Landscape& landscape, const Point& x, Point u, const PowerSteps& with) {
    PowerDirection found{std::move(u), 0, {1, 0}};
    const auto g = gradient_at(landscape, x);
    const auto change = [&] {
        Point beside = x;
        for (std::size_t i = 0; i < x.size(); ++i) beside[i] += found.u[i];
        ++found.cost.gradients;
        return Vector(gradient_at(landscape, beside) - g);
    };
    const auto direction = [&] { return Eigen::Map<Vector>(found.u.data(), g.size()); };
    for (std::uint64_t n = 0; n < with.steps && direction().norm() < with.far; ++n)
        direction() -= with.rate * change();
    found.curvature = direction().dot(change()) / direction().squaredNorm();
    return found;
}

CurvatureStep neon_step(const Landscape& landscape, Point& x, const CurvatureSteps& with,
                        const PowerSteps& power, Point u) {
    CurvatureStep step{false, {1, 0}};
    const auto g = gradient_at(landscape, x);
    if (g.norm() < with.gradient_below) {
        const auto found = power_direction(landscape, x, std::move(u), power);
        step.cost += found.cost;
        if (found.curvature <= -with.curvature_above / 2 && found.curvature < 0) {
            move_downhill(x, with.length, found.u, g);
            step.along_curvature = true;
            return step;
        }
    }
    move(x, -with.rate, g);
    return step;
}

Perturbation JinConstants::perturbation() const {
    const double least = 4, d = static_cast<double>(dimension);
    const double chi =
        3 * std::max(std::log(d * smoothness * height / (c * epsilon * epsilon * failure)), least);
    return {c / smoothness, std::sqrt(c) * epsilon / (chi * chi * smoothness),
            std::sqrt(c) * epsilon / (chi * chi),
            c / (chi * chi * chi) * std::sqrt(epsilon * epsilon * epsilon / hessian_lipschitz),
            static_cast<std::uint64_t>(
                std::ceil(chi / (c * c) * smoothness / std::sqrt(hessian_lipschitz * epsilon)))};
}

Point kick_in_ball(std::size_t dimension, double radius, std::uint64_t seed, std::uint64_t path,
                   std::uint64_t number) {
    Point kick(dimension);
    const std::uint64_t first = number * (dimension + 1);
    double square = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
        kick[i] = variate_of<double>(seed, Stream::user_defined, path, first + i, Law::gaussian);
        square += kick[i] * kick[i];
    }
    const double uniform =
        0.5 + variate_of<double>(seed, Stream::user_defined, path, first + dimension, Law::uniform) / sqrt_12;
    const double length = radius * noisetrap::exp(noisetrap::log(uniform) / static_cast<double>(dimension));
    for (double& k : kick) k *= length / std::sqrt(square);
    return kick;
}

Evaluations PerturbedDescent::step(const Landscape& landscape, Point& x) {
    Evaluations cost;
    if (done_) return cost;
    if (kicks_ > 0 && steps_ == last_kick_ + with_.wait && with_.fall_below > 0 &&
        loss_before_kick_ - landscape.value(x) < with_.fall_below) {
        x = before_kick_;
        done_ = true;
        return cost;
    }
    auto g = gradient_at(landscape, x);
    ++cost.gradients;
    if (g.norm() <= with_.gradient_below && (kicks_ == 0 || steps_ > last_kick_ + with_.wait)) {
        before_kick_ = x;
        loss_before_kick_ = landscape.value(x);
        const auto kick = kick_(kicks_++);
        for (std::size_t i = 0; i < x.size(); ++i) x[i] += kick[i];
        last_kick_ = steps_;
        g = gradient_at(landscape, x);
        ++cost.gradients;
    }
    move(x, -with_.rate, g);
    ++steps_;
    return cost;
}

}  // namespace noisetrap
