// One GPU: the columns live on the device during a launch and come back as they are, so that summaries, and
// their bytes, are the host's.
#include <cuda_runtime.h>
#include <thrust/device_vector.h>

#include <chrono>
#include <thread>

#include "engine/error.hpp"
#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"

namespace noisetrap {
namespace {

void check(cudaError_t status) {
    if (status != cudaSuccess)
        throw InputError(std::string("the GPU reports: ") + cudaGetErrorString(status));
}

class DeviceColumn {
    thrust::device_vector<double> data_;
    double* host_;

  public:
    DeviceColumn(double* host, std::size_t size) : data_(host ? size : 0), host_(host) {}
    double* pointer() { return host_ ? thrust::raw_pointer_cast(data_.data()) : nullptr; }
    void fetch() {
        if (host_) check(cudaMemcpy(host_, pointer(), data_.size() * sizeof(double), cudaMemcpyDeviceToHost));
    }
};

/// What a launch needs on the device.
class DeviceMemory {
    thrust::device_vector<unsigned char> processes_;
    thrust::device_vector<std::uint64_t> steps_;
    std::vector<DeviceColumn> columns_;

  public:
    DeviceMemory(const Work& work, const Launch& l)
        : processes_(work.processes.size()), steps_(l.watched_steps, l.watched_steps + l.watches) {
        for (int c = 0; c < column_count; ++c)
            columns_.emplace_back(l.columns.at[c], l.rows() * (column_table[c].each_time ? l.watches : 1));
        check(cudaMemcpy(thrust::raw_pointer_cast(processes_.data()), work.processes.data(),
                         work.processes.size(), cudaMemcpyHostToDevice));
    }
    const void* processes() { return thrust::raw_pointer_cast(processes_.data()); }
    Launch on_device(Launch launch) {
        launch.watched_steps = thrust::raw_pointer_cast(steps_.data());
        for (int c = 0; c < column_count; ++c)
            launch.columns.at[c] = columns_[static_cast<std::size_t>(c)].pointer();
        launch.monitor = nullptr;
        return launch;
    }
    void fetch() {
        for (auto& column : columns_) column.fetch();
    }
};

class CudaBackend : public Backend {
    std::unique_ptr<Backend> host_;
    std::string device_, target_;

  public:
    CudaBackend(std::unique_ptr<Backend> host, std::string device, std::string target)
        : host_(std::move(host)), device_(std::move(device)), target_(std::move(target)) {}
    std::string name() const override { return "cuda"; }
    std::string device() const override { return device_; }
    int threads() const override { return host_->threads(); }
    bool on_device() const override { return true; }
    std::string target() const override { return target_; }
    void for_each(int count, const std::function<void(int)>& f) override { host_->for_each(count, f); }

    void run(const Work& work, const Launch& launch) override {
        auto memory = std::make_unique<DeviceMemory>(work, launch);
        try {
            run(work, launch, *memory);
        } catch (...) {
            // Giving memory back would wait for a running kernel, which cannot be called back, or fail on a
            // device in error: the program ends, and the driver ends the kernel and takes the memory with it.
            memory.release();
            throw;
        }
    }

  private:
    static void run(const Work& work, const Launch& launch, DeviceMemory& memory) {
        check(cudaDeviceSynchronize());
        const auto start = reinterpret_cast<DeviceLaunch>(work.kernel);
        start(memory.on_device(launch), memory.processes(), cudaStreamPerThread);
        check(cudaGetLastError());
        while (cudaStreamQuery(cudaStreamPerThread) == cudaErrorNotReady) {
            if (__atomic_load_n(&launch.monitor->stop, __ATOMIC_RELAXED)) throw Interrupted();
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
        check(cudaStreamQuery(cudaStreamPerThread));
        memory.fetch();
        __atomic_fetch_add(&launch.monitor->path_steps, launch.rows() * launch.steps, __ATOMIC_RELAXED);
    }
};

}  // namespace

std::string cuda_device(std::string& why_not) {
    int count = 0;
    const auto status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess || count == 0) {
        why_not = status == cudaSuccess ? "no CUDA device"
                                        : std::string("no CUDA device (") + cudaGetErrorString(status) + ")";
        return {};
    }
    cudaDeviceProp properties{};
    if (const auto failure = cudaGetDeviceProperties(&properties, 0); failure != cudaSuccess) {
        why_not = std::string("the CUDA device does not answer (") + cudaGetErrorString(failure) + ")";
        return {};
    }
    if (properties.major < 8) {
        why_not = std::string(properties.name) + " is older than compute capability 8.0";
        return {};
    }
    return properties.name;
}

std::unique_ptr<Backend> make_cuda_backend(int threads) {
    std::string why_not;
    const auto device = cuda_device(why_not);
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, 0));
    const auto target = "sm_" + std::to_string(10 * properties.major + properties.minor);
    return std::make_unique<CudaBackend>(make_cpu_backend("omp", threads), device, target);
}

}  // namespace noisetrap
