#include "analysis/diffusions/fokker_planck.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "analysis/diffusions/diffusion_cells.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using Start = std::function<VectorXd(const DiffusionCells&)>;

constexpr int kFewestCells = 16;

Grid with_cells(Grid grid, int cells) {
    grid.cells = cells;
    return grid;
}

Grid whole_quarters(const Grid& grid) {
    require(grid.cells >= kFewestCells, "a Fokker-Planck grid needs at least 16 cells");
    return with_cells(grid, (grid.cells + 3) / 4 * 4);
}

// The law on cells twice as wide.
VectorXd merged(const VectorXd& law) {
    const Index cells = (law.size() - 2) / 2;
    VectorXd wide(cells + 2);
    wide << law[0], law.segment(1, 2 * cells).reshaped(2, cells).colwise().sum().transpose(),
        law[law.size() - 1];
    return wide;
}

// Richardson's: errors of second order cancel.
VectorXd extrapolated(const VectorXd& fine, const VectorXd& wide) { return (4 * merged(fine) - wide) / 3; }

// Largest difference of the two distribution functions.
double distance(const VectorXd& one, const VectorXd& other) {
    double sum = 0, most = 0;
    for (Index i = 0; i < one.size(); ++i) {
        sum += one[i] - other[i];
        most = std::max(most, std::abs(sum));
    }
    return most;
}

// One law on grids of `cells`, cells/2 and cells/4.
class Refinement {
  public:
    Refinement(const Diffusion& diffusion, const Grid& grid, const Start& start)
        : grid_(grid),
          levels_{level(diffusion, 1, start), level(diffusion, 2, start), level(diffusion, 4, start)} {}

    TransientLaw at(double time) {
        for (auto& [cells, law] : levels_) law = cells.advance(law, time - time_);
        time_ = time;
        const auto& [fine, middle, wide] = levels_;
        const VectorXd best = extrapolated(fine.law, middle.law), second = extrapolated(middle.law, wide.law);
        return {time, grid_, {best.begin(), best.end()}, distance(merged(best), second)};
    }

  private:
    struct Level {
        DiffusionCells cells;
        VectorXd law;
    };
    Level level(const Diffusion& diffusion, int part, const Start& start) const {
        DiffusionCells cells(diffusion, with_cells(grid_, grid_.cells / part));
        VectorXd law = start(cells);
        return {std::move(cells), std::move(law)};
    }

    Grid grid_;
    std::array<Level, 3> levels_;
    double time_ = 0;
};

std::vector<TransientLaw> follow(const Diffusion& diffusion, const Grid& grid, const Start& start,
                                 std::span<const double> times) {
    Refinement refinement(diffusion, whole_quarters(grid), start);
    std::vector<TransientLaw> laws;
    double last = 0;
    for (const double time : times) {
        require(std::isfinite(time) && time >= last, "times of a Fokker-Planck equation must rise from 0");
        laws.push_back(refinement.at(time));
        last = time;
    }
    return laws;
}

}  // namespace

std::vector<TransientLaw> transient_laws(const Diffusion& diffusion, const Grid& grid, double x0,
                                         std::span<const double> times) {
    return follow(
        diffusion, grid, [=](const DiffusionCells& cells) { return cells.point(x0); }, times);
}

std::vector<TransientLaw> transient_laws(const Diffusion& diffusion, const Grid& grid,
                                         const std::function<double(double)>& start,
                                         std::span<const double> times) {
    return follow(
        diffusion, grid, [&](const DiffusionCells& cells) { return cells.masses(start); }, times);
}

double mean_exit_time(const Diffusion& diffusion, const Grid& grid, double x0) {
    const Grid fine = whole_quarters(grid);
    const auto on_cells = [&](int number) {
        const DiffusionCells cells(diffusion, with_cells(fine, number));
        return cells.mean_exit_time(cells.point(x0));
    };
    return (4 * on_cells(fine.cells) - on_cells(fine.cells / 2)) / 3;
}

}  // namespace noisetrap
