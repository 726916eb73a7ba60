#include "engine/ranks/crew.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/device_error.hpp"
#include "engine/error.hpp"
#include "engine/ranks/packing.hpp"

namespace noisetrap {
namespace {

using namespace std::chrono_literals;

/// What a letter is about, its first byte.
enum class Kind : char { task, result, failure, end, farewell };

template <class... T>
std::string letter(Kind kind, const T&... values) {
    return packed(kind, values...);
}

constexpr int device_status = 3, interrupted_status = 130;

std::exception_ptr exception_of(int status, const std::string& sentence) {
    if (status == device_status) return std::make_exception_ptr(DeviceError(sentence));
    if (status == interrupted_status) return std::make_exception_ptr(Interrupted());
    return std::make_exception_ptr(InputError(sentence));
}

std::string host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0) return "an unknown host";
    return name;
}

}  // namespace

Crew::Crew(const std::function<std::unique_ptr<Ranks>()>& make, std::function<void()> leave)
    : leave_(std::move(leave)), post_([this, make] { carry_letters(make); }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return begun_; });
    if (!no_ranks_) return;
    lock.unlock();
    post_.join();
    std::rethrow_exception(no_ranks_);
}

Crew::~Crew() {
    if (post_.joinable()) close(-1);
}

/// Looks for letters every 20 microseconds, and after some silence every millisecond: a process that waits, or that
/// works, must not lose a processor to it.
void Crew::carry_letters(const std::function<std::unique_ptr<Ranks>()>& make) {
    try {
        ranks_ = make();
        rank_ = ranks_->rank();
        size_ = ranks_->size();
        held_.resize(static_cast<std::size_t>(size_));
    } catch (...) {
        no_ranks_ = std::current_exception();
    }
    {
        const std::lock_guard lock(mutex_);
        begun_ = true;
    }
    changed_.notify_all();
    if (no_ranks_) return;
    exchange();
    if (aborting_ >= 0)
        ranks_->abort(aborting_);
    else
        ranks_->finish();
}

void Crew::exchange() {
    constexpr auto shortest = 20us, longest = 1000us;
    auto pause = shortest;
    for (std::unique_lock lock(mutex_); !closing_ || !outbox_.empty();) {
        const auto letters = std::exchange(outbox_, {});
        lock.unlock();
        for (const auto& sent : letters) ranks_->send(sent);
        bool heard = false;
        while (const auto received = ranks_->receive()) {
            accept(*received);
            heard = true;
        }
        pause = heard || !letters.empty() ? shortest : std::min(2 * pause, longest);
        lock.lock();
        to_send_.wait_for(lock, pause, [this] { return closing_ || !outbox_.empty(); });
    }
}

void Crew::accept(const Letter& received) {
    Kind kind{};
    Unpacking bytes(received.text);
    bytes(kind);
    std::unique_lock lock(mutex_);
    bool leaving = false;
    switch (kind) {
        case Kind::task:
            inbox_.push_back(received);
            break;
        case Kind::result:
            accept_result(received.rank, bytes.rest());
            break;
        case Kind::failure: {
            int status = 0;
            std::string sentence;
            bytes(status, sentence);
            if (!failure_)
                failure_ = exception_of(status, fmt::format("rank {} {}", received.rank, sentence));
            leaving = tasks_ != nullptr;  // else share() will look
            break;
        }
        case Kind::end:
            ended_ = leaving = true;
            break;
        case Kind::farewell:
            ++farewells_;
            break;
    }
    lock.unlock();
    if (leaving && leave_) leave_();
    changed_.notify_all();
}

/// A result of a job that rank 0 has left is of no use.
void Crew::accept_result(int from, std::string_view bytes) {
    std::uint64_t job = 0, number = 0;
    Unpacking unpack(bytes);
    unpack(job, number);
    if (job != job_ || !tasks_) return;
    results_.emplace(number, unpack.rest());
    --held_[static_cast<std::size_t>(from)];
    hand_out(from);
}

void Crew::send(int to, std::string text) {
    outbox_.push_back({to, std::move(text)});
    to_send_.notify_one();
}

/// Results are taken in order and wait in memory until then. So while one task takes long, only so many tasks behind it
/// are begun.
std::uint64_t Crew::end_of_window() const {
    constexpr std::uint64_t tasks_of_a_rank = 8;
    return std::min<std::uint64_t>(tasks_->size(),
                                   taken_ + tasks_of_a_rank * static_cast<std::uint64_t>(size_));
}

/// A rank has a second task waiting while there are plenty, so that it need not wait for the post.
void Crew::hand_out(int to) {
    auto& held = held_[static_cast<std::size_t>(to)];
    while (next_ < end_of_window() && held < (tasks_->size() - next_ > 2 * held_.size() ? 2 : 1)) {
        send(to, letter(Kind::task, run_, job_, next_) + (*tasks_)[next_]);
        ++next_;
        ++held;
    }
}

