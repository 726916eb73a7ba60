// Adaptive multilevel splitting (Cerou and Guyader 2007) in place of paths: what a launch calls a path is a family of walks.
// Of a family those walks that have come least far die, and are born again where others passed the place that they had come
// to. What is written is the family's estimate of the odds that a walk comes to a level, which has no bias (Brehier, Gazeau,
// Goudenege, Lelievre and Rousset 2016).
//
// A process of families says `is_family` and has, beside what it steps and observes,
//   level       a walk is there where the observed number is at it or above
//   back        a walk is given up where the observed number is at it or below; and after the last step
//   walks       of a family
//
// How far a walk has come is told in rungs between its start and the level, the highest it has been at after any step. So
// how far is a function of states that are kept, and walks are taken up again exactly there; those on one rung die together.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include "engine/noise/noise_source.hpp"
#include "engine/paths/blocks.hpp"
#include "engine/paths/features.hpp"
#include "engine/paths/launch.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class Process>
concept IsFamily = requires {
    Process::is_family;
};

inline constexpr int family_rungs = 1024;

/// Kernels are linked with the C library alone, which has no exceptions: here nothing throws.
struct Freed {
    void operator()(void* at) const noexcept { std::free(at); }
};

/// Room that grows.
template <class T>
class GrowingRoom {
    static_assert(std::is_trivially_copyable_v<T>);
    std::unique_ptr<T[], Freed> at_;
    int count_ = 0, room_ = 0;

  public:
    int count() const noexcept { return count_; }
    const T& operator[](int i) const noexcept { return at_[i]; }
    const T& last() const noexcept { return at_[count_ - 1]; }
    void clear() noexcept { count_ = 0; }
    void push(const T& one) noexcept {
        if (count_ == room_) {
            room_ = room_ == 0 ? 16 : 2 * room_;
            void* larger = std::realloc(at_.get(), static_cast<std::size_t>(room_) * sizeof(T));
            if (!larger) std::abort();
            static_cast<void>(at_.release());
            at_.reset(static_cast<T*>(larger));
        }
        at_[count_++] = one;
    }
};

template <class Process, class Precision, unsigned features, Law... laws>
class FamilyBlock {
    static_assert((features & ~unsigned{Feature::scaled}) == 0, "families observe their odds alone");
    static constexpr int N = sizeof...(laws), D = numbers_of<Process>;
    using Real = typename Precision::Real;
    using Source = NoiseSource<typename Precision::Variate, 1, Precision::arithmetic, false, laws...>;
    using Unit = std::conditional_t<(features & Feature::scaled) != 0, Real, Zero>;
    using Numbers = State<Real, D>;

    /// Where a walk came to a rung for the first time.
    struct Place {
        Numbers state;
        std::uint64_t step;
        int rung;
    };
    using Walk = GrowingRoom<Place>;

    const Process& process_;
    const Launch& launch_;
    const std::uint64_t row_, first_path_;
    const int walks_;
    Source source_;
    std::unique_ptr<Walk[], Freed> family_;
    GrowingRoom<int> living_;
    double start_ = 0, rungs_per_length_ = 0;
    std::uint64_t born_ = 0, choices_ = 0;
    bool failed_ = false;

    static Unit unit() noexcept {
        if constexpr (std::is_same_v<Unit, Zero>) {
            return {};
        } else {
            return 1;
        }
    }
    double observed(const Numbers& s) const noexcept {
        return static_cast<double>(observed_of(process_, s, unit()));
    }
    Numbers start() const noexcept {
        Numbers s;
        for (int d = 0; d < D; ++d) {
            s.at[d] = d < starts_of<Process> ? static_cast<Real>(launch_.x0) : 0;
            if constexpr (requires { process_.other_start(1); })
                if (d >= starts_of<Process>) s.at[d] = static_cast<Real>(process_.other_start(d));
        }
        return s;
    }
    int rung_of(double y) const noexcept {
        if (y >= process_.level) return family_rungs;
        const double rung = (y - start_) * rungs_per_length_;
        return rung >= family_rungs - 1 ? family_rungs - 1 : rung > 0 ? static_cast<int>(rung) : 0;
    }
    /// Walks of all families draw from paths of their own, beyond those that runs have.
    std::uint64_t path_of(std::uint64_t family) const noexcept { return (family + 1) << 32; }

