// A lock that processes share through a file.
#pragma once

#include <filesystem>

#include "engine/stop.hpp"

namespace noisetrap {

class FileLock {
    int file_ = -1;
    bool held_ = false;

  public:
    enum class Mode { shared, alone };
    /// Waits until it is held; throws Interrupted. Where the file system has no locks it is as good as held: what is
    /// written is renamed into place, so that two who compile the same do no harm.
    FileLock(const std::filesystem::path& path, Mode mode, StopToken stop);
    /// Does not wait.
    explicit FileLock(const std::filesystem::path& path);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    /// Whether nobody else holds it.
    bool held() const { return held_; }
};

}  // namespace noisetrap
