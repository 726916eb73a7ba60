// Each device has two launches under way: while the rows of one are summarised, or are on their way back, the other is
// stepped. A chunk goes to whichever device is free; what it brings waits for its turn.
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>
#include <thrust/system_error.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/runs/cuda_launches.hpp"
#include "engine/runs/cuda_memory.hpp"
#include "engine/runs/plan.hpp"
#include "engine/runs/summary_jobs.hpp"

namespace noisetrap {
namespace {

/// The error that a kernel before has left, which stays; else that of the launch. Thrust asks the runtime several things,
/// and where a kernel fails between them it throws what the later ones make of that.
cudaError_t cause_of(cudaError_t of_launch) {
    cudaGetLastError();  // forgets an error that does not stay
    const auto lasting = cudaGetLastError();
    return lasting == cudaSuccess ? of_launch : lasting;
}

/// start() launches a kernel, which may fail in several ways.
template <class Start>
void launching(Start start) {
    try {
        start();
    } catch (const thrust::system_error& error) {  // by a kernel that Thrust launches
        fail("the launch of a kernel", cause_of(static_cast<cudaError_t>(error.code().value())));
    } catch (const std::runtime_error&) {  // by what Thrust asks the runtime before it
        const auto status = cudaGetLastError();
        fail("the launch of a kernel", cause_of(status == cudaSuccess ? cudaErrorUnknown : status));
    }
    check("the launch of a kernel", cudaGetLastError());
}

/// A place for one launch after another on one device: its stream and all its memory.
class Slot {
    const Observation& observe_;
    const SummaryJobs* const jobs_;  // null where rows are wanted
    const int device_;
    const std::shared_ptr<DeviceTables> tables_of_device_;  // of all its slots
    Stream stream_;
    DeviceInput input_;
    DeviceArray columns_, results_, tables_, pages_;
    PinnedArray brought_, brought_pages_;
    Launch launch_{};
    enum class Stage { idle, launched, pages_under_way, done } stage_ = Stage::idle;

    /// What the launch reads, one behind the other: processes, observed steps, and the jobs of its summaries.
    struct Inputs {
        const void* processes;
        const std::uint64_t* steps;
        const void* jobs;
    };
    /// The bytes of the processes, which point into the device's own copies of tables.
    std::vector<std::byte> processes_of(const Work& work) {
        std::vector<std::byte> bytes(work.processes.begin(), work.processes.end());
        const auto size = bytes.size() / launch_.ensembles;
        for (const auto& [place, table] : work.tables) {
            const void* const copy = tables_of_device_->copy_of(table, stream_);
            for (auto at = place; at < bytes.size(); at += size)
                std::memcpy(bytes.data() + at, &copy, sizeof copy);
        }
        return bytes;
    }
    Inputs put(const Work& work) {
        auto bytes = processes_of(work);
        const auto append = [&](std::span<const std::byte> more) {
            constexpr std::size_t alignment = 16;
            bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
            bytes.insert(bytes.end(), more.begin(), more.end());
            return bytes.size() - more.size();
        };
        const auto steps = append(std::as_bytes(std::span(launch_.watched_steps, launch_.watches)));
        const auto jobs = append(jobs_ ? jobs_->input() : std::vector<std::byte>());
        const auto* const there = input_.put(bytes, stream_);
        return {there, reinterpret_cast<const std::uint64_t*>(there + steps), there + jobs};
    }

