// The entry points of the CUDA runtime, those that the project, Thrust and nvcc's own code call, over the machine of
// this stand-in instead of a driver.
#include <cuda_runtime_api.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "device.hpp"
#include "fat_binary.hpp"
#include "planned_faults.hpp"

namespace ptxhost {
namespace {

struct Kernel {
    FatBinary* binary;
    std::string name;
};

/// All kernels, by the host function that stands for each. Those of a library come when it is loaded.
class Kernels {
    std::mutex mutex_;
    std::map<const void*, Kernel> by_function_;

  public:
    void add(const void* function, Kernel kernel) {
        const std::lock_guard lock(mutex_);
        by_function_[function] = std::move(kernel);
    }
    const Kernel* find(const void* function) {
        const std::lock_guard lock(mutex_);
        const auto found = by_function_.find(function);
        return found == by_function_.end() ? nullptr : &found->second;
    }
};
Kernels& kernels() {
    static Kernels& the = *new Kernels;
    return the;
}

thread_local cudaError_t last_error = cudaSuccess;

cudaError_t report(cudaError_t status) {
    if (status != cudaSuccess && status != cudaErrorNotReady) last_error = status;
    return status;
}

/// What every entry begins with: a fault that is planned, or what a kernel has broken.
cudaError_t enter(const char* entry) {
    log(entry);
    const auto planned = static_cast<cudaError_t>(planned_fault(entry));
    return report(planned != cudaSuccess ? planned : device().state());
}
#define PTXHOST_ENTER \
    if (const cudaError_t status = enter(__func__); status != cudaSuccess) return status

int compute_capability_major() {
    const char* const given = std::getenv("PTXHOST_MAJOR");
    return given ? std::atoi(given) : 9;
}

using Parameters = std::vector<std::vector<unsigned char>>;

cudaError_t run_kernel(const Program& program, Device& on, Size grid, Size block,
                       const Parameters& parameters) {
    if (const int planned = planned_fault("kernel")) return static_cast<cudaError_t>(planned);
    try {
        launch(program, grid, block, parameters, on.all_memory());
        return cudaSuccess;
    } catch (const Fault& fault) {
        std::fprintf(stderr, "ptxhost: %s\n", fault.what());
        return static_cast<cudaError_t>(fault.code);
    } catch (const std::exception& error) {
        give_up(std::string(error.what()) + " (" + program.kernel().name + ")");
    }
}

bool fits(const dim3& grid, const Size& block) {
    constexpr unsigned most_in_y = 65535, most_in_x = 0x7fffffff, most_in_block = 1024;
    return grid.x > 0 && grid.y > 0 && grid.z > 0 && grid.x <= most_in_x && grid.y <= most_in_y &&
           grid.z <= most_in_y && block.all() > 0 && block.all() <= most_in_block;
}

cudaError_t copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    if (const auto status = device().finish(); status != cudaSuccess || bytes == 0) return status;
    const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    void* const destination = to_device ? device().find(to, bytes) : to;
    const void* const source = from_device ? device().find(from, bytes) : from;
    if (!destination || !source || kind == cudaMemcpyDefault) return cudaErrorInvalidValue;
    std::memmove(destination, source, bytes);
    return cudaSuccess;
}

/// The launch that this thread is making, between <<<...>>> and the call.
struct Configuration {
    dim3 grid, block;
    std::size_t shared;
    cudaStream_t stream;
};
thread_local Configuration configuration;

/// What nvcc hands over of a fat binary.
struct FatBinaryWrapper {
    int magic, version;
    const unsigned char* data;
    void* rest;
};

}  // namespace
}  // namespace ptxhost

using namespace ptxhost;

/// A stream is known by its address and belongs to a device; those of the runtime itself belong to the chosen one.
struct CUstream_st {
    int device;
};

namespace ptxhost {
namespace {

bool is_of_the_runtime(cudaStream_t stream) {
    return stream == nullptr || stream == cudaStreamLegacy || stream == cudaStreamPerThread;
}
Device& device_of(cudaStream_t stream) {
    return is_of_the_runtime(stream) ? device() : device(stream->device);
}

/// Memory of the host that devices can reach while the host goes on.
class PinnedMemory {
    std::mutex mutex_;
    std::map<const unsigned char*, std::size_t> arrays_;

