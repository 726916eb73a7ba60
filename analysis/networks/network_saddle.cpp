#include "analysis/networks/network_saddle.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/networks/equal_way_out.hpp"
#include "analysis/networks/sample_batches.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

using Numbers = std::vector<double>;
using Duals = std::vector<Dual<double>>;

double length_of(const Numbers& x) {
    return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

Duals along(const Numbers& point, const double* direction) {
    Duals x(point.size());
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = {point[k], direction[k]};
    return x;
}

/// Is told the gradient of each sample at a point, in a buffer that the next one uses again.
template <class X, class See>
void for_each_sample(const Network& network, const DataSet& data, const std::vector<X>& point, See see) {
    NetworkGradient<X> gradient(network);
    std::vector<X> of_sample(point.size());
    for (std::size_t i = 0; i < data.samples(); ++i) {
        gradient(point.data(), data.input_of(i), data.target_of(i), of_sample.data());
        see(of_sample);
    }
}

Eigen::MatrixXd mean_hessian(const Network& network, const DataSet& data, const Numbers& point) {
    const auto n = static_cast<Eigen::Index>(point.size());
    Eigen::MatrixXd hessian = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index j = 0; j < n; ++j) {
        Numbers unit(point.size());
        unit[static_cast<std::size_t>(j)] = 1;
        for_each_sample(network, data, along(point, unit.data()), [&](const Duals& gradient) {
            for (Eigen::Index i = 0; i < n; ++i) hessian(i, j) += gradient[static_cast<std::size_t>(i)].slope;
        });
    }
    hessian /= static_cast<double>(data.samples());
    return (hessian + hessian.transpose()) / 2;
}

void require_critical(const NetworkSaddle& saddle, double tolerance) {
    const double most = std::max(tolerance * saddle.sample_gradient, 1e-12);
    if (saddle.gradient_norm <= most) return;
    throw InputError(
        fmt::format("the point is no critical point: the gradient of the mean loss has length {:.3g} there, "
                    "and {:.3g} is allowed "
                    "(measure.tolerance times the samples' root mean square gradient, {:.3g})",
                    saddle.gradient_norm, most, saddle.sample_gradient));
}

/// The way out, with a sign that does not depend on the solver: its largest component is positive.
Numbers directed(const Eigen::VectorXd& eigenvector) {
    Numbers e(eigenvector.begin(), eigenvector.end());
    // Components of one size to rounding keep their order.
    std::size_t largest = 0;
    for (std::size_t i = 1; i < e.size(); ++i)
        if (std::abs(e[i]) > std::abs(e[largest]) * (1 + 1e-9)) largest = i;
    if (e[largest] < 0)
        for (double& x : e) x = -x;
    return e;
}

/// H_i f of each direction f, the columns of the result.
Eigen::MatrixXd hessian_products(NetworkGradient<Dual<double>>& gradient, const DataSet& data,
                                 const Numbers& point, std::size_t sample,
                                 const Eigen::MatrixXd& directions) {
    Eigen::MatrixXd products(directions.rows(), directions.cols());
    Duals of_sample(point.size());
    for (Eigen::Index k = 0; k < directions.cols(); ++k) {
        const auto at = along(point, directions.col(k).data());
        gradient(at.data(), data.input_of(sample), data.target_of(sample), of_sample.data());
        for (Eigen::Index i = 0; i < products.rows(); ++i)
            products(i, k) = of_sample[static_cast<std::size_t>(i)].slope;
    }
    return products;
}