    static Walk* rooms(int count) noexcept {
        void* at = std::malloc(static_cast<std::size_t>(count) * sizeof(Walk));
        if (!at) std::abort();
        auto* walks = static_cast<Walk*>(at);
        for (int i = 0; i < count; ++i) new (walks + i) Walk;
        return walks;
    }
    /// Goes on from the last place until the walk is there, is given up, or the run ends. A state that is not finite makes
    /// the family fail.
    void finish(Walk& walk, std::uint64_t family) noexcept {
        constexpr std::uint64_t groups_of_bits = 32, groups_per_glance = 1024;
        source_.set(0, path_of(family) + born_++);
        auto [s, n, rung] = walk.last();
        if (rung == family_rungs) return;
        source_.begin(n / group_steps / groups_of_bits * groups_of_bits, 1);
        while (n < launch_.steps) {
            const std::uint64_t group = n / group_steps;
            if (group % groups_per_glance == 0 && is_to_stop(launch_)) return;
            typename Source::Words words;
            typename Source::Noise z[N];
            source_.begin(group, 1);
            source_.draw(0, words);
            Source::transform(process_, words, z);
            for (auto k = n % group_steps; k < group_steps && n < launch_.steps; ++k) {
                Draw<Real, N> noise;
                for (int i = 0; i < N; ++i) noise.z[i] = static_cast<Real>(z[i][k][0]);
                s = stepped(process_, s, unit(), n++, noise);
                const double y = observed(s);
                if (y != y) failed_ = true;
                if (!(y > process_.back)) return;
                const int here = rung_of(y);
                if (here <= rung) continue;
                walk.push({s, n, rung = here});
                if (rung == family_rungs) return;
            }
        }
    }
    int least_rung() const noexcept {
        int least = family_rungs;
        for (int i = 0; i < walks_; ++i)
            least = family_[i].last().rung < least ? family_[i].last().rung : least;
        return least;
    }
    int one_of(std::uint64_t family, int count) noexcept {
        const auto words =
            philox_words(counter_of(path_of(family), choices_++), key_of(launch_.seed, Stream::user_defined));
        return static_cast<int>((static_cast<std::uint64_t>(words.word[0]) * static_cast<unsigned>(count)) >>
                                32);
    }
    /// Up to where the parent came beyond the rung.
    static void be_born(Walk& child, const Walk& parent, int rung) noexcept {
        child.clear();
        for (int i = 0; i < parent.count(); ++i) {
            child.push(parent[i]);
            if (parent[i].rung > rung) return;
        }
    }
    double odds_of(std::uint64_t family) noexcept {
        double odds = 1;
        std::uint64_t reported = 0;
        for (int i = 0; i < walks_; ++i) {
            family_[i].clear();
            family_[i].push({start(), 0, 0});
            finish(family_[i], family);
        }
        for (int least; (least = least_rung()) < family_rungs && !is_to_stop(launch_);) {
            living_.clear();
            for (int i = 0; i < walks_; ++i)
                if (family_[i].last().rung > least) living_.push(i);
            odds *= static_cast<double>(living_.count()) / walks_;
            if (living_.count() == 0) break;
            for (int i = 0; i < walks_; ++i) {
                if (family_[i].last().rung > least) continue;
                be_born(family_[i], family_[living_[one_of(family, living_.count())]], least);
                finish(family_[i], family);
            }
            const auto done = launch_.steps / family_rungs * static_cast<std::uint64_t>(least);
            count_path_steps(launch_, done - reported);
            reported = done;
        }
        count_path_steps(launch_, launch_.steps - reported);
        return failed_ ? __builtin_nan("") : odds;
    }

  public:
    FamilyBlock(const Process& process, const Launch& launch, std::uint64_t row, std::uint64_t path,
                int) noexcept
        : process_(process),
          launch_(launch),
          row_(row),
          first_path_(path),
          walks_(static_cast<int>(process.walks)),
          source_(launch.seed),
          family_(rooms(walks_)) {
        start_ = observed(start());
        rungs_per_length_ = family_rungs / (process.level - start_);
    }
    FamilyBlock(const FamilyBlock&) = delete;
    FamilyBlock& operator=(const FamilyBlock&) = delete;
    ~FamilyBlock() {
        for (int i = 0; i < walks_; ++i) family_[i].~Walk();
    }

    /// A block has one family.
    void run() noexcept {
        const double odds = odds_of(first_path_);
        for (std::uint64_t w = 0; w < launch_.watches; ++w) {
            const auto at = w * launch_.rows() + row_;
            launch_.columns[Column::value][at] = odds;
            launch_.columns[Column::log_abs][at] = odds > 0    ? log_of_scaled(odds, 0)
                                                   : odds == 0 ? -__builtin_inf()
                                                               : odds;
        }
    }
};

/// Families are stepped here, whatever else their unit includes.
template <class Process, class Precision, int W, unsigned features, Law... laws>
requires IsFamily<Process>
void run_block(const Launch& launch, const Process* processes, std::uint64_t block) {
    run_as<FamilyBlock<Process, Precision, features, laws...>>(launch, processes, block);
}

}  // namespace noisetrap
