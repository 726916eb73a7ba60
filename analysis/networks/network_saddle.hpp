// What the samples of a data set say of a network at a critical point: the way out, and the noise along it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/networks/network.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

/// A critical point of the mean loss over all samples, with the direction e in which it falls most, |e| = 1.
struct NetworkSaddle {
    std::vector<double> point;        // the parameters
    double gradient_norm = 0;         // |mean gradient|, nearly 0
    double sample_gradient = 0;       // root mean square of the samples' |gradients|
    std::vector<double> eigenvalues;  // of the Hessian of the mean loss, in rising order
    /// An orthonormal basis of the directions that no sample's Hessian feels, one after the other: those of symmetries,
    /// as a shift of all logits.
    std::vector<double> neutral;
    std::vector<double> escape;  // e
    /// An orthonormal basis of all directions in which the mean loss falls as along e, one after the other.
    std::vector<double> ways_out;
    std::vector<double> curvature, push;  // of each sample along e: h = e.H e and e.gradient

    std::size_t parameters() const { return point.size(); }
    /// Eigenvalues below minus `flatness` times the largest in size, and those no larger than it.
    int index() const;
    int flat() const;
    static constexpr double flatness = 1e-9;
};

/// steepest  e as above
/// equal     all parameters alike in size, the first one with the sign with which the loss falls: for points without any
///           curvature, which have ways out all the same, as chains of three layers or more at zero
enum class EscapeDirection : int { steepest, equal };
inline constexpr const char* escape_direction_names[] = {"steepest", "equal"};

/// Works out all of that. Throws InputError where the point is no critical point (|gradient| above `tolerance` times the
/// root mean square of the samples' gradients, or 1e-12 where these vanish too), where its Hessian is not finite, where
/// it has no way out, where 'equal' is none or the Hessian turns it, where a relu unit stands at its kink, or where there are more than most_network_parameters of them.
NetworkSaddle saddle_at(const Network&, const DataSet&, std::vector<double> point, double tolerance,
                        EscapeDirection = EscapeDirection::steepest);
inline constexpr std::size_t most_network_parameters = 1000;

/// Whether samples push along e, by more than rounding does.
bool is_pushed(const NetworkSaddle&);

/// Sets `curvature` and `push` of a point and an e that are there, be the point critical or not.
void look_along(const Network&, const DataSet&, NetworkSaddle&);

/// The four numbers of the noise along e for batches of one sample, as in one dimension: a step multiplies the distance
/// by 1 + l (a + xi) and adds l eta, xi = -h - a and eta = -push. Each standard error is that of N independent samples
/// of a population, and 0 where the data set itself is the problem.
struct AxisNoise {
    double a, sigma, tau, rho;
    double a_error, sigma_error, tau_error, rho_error;
};
AxisNoise axis_noise(const NetworkSaddle&, bool of_population);

/// (tr C)^2 / tr C^2, C the covariance of the samples' Hessians as vectors: 1 where all noise lies in one matrix, as that
/// of a unit with one input and one output. Nothing beyond 100 parameters, where the Hessians would fill the memory.
std::optional<double> noise_dimension(const Network&, const DataSet&, const NetworkSaddle&);

/// The growth rate of a distance under products of whole matrices, with its standard error from independent chains.
struct ProductGrowth {
    double rate, error;
};
struct ProductRun {
    double learning_rate = 0.1;
    int batch = 1;
    bool without_replacement = false;
    double decay = 0;  // of weights: H_i has so much more on its diagonal
    /// The base point moves by stochastic gradient descent itself, beside the distance: for a base that noise moves,
    /// within a set of points that no step leaves.
    bool base_moves = false;
    std::uint64_t chains = 32, steps = 20000, seed = 1;
    StopToken stop = {};
};
/// v <- v - l mean of H_i v over the batch, H_i the samples' Hessians at the base point, v without what it has along the
/// neutral directions; the rate of log|v| after the first tenth of the steps, and infinity where steps leave the numbers.
/// Throws Interrupted where the token says so.
ProductGrowth product_growth(const Network&, const DataSet&, const NetworkSaddle&, const ProductRun&);

}  // namespace noisetrap