/// The first task is left to rank 0.
void Crew::begin_job(const std::vector<std::string>& tasks) {
    const std::lock_guard lock(mutex_);
    ++job_;
    tasks_ = &tasks;
    next_ = 1;
    taken_ = 0;
    results_.clear();
    std::fill(held_.begin(), held_.end(), 0);
    for (int to = 1; to < size_; ++to) hand_out(to);
}

void Crew::end_job() {
    const std::lock_guard lock(mutex_);
    tasks_ = nullptr;
}

/// Why another rank has ended says more than that this one was asked to stop because of it.
void Crew::check(const StopToken& stop) {
    {
        const std::lock_guard lock(mutex_);
        if (failure_) std::rethrow_exception(failure_);
    }
    stop.check();
}

void Crew::take_results(const TakeResult& take) {
    for (std::unique_lock lock(mutex_); !results_.empty() && results_.begin()->first == taken_;) {
        const auto result = results_.extract(results_.begin());
        const auto number = taken_++;
        for (int to = 1; to < size_; ++to) hand_out(to);
        lock.unlock();
        take(number, result.mapped());
        lock.lock();
    }
}

/// False where no task is to be begun.
bool Crew::work_on_one(const DoTask& work, std::optional<std::uint64_t> first) {
    std::unique_lock lock(mutex_);
    if (!first && next_ >= end_of_window()) return false;
    const auto number = first ? *first : next_++;
    lock.unlock();
    auto result = work((*tasks_)[number]);
    lock.lock();
    results_.emplace(number, std::move(result));
    return true;
}

void Crew::share(const std::vector<std::string>& tasks, const DoTask& work, const TakeResult& take,
                 const StopToken& stop) {
    if (tasks.empty()) return;
    struct Job {
        Crew& crew;
        ~Job() { crew.end_job(); }
    } const job{*this};
    begin_job(tasks);
    try {
        check(stop);
        work_on_one(work, 0);
        while (taken_ < tasks.size()) {  // only this thread writes it
            check(stop);
            take_results(take);
            if (taken_ == tasks.size() || work_on_one(work)) continue;
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, 20ms, [&] { return failure_ || results_.count(taken_) > 0; });
        }
    } catch (const Interrupted&) {
        check({});
        throw;
    }
}

/// Nothing where the run has ended.
std::optional<Letter> Crew::next_task(const StopToken& stop) {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, 20ms, [this] { return ended_ || !inbox_.empty(); })) stop.check();
    if (ended_) return std::nullopt;
    auto next = std::move(inbox_.front());
    inbox_.pop_front();
    return next;
}

void Crew::serve(const DoTask& work, const StopToken& stop) {
    while (const auto received = next_task(stop)) {
        Kind kind{};
        std::string run;
        std::uint64_t job = 0, number = 0;
        Unpacking bytes(received->text);
        bytes(kind, run, job, number);
        if (run != run_)
            throw InputError("reads another configuration than rank 0, or is another version of noisetrap");
        auto result = letter(Kind::result, job, number) + work(std::string(bytes.rest()));
        const std::lock_guard lock(mutex_);
        send(0, std::move(result));
    }
}

void Crew::fail(int status, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (!ended_) send(0, letter(Kind::failure, status, fmt::format("on {}: {}", host_name(), sentence)));
}

void Crew::close(int aborting) {
    {
        const std::lock_guard lock(mutex_);
        aborting_ = aborting;
        closing_ = true;
    }
    to_send_.notify_one();
    post_.join();
}

/// A rank that cannot be reached must not hold up the others for ever. One may take a while to read its input, or to
/// leave what it does; after an interrupt the launcher gives little time.
int Crew::finish(int status, const StopToken& stop) {
    if (!post_.joinable()) return status;
    std::unique_lock lock(mutex_);
    bool all = false;
    if (leads()) {
        for (int to = 1; to < size_; ++to) send(to, letter(Kind::end));
        const auto said_farewell = [this] { return farewells_ == size_ - 1; };
        all = changed_.wait_for(lock, status == 0 ? 60s : 5s, said_farewell);
    } else {
        const auto ended = [this] { return ended_; };
        if (status == 0)
            while (!changed_.wait_for(lock, 20ms, ended) && !stop.stop_requested()) {
            }
        all = changed_.wait_for(lock, stop.stop_requested() ? 5s : 60s, ended);
        send(0, letter(Kind::farewell));
    }
    lock.unlock();
    close(all ? -1 : std::max(status, 1));
    return leads() ? status : 0;
}

}  // namespace noisetrap
