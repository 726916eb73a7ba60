// One GPU: the columns live on the device during a launch and come back as they are, so that summaries, and
// their bytes, are the host's.
#include <cuda_runtime.h>
#include <thrust/system_error.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "engine/device_error.hpp"
#include "engine/error.hpp"
#include "engine/runs/backend.hpp"

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

/// `call` is the function of the CUDA runtime that reports the failure.
[[noreturn]] void fail(const char* call, cudaError_t status) {
    throw DeviceError(std::string("the GPU failed in ") + call + " (" + cudaGetErrorString(status) +
                      "): " + advice(status) + "; run.backend = 'omp' gives the same bytes on the CPU");
}

void check(const char* call, cudaError_t status) {
    if (status != cudaSuccess) fail(call, status);
}

/// Memory of the device that grows when more is asked for. What lies in it is lost then.
class DeviceArray {
    void* data_ = nullptr;
    std::size_t size_ = 0;

    /// A device in error refuses this too, and needs no memory back.
    void free() {
        if (data_) static_cast<void>(cudaFree(data_));
        abandon();
    }

  public:
    DeviceArray() = default;
    ~DeviceArray() { free(); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    void* reserve(std::size_t bytes) {
        if (bytes <= size_) return data_;
        free();
        check("cudaMalloc", cudaMalloc(&data_, bytes));
        size_ = bytes;
        return data_;
    }
    void fetch(void* host, std::size_t bytes) const {
        if (bytes) check("cudaMemcpy", cudaMemcpy(host, data_, bytes, cudaMemcpyDeviceToHost));
    }
    void* pointer() const { return data_; }
    /// Leaves the memory to the driver, which takes it back when the program ends.
    void abandon() { data_ = nullptr, size_ = 0; }
};

/// What kernels read. It is copied again only where it has changed since the last launch.
class DeviceInput {
    DeviceArray array_;
    std::vector<std::byte> there_;

  public:
    const void* put(std::span<const std::byte> bytes) {
        if (std::equal(bytes.begin(), bytes.end(), there_.begin(), there_.end())) return array_.pointer();
        there_.clear();
        check("cudaMemcpy",
              cudaMemcpy(array_.reserve(bytes.size()), bytes.data(), bytes.size(), cudaMemcpyHostToDevice));
        there_.assign(bytes.begin(), bytes.end());
        return array_.pointer();
    }
    const void* pointer() const { return array_.pointer(); }
    void abandon() {
        array_.abandon();
        there_.clear();
    }
};

/// What launches need on the device, kept from one to the next.
class DeviceMemory {
    DeviceInput processes_, steps_;
    std::array<DeviceArray, column_count> columns_;

    static std::size_t bytes_of(const Launch& l, int column) {
        if (!l.columns.at[column]) return 0;
        const auto each = column_table[column].each;
        return l.rows() *
               (each == Each::time       ? l.watches
                : each == Each::variable ? l.exponents
                                         : 1) *
               sizeof(double);
    }

  public:
    const void* processes() const { return processes_.pointer(); }

    /// The launch with pointers into this memory. Columns are as they come: every number is written by its path.
    Launch put(const Work& work, Launch launch) {
        processes_.put(work.processes);
        const std::span steps(launch.watched_steps, launch.watches);
        launch.watched_steps = static_cast<const std::uint64_t*>(steps_.put(std::as_bytes(steps)));
        for (int c = 0; c < column_count; ++c)
            if (const auto bytes = bytes_of(launch, c))
                launch.columns.at[c] =
                    static_cast<double*>(columns_[static_cast<std::size_t>(c)].reserve(bytes));
        launch.monitor = nullptr;
        return launch;
    }
    void fetch(const Launch& host) const {
        for (int c = 0; c < column_count; ++c)
            columns_[static_cast<std::size_t>(c)].fetch(host.columns.at[c], bytes_of(host, c));
    }
    void abandon() {
        processes_.abandon();
        steps_.abandon();
        for (auto& column : columns_) column.abandon();
    }
};

class CudaBackend : public Backend {
    std::unique_ptr<Backend> host_;
    std::string device_, target_;
    DeviceMemory memory_;

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
        try {
            step(work, launch);
        } catch (...) {
            // Giving memory back would wait for a running kernel, which cannot be called back: the program ends,
            // and the driver ends the kernel and takes the memory with it.
            memory_.abandon();
            throw;
        }
    }

  private:
    void step(const Work& work, const Launch& launch) {
        start(reinterpret_cast<DeviceLaunch>(work.kernel), memory_.put(work, launch));
        wait(*launch.monitor);
        memory_.fetch(launch);
        __atomic_fetch_add(&launch.monitor->path_steps, launch.rows() * launch.steps, __ATOMIC_RELAXED);
    }
    void start(DeviceLaunch kernel, const Launch& launch) const {
        try {
            kernel(launch, memory_.processes(), cudaStreamPerThread);
        } catch (const thrust::system_error& error) {  // by a built-in kernel
            fail("the launch of a kernel", static_cast<cudaError_t>(error.code().value()));
        } catch (const std::runtime_error&) {  // by what Thrust asks the runtime before it
            const auto status = cudaGetLastError();
            fail("the launch of a kernel", status == cudaSuccess ? cudaErrorUnknown : status);
        }
        check("the launch of a kernel", cudaGetLastError());
    }
    static void wait(const Monitor& monitor) {
        auto status = cudaStreamQuery(cudaStreamPerThread);
        for (; status == cudaErrorNotReady; status = cudaStreamQuery(cudaStreamPerThread)) {
            if (__atomic_load_n(&monitor.stop, __ATOMIC_RELAXED)) throw Interrupted();
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
        check("a kernel", status);
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

CudaDevice without(std::string why_not, bool out_of_order) {
    return {.name = "", .target = "", .why_not = std::move(why_not), .out_of_order = out_of_order};
}

/// What is said where the runtime counts no device.
CudaDevice no_device(cudaError_t status) {
    int driver = 0;
    if (cudaDriverGetVersion(&driver) == cudaSuccess && driver == 0)
        return without("no CUDA device (no NVIDIA driver)", false);
    if (status == cudaSuccess || status == cudaErrorNoDevice) return without("no CUDA device", false);
    if (status == cudaErrorInsufficientDriver)
        return without("the NVIDIA driver knows CUDA " + version_text(driver) + ", and noisetrap needs " +
                           version_text(CUDART_VERSION) + " (update the driver)",
                       true);
    return without(std::string("the CUDA device does not answer (") + cudaGetErrorString(status) + ")", true);
}

}  // namespace

CudaDevice find_cuda_device() {
    int count = 0;
    const auto status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess || count == 0) return no_device(status);
    cudaDeviceProp properties{};
    if (const auto failure = cudaGetDeviceProperties(&properties, 0); failure != cudaSuccess)
        return no_device(failure);
    if (properties.major < 8)
        return without(std::string(properties.name) + " is older than compute capability 8.0", true);
    const char* const kind = wants_ptx() ? "compute_" : "sm_";
    return {.name = properties.name,
            .target = kind + std::to_string(10 * properties.major + properties.minor)};
}

std::unique_ptr<Backend> make_cuda_backend(const CudaDevice& device, int threads) {
    return std::make_unique<CudaBackend>(make_cpu_backend("omp", threads), device.name, device.target);
}

}  // namespace noisetrap
