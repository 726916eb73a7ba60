// The one device: its memory, and the kernels that wait to run on it.
#pragma once

#include <driver_types.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "program.hpp"

namespace ptxhost {

/// Kernels run behind the caller's back, in order, on a thread of their own. The error of one is reported by whatever
/// call comes next, and stays.
class Device {
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Range> memory_;  // by address
    std::uint64_t next_address_ = global_window, used_ = 0;
    std::deque<std::pair<cudaStream_t, std::function<cudaError_t()>>> queue_;  // the front one is running
    bool started_ = false;
    cudaError_t broken_ = cudaSuccess;

    void serve();

  public:
    const std::uint64_t total;  // bytes of memory

    Device();
    /// Sizes are exact, with room between, and no address is used twice: one byte beyond an array is no memory.
    cudaError_t allocate(std::size_t bytes, std::uint64_t& address);
    /// Waits for all kernels.
    cudaError_t free(std::uint64_t address);
    /// Where device memory is in this process; null where it is none.
    unsigned char* find(const void* pointer, std::size_t bytes);
    Ranges all_memory();

    void enqueue(cudaStream_t stream, std::function<cudaError_t()> kernel);
    /// Waits for all kernels.
    cudaError_t finish();
    bool busy(cudaStream_t stream);
    cudaError_t state();
};

/// It outlives the thread that serves it.
Device& device();

/// Puts a variable of a module into device memory.
std::uint64_t place_variable(const std::string& name, const std::vector<unsigned char>& bytes);

}  // namespace ptxhost
