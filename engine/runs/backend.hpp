// Where the loop runs. CPU backends launch blocks of paths through Thrust's omp and serial systems, the cuda
// backend single paths through its own.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/kernels/kernel.hpp"
#include "engine/runs/summarise.hpp"
#include "engine/statistics/workers.hpp"

namespace noisetrap {

/// What is wanted of a run: its rows, or summaries of them.
enum class Wanted { summaries, rows };

/// The function of one launch's kernel, as ready_kernels gives it, the bytes of its processes, one per ensemble, and the
/// tables that each of them points into. Tables stay as they are until the launches have ended.
struct Work {
    void* kernel;
    std::span<const std::byte> processes;
    std::span<const PointedTable> tables = {};
};

/// What a launch has brought: a summary of each ensemble from where summaries are wanted and the rows lie on a device,
/// else the rows, which stay until the next launch is started.
struct Brought {
    ChunkColumns rows;
    std::vector<PartSummary> parts;
    std::uint64_t path_steps = 0;  // of the parts
};

/// Launches of one run that are under way: first in, first out.
class Launches {
  public:
    virtual ~Launches() = default;
    /// So many should be under way, that none waits for another's rows.
    virtual std::size_t at_once() const = 0;
    /// The launch's columns are given to it here.
    virtual void start(const Work&, const Launch&) = 0;
    /// What the launch has brought that was started first. Waits for it, or returns soon after monitor->stop was set,
    /// where a device is in use with Interrupted.
    virtual Brought finish() = 0;
};

class Backend : public Workers {
  public:
    virtual std::string name() const = 0;
    virtual std::string device() const = 0;  // processor or GPU, in words
    /// How many GPUs step paths.
    virtual int devices() const { return 0; }
    bool on_device() const { return devices() > 0; }
    /// The architecture that kernels are compiled for, of a device.
    virtual std::string target() const { return {}; }
    /// Bytes that are free on the GPU which has the fewest.
    virtual std::uint64_t free_memory() const { return 0; }
    /// How many threads a GPU has room for at a time.
    virtual std::uint64_t resident_threads() const { return 0; }
    /// Launches of this simulation. They end before the backend and the simulation do.
    virtual std::unique_ptr<Launches> launches(const Simulation&, Wanted) = 0;
};

struct BackendInfo {
    std::string name;
    bool built, usable;
    std::string note;  // the device, or why it cannot be used
};
std::vector<BackendInfo> backends();

/// run.backend "auto" is cuda where a device is, else omp. Throws InputError where the backend is unknown, not built, or
/// has not the devices that it is to use. Devices are looked for once: one that fails later is an error, and never a run
/// that goes on elsewhere.
std::unique_ptr<Backend> make_backend(const RunSettings&);

/// What is wrong with the GPUs that the settings name: empty, or a text that begins with their value.
std::string complaint_about_devices(const RunSettings&);

/// Told once, where "auto" takes the CPU although there is a GPU: why that cannot be used.
void set_backend_warning(std::function<void(const std::string& sentence)>);

/// So many processes share the processors that this one may use: `threads` = 0 is its part of them.
void share_processors(int processes);

InstructionSet best_instruction_set();
std::string processor_name();

std::unique_ptr<Backend> make_cpu_backend(const std::string& name, int threads);
#if NOISETRAP_HAS_CUDA
struct CudaDevice {
    int number;  // CUDA's, among those that the program sees
    std::string name, target;
    std::uint64_t resident_threads;
};
struct CudaDevices {
    std::vector<CudaDevice> usable;
    std::string why_not = {};   // where none can be used
    bool out_of_order = false;  // there are some, of which none can be used
};
CudaDevices find_cuda_devices();
std::unique_ptr<Backend> make_cuda_backend(std::vector<CudaDevice>, int threads);
#endif

}  // namespace noisetrap