  public:
    void* allocate(std::size_t bytes) {
        auto* const data = static_cast<unsigned char*>(std::malloc(bytes));
        if (!data) return nullptr;
        std::memset(data, fill_byte(), bytes);
        const std::lock_guard lock(mutex_);
        arrays_[data] = bytes;
        return data;
    }
    bool free(void* data) {
        const std::lock_guard lock(mutex_);
        if (arrays_.erase(static_cast<unsigned char*>(data)) == 0) return false;
        std::free(data);
        return true;
    }
    bool holds(const void* from, std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        const auto* const first = static_cast<const unsigned char*>(from);
        auto after = arrays_.upper_bound(first);
        if (after == arrays_.begin()) return false;
        --after;
        return first + bytes <= after->first + after->second;
    }
};
PinnedMemory& pinned() {
    static PinnedMemory& the = *new PinnedMemory;
    return the;
}

/// Behind the caller's back: what lies in pinned memory is read and written when its turn comes, so that it is seen
/// where a program does not wait. What is not pinned is copied at once.
cudaError_t copy_later(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                       cudaStream_t stream) {
    Device& on = device_of(stream);
    const bool to_device = kind == cudaMemcpyHostToDevice;
    void* const there = on.find(to_device ? to : from, bytes);
    if (!there || (!to_device && kind != cudaMemcpyDeviceToHost)) return cudaErrorInvalidValue;
    const bool is_pinned = pinned().holds(to_device ? from : to, bytes);
    log("copy of " + std::to_string(bytes) + (to_device ? " bytes to device " : " bytes from device ") +
        std::to_string(on.number) + (is_pinned || to_device ? "" : ", not pinned"));
    if (to_device && !is_pinned) {
        const auto* const first = static_cast<const unsigned char*>(from);
        on.enqueue(stream, [there, now = std::vector<unsigned char>(first, first + bytes)] {
            std::memcpy(there, now.data(), now.size());
            return cudaSuccess;
        });
        return cudaSuccess;
    }
    on.enqueue(stream, [=] {
        std::memcpy(to_device ? there : to, to_device ? from : there, bytes);
        return cudaSuccess;
    });
    return is_pinned ? cudaSuccess : on.finish();
}

cudaError_t launch_kernel(const Kernel& kernel, dim3 grid, dim3 block, void** arguments,
                          cudaStream_t stream) {
    Device& on = device_of(stream);
    if (&on != &device()) return cudaErrorInvalidResourceHandle;
    const Size blocks{grid.x, grid.y, grid.z}, threads{block.x, block.y, block.z};
    if (!fits(grid, threads)) return cudaErrorInvalidConfiguration;
    try {
        const Program& program = kernel.binary->load(kernel.name, on.number, place_variable);
        Parameters parameters;
        for (const auto& parameter : program.kernel().parameters) {
            const auto* const bytes = static_cast<const unsigned char*>(arguments[parameters.size()]);
            parameters.emplace_back(bytes, bytes + parameter.size);
        }
        log("launch of " + std::to_string(blocks.all()) + " blocks of " + std::to_string(threads.all()) +
            " on device " + std::to_string(on.number) + ": " + kernel.name);
        on.enqueue(stream,
                   [=, &program, &on] { return run_kernel(program, on, blocks, threads, parameters); });
    } catch (const std::exception& error) {
        give_up(error.what());
    }
    return cudaSuccess;
}

}  // namespace
}  // namespace ptxhost

extern "C" {

// What nvcc's code calls.

void** __cudaRegisterFatBinary(void* wrapper) {
    return reinterpret_cast<void**>(new FatBinary(static_cast<FatBinaryWrapper*>(wrapper)->data));
}
void __cudaRegisterFatBinaryEnd(void**) {}
char __cudaInitModule(void**) { return 1; }
void __cudaUnregisterFatBinary(void**) {}  // a program that ends may still be running kernels
void __cudaRegisterFunction(void** binary, const char* host_function, char*, const char* name, int, uint3*,
                            uint3*, dim3*, dim3*, int*) {
    kernels().add(host_function, {reinterpret_cast<FatBinary*>(binary), name});
}
void __cudaRegisterVar(void**, char*, char*, const char*, int, std::size_t, int, int) {}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, std::size_t shared, CUstream_st* stream) {
    configuration = {grid, block, shared, stream};
    return 0;
}
cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, std::size_t* shared, void* stream) {
    *grid = configuration.grid;
    *block = configuration.block;
    *shared = configuration.shared;
    *static_cast<cudaStream_t*>(stream) = configuration.stream;
    return cudaSuccess;
}
cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* host_function) {
    *kernel = reinterpret_cast<cudaKernel_t>(const_cast<void*>(host_function));
    return cudaSuccess;
}
cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments,
                             std::size_t shared, cudaStream_t stream) {
    PTXHOST_ENTER;
    const auto* const kernel = kernels().find(function);
    if (!kernel) return report(cudaErrorInvalidDeviceFunction);
    if (shared != 0) give_up("shared memory is not supported");
    return report(launch_kernel(*kernel, grid, block, arguments, stream));
}
cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments,
                               std::size_t shared, cudaStream_t stream) {
    return cudaLaunchKernel(kernel, grid, block, arguments, shared, stream);
}

