// Steps that know of saddles. Each moves x once and says what that has cost; a Hessian-vector product counts as two
// gradients.
#pragma once

#include <functional>

#include "analysis/critical/search.hpp"

namespace noisetrap {

/// x - rate g: for comparison. first_order.hpp has the others of first order.
Evaluations gradient_step(const Landscape&, Point& x, double rate);

/// x - rate (|H| + damping)^-1 g, |H| with the sizes of H's eigenvalues (saddle-free Newton; Dauphin et al. 2014).
/// Where Newton's step leads into a saddle this one leads out.
Evaluations saddle_free_newton_step(const Landscape&, Point& x, double rate, double damping);

/// The same within the Krylov space of g of so many vectors.
Evaluations krylov_saddle_free_step(const Landscape&, Point& x, double rate, double damping,
                                    std::size_t vectors);

/// Where |g| < gradient_below and the smallest eigenvalue is below -curvature_above: `length` along its eigenvector,
/// downhill. Elsewhere a step of gradient descent.
struct CurvatureSteps {
    double gradient_below, length, rate, curvature_above = 0;
};
struct CurvatureStep {
    bool along_curvature;
    Evaluations cost;
};
CurvatureStep negative_curvature_step(const Landscape&, Point& x, const CurvatureSteps&);

/// The power method by gradients alone (NEON; Xu, Jin and Yang 2018): u <- u - rate (g(x + u) - g(x)), which is
/// (I - rate H) u as far as H is the same along u. It stops where |u| reaches `far`.
struct PowerSteps {
    double rate, far;
    std::uint64_t steps;
};
struct PowerDirection {
    Point u;
    double curvature = 0;  // u.(g(x + u) - g(x))/|u|^2
    Evaluations cost;
};
PowerDirection power_direction(const Landscape&, const Point& x, Point u, const PowerSteps&);

/// Where |g| < gradient_below and the direction that NEON finds has a curvature of at most -curvature_above/2: `length`
/// along it, downhill. Elsewhere a step of gradient descent. `u` is where NEON starts.
CurvatureStep neon_step(const Landscape&, Point& x, const CurvatureSteps&, const PowerSteps&, Point u);

/// Gradient descent that adds a kick from a ball wherever the gradient is small and the last kick is long ago (Jin,
/// Ge, Netrapalli, Kakade and Jordan 2017, algorithms 1 and 2).
struct Perturbation {
    double rate, radius, gradient_below, fall_below;
    std::uint64_t wait;
};
/// The paper's constants: slopes change by at most `smoothness` |dx|, Hessians by `hessian_lipschitz` |dx|, the loss
/// lies at most `height` above its minimum; a second-order stationary point to accuracy `epsilon` is found but for
/// odds `failure`.
struct JinConstants {
    double smoothness, hessian_lipschitz, epsilon, failure, height, c;
    std::size_t dimension;
    Perturbation perturbation() const;
};
/// Uniform in the ball, of the engine's variates: of path `path`, kick number `number`.
Point kick_in_ball(std::size_t dimension, double radius, std::uint64_t seed, std::uint64_t path,
                   std::uint64_t number);

class PerturbedDescent {
    Perturbation with_;
    std::function<Point(std::uint64_t)> kick_;  // number -> displacement
    std::uint64_t steps_ = 0, kicks_ = 0, last_kick_ = 0;
    double loss_before_kick_ = 0;
    bool done_ = false;
    Point before_kick_;

  public:
    PerturbedDescent(Perturbation with, std::function<Point(std::uint64_t)> kick)
        : with_(with), kick_(std::move(kick)) {}
    /// Does nothing once it is done: `wait` steps after a kick the loss had fallen by less than `fall_below`, and x
    /// is what it was before the kick.
    Evaluations step(const Landscape&, Point& x);
    std::uint64_t kicks() const { return kicks_; }
    bool done() const { return done_; }
};

}  // namespace noisetrap
