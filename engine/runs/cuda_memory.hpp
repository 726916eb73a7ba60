// Included by the CUDA backend alone: memory of a device and of the host, streams, and what is said where a call fails.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace noisetrap {

/// Throws DeviceError: `call` is the function of the CUDA runtime that reports the failure.
[[noreturn]] void fail(const char* call, cudaError_t status);

inline void check(const char* call, cudaError_t status) {
    if (status != cudaSuccess) fail(call, status);
}

/// Memory that grows when more is asked for. What lies in it is lost then. `take` and `give_back` are functions of the
/// CUDA runtime.
template <cudaError_t (*take)(void**, std::size_t), cudaError_t (*give_back)(void*)>
class CudaArray {
    const char* const call_;
    void* data_ = nullptr;
    std::size_t size_ = 0;

    /// A device in error refuses this too, and needs no memory back.
    void free() {
        if (data_) static_cast<void>(give_back(data_));
        data_ = nullptr, size_ = 0;
    }

  public:
    explicit CudaArray(const char* call) : call_(call) {}
    ~CudaArray() { free(); }
    CudaArray(const CudaArray&) = delete;
    CudaArray& operator=(const CudaArray&) = delete;

    void* data() const { return data_; }
    std::size_t size() const { return size_; }
    /// Whether the memory is fresh.
    bool reserve(std::size_t bytes) {
        if (bytes <= size_) return false;
        free();
        check(call_, take(&data_, bytes));
        size_ = bytes;
        return true;
    }
};

inline cudaError_t take_device_memory(void** data, std::size_t bytes) { return cudaMalloc(data, bytes); }
inline cudaError_t take_pinned_memory(void** data, std::size_t bytes) { return cudaMallocHost(data, bytes); }

struct DeviceArray : CudaArray<take_device_memory, cudaFree> {
    DeviceArray() : CudaArray("cudaMalloc") {}
};
/// Of the host, where copies go beside the work of both.
struct PinnedArray : CudaArray<take_pinned_memory, cudaFreeHost> {
    PinnedArray() : CudaArray("cudaMallocHost") {}
};

/// Work of a device that is done in its order, apart from that of other streams.
class Stream {
    cudaStream_t stream_ = nullptr;

  public:
    Stream() {
        check("cudaStreamCreateWithFlags", cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    }
    ~Stream() { static_cast<void>(cudaStreamDestroy(stream_)); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    operator cudaStream_t() const { return stream_; }
};

/// What kernels read. It is copied again only where it has changed since the last launch.
class DeviceInput {
    DeviceArray array_;
    std::vector<std::byte> there_;

  public:
    const std::byte* put(std::span<const std::byte> bytes, cudaStream_t stream) {
        if (!std::equal(bytes.begin(), bytes.end(), there_.begin(), there_.end())) {
            there_.assign(bytes.begin(), bytes.end());
            array_.reserve(bytes.size());
            check("cudaMemcpyAsync", cudaMemcpyAsync(array_.data(), there_.data(), there_.size(),
                                                     cudaMemcpyHostToDevice, stream));
        }
        return static_cast<const std::byte*>(array_.data());
    }
};

/// Copies of the tables that processes point into, on one device: each is copied when it is first asked for.
class DeviceTables {
    std::map<const std::byte*, DeviceArray> copies_;

  public:
    /// Where the copy lies; null for an empty table. The device is the one that is chosen.
    const void* copy_of(std::span<const std::byte> table, cudaStream_t stream) {
        if (table.empty()) return nullptr;
        const auto [copy, is_new] = copies_.try_emplace(table.data());
        if (is_new) {
            copy->second.reserve(table.size());
            check("cudaMemcpyAsync", cudaMemcpyAsync(copy->second.data(), table.data(), table.size(),
                                                     cudaMemcpyHostToDevice, stream));
            check("cudaStreamSynchronize", cudaStreamSynchronize(stream));  // other streams read it too
        }
        return copy->second.data();
    }
};

}  // namespace noisetrap
