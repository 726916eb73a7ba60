// One GPU: the columns live on the device during a launch and come back as they are, so that summaries, and
// their bytes, are the host's.
#include <cuda_runtime.h>
#include <thrust/device_vector.h>

#include <chrono>
#include <thread>

#include "engine/backend.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

void check(cudaError_t status) {
    if (status != cudaSuccess)
        throw InputError(std::string("the GPU reports: ") + cudaGetErrorString(status));
}

template <class T>
class DeviceColumn {
    thrust::device_vector<T> data_;
    T* host_;

  public:
    DeviceColumn(T* host, std::size_t size) : data_(host ? size : 0), host_(host) {}
    T* pointer() { return host_ ? thrust::raw_pointer_cast(data_.data()) : nullptr; }
    void fetch() {
        if (host_) check(cudaMemcpy(host_, pointer(), data_.size() * sizeof(T), cudaMemcpyDeviceToHost));
    }
};

/// What a launch needs on the device.
struct DeviceMemory {
    thrust::device_vector<unsigned char> processes;
    thrust::device_vector<std::uint64_t> steps;
    DeviceColumn<double> value, log_abs, growth;
    DeviceColumn<std::int64_t> exits;

    DeviceMemory(const Work& work, const Launch& l)
        : processes(work.processes.size()),
          steps(l.watched_steps, l.watched_steps + l.watches),
          value(l.columns.value, l.rows() * l.watches),
          log_abs(l.columns.log_abs, l.rows() * l.watches),
          growth(l.columns.log_growth, l.rows()),
          exits(l.columns.exit_step, l.rows()) {
        check(cudaMemcpy(thrust::raw_pointer_cast(processes.data()), work.processes.data(),
                         work.processes.size(), cudaMemcpyHostToDevice));
    }
    Launch on_device(Launch launch) {
        launch.watched_steps = thrust::raw_pointer_cast(steps.data());
        launch.columns = {value.pointer(), log_abs.pointer(), growth.pointer(), exits.pointer()};
        launch.monitor = nullptr;
        return launch;
    }
    void fetch() {
        value.fetch();
        log_abs.fetch();
        growth.fetch();
        exits.fetch();
    }
};

class CudaBackend : public Backend {
    std::unique_ptr<Backend> host_;
    std::string device_;

  public:
    CudaBackend(std::unique_ptr<Backend> host, std::string device)
        : host_(std::move(host)), device_(std::move(device)) {}
    std::string name() const override { return "cuda"; }
    std::string device() const override { return device_; }
    int threads() const override { return host_->threads(); }
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
        work.kernels->find_on_device(work.variant)(
            memory.on_device(launch), thrust::raw_pointer_cast(memory.processes.data()), cudaStreamPerThread);
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
    return std::make_unique<CudaBackend>(make_cpu_backend("omp", threads), cuda_device(why_not));
}

}  // namespace noisetrap
