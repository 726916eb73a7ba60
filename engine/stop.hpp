// A request to stop, made by whoever owns a run and looked at by whatever takes long.
#pragma once

#include <atomic>

#include "engine/error.hpp"

namespace noisetrap {

/// Whether the owner of a run has asked it to stop. The token that belongs to nobody never says so.
class StopToken {
    const std::atomic<bool>* requested_ = nullptr;

  public:
    StopToken() = default;
    explicit StopToken(const std::atomic<bool>& requested) : requested_(&requested) {}
    bool stop_requested() const { return requested_ && requested_->load(std::memory_order_relaxed); }
    /// Throws Interrupted where a stop is requested.
    void check() const {
        if (stop_requested()) throw Interrupted();
    }
};

/// The owner's side, which must outlive the tokens. A signal handler may call request_stop(), for which
/// std::stop_source gives no word.
class StopSource {
    std::atomic<bool> requested_ = false;

  public:
    void request_stop() { requested_ = true; }
    void forget() { requested_ = false; }
    bool stop_requested() const { return requested_; }
    StopToken token() const { return StopToken(requested_); }
};

}  // namespace noisetrap
