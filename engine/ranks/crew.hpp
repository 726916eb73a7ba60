// DoTask that several processes share: rank 0 hands out tasks, and takes the results in the order of the tasks.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/ranks/ranks.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

/// Does one task and returns its result, on whichever rank.
using DoTask = std::function<std::string(const std::string& task)>;
/// Is told the result of task `number`.
using TakeResult = std::function<void(std::uint64_t number, const std::string& result)>;

/// One process alone, or rank 0 and those that work for it. All hold the same program and the same input; what a task
/// is, only they know. A thread beside the work sends and receives, so that nobody waits for a rank that is busy.
class Crew {
    int rank_ = 0, size_ = 1;
    std::string run_;              // what all ranks must agree on
    std::function<void()> leave_;  // asks this process to leave what it does
    std::unique_ptr<Ranks> ranks_;
    std::mutex mutex_;  // of all below
    std::condition_variable changed_, to_send_;
    std::exception_ptr no_ranks_;  // why there are none
    std::deque<Letter> outbox_, inbox_;
    bool begun_ = false, closing_ = false, ended_ = false;
    int farewells_ = 0, aborting_ = -1;
    std::exception_ptr failure_;  // of another rank
    // The job at hand, on rank 0.
    const std::vector<std::string>* tasks_ = nullptr;
    std::uint64_t job_ = 0, next_ = 0, taken_ = 0;
    std::vector<int> held_;  // tasks that each rank has
    std::map<std::uint64_t, std::string> results_;
    std::thread post_;  // the only one that calls `ranks_`

    void carry_letters(const std::function<std::unique_ptr<Ranks>()>& make);
    void exchange();
    void accept(const Letter&);
    void accept_result(int from, std::string_view bytes);
    void send(int to, std::string text);
    std::uint64_t end_of_window() const;
    void hand_out(int to);
    void begin_job(const std::vector<std::string>& tasks);
    void end_job();
    void check(const StopToken&);
    void take_results(const TakeResult&);
    bool work_on_one(const DoTask&, std::optional<std::uint64_t> first = {});
    std::optional<Letter> next_task(const StopToken&);
    void close(int aborting);

  public:
    /// A process alone: it shares work with nobody.
    Crew() = default;
    /// `make` joins the ranks, on the thread that sends and receives; what it throws is thrown here. `leave` asks the
    /// process to leave what it is doing, because another rank has failed or the run has ended.
    Crew(const std::function<std::unique_ptr<Ranks>()>& make, std::function<void()> leave);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    int rank() const { return rank_; }
    int size() const { return size_; }
    bool leads() const { return rank_ == 0; }
    /// A fingerprint of the program and of its input. A rank where it is another one takes no task of rank 0.
    void agree_on(const std::string& run) { run_ = run; }

    /// On rank 0: does the tasks, together with the others, and takes the results from the first task to the last.
    /// Throws what work and take throw here, and what has ended another rank.
    void share(const std::vector<std::string>& tasks, const DoTask&, const TakeResult&, const StopToken&);
    /// On the others: does the tasks of rank 0, until it ends the run.
    void serve(const DoTask&, const StopToken&);
    /// On the others: tells rank 0 what ended this one, with the program's exit status (3: a device; 130: interrupted;
    /// else its input).
    void fail(int status, const std::string& sentence);
    /// The last call on every rank, which ends the others where rank 0 makes it. Returns this process's exit status.
    int finish(int status, const StopToken&);
};

}  // namespace noisetrap
