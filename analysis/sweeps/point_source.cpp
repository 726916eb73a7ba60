#include "analysis/sweeps/point_source.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"

namespace noisetrap {
namespace {

/// Paths that the engine steps: many points in one launch.
class EnginePoints : public PointSource {
    const Sweep& sweep_;
    const std::unique_ptr<Backend> host_;

    /// The point alone, with what has to be watched.
    Simulation observed(const SweepPoint& point, const std::vector<Observable>& observables) const {
        auto alone = simulation_of(sweep_, point);
        observe(alone, observables);
        return alone;
    }

    /// Growth is what it would be had it gone on all the time as after the warm-up: the same paths, run once
    /// more for the warm-up alone, say how much came before.
    CollectedRun rows_after_warm_up(const Simulation& s) const {
        auto rows = collect(s);
        if (sweep_.warm_up == 0 || !(s.observe.growth || s.observe.exponents > 0)) return rows;
        auto early = s;
        early.steps = sweep_.warm_up;
        std::vector<Observable> rates;
        if (s.observe.growth) rates.push_back({"growth", Observable::Kind::growth, 0});
        if (s.observe.exponents > 0) rates.push_back({"exponent", Observable::Kind::exponent, 1});
        observe(early, rates);
        const auto before = collect(early);
        const double scale = static_cast<double>(s.steps) / static_cast<double>(s.steps - sweep_.warm_up);
        for (std::size_t g = 0; g < rows.ensembles.size(); ++g)
            for (std::size_t path = 0; path < s.paths; ++path) {
                // Of the sum no observable is made.
                for (std::size_t m = 0; m < s.observe.exponents; ++m) {
                    double& stretch = rows.ensembles[g].log_stretches[m][path];
                    if (!std::isinf(stretch))
                        stretch = scale * (stretch - before.ensembles[g].log_stretches[m][path]);
                }
                if (!s.observe.growth) continue;
                double& growth = rows.ensembles[g].log_growth[path];
                if (std::isinf(growth)) continue;  // on zero it stays
                growth = scale * (growth - before.ensembles[g].log_growth[path]);
                if (!s.observe.control) continue;
                rows.ensembles[g].noise_sum[path] -= before.ensembles[g].noise_sum[path];
                rows.ensembles[g].noise_squares[path] -= before.ensembles[g].noise_squares[path];
            }
        return rows;
    }

    /// of(rows, its simulation) for each point, side by side.
    template <class Result, class Of>
    std::vector<Result> each(const std::vector<SweepPoint>& points, const Simulation& s,
                             const std::vector<Observable>& observables, Of of) const {
        const auto rows = rows_after_warm_up(s);
        std::vector<Result> results(points.size());
        host_->for_each(static_cast<int>(points.size()), [&](int i) {
            const auto at = static_cast<std::size_t>(i);
            results[at] = of(rows.ensembles[at], observed(points[at], observables));
        });
        return results;
    }

  public:
    explicit EnginePoints(const Sweep& sweep)
        : sweep_(sweep), host_(make_cpu_backend("omp", sweep.base.run.threads)) {}

    /// Neighbours mostly share a kernel. Kernels are compiled side by side, and what is left out when it is asked for.
    void prepare(const std::vector<SweepPoint>& points) const override {
        auto s = simulation_of(sweep_, points, 0);
        observe(s, sweep_.observables);
        noisetrap::prepare({s});
    }

    std::vector<PointResult> measured(const std::vector<SweepPoint>& points,
                                      std::uint64_t first) const override {
        auto s = simulation_of(sweep_, points, first);
        observe(s, sweep_.observables);
        return each<PointResult>(
            points, s, sweep_.observables, [&](const PathColumns& rows, const Simulation& alone) {
                return PointResult{estimates_of(sweep_.observables, rows, alone, sweep_.trapped_within),
                                   failed_rows(rows)};
            });
    }

    std::vector<BatchRows> batches(const std::vector<SweepPoint>& points,
                                   std::uint64_t first) const override {
        const auto& wanted = sweep_.boundary->observable;
        auto s = simulation_of(sweep_, points, first);
        s.paths = sweep_.boundary->batch;
        observe(s, {wanted});
        s.observe.control = false;  // signs are judged by the rows themselves
        return each<BatchRows>(points, s, {wanted}, [&](const PathColumns& rows, const Simulation& alone) {
            return BatchRows::of(rows_of(wanted, rows, alone, sweep_.trapped_within));
        });
    }

