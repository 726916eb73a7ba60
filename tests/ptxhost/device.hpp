// The devices: their memory, and the work that waits to be done on each.
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

/// Kernels, copies and fillings that do not wait run behind the caller's back, in order, on a thread of their own. The
/// error of one is reported by whatever call comes next, and stays.
class Device {
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Range> memory_;  // by address
    std::uint64_t next_address_, used_ = 0;
    std::deque<std::pair<cudaStream_t, std::function<cudaError_t()>>> queue_;  // the front one is running
    bool started_ = false;
    cudaError_t broken_ = cudaSuccess;

    void serve();

  public:
    const int number;
    const std::uint64_t total;  // bytes of memory

    explicit Device(int number);
    std::uint64_t free_bytes();
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

/// How many there are: PTXHOST_DEVICES, or one.
int devices();
/// They outlive the threads that serve them.
Device& device(int number);
/// The one that this thread has chosen.
Device& device();
void choose_device(int number);
/// The one whose memory holds this address, which may be none.
Device* owner_of(std::uint64_t address);

/// Puts a variable of a module into memory of the chosen device.
std::uint64_t place_variable(const std::string& name, const std::vector<unsigned char>& bytes);

}  // namespace ptxhost
