// Where the numbers of a sweep's points come from: paths of the engine, or products of random matrices. Whoever runs a
// sweep need not know which.
#pragma once

#include <memory>
#include <vector>

#include "analysis/growth/matrix_products.hpp"
#include "analysis/sweeps/boundary.hpp"
#include "analysis/sweeps/observables.hpp"
#include "engine/input/sweep.hpp"

namespace noisetrap {

struct PointResult {
    std::vector<Measured> values;  // of Sweep::observables
    std::uint64_t failed = 0;      // paths that stopped being numbers
};

class PointSource {
  public:
    virtual ~PointSource() = default;
    /// Makes ready what these points need.
    virtual void prepare(const std::vector<SweepPoint>&) const = 0;
    /// What all take the same number of steps; point i has the noise of number `first` + i.
    virtual std::vector<PointResult> measured(const std::vector<SweepPoint>&, std::uint64_t first) const = 0;
    /// The rows of batches for the search of a boundary, of `BoundaryTerms::batch` paths each.
    virtual std::vector<BatchRows> batches(const std::vector<SweepPoint>&, std::uint64_t first) const = 0;
    /// Bytes of memory for each path of such a point.
    virtual std::uint64_t path_bytes(const SweepPoint&) const = 0;
    /// Path-steps that take a while, for a first guess of how many points to measure at once.
    virtual double first_path_steps() const = 0;
    /// Among which points are divided.
    virtual int processes() const { return 1; }
};

std::unique_ptr<PointSource> point_source_of(const Sweep&);

/// Products of random matrices: `model.name = "matrix-product"`.
std::vector<HostModel> host_models();

/// The product that the parameters of "matrix-product" name.
MatrixProduct matrix_product(const ParameterValues& model);

}  // namespace noisetrap