// Devices.

cudaError_t cudaDriverGetVersion(int* version) {
    PTXHOST_ENTER;
    *version = CUDART_VERSION;
    return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
    PTXHOST_ENTER;
    *count = devices();
    return cudaSuccess;
}
cudaError_t cudaGetDevice(int* which) {
    PTXHOST_ENTER;
    *which = device().number;
    return cudaSuccess;
}
cudaError_t cudaSetDevice(int which) {
    PTXHOST_ENTER;
    if (which < 0 || which >= devices()) return report(cudaErrorInvalidDevice);
    choose_device(which);
    return report(device().state());
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int which) {
    PTXHOST_ENTER;
    if (which < 0 || which >= devices()) return report(cudaErrorInvalidDevice);
    *properties = {};
    std::strcpy(properties->name, "PTX on this CPU");
    properties->major = compute_capability_major();
    properties->totalGlobalMem = device(which).total;
    properties->warpSize = 32;
    properties->multiProcessorCount = 1;
    properties->maxThreadsPerBlock = properties->maxThreadsPerMultiProcessor = 1024;
    return cudaSuccess;
}
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void*) {
    PTXHOST_ENTER;
    *attributes = {};
    attributes->ptxVersion = attributes->binaryVersion = 10 * compute_capability_major();
    attributes->maxThreadsPerBlock = 1024;
    return cudaSuccess;
}

// Memory.

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
    PTXHOST_ENTER;
    *pointer = nullptr;
    if (bytes == 0) return cudaSuccess;
    std::uint64_t address = 0;
    const auto status = device().allocate(bytes, address);
    *pointer = reinterpret_cast<void*>(address);
    return report(status);
}
cudaError_t cudaFree(void* pointer) {
    PTXHOST_ENTER;
    if (!pointer) return cudaSuccess;
    const auto address = reinterpret_cast<std::uint64_t>(pointer);
    Device* const owner = owner_of(address);
    return report(owner ? owner->free(address) : cudaErrorInvalidValue);
}
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    PTXHOST_ENTER;
    return report(copy(to, from, bytes, kind));
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
    PTXHOST_ENTER;
    return bytes == 0 ? cudaSuccess : report(copy_later(to, from, bytes, kind, stream));
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
    PTXHOST_ENTER;
    if (bytes == 0) return cudaSuccess;
    Device& on = device_of(stream);
    unsigned char* const there = on.find(to, bytes);
    if (!there) return report(cudaErrorInvalidValue);
    on.enqueue(stream, [=] {
        std::memset(there, value, bytes);
        return cudaSuccess;
    });
    return cudaSuccess;
}
cudaError_t cudaMallocHost(void** pointer, std::size_t bytes) {
    PTXHOST_ENTER;
    *pointer = pinned().allocate(bytes);
    return report(*pointer ? cudaSuccess : cudaErrorMemoryAllocation);
}
cudaError_t cudaFreeHost(void* pointer) {
    PTXHOST_ENTER;
    for (int n = 0; n < devices(); ++n) device(n).finish();
    return report(pinned().free(pointer) ? cudaSuccess : cudaErrorInvalidValue);
}
cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total) {
    PTXHOST_ENTER;
    *free_bytes = device().free_bytes();
    *total = device().total;
    return cudaSuccess;
}

// Streams and errors.

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
    PTXHOST_ENTER;
    *stream = new CUstream_st{device().number};
    return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    PTXHOST_ENTER;
    device_of(stream).finish();
    delete stream;
    return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() {
    PTXHOST_ENTER;
    return report(device().finish());
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    PTXHOST_ENTER;
    return report(device_of(stream).finish());
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
    PTXHOST_ENTER;
    Device& on = device_of(stream);
    if (on.busy(stream)) return cudaErrorNotReady;
    return report(on.state());
}
cudaError_t cudaGetLastError() {
    const auto status = last_error;
    last_error = device().state();
    return status;
}
cudaError_t cudaPeekAtLastError() { return last_error; }

}  // extern "C"
