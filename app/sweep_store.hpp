// The folder of a sweep: what is finished survives interrupts, crashes and full disks.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "analysis/sweeps/sweep_findings.hpp"

namespace noisetrap {

/// Every version of data.h5 is written whole under another name, brought to the disk and then renamed: at any
/// moment the folder holds the one before or the one after. Its bytes depend on the configuration and on what
/// is finished, not on when or in how many goes.
class SweepStore {
    std::filesystem::path folder_;
    std::string shown_;
    const Sweep& sweep_;
    int lock_ = -1;
    bool made_ = false;  // the folder was not there before
    SweepState state_;
    std::chrono::steady_clock::time_point kept_at_ = std::chrono::steady_clock::now();
    double keeping_took_ = 0;  // seconds

    void lock();
    void load();
    void remove_results() const;
    void remove_partial() const;
    void write(const SweepFindings*) const;

  public:
    /// Loads what an earlier run of the same sweep has left in the folder; `fresh`: throws it away. Throws
    /// InputError where the folder holds something else, is in use, or cannot be written, and, naming the
    /// first difference, where its sweep has another configuration or was begun by another version.
    SweepStore(const std::string& folder, const Sweep&, bool fresh);
    ~SweepStore();
    SweepStore(const SweepStore&) = delete;
    SweepStore& operator=(const SweepStore&) = delete;

    SweepState& state() { return state_; }
    const std::filesystem::path& path() const { return folder_; }
    /// Writes data.h5, unless the last time is so recent that it would cost more than a twentieth of the run.
    void keep();
    /// The same at once.
    void keep_now();
    /// The last version, with phases, theory and the boundary.
    void finish(const SweepFindings&) const;
    void write_text(const std::string& name, const std::string& text) const;
};

/// All files of a finished sweep but its page: `json` is what sweep_json gives, and the last start has taken `seconds`.
void write_sweep(const SweepStore&, const Sweep&, const SweepFindings&, const std::string& json,
                 double seconds);

}  // namespace noisetrap
