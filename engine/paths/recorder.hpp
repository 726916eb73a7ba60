// Writes the columns of a block: at the observed steps, and at the end of each path.
#pragma once

#include <cstdint>

#include "engine/paths/exits.hpp"
#include "engine/paths/launch.hpp"
#include "engine/paths/path_state.hpp"

namespace noisetrap {

template <int W>
class Recorder {
    static constexpr int lanes = most_lanes<W>;
    const Launch& launch_;
    const std::uint64_t row_;                   // of the block's first path
    LaneArray<std::int32_t, W, lanes> offset_;  // of the path's row from the first
    std::uint64_t watch_ = 0;                   // the next observed step

  public:
    NOISETRAP_HD Recorder(const Launch& launch, std::uint64_t row) : launch_(launch), row_(row) {}
    NOISETRAP_HD void start(int l) { offset_[l] = l; }
    NOISETRAP_HD void move(int from, int to) { offset_[to] = offset_[from]; }

    NOISETRAP_HD bool all_observed() const { return watch_ == launch_.watches; }
    /// The first step after which something is to be written.
    NOISETRAP_HD std::uint64_t next_stop() const {
        return watch_ < launch_.watches ? launch_.watched_steps[watch_] : launch_.steps;
    }
    NOISETRAP_HD void pass(std::uint64_t step) {
        while (watch_ < launch_.watches && launch_.watched_steps[watch_] <= step) ++watch_;
    }

    /// x and log|x| of a slice, if `step` is observed; lanes from `alive` on are copies.
    template <class State, class Process>
    NOISETRAP_HD void write_observed(const State& state, const Process& process, std::uint64_t step,
                                     int slice, int alive) {
        for (auto w = watch_; w < launch_.watches && launch_.watched_steps[w] <= step; ++w) {
            if (launch_.watched_steps[w] != step) continue;
            const std::uint64_t from = w * launch_.rows();
            write(launch_.columns[Column::value] + from, slice, alive,
                  [&](int l) NOISETRAP_INLINED { return state.number(process, l); });
            write(launch_.columns[Column::log_abs] + from, slice, alive,
                  [&](int l) NOISETRAP_INLINED { return state.log_abs(process, l); });
        }
    }
    /// see(w, row, l) of every observed step w that is `step`, for the paths of a slice.
    template <class See>
    NOISETRAP_HD void each_observed(std::uint64_t step, int slice, int alive, const See& see) const {
        for (auto w = watch_; w < launch_.watches && launch_.watched_steps[w] <= step; ++w)
            for (int k = 0; k < W && launch_.watched_steps[w] == step; ++k)
                if (const int l = slice * W + k; l < alive) see(w, row(l), l);
    }
    template <class State>
    NOISETRAP_HD void write_growth(const State& state, int slice, int alive) {
        if (double* column = launch_.columns[Column::log_growth])
            write(column, slice, alive, [&state](int l) NOISETRAP_INLINED { return state.log_growth(l); });
    }
    /// One number of one path; of a column with several, that of `place`.
    NOISETRAP_HD void write_one(Column column, int l, double number, int place = 0) {
        if (double* at = launch_.columns[column])
            at[static_cast<std::uint64_t>(place) * launch_.rows() + row(l)] = number;
    }

  private:
    NOISETRAP_HD std::uint64_t row(int l) const { return row_ + static_cast<std::uint64_t>(offset_[l]); }

    /// of(l) of the paths of a slice: first worked out in all lanes, without a branch, so that it vectorises.
    template <class Of>
    NOISETRAP_HD void write(double* column, int slice, int alive, Of of) const {
        LaneArray<double, W, W> all;
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) all[k] = of(slice * W + k);
        for (int k = 0; k < W; ++k)
            if (const int l = slice * W + k; l < alive) column[row(l)] = all[k];
    }
};

}  // namespace noisetrap