/// Among the flat directions of the mean those that are flat for every sample: the null space of the sum of H_i^2 over a
/// few samples, tried on all of them.
void find_neutral(NetworkSaddle& saddle, const Eigen::MatrixXd& flat, double size, const Network& network,
                  const DataSet& data) {
    constexpr std::size_t few = 64;
    if (flat.cols() == 0) return;
    NetworkGradient<Dual<double>> gradient(network);
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(flat.cols(), flat.cols());
    for (std::size_t k = 0; k < few; ++k) {
        const auto products = hessian_products(gradient, data, saddle.point, k * data.samples() / few, flat);
        squares += products.transpose() * products;
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(squares);
    const double most = few * size * size * 1e-16;  // of rounding alone
    const auto count = (solver.eigenvalues().array() <= most).count();
    const Eigen::MatrixXd neutral = flat * solver.eigenvectors().leftCols(count);
    for (std::size_t i = 0; i < data.samples(); ++i)
        if (count == 0 || hessian_products(gradient, data, saddle.point, i, neutral).squaredNorm() >
                              static_cast<double>(count) * size * size * 1e-16)
            return;
    saddle.neutral.assign(neutral.data(), neutral.data() + neutral.size());
}

/// Along other directions a displacement turns, and no growth rate of one axis is its own.
void require_invariant(const Numbers& direction, const Eigen::MatrixXd& hessian, double size) {
    const Eigen::Map<const Eigen::VectorXd> e(direction.data(), hessian.rows());
    const Eigen::VectorXd product = hessian * e;
    if ((product - e.dot(product) * e).norm() <= NetworkSaddle::flatness * size) return;
    throw InputError(
        "measure.way_out = 'equal': there is curvature at the point, and along all parameters alike the "
        "gradient "
        "leads off into other directions, so that nothing could be told of this one by itself; take "
        "'steepest'");
}

void find_way_out(NetworkSaddle& saddle, const Eigen::MatrixXd& hessian, const Network& network,
                  const DataSet& data, EscapeDirection way_out) {
    if (!hessian.allFinite())
        throw InputError(
            "the Hessian of the mean loss is not finite at the point: its parameters are too large");
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian);
    const auto& values = solver.eigenvalues();
    saddle.eigenvalues.assign(values.begin(), values.end());
    const double size = values.cwiseAbs().maxCoeff();
    if (way_out == EscapeDirection::equal) {
        saddle.escape = equal_way_out(network, data, saddle.point);
        require_invariant(saddle.escape, hessian, size);
        saddle.ways_out = saddle.escape;
        return;
    }
    if (!(values(0) < -NetworkSaddle::flatness * size))
        throw InputError(
            fmt::format("the point has no way out: the smallest eigenvalue of the Hessian of the mean loss "
                        "is {:.3g}, so that it is a minimum or flat; measure.way_out = 'equal' takes all "
                        "parameters alike for a way out",
                        values(0)));
    saddle.escape = directed(solver.eigenvectors().col(0));
    const auto ways = (values.array() <= values(0) + NetworkSaddle::flatness * size).count();
    const Eigen::MatrixXd basis = solver.eigenvectors().leftCols(ways);
    saddle.ways_out.assign(basis.data(), basis.data() + basis.size());
    std::vector<Eigen::Index> flat;
    for (Eigen::Index k = 0; k < values.size(); ++k)
        if (std::abs(values(k)) <= NetworkSaddle::flatness * size) flat.push_back(k);
    find_neutral(saddle, solver.eigenvectors()(Eigen::all, flat), size, network, data);
}

/// A relu unit whose sum is 0 for some sample has no second derivative there.
void require_no_kink(const Network& network, const DataSet& data, const Numbers& point) {
    if (network.unit != UnitFunction::relu) return;
    NetworkGradient<double> of_sample(network);
    for (std::size_t i = 0; i < data.samples(); ++i)
        of_sample.outputs(point.data(), data.input_of(i), [i](double sum) {
            if (sum == 0)
                throw InputError(fmt::format(
                    "a relu unit stands at its kink for sample {}, where the loss has no Hessian: "
                    "give it weights that are not 0, or take another network.unit",
                    i));
        });
}

/// Takes from v what it has along the vectors of an orthonormal basis.
void take_away(Numbers& v, const Numbers& basis) {
    for (std::size_t first = 0; first < basis.size(); first += v.size()) {
        const auto* direction = basis.data() + first;
        const double share = std::inner_product(v.begin(), v.end(), direction, 0.0);
        for (std::size_t k = 0; k < v.size(); ++k) v[k] -= share * direction[k];
    }
}

