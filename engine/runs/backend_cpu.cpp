// Thrust's omp and serial systems. They are named explicitly, so that every unit can be compiled for Thrust's
// plain C++ host and device systems. Thrust's OpenMP loop has no SIMD: it is handed blocks of paths.
#include <fmt/core.h>
#include <omp.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cpp/execution_policy.h>
#include <thrust/system/omp/execution_policy.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

#include "engine/error.hpp"
#include "engine/runs/backend.hpp"

namespace noisetrap {
namespace {

class CpuBackend : public Backend {
    std::string name_;
    int threads_;

    template <class F>
    void for_each_index(std::uint64_t count, F f) const {
        const auto first = thrust::make_counting_iterator<std::uint64_t>(0);
        if (threads_ == 1) {
            thrust::for_each_n(thrust::cpp::par, first, count, f);
        } else {
            omp_set_num_threads(threads_);
            thrust::for_each_n(thrust::omp::par, first, count, f);
        }
    }

  public:
    CpuBackend(std::string name, int threads) : name_(std::move(name)), threads_(threads) {}
    std::string name() const override { return name_; }
    std::string device() const override { return processor_name(); }
    int threads() const override { return threads_; }

    std::unique_ptr<Launches> launches(const Simulation&, Wanted) override;

    /// Returns when the launch is done, or soon after monitor->stop was set.
    void run(const Work& work, const Launch& launch) const {
        const auto block = reinterpret_cast<BlockFunction>(work.kernel);
        const std::uint64_t blocks = launch.ensembles * ((launch.paths + launch.lanes - 1) / launch.lanes);
        const void* processes = work.processes.data();
        // Each thread takes the next few blocks when it is free: a busy core, or paths that end early, hold
        // up no other.
        const std::uint64_t few =
            std::clamp<std::uint64_t>(blocks / static_cast<std::uint64_t>(16 * threads_), 1, 64);
        std::atomic<std::uint64_t> next = 0;
        for_each_index(static_cast<std::uint64_t>(threads_), [&launch, &next, block, processes, blocks,
                                                              few](std::uint64_t) {
            for (std::uint64_t i; (i = next.fetch_add(few, std::memory_order_relaxed)) < blocks;)
                for (const auto end = std::min(blocks, i + few); i < end; ++i) {
                    if (__atomic_load_n(&launch.monitor->stop, __ATOMIC_RELAXED)) return;
                    block(launch, processes, i);
                }
        });
    }

    void for_each(int count, const std::function<void(int)>& f) override {
        std::exception_ptr thrown;  // none may leave a parallel loop
        std::mutex mutex;
        for_each_index(static_cast<std::uint64_t>(count), [&](std::uint64_t i) {
            try {
                f(static_cast<int>(i));
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!thrown) thrown = std::current_exception();
            }
        });
        if (thrown) std::rethrow_exception(thrown);
    }
};

/// One at a time, done when it is started.
class HostLaunches : public Launches {
    const CpuBackend& backend_;
    const Observation& observe_;
    ColumnMemory memory_;
    ChunkColumns columns_;

  public:
    HostLaunches(const CpuBackend& backend, const Observation& observe)
        : backend_(backend), observe_(observe) {}
    std::size_t at_once() const override { return 1; }
    void start(const Work& work, const Launch& asked) override {
        auto launch = asked;
        columns_ = memory_.resize(observe_, launch.rows());
        launch.columns = columns_.at;
        backend_.run(work, launch);
    }
    Brought finish() override { return {columns_, {}, 0}; }
};

std::unique_ptr<Launches> CpuBackend::launches(const Simulation& s, Wanted) {
    return std::make_unique<HostLaunches>(*this, s.observe);
}

}  // namespace

static std::atomic<int> processes_here = 1;

void share_processors(int processes) { processes_here = std::max(1, processes); }

std::unique_ptr<Backend> make_cpu_backend(const std::string& name, int threads) {
    if (name == "serial") return std::make_unique<CpuBackend>(name, 1);
    if (name != "omp") throw InputError("backend '" + name + "' is none of auto, cuda, omp, serial");
    const int available = std::max(1, omp_get_num_procs()), most = std::max(64, 4 * available);
    if (threads > most)
        throw InputError(fmt::format("run.threads = {} is more than {} processors can use; at most {}",
                                     threads, available, most));
    const int share = std::max(1, available / processes_here);
    return std::make_unique<CpuBackend>(name, threads == 0 ? share : threads);
}

}  // namespace noisetrap
