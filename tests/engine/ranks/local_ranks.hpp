// Ranks that are threads of one process, for tests of what ranks do together.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/ranks/crew.hpp"

class LetterBoxes {
    std::mutex mutex_;
    std::map<int, std::deque<noisetrap::Letter>> of_;

  public:
    void put(int to, noisetrap::Letter letter) {
        const std::lock_guard lock(mutex_);
        of_[to].push_back(std::move(letter));
    }
    std::optional<noisetrap::Letter> take(int of) {
        const std::lock_guard lock(mutex_);
        auto& box = of_[of];
        if (box.empty()) return std::nullopt;
        auto letter = std::move(box.front());
        box.pop_front();
        return letter;
    }
};

class LocalRanks : public noisetrap::Ranks {
    int rank_, size_;
    LetterBoxes& boxes_;

  public:
    LocalRanks(int rank, int size, LetterBoxes& boxes) : rank_(rank), size_(size), boxes_(boxes) {}
    int rank() const override { return rank_; }
    int size() const override { return size_; }
    void send(noisetrap::Letter letter) override { boxes_.put(letter.rank, {rank_, letter.text}); }
    std::optional<noisetrap::Letter> receive() override { return boxes_.take(rank_); }
    void finish() override {}
    void abort(int) override {}
};

/// Runs rank 0 here and the others beside it, each with a crew of its own; what leads() throws is thrown here, once all
/// have ended.
inline void with_ranks(int size, const std::function<void(noisetrap::Crew&)>& lead,
                       const std::function<void(noisetrap::Crew&)>& serve) {
    LetterBoxes boxes;
    const auto crew = [&](int rank) {
        return std::make_unique<noisetrap::Crew>(
            [&boxes, rank, size] { return std::make_unique<LocalRanks>(rank, size, boxes); },
            std::function<void()>());
    };
    std::vector<std::jthread> others;
    for (int rank = 1; rank < size; ++rank)
        others.emplace_back([&, rank] {
            const auto own = crew(rank);
            serve(*own);
            own->finish(0, {});
        });
    const auto first = crew(0);
    try {
        lead(*first);
    } catch (...) {
        first->finish(2, {});
        throw;
    }
    first->finish(0, {});
}
