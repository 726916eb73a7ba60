#include "engine/runs/backend.hpp"

#include <fmt/core.h>

#include <fstream>

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

static BackendInfo cuda_info() {
#if NOISETRAP_HAS_CUDA
    std::string why_not;
    const auto device = cuda_device(why_not);
    return {"cuda", true, !device.empty(), device.empty() ? why_not : device};
#else
    return {"cuda", false, false, "built without a CUDA toolkit"};
#endif
}

std::vector<BackendInfo> backends() {
    return {{"omp", true, true, processor_name()}, {"serial", true, true, processor_name()}, cuda_info()};
}

std::unique_ptr<Backend> make_backend(const std::string& name, int threads) {
    if (name != "auto" && name != "cuda") return make_cpu_backend(name, threads);
    const auto cuda = cuda_info();
#if NOISETRAP_HAS_CUDA
    if (cuda.usable) return make_cuda_backend(threads);
#endif
    if (name == "cuda")
        throw InputError(fmt::format("backend 'cuda' cannot run here: {}; use 'omp'", cuda.note));
    return make_cpu_backend("omp", threads);
}

}  // namespace noisetrap