    void bring(PinnedArray& into, const DeviceArray& from, std::size_t bytes) {
        into.reserve(bytes);
        check("cudaMemcpyAsync",
              cudaMemcpyAsync(into.data(), from.data(), bytes, cudaMemcpyDeviceToHost, stream_));
    }
    template <class Job>
    void do_all(const Job& job) {
        launching([&] {
            thrust::for_each_n(thrust::cuda::par_nosync.on(stream_),
                               thrust::make_counting_iterator<std::uint64_t>(0), job.jobs(), job);
        });
    }
    void clear(DeviceArray& array, std::size_t bytes) {
        check("cudaMemsetAsync", cudaMemsetAsync(array.data(), 0, bytes, stream_));
    }
    void summarise(const double* numbers, const void* input) {
        const auto sizes = jobs_->sizes(launch_.ensembles, launch_.paths);
        results_.reserve(sizes.results);
        pages_.reserve(sizes.pages);
        if (tables_.reserve(sizes.tables)) clear(tables_, sizes.tables);
        clear(results_, sizes.counts);
        const auto all =
            jobs_->launch(launch_, numbers, input, results_.data(), tables_.data(), pages_.data());
        do_all(SummaryJob(all));
        if (jobs_->has_tables()) do_all(PageJob(all));
        bring(brought_, results_, sizes.results);
    }
    std::size_t column_bytes() const { return launch_.rows() * numbers_in_row(observe_) * sizeof(double); }
    const std::byte* results() const { return static_cast<const std::byte*>(brought_.data()); }
    /// Pages to be brought behind the results.
    std::uint64_t pages() const { return jobs_ ? SummaryJobs::pages_used(results()) : 0; }
    /// Of a thread, the calls that follow are about the device of this slot.
    void choose_device() const { check("cudaSetDevice", cudaSetDevice(device_)); }

  public:
    /// On the device that is chosen.
    Slot(const Observation& observe, const SummaryJobs* jobs, int device,
         std::shared_ptr<DeviceTables> tables)
        : observe_(observe), jobs_(jobs), device_(device), tables_of_device_(std::move(tables)) {}

    bool is_idle() const { return stage_ == Stage::idle; }

    void start(const Work& work, const Launch& asked) {
        choose_device();
        launch_ = asked;
        columns_.reserve(column_bytes());
        auto* const numbers = static_cast<double*>(columns_.data());
        const auto inputs = put(work);
        auto launch = asked;
        launch.columns = columns_from(numbers, observe_, launch.rows());
        launch.watched_steps = inputs.steps;
        launch.monitor = nullptr;
        launching([&] { reinterpret_cast<DeviceLaunch>(work.kernel)(launch, inputs.processes, stream_); });
        if (jobs_)
            summarise(numbers, inputs.jobs);
        else
            bring(brought_, columns_, column_bytes());
        stage_ = Stage::launched;
    }

    /// Goes on with what is under way, and does not wait; true once all is there.
    bool is_done() {
        if (stage_ == Stage::done) return true;
        const auto status = cudaStreamQuery(stream_);
        if (status == cudaErrorNotReady) return false;
        check("a kernel", status);
        if (const auto bytes = pages() * sizeof(SketchPage); bytes > 0 && stage_ == Stage::launched) {
            choose_device();
            if (bytes > brought_pages_.size()) brought_pages_.reserve(2 * bytes);  // and no more soon
            bring(brought_pages_, pages_, bytes);
            stage_ = Stage::pages_under_way;
            return false;
        }
        stage_ = Stage::done;
        __atomic_fetch_add(&launch_.monitor->path_steps, launch_.rows() * launch_.steps, __ATOMIC_RELAXED);
        return true;
    }

    /// What is done; rows stay until the slot is used again.
    Brought take() {
        stage_ = Stage::idle;
        if (jobs_)
            return {{},
                    jobs_->parts(launch_, results(), static_cast<const SketchPage*>(brought_pages_.data())),
                    jobs_->path_steps(launch_, results())};
        auto* const numbers = static_cast<double*>(brought_.data());
        return {{launch_.rows(), columns_from(numbers, observe_, launch_.rows())}, {}, 0};
    }

    bool is_stopped() const { return __atomic_load_n(&launch_.monitor->stop, __ATOMIC_RELAXED); }
    /// Nothing of it is under way, or the device is in error.
    bool is_quiet() const { return cudaStreamQuery(stream_) != cudaErrorNotReady; }
};

/// Slots of runs that were interrupted or have failed. Giving their memory back would wait for a running kernel, which
/// cannot be called back. So it is given back at the start of a later run, once the kernel has ended, or by the driver
/// when the program ends: the list itself is never destroyed.
class LeftBehind {
    std::mutex mutex_;
    std::vector<std::unique_ptr<Slot>> slots_;