    std::uint64_t path_bytes(const SweepPoint& point) const override {
        return row_bytes(observed(point, sweep_.observables).observe);
    }
    double first_path_steps() const override { return 1 << 22; }
};

/// The seed of the generator of a point: another one for every pair.
std::uint64_t seed_of(std::uint64_t seed, std::uint64_t number) {
    const auto low = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
    std::seed_seq both{low(seed), low(seed >> 32), low(number), low(number >> 32)};
    std::uint32_t words[2];
    both.generate(std::begin(words), std::end(words));
    return std::uint64_t{words[0]} << 32 | words[1];
}

/// Products of random matrices, multiplied on the host. A boundary is searched for along paths of the engine alone.
class MatrixPoints : public PointSource {
    const Sweep& sweep_;
    const std::unique_ptr<Backend> host_;

    PointResult measured_product(const SweepPoint& point, std::uint64_t number) const {
        PointResult result;
        if (sweep_.base.run.stop.stop_requested()) return result;
        const auto product = matrix_product(point.model);
        double most = 1;
        for (const auto& o : sweep_.observables) most = std::max(most, o.p);
        const int count = std::min(product.dimension, static_cast<int>(most));
        const auto exponents = simulated_exponents(product, count, point.steps, sweep_.base.paths,
                                                   seed_of(sweep_.base.seed, number));
        for (const auto& o : sweep_.observables)
            result.values.push_back(
                {o.p <= count ? exponents[static_cast<std::size_t>(o.p) - 1] : Estimate{}});
        return result;
    }

  public:
    explicit MatrixPoints(const Sweep& sweep)
        : sweep_(sweep), host_(make_cpu_backend("omp", sweep.base.run.threads)) {}

    void prepare(const std::vector<SweepPoint>&) const override {}

    std::vector<PointResult> measured(const std::vector<SweepPoint>& points,
                                      std::uint64_t first) const override {
        std::vector<PointResult> results(points.size());
        host_->for_each(static_cast<int>(points.size()), [&](int i) {
            const auto at = static_cast<std::size_t>(i);
            results[at] = measured_product(points[at], first + at);
        });
        sweep_.base.run.stop.check();
        return results;
    }

    std::vector<BatchRows> batches(const std::vector<SweepPoint>&, std::uint64_t) const override {
        throw std::domain_error("products of matrices have no rows of paths");
    }
    std::uint64_t path_bytes(const SweepPoint&) const override { return sizeof(double); }
    double first_path_steps() const override { return 1 << 12; }
};

}  // namespace

std::unique_ptr<PointSource> point_source_of(const Sweep& sweep) {
    if (!sweep.base.entry) return std::make_unique<MatrixPoints>(sweep);
    return std::make_unique<EnginePoints>(sweep);
}

std::vector<HostModel> host_models() {
    const std::vector<std::string> structures(std::begin(structure_names), std::end(structure_names));
    return {{"matrix-product",
             "x <- (I + D + Xi) x, the mean D = a I and the noise Xi of a structure",
             {{"structure", "-", "structure of the noise", std::string("dense"), 0, 0, structures},
              {"dimension", "1", "of x", 2.0, 1, MatrixProduct::most_dimensions, {}},
              {"a", "1/step", "mean rate along an axis; a > 0 repels", 0.0, -1, 1, {}},
              {"sigma", "1/step", "standard deviation of the noise along an axis", 0.5, 0, 10, {}}},
             [](const ParameterValues& model) {
                 return unless_whole("dimension", std::get<double>(model.at("dimension")));
             }}};
}

MatrixProduct matrix_product(const ParameterValues& model) {
    const auto number = [&](const char* key) { return std::get<double>(model.at(key)); };
    const auto& word = std::get<std::string>(model.at("structure"));
    const auto found = std::find(std::begin(structure_names), std::end(structure_names), word);
    return {static_cast<Structure>(found - std::begin(structure_names)),
            static_cast<int>(number("dimension")), number("a"), number("sigma")};
}

}  // namespace noisetrap
