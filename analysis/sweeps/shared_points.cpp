#include "analysis/sweeps/shared_points.hpp"

#include <algorithm>

#include "engine/ranks/packing.hpp"

namespace noisetrap {

template <class Archive>
void fields(Archive& a, SweepPoint& p) {
    a(p.model, p.method, p.dt, p.t_end, p.steps);
}

template <class Archive>
void fields(Archive& a, Measured& m) {
    a(m.value, m.standard_error, m.chance);
}

template <class Archive>
void fields(Archive& a, PointResult& r) {
    a(r.values, r.failed);
}

template <class Archive>
void fields(Archive& a, BatchRows& b) {
    a(b.rows.count, b.rows.mean, b.rows.m2, b.rows.m3, b.rows.m4, b.fallen);
}

namespace {

/// Points in the order of their numbers, the first of which is `first`.
struct PointTask {
    bool batches = false;  // instead of measuring them
    std::uint64_t first = 0;
    std::vector<SweepPoint> points;
};
template <class Archive>
void fields(Archive& a, PointTask& t) {
    a(t.batches, t.first, t.points);
}

std::string done(const PointSource& source, const std::string& bytes) {
    const auto task = unpacked<PointTask>(bytes);
    return task.batches ? packed(source.batches(task.points, task.first))
                        : packed(source.measured(task.points, task.first));
}

class SharedPoints : public PointSource {
    Crew& crew_;
    const StopToken stop_;
    const std::unique_ptr<PointSource> own_;

    /// Some tasks for every rank, so that none waits long for the last.
    std::vector<std::string> tasks_of(bool batches, const std::vector<SweepPoint>& points,
                                      std::uint64_t first) const {
        const auto most = std::min(points.size(), 4 * static_cast<std::size_t>(crew_.size()));
        std::vector<std::string> tasks;
        for (std::size_t i = 0; i < most; ++i) {
            const auto begin = points.size() * i / most, end = points.size() * (i + 1) / most;
            tasks.push_back(packed(PointTask{batches,
                                             first + begin,
                                             {points.begin() + static_cast<std::ptrdiff_t>(begin),
                                              points.begin() + static_cast<std::ptrdiff_t>(end)}}));
        }
        return tasks;
    }

    template <class Result>
    std::vector<Result> shared(bool batches, const std::vector<SweepPoint>& points,
                               std::uint64_t first) const {
        std::vector<Result> results;
        const auto work = [&](const std::string& task) { return done(*own_, task); };
        const auto take = [&](std::uint64_t, const std::string& bytes) {
            auto next = unpacked<std::vector<Result>>(bytes);
            std::move(next.begin(), next.end(), std::back_inserter(results));
        };
        crew_.share(tasks_of(batches, points, first), work, take, stop_);
        return results;
    }

  public:
    SharedPoints(Crew& crew, const Sweep& sweep)
        : crew_(crew), stop_(sweep.base.run.stop), own_(point_source_of(sweep)) {}

    void prepare(const std::vector<SweepPoint>& points) const override { own_->prepare(points); }
    std::vector<PointResult> measured(const std::vector<SweepPoint>& points,
                                      std::uint64_t first) const override {
        return shared<PointResult>(false, points, first);
    }
    std::vector<BatchRows> batches(const std::vector<SweepPoint>& points,
                                   std::uint64_t first) const override {
        return shared<BatchRows>(true, points, first);
    }
    std::uint64_t path_bytes(const SweepPoint& point) const override { return own_->path_bytes(point); }
    double first_path_steps() const override { return own_->first_path_steps() * processes(); }
    int processes() const override { return crew_.size(); }
};

}  // namespace

std::unique_ptr<PointSource> shared_points(Crew& crew, const Sweep& sweep) {
    if (crew.size() == 1) return point_source_of(sweep);
    return std::make_unique<SharedPoints>(crew, sweep);
}

void serve_points(Crew& crew, const Sweep& sweep) {
    const auto source = point_source_of(sweep);
    crew.serve([&](const std::string& task) { return done(*source, task); }, sweep.base.run.stop);
}

}  // namespace noisetrap
