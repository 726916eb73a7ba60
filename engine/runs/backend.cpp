#include "engine/runs/backend.hpp"

#include <fmt/core.h>

#include <fstream>
#include <mutex>

#include "engine/error.hpp"

namespace noisetrap {

std::string processor_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown processor";
}

InstructionSet best_instruction_set() {
#if NOISETRAP_HAS_X86_LEVELS
    if (__builtin_cpu_supports("x86-64-v4")) return InstructionSet::x86_64_v4;
    if (__builtin_cpu_supports("x86-64-v3")) return InstructionSet::x86_64_v3;
#endif
    return InstructionSet::portable;
}

#if NOISETRAP_HAS_CUDA
static const CudaDevice& cuda_device() {
    static const CudaDevice device = find_cuda_device();
    return device;
}
#endif

static BackendInfo cuda_info() {
#if NOISETRAP_HAS_CUDA
    const auto& device = cuda_device();
    return {"cuda", true, device.why_not.empty(), device.why_not.empty() ? device.name : device.why_not};
#else
    return {"cuda", false, false, "built without a CUDA toolkit"};
#endif
}

std::vector<BackendInfo> backends() {
    return {{"omp", true, true, processor_name()}, {"serial", true, true, processor_name()}, cuda_info()};
}

static std::function<void(const std::string&)>& backend_warning() {
    static std::function<void(const std::string&)> warn;
    return warn;
}

void set_backend_warning(std::function<void(const std::string&)> warn) {
    backend_warning() = std::move(warn);
}

/// Says once why the GPU that is there is left alone.
static void warn_of_idle_gpu() {
#if NOISETRAP_HAS_CUDA
    static std::once_flag once;
    if (cuda_device().out_of_order)
        std::call_once(once, [] {
            if (const auto& warn = backend_warning())
                warn(fmt::format("warning: the GPU cannot be used, and this run is on the CPU: {}",
                                 cuda_device().why_not));
        });
#endif
}

std::unique_ptr<Backend> make_backend(const std::string& name, int threads) {
    if (name != "auto" && name != "cuda") return make_cpu_backend(name, threads);
    const auto cuda = cuda_info();
#if NOISETRAP_HAS_CUDA
    if (cuda.usable) return make_cuda_backend(cuda_device(), threads);
#endif
    if (name == "cuda")
        throw InputError(fmt::format("backend 'cuda' cannot run here: {}; use 'omp'", cuda.note));
    warn_of_idle_gpu();
    return make_cpu_backend("omp", threads);
}

}  // namespace noisetrap
