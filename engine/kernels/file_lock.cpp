#include "engine/kernels/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace noisetrap {
namespace {

int opened(const std::filesystem::path& path) {
    return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/// False where somebody else holds it.
bool take(int file, int operation) {
    return file < 0 || flock(file, operation | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR);
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path, Mode mode, StopToken stop) : file_(opened(path)) {
    using namespace std::chrono_literals;
    while (!(held_ = take(file_, mode == Mode::shared ? LOCK_SH : LOCK_EX))) {
        if (stop.stop_requested()) {
            close(file_);
            throw Interrupted();
        }
        std::this_thread::sleep_for(5ms);
    }
}

FileLock::FileLock(const std::filesystem::path& path) : file_(opened(path)), held_(take(file_, LOCK_EX)) {}

FileLock::~FileLock() {
    if (file_ >= 0) close(file_);
}

}  // namespace noisetrap
