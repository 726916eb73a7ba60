// One GPU: the columns live on the device during a launch and come back as they are, so that summaries, and
// their bytes, are the host's.
#include <cuda_runtime.h>
#include <thrust/device_vector.h>

#include <chrono>
#include <cstdlib>
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

class CudaBackend : public Backend {
    std::unique_ptr<Backend> host_;
    std::string device_;

    /// Waits for the device; a request to stop ends the program, since a running kernel cannot be called
    /// back.
    static void wait(const Launch& launch) {
        while (cudaStreamQuery(cudaStreamPerThread) == cudaErrorNotReady) {
            if (__atomic_load_n(&launch.monitor->stop, __ATOMIC_RELAXED)) throw Interrupted();
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
        check(cudaStreamQuery(cudaStreamPerThread));
    }

  public:
    CudaBackend(std::unique_ptr<Backend> host, std::string device)
        : host_(std::move(host)), device_(std::move(device)) {}
    std::string name() const override { return "cuda"; }
    std::string device() const override { return device_; }
    int threads() const override { return host_->threads(); }
    void for_each(int count, const std::function<void(int)>& f) override { host_->for_each(count, f); }

    void run(const Work& work, const Launch& launch) override {
        const std::size_t rows = launch.rows();
        thrust::device_vector<unsigned char> processes(work.processes.size());
        thrust::device_vector<std::uint64_t> steps(launch.watched_steps,
                                                   launch.watched_steps + launch.watches);
        check(cudaMemcpy(thrust::raw_pointer_cast(processes.data()), work.processes.data(),
                         work.processes.size(), cudaMemcpyHostToDevice));
        DeviceColumn<double> value(launch.columns.value, rows * launch.watches);
        DeviceColumn<double> log_abs(launch.columns.log_abs, rows * launch.watches);
        DeviceColumn<double> growth(launch.columns.log_growth, rows);
        DeviceColumn<std::int64_t> exits(launch.columns.exit_step, rows);
        Launch on_device = launch;
        on_device.watched_steps = thrust::raw_pointer_cast(steps.data());
        on_device.columns = {value.pointer(), log_abs.pointer(), growth.pointer(), exits.pointer()};
        on_device.monitor = nullptr;
        check(cudaDeviceSynchronize());
        work.kernels->find_on_device(work.variant)(on_device, thrust::raw_pointer_cast(processes.data()),
                                                   cudaStreamPerThread);
        check(cudaGetLastError());
        wait(launch);
        value.fetch();
        log_abs.fetch();
        growth.fetch();
        exits.fetch();
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
    check(cudaGetDeviceProperties(&properties, 0));
    return properties.name;
}

std::unique_ptr<Backend> make_cuda_backend(int threads) {
    std::string why_not;
    return std::make_unique<CudaBackend>(make_cpu_backend("omp", threads), cuda_device(why_not));
}

}  // namespace noisetrap
