// Where the loop runs. CPU backends launch blocks of paths through Thrust's omp and serial systems, the cuda
// backend single paths through its own.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/kernels/kernel.hpp"
#include "engine/statistics/workers.hpp"

namespace noisetrap {

/// The function of one launch's kernel, as ready_kernels gives it, and the bytes of its processes, one per ensemble.
struct Work {
    void* kernel;
    std::span<const std::byte> processes;
};

class Backend : public Workers {
  public:
    virtual std::string name() const = 0;
    virtual std::string device() const = 0;  // processor or GPU, in words
    virtual bool on_device() const { return false; }
    /// The architecture that kernels are compiled for, of a device.
    virtual std::string target() const { return {}; }
    /// Runs a launch whose columns are host memory; returns when it is done, or soon after monitor->stop was
    /// set.
    virtual void run(const Work&, const Launch&) = 0;
};

struct BackendInfo {
    std::string name;
    bool built, usable;
    std::string note;  // the device, or why it cannot be used
};
std::vector<BackendInfo> backends();

/// "auto" is cuda where a device is, else omp. threads = 0: all. Throws InputError where the name is unknown,
/// not built, or has no device. Devices are looked for once: one that fails later is an error, and never a run that goes
/// on elsewhere.
std::unique_ptr<Backend> make_backend(const std::string& name, int threads);

/// Told once, where "auto" takes the CPU although there is a GPU: why that cannot be used.
void set_backend_warning(std::function<void(const std::string& sentence)>);

/// So many processes share the processors that this one may use: `threads` = 0 is its part of them.
void share_processors(int processes);

InstructionSet best_instruction_set();
std::string processor_name();

std::unique_ptr<Backend> make_cpu_backend(const std::string& name, int threads);
#if NOISETRAP_HAS_CUDA
struct CudaDevice {
    std::string name, target;  // empty where none can be used
    std::string why_not = {};
    bool out_of_order = false;  // there is one, which cannot be used
};
/// The first device.
CudaDevice find_cuda_device();
std::unique_ptr<Backend> make_cuda_backend(const CudaDevice&, int threads);
#endif

}  // namespace noisetrap
