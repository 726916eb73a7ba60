// Work of the engine in a thread of its own, while Python's thread listens to Ctrl-C and tells how far it has come.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/runs/run.hpp"
#include "engine/stop.hpp"

namespace noisetrap::python {

/// What a run tells from its own threads, kept until Python asks.
class News {
    std::mutex mutex_;
    std::optional<std::array<double, 3>> latest_;  // done, total, seconds

  public:
    void tell(double done, double total, double seconds) {
        const std::lock_guard lock(mutex_);
        latest_ = {done, total, seconds};
    }
    std::optional<std::array<double, 3>> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(latest_, std::nullopt);
    }
    Progress progress() {
        return [this](std::uint64_t done, std::uint64_t total, double seconds) {
            tell(static_cast<double>(done), static_cast<double>(total), seconds);
        };
    }
};

/// The result of work(token, news). The token belongs to this call alone, so that calls from several threads of Python
/// do not stop each other. `progress` is None, or is called with (done, total, seconds) in the calling thread. Whatever
/// a signal handler or `progress` raises stops the work, and is raised once that has ended.
template <class Work>
auto attended(const nanobind::object& progress, Work work) {
    using namespace std::chrono_literals;
    using Result = decltype(work(StopToken(), std::declval<News&>()));
    StopSource source;
    News news;
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::optional<Result> result;
    std::exception_ptr failure;
    std::thread worker([&] {
        try {
            result.emplace(work(source.token(), news));
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock(mutex);
        done = true;
        changed.notify_one();
    });
    std::optional<nanobind::python_error> raised;
    const auto look = [&] {
        if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
        const auto latest = news.take();
        if (latest && !progress.is_none()) progress((*latest)[0], (*latest)[1], (*latest)[2]);
    };
    for (bool finished = false; !finished;) {
        {
            const nanobind::gil_scoped_release released;
            std::unique_lock lock(mutex);
            finished = changed.wait_for(lock, 20ms, [&] { return done; });
        }
        if (finished || raised) continue;
        try {
            look();
        } catch (nanobind::python_error& error) {
            raised.emplace(std::move(error));
            source.request_stop();
        }
    }
    {
        const nanobind::gil_scoped_release released;
        worker.join();
    }
    if (raised) throw nanobind::python_error(std::move(*raised));
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

}  // namespace noisetrap::python