/// The rate of one chain; not a number where it leaves the numbers.
double chain_rate(const Network& network, const DataSet& data, const NetworkSaddle& saddle,
                  const ProductRun& run, std::uint64_t chain) {
    const std::size_t n = saddle.parameters();
    NetworkGradient<Dual<double>> gradient(network);
    SampleBatches batches(run.seed, run.batch, data.samples(), run.without_replacement);
    Numbers base = saddle.point, v = saddle.escape;
    Duals of_sample(n);
    const std::uint64_t settled = run.steps / 10;
    double log_length = 0;
    for (std::uint64_t step = 0; step < run.steps; ++step) {
        if (step % 64 == 0) run.stop.check();
        const auto at = along(base, v.data());
        const double share = run.learning_rate / run.batch, kept = 1 - run.learning_rate * run.decay;
        for (double& x : v) x *= kept;
        if (run.base_moves)
            for (double& x : base) x *= kept;
        batches(chain, step, [&](std::size_t i) {
            gradient(at.data(), data.input_of(i), data.target_of(i), of_sample.data());
            for (std::size_t k = 0; k < n; ++k) {
                v[k] -= share * of_sample[k].slope;
                if (run.base_moves) base[k] -= share * of_sample[k].value;
            }
        });
        if (!run.base_moves) take_away(v, saddle.neutral);
        const double length = length_of(v);
        if (!std::isfinite(length)) return std::numeric_limits<double>::quiet_NaN();
        if (length == 0) return -std::numeric_limits<double>::infinity();
        for (double& x : v) x /= length;
        if (step >= settled) log_length += std::log(length);
    }
    return log_length / static_cast<double>(run.steps - settled);
}

}  // namespace

Numbers answer_of(const Network& network, const Numbers& parameters, const double* input) {
    NetworkGradient<double> of_sample(network);
    const auto* first = of_sample.outputs(parameters.data(), input, [](double) {});
    return {first, first + outputs_of(network)};
}

Numbers softmax_of(const Numbers& f) {
    const double largest = *std::max_element(f.begin(), f.end());
    Numbers shares;
    double sum = 0;
    for (const double score : f) sum += shares.emplace_back(std::exp(score - largest));
    for (double& share : shares) share /= sum;
    return shares;
}

double loss_of(const Network& network, const Numbers& parameters, const double* input, const double* target) {
    const auto outputs = answer_of(network, parameters, input);
    double loss = 0;
    switch (network.loss) {
        case NetworkLoss::square:
            for (std::size_t j = 0; j < outputs.size(); ++j)
                loss += (outputs[j] - target[j]) * (outputs[j] - target[j]) / 2;
            return loss;
        case NetworkLoss::logistic: {
            const double against = -target[0] * outputs[0];
            return std::max(against, 0.0) + std::log1p(std::exp(-std::abs(against)));
        }
        case NetworkLoss::softmax: {
            const double largest = *std::max_element(outputs.begin(), outputs.end());
            for (const double f : outputs) loss += std::exp(f - largest);
            return std::log(loss) + largest - outputs[static_cast<std::size_t>(target[0])];
        }
    }
    return loss;
}

int NetworkSaddle::index() const {
    const double size = std::max(-eigenvalues.front(), eigenvalues.back());
    return static_cast<int>(std::count_if(eigenvalues.begin(), eigenvalues.end(),
                                          [&](double x) { return x < -flatness * size; }));
}
int NetworkSaddle::flat() const {
    const double size = std::max(-eigenvalues.front(), eigenvalues.back());
    return static_cast<int>(std::count_if(eigenvalues.begin(), eigenvalues.end(),
                                          [&](double x) { return std::abs(x) <= flatness * size; }));
}

bool is_pushed(const NetworkSaddle& saddle) {
    double most = 0;
    for (const double push : saddle.push) most = std::max(most, std::abs(push));
    return most > 1e-12 * std::max(1.0, saddle.sample_gradient);
}

void look_along(const Network& network, const DataSet& data, NetworkSaddle& saddle) {
    for_each_sample(network, data, along(saddle.point, saddle.escape.data()), [&](const Duals& gradient) {
        double h = 0, push = 0;
        for (std::size_t k = 0; k < saddle.escape.size(); ++k) {
            h += saddle.escape[k] * gradient[k].slope;
            push += saddle.escape[k] * gradient[k].value;
        }
        saddle.curvature.push_back(h);
        saddle.push.push_back(push);
    });
}

NetworkSaddle saddle_at(const Network& network, const DataSet& data, Numbers point, double tolerance,
                        EscapeDirection way_out) {
    const std::size_t n = network.parameters();
    if (point.size() != n)
        throw InputError(
            fmt::format("the point holds {} parameters, where the network has {}", point.size(), n));
    if (n > most_network_parameters)
        throw InputError(
            fmt::format("the network has {} parameters, and {} is the most whose Hessian is worked out whole",
                        n, most_network_parameters));
    require_no_kink(network, data, point);
    NetworkSaddle saddle;
    saddle.point = std::move(point);
    Numbers mean(n);
    const auto samples = static_cast<double>(data.samples());
    for_each_sample(network, data, saddle.point, [&](const Numbers& gradient) {
        for (std::size_t k = 0; k < n; ++k) mean[k] += gradient[k] / samples;
        saddle.sample_gradient += length_of(gradient) * length_of(gradient) / samples;
    });
    saddle.gradient_norm = length_of(mean);
    saddle.sample_gradient = std::sqrt(saddle.sample_gradient);
    require_critical(saddle, tolerance);
    find_way_out(saddle, mean_hessian(network, data, saddle.point), network, data, way_out);
    look_along(network, data, saddle);
    return saddle;
}

