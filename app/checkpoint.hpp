// A file beside the results of a long run, with which the same command goes on after it was cut off.
#pragma once

#include <chrono>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "engine/runs/run.hpp"

namespace noisetrap {

/// --time-limit has come: what is finished is kept, and the same command goes on (exit status 4).
struct TimeIsUp : Interrupted {
    using Interrupted::Interrupted;
};

struct CheckpointOptions {
    static constexpr double never = std::numeric_limits<double>::infinity();
    double minutes = never;     // between two checkpoints
    double time_limit = never;  // minutes that this process may take

    bool wanted() const { return minutes < never || time_limit < never; }
};

/// Runs simulations one after the other and keeps those that are finished, and how far the one at hand has come, in
/// OUT.checkpoint. Every version is written whole under another name, brought to the disk and renamed. What it keeps
/// are summaries of whole chunks, so that a run that goes on ends with the bytes of one that was never cut off.
class CheckpointStore {
    using Clock = std::chrono::steady_clock;

    CheckpointOptions options_;
    std::filesystem::path file_;
    std::string configuration_;
    std::vector<RunResult> finished_;  // in this process or before
    RunState at_hand_;                 // as it was found
    std::size_t asked_ = 0;            // runs that were asked for
    Clock::time_point begun_ = Clock::now(), kept_at_ = begun_, looked_at_ = begun_;
    double longest_chunk_ = 0, keeping_took_ = 0;  // seconds

    void load();
    void keep(const RunPosition&, const std::vector<EnsembleSummary>&);
    void look(const RunPosition&, const std::vector<EnsembleSummary>&, bool leaving);
    double seconds_since(Clock::time_point) const;
    std::string what_is_kept() const;

  public:
    /// `out`: where the results will be. `configuration`: resolved, as TOML. Throws InputError where there is a
    /// checkpoint that is damaged, or of another configuration or version, unless `fresh`, which throws it away.
    CheckpointStore(const CheckpointOptions&, const std::string& out, const std::string& configuration,
                    bool fresh);
    /// The next simulation's result, from the file where it was finished, else of all ranks together. Throws TimeIsUp,
    /// Interrupted and DeviceError.
    RunResult run(const Simulation&, const Progress&);
    /// Once the results are in their place.
    void remove() const;
};

}  // namespace noisetrap
