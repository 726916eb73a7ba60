// The mean loss of a network over a data set, as a landscape: what landscapes are asked can be asked of networks.
#pragma once

#include "analysis/networks/sample_sums.hpp"
#include "models/landscapes/landscape.hpp"

namespace noisetrap {

/// Mean loss over all samples, and weight_decay |x|^2/2. Its critical points are not known. Functions of the network that
/// parameters may leave alone in many ways are its invariants: its answers to a few samples, of softmax the odds of each
/// class. A relu has no second derivative at its kink, where this one takes 0.
class NetworkLandscape final : public Landscape {
    Network network_;
    DataSet data_;
    PackedSamples samples_;
    double weight_decay_;

    /// The gradient at x, and then its derivatives along `count` directions, one after the other.
    std::vector<double> mean_gradient(std::span<const double> x, std::span<const double> directions,
                                      std::size_t count) const;

  public:
    NetworkLandscape(Network network, DataSet data, double weight_decay)
        : network_(std::move(network)),
          data_(std::move(data)),
          samples_(network_, data_),
          weight_decay_(weight_decay) {}

    std::size_t size() const override { return network_.parameters(); }
    std::size_t workspace() const override { return size(); }
    double value(std::span<const double> x) const override;
    void gradient(std::span<const double> x, std::span<double> slope) const override;
    void hessian_times(std::span<const double> x, std::span<const double> v,
                       std::span<double> product) const override;
    void hessian_times_each(std::span<const double> x, std::span<const double> vectors,
                            std::span<double> products) const override;
    void hessian(std::span<const double> x, std::span<double> by_columns) const override;
    std::vector<KnownPoint> points() const override { return {}; }
    std::vector<double> invariants(std::span<const double> x) const override;
    /// Of linear units C W, W' C^-1 for every matrix C, of relu units for a diagonal one; of softmax a shift of all
    /// answers. Weight decay leaves the rotations among them.
    std::vector<Point> generators(std::span<const double> x) const override;
    void normalise(std::span<double>) const override {}
};

}  // namespace noisetrap