AxisNoise axis_noise(const NetworkSaddle& saddle, bool of_population) {
    const auto n = static_cast<double>(saddle.curvature.size());
    const auto mean = [&](auto of) {
        double sum = 0;
        for (std::size_t i = 0; i < saddle.curvature.size(); ++i) sum += of(i) / n;
        return sum;
    };
    const double h = mean([&](std::size_t i) { return saddle.curvature[i]; });
    const double push = mean([&](std::size_t i) { return saddle.push[i]; });
    const auto moment = [&](int j, int k) {
        return mean([&](std::size_t i) {
            return std::pow(saddle.curvature[i] - h, j) * std::pow(saddle.push[i] - push, k);
        });
    };
    const double s2 = moment(2, 0), t2 = moment(0, 2);
    // Of a variance the error is sqrt((m4 - m2^2)/n), and that of a deviation the 2 s-th part of it.
    const auto deviation_error = [&](double m2, double m4) {
        return m2 > 0 ? std::sqrt(std::max(0.0, m4 - m2 * m2) / n) / (2 * std::sqrt(m2)) : 0;
    };
    AxisNoise noise{-h, std::sqrt(s2), std::sqrt(t2), 0, 0, 0, 0, 0};
    if (s2 > 0 && t2 > 0) noise.rho = moment(1, 1) / std::sqrt(s2 * t2);
    if (!of_population) return noise;
    noise.a_error = std::sqrt(s2 / n);
    noise.sigma_error = deviation_error(s2, moment(4, 0));
    noise.tau_error = deviation_error(t2, moment(0, 4));
    noise.rho_error = s2 > 0 && t2 > 0 ? (1 - noise.rho * noise.rho) / std::sqrt(n) : 0;
    return noise;
}

std::optional<double> noise_dimension(const Network& network, const DataSet& data,
                                      const NetworkSaddle& saddle) {
    const std::size_t n = saddle.parameters();
    if (n > 100) return {};
    const auto samples = static_cast<Eigen::Index>(data.samples()), size = static_cast<Eigen::Index>(n * n);
    Eigen::MatrixXf hessians(size, samples);
    for (std::size_t j = 0; j < n; ++j) {
        Numbers unit(n);
        unit[j] = 1;
        Eigen::Index i = 0;
        for_each_sample(network, data, along(saddle.point, unit.data()), [&](const Duals& gradient) {
            for (std::size_t k = 0; k < n; ++k)
                hessians(static_cast<Eigen::Index>(j * n + k), i) = static_cast<float>(gradient[k].slope);
            ++i;
        });
    }
    const Eigen::VectorXf mean = hessians.rowwise().mean();
    hessians.colwise() -= mean;
    // Rows that are 0 for every sample, of which there are many, do not count.
    std::vector<Eigen::Index> rows;
    for (Eigen::Index r = 0; r < size; ++r)
        if (hessians.row(r).squaredNorm() > 0) rows.push_back(r);
    const Eigen::MatrixXf some = hessians(rows, Eigen::all);
    const Eigen::MatrixXf products = some.rows() < samples ? Eigen::MatrixXf(some * some.transpose())
                                                           : Eigen::MatrixXf(some.transpose() * some);
    const double trace = products.diagonal().cast<double>().sum();
    const double square = products.cast<double>().squaredNorm();
    if (!(square > 0)) return {};
    return trace * trace / square;
}

ProductGrowth product_growth(const Network& network, const DataSet& data, const NetworkSaddle& saddle,
                             const ProductRun& run) {
    double sum = 0, squares = 0;
    for (std::uint64_t chain = 0; chain < run.chains; ++chain) {
        const double rate = chain_rate(network, data, saddle, run, chain);
        sum += rate;
        squares += rate * rate;
    }
    const auto n = static_cast<double>(run.chains);
    const double mean = sum / n;
    if (std::isnan(mean)) return {std::numeric_limits<double>::infinity(), 0};
    return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean) / (n - 1))};
}

}  // namespace noisetrap
