// The GPUs of this machine: which there are, and what is said where they cannot be used.
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

#include "engine/device_error.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/cuda_launches.hpp"
#include "engine/runs/cuda_memory.hpp"

namespace noisetrap {
namespace {

const char* advice(cudaError_t status) {
    switch (status) {
        case cudaErrorMemoryAllocation:
            return "make run.chunk or observe.times smaller, or wait until other programs have left the GPU";
        case cudaErrorLaunchTimeout:
            return "its display stops kernels that take long: make run.chunk smaller";
        case cudaErrorNoKernelImageForDevice:
        case cudaErrorInvalidDeviceFunction:
        case cudaErrorUnsupportedPtxVersion:
            return "update the NVIDIA driver, or build noisetrap for this GPU";
        case cudaErrorIllegalAddress:
        case cudaErrorMisalignedAddress:
        case cudaErrorIllegalInstruction:
            return "start again, and report it to noisetrap's authors if it fails in the same place";
        default:
            return "start again, and see nvidia-smi if it fails again";
    }
}

/// Steps on the first of the devices, or on several.
class CudaBackend : public Backend {
    std::unique_ptr<Backend> host_;
    std::vector<CudaDevice> devices_;

  public:
    CudaBackend(std::unique_ptr<Backend> host, std::vector<CudaDevice> devices)
        : host_(std::move(host)), devices_(std::move(devices)) {}
    std::string name() const override { return "cuda"; }
    std::string device() const override {
        const auto& name = devices_.front().name;
        return devices_.size() == 1 ? name : std::to_string(devices_.size()) + " x " + name;
    }
    int devices() const override { return static_cast<int>(devices_.size()); }
    int threads() const override { return host_->threads(); }
    std::string target() const override { return devices_.front().target; }
    void for_each(int count, const std::function<void(int)>& f) override { host_->for_each(count, f); }

    std::uint64_t free_memory() const override {
        std::size_t least = std::numeric_limits<std::size_t>::max();
        for (const auto& device : devices_) {
            std::size_t free = 0, total = 0;
            check("cudaSetDevice", cudaSetDevice(device.number));
            check("cudaMemGetInfo", cudaMemGetInfo(&free, &total));
            least = std::min(least, free);
        }
        return least;
    }
    std::uint64_t resident_threads() const override {
        std::uint64_t most = 0;
        for (const auto& device : devices_) most = std::max(most, device.resident_threads);
        return most;
    }
    std::unique_ptr<Launches> launches(const Simulation& s, Wanted wanted) override {
        std::vector<int> numbers;
        for (const auto& device : devices_) numbers.push_back(device.number);
        return make_cuda_launches(s, wanted, std::move(numbers));
    }
};

std::string version_text(int version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// CUDA's variable for trying out its compiler of PTX: then kernels are compiled to PTX alone.
bool wants_ptx() {
    const char* const wanted = std::getenv("CUDA_FORCE_PTX_JIT");
    return wanted && std::string(wanted) == "1";
}

CudaDevices unusable(std::string why_not, bool out_of_order) {
    return {.usable = {}, .why_not = std::move(why_not), .out_of_order = out_of_order};
}

/// What is said where the runtime counts no device.
CudaDevices no_device(cudaError_t status) {
    int driver = 0;
    if (cudaDriverGetVersion(&driver) == cudaSuccess && driver == 0)
        return unusable("no CUDA device (no NVIDIA driver)", false);
    if (status == cudaSuccess || status == cudaErrorNoDevice) return unusable("no CUDA device", false);
    if (status == cudaErrorInsufficientDriver)
        return unusable("the NVIDIA driver knows CUDA " + version_text(driver) + ", and noisetrap needs " +
                            version_text(CUDART_VERSION) + " (update the driver)",
                        true);
    return unusable(std::string("the CUDA device does not answer (") + cudaGetErrorString(status) + ")",
                    true);
}

}  // namespace

void fail(const char* call, cudaError_t status) {
    throw DeviceError(std::string("the GPU failed in ") + call + " (" + cudaGetErrorString(status) +
                      "): " + advice(status) + "; run.backend = 'omp' gives the same bytes on the CPU");
}

CudaDevices find_cuda_devices() {
    int count = 0;
    const auto status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess || count == 0) return no_device(status);
    CudaDevices usable, found;
    for (int number = 0; number < count; ++number) {
        cudaDeviceProp properties{};
        const auto kind = [&] { return std::to_string(10 * properties.major + properties.minor); };
        if (const auto failure = cudaGetDeviceProperties(&properties, number); failure != cudaSuccess)
            found = no_device(failure);
        else if (properties.major < 8)
            found = unusable(std::string(properties.name) + " is older than compute capability 8.0", true);
        else
            usable.usable.push_back(
                {.number = number,
                 .name = properties.name,
                 .target = (wants_ptx() ? "compute_" : "sm_") + kind(),
                 .resident_threads = static_cast<std::uint64_t>(properties.multiProcessorCount) *
                                     static_cast<std::uint64_t>(properties.maxThreadsPerMultiProcessor)});
    }
    return usable.usable.empty() ? found : usable;
}

std::unique_ptr<Backend> make_cuda_backend(std::vector<CudaDevice> devices, int threads) {
    return std::make_unique<CudaBackend>(make_cpu_backend("omp", threads), std::move(devices));
}

}  // namespace noisetrap
