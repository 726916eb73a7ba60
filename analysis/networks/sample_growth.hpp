// A factor that a minibatch of a finite data set decides, A = 1 + l mean of b of the numbers q_1 ... q_N: its growth
// rate, exactly. With q = -h, the curvature of each sample along the way out of a saddle, A is what a step of stochastic
// gradient descent multiplies the distance by.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/stop.hpp"

namespace noisetrap {

enum class Draws : int { with_replacement, without_replacement };
inline constexpr const char* draws_names[] = {"with-replacement", "without-replacement"};

class SampleGrowth {
  public:
    /// A value and how often it comes.
    struct Atom {
        double value, weight;
    };

    /// Throws std::domain_error where there are no numbers, or one that is not finite.
    explicit SampleGrowth(std::vector<double> q, Draws = Draws::with_replacement, StopToken = {});

    double mean() const { return mean_; }
    /// Of the N numbers, not an estimate for a population.
    double variance() const { return variance_; }

    /// E log|1 + l mean of b|. Summed exactly as long as the means of b numbers have few enough different values: for
    /// b = 1 and 2 always, for larger ones where the numbers repeat, as those of one pixel do. Else by the mean's
    /// characteristic function p(t) (with replacement), E log|A| = integral over t > 0 of (e^-t - Re p(t))/t, to about
    /// 1e-6, and by four moments where no sample moves log|A| by more than 0.01; or (without) by 10^6 draws, whose standard
    /// error is below sd log|A| / 1000. Throws Interrupted where the token says so.
    double growth(double learning_rate, int batch) const;
    /// The standard deviation of log|A|; nothing where the law of the mean is not summed.
    std::optional<double> log_deviation(double learning_rate, int batch = 1) const;
    /// The root kappa != 0 of E|A|^kappa = 1; 0 where the growth rate is 0, and nothing where there is none below 1000
    /// in size, or where the law of the mean is not summed.
    std::optional<double> tail_index(double learning_rate, int batch = 1) const;

    /// The smallest learning rate above which a step shrinks the distance on the average, growth(l, b) = 0: found by
    /// steps of 2 % for one sample, and of 20 % for more, from a hundredth to a hundred times that of the SDE. Nothing where
    /// there is none, where the smallest of these is trapped already, or where a <= 0.
    std::optional<double> critical_learning_rate(int batch) const;
    /// The batch at which growth(l, b) crosses zero, linearly between two whole numbers; nothing where one sample is
    /// not trapped already, and infinity where `most` samples are still trapped.
    std::optional<double> critical_batch(double learning_rate, int most) const;

    /// The critical learning rate of the SDE with the same mean and variance, 2 a b/sigma^2.
    double sde_learning_rate(int batch) const { return 2 * mean_ * batch / variance_; }
    double sde_batch(double learning_rate) const { return learning_rate * variance_ / (2 * mean_); }

  private:
    std::vector<double> q_;
    std::vector<Atom> atoms_;
    double mean_ = 0, variance_ = 0;
    Draws draws_;
    StopToken stop_;
    mutable std::map<int, std::vector<Atom>> means_;  // those that were asked for

    const std::vector<Atom>* means_of(int batch) const;
    double largest_step(double learning_rate) const;
    double by_moments(double learning_rate, int batch) const;
    double by_characteristic_function(double learning_rate, int batch) const;
    double by_draws(double learning_rate, int batch) const;
};

/// How far a path gets from where noise traps it.
struct Escape {
    double start, far, near;  // distances: where it starts, where it has left, where it counts as trapped
};

/// The start has any direction in a space of `all` dimensions, of which `growing` are ways out: it lies along a way out
/// where these are equal.
struct StartAngle {
    int growing = 1, all = 2;
};

/// The odds that a path leaves: kappa and the deviation of log|A| as above. What counts is the share of the start that
/// grows, whose square has the law Beta(growing/2, (all - growing)/2). A step overshoots each end by 0.583 deviations of
/// log|A| on the average (Siegmund 1979, of a random walk with normal steps), which is allowed for. Throws
/// std::domain_error unless near < start < far.
double escape_odds(const Escape&, double tail_index, double log_deviation, const StartAngle&);

}  // namespace noisetrap
