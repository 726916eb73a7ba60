#include "engine/runs/backend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
static const CudaDevices& cuda_devices() {
    static const CudaDevices devices = find_cuda_devices();
    return devices;
}

/// "0 (NAME), 1 (NAME)".
static std::string numbered(const std::vector<CudaDevice>& devices) {
    std::string all;
    for (const auto& d : devices) all += fmt::format("{}{} ({})", all.empty() ? "" : ", ", d.number, d.name);
    return all;
}

/// Those that are there of the chosen ones.
static std::vector<CudaDevice> chosen_devices(const ChosenDevices& chosen) {
    const auto& usable = cuda_devices().usable;
    if (chosen.all || usable.empty()) return usable;
    if (chosen.is_first()) return {usable.front()};
    std::vector<CudaDevice> devices;
    for (const int number : chosen.numbers)
        for (const auto& device : usable)
            if (device.number == number) devices.push_back(device);
    return devices;
}
#endif

static BackendInfo cuda_info() {
#if NOISETRAP_HAS_CUDA
    const auto& found = cuda_devices();
    if (found.usable.empty()) return {"cuda", true, false, found.why_not};
    return {"cuda", true, true, found.usable.size() == 1 ? found.usable[0].name : numbered(found.usable)};
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
    if (cuda_devices().out_of_order)
        std::call_once(once, [] {
            if (const auto& warn = backend_warning())
                warn(fmt::format("warning: the GPU cannot be used, and this run is on the CPU: {}",
                                 cuda_devices().why_not));
        });
#endif
}

std::string complaint_about_devices(const RunSettings& run) {
    const auto& wanted = run.devices;
    if (wanted.is_first() || run.backend == "omp" || run.backend == "serial") return {};
    const auto shown = wanted.all ? "'all'" : fmt::format("[{}]", fmt::join(wanted.numbers, ", "));
    if (const auto cuda = cuda_info(); !cuda.usable)
        return fmt::format("= {} cannot be used here: {}; leave it out, or use run.backend = 'omp'", shown,
                           cuda.note);
#if NOISETRAP_HAS_CUDA
    const auto devices = chosen_devices(wanted);
    if (!wanted.all && devices.size() != wanted.numbers.size())
        return fmt::format("= {} names a GPU that is not here; those that can be used are {}", shown,
                           numbered(cuda_devices().usable));
    for (const auto& device : devices)
        if (device.target != devices.front().target)
            return fmt::format("= {} takes GPUs of two kinds, and a run is compiled for one: {}", shown,
                               numbered(devices));
#endif
    return {};
}

std::unique_ptr<Backend> make_backend(const RunSettings& run) {
    if (run.backend != "auto" && run.backend != "cuda") return make_cpu_backend(run.backend, run.threads);
    if (const auto wrong = complaint_about_devices(run); !wrong.empty())
        throw InputError("run.devices " + wrong);
    const auto cuda = cuda_info();
#if NOISETRAP_HAS_CUDA
    if (cuda.usable) return make_cuda_backend(chosen_devices(run.devices), run.threads);
#endif
    if (run.backend == "cuda")
        throw InputError(fmt::format("backend 'cuda' cannot run here: {}; use 'omp'", cuda.note));
    warn_of_idle_gpu();
    return make_cpu_backend("omp", run.threads);
}

}  // namespace noisetrap