  public:
    void add(std::vector<std::unique_ptr<Slot>>&& slots) {
        const std::lock_guard lock(mutex_);
        std::move(slots.begin(), slots.end(), std::back_inserter(slots_));
    }
    void give_back_what_is_quiet() {
        const std::lock_guard lock(mutex_);
        std::erase_if(slots_, [](const auto& slot) { return slot->is_quiet(); });
    }
    static LeftBehind& of_process() {
        static auto& all = *new LeftBehind;
        return all;
    }
};

class CudaLaunches : public Launches {
    const Simulation& s_;
    const std::vector<int> devices_;
    std::optional<SummaryJobs> jobs_;
    std::vector<std::unique_ptr<Slot>>
        slots_;  // those of all devices in turn, made when they are first needed
    std::vector<std::shared_ptr<DeviceTables>> tables_;  // of each device
    struct UnderWay {
        Slot* slot;  // null once it has brought its summaries
        Brought brought;
    };
    std::deque<UnderWay> under_way_;

  public:
    CudaLaunches(const Simulation& s, Wanted wanted, std::vector<int> devices)
        : s_(s), devices_(std::move(devices)) {
        if (wanted == Wanted::summaries) jobs_.emplace(s);
        for (std::size_t i = 0; i < devices_.size(); ++i) tables_.push_back(std::make_shared<DeviceTables>());
        LeftBehind::of_process().give_back_what_is_quiet();
    }
    ~CudaLaunches() override {
        if (!std::all_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->is_idle(); }))
            leave_behind();
    }

    /// Summaries leave their slot for the next launch as soon as they are there; rows hold it until they are taken.
    std::size_t at_once() const override {
        return devices_.size() * (launches_of_a_device + (jobs_ ? 1 : 0));
    }
    void start(const Work& work, const Launch& launch) override {
        leaving_at_failure([&] {
            auto& slot = free_slot();
            slot.start(work, launch);
            under_way_.push_back({&slot, {}});
        });
    }
    Brought finish() override {
        Brought brought;
        leaving_at_failure([&] {
            auto& first = under_way_.front();
            if (first.slot) {
                Slot& slot = *first.slot;
                wait([&] { return slot.is_done(); }, slot);
                first.brought = slot.take();
            }
            brought = std::move(first.brought);
            under_way_.pop_front();
        });
        return brought;
    }

  private:
    Slot& free_slot() {
        for (auto& slot : slots_)
            if (slot->is_idle()) return *slot;
        if (slots_.size() < launches_of_a_device * devices_.size()) {
            const auto place = slots_.size() % devices_.size();
            const int device = devices_[place];
            check("cudaSetDevice", cudaSetDevice(device));
            slots_.push_back(
                std::make_unique<Slot>(s_.observe, jobs_ ? &*jobs_ : nullptr, device, tables_[place]));
            return *slots_.back();
        }
        Slot* done = nullptr;
        wait([&] { return (done = empty_done_slot()) != nullptr; }, *slots_.front());
        return *done;
    }
    /// A slot whose summaries are there; they are taken.
    Slot* empty_done_slot() {
        for (auto& launch : under_way_)
            if (launch.slot && launch.slot->is_done()) {
                launch.brought = launch.slot->take();
                return std::exchange(launch.slot, nullptr);
            }
        return nullptr;
    }
    /// Until look() says true. Short launches are not kept waiting by a sleep.
    template <class Look>
    static void wait(Look look, const Slot& any) {
        using namespace std::chrono_literals;
        for (int looks = 0; !look(); ++looks) {
            if (any.is_stopped()) throw Interrupted();
            constexpr int short_ones = 100;
            if (looks < short_ones)
                std::this_thread::yield();
            else
                std::this_thread::sleep_for(50us);
        }
    }
    template <class Do>
    void leaving_at_failure(Do act) {
        try {
            act();
        } catch (...) {
            leave_behind();
            throw;
        }
    }
    void leave_behind() {
        under_way_.clear();
        LeftBehind::of_process().add(std::move(slots_));
        slots_.clear();
    }
};

}  // namespace

std::unique_ptr<Launches> make_cuda_launches(const Simulation& s, Wanted wanted, std::vector<int> devices) {
    return std::make_unique<CudaLaunches>(s, wanted, std::move(devices));
}

}  // namespace noisetrap
