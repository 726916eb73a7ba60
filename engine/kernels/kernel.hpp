// A kernel is the path block compiled for one process, precision, width of slices, set of features and laws of the
// noises, for one instruction set or device. It is reached through one plain function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/noise/law.hpp"
#include "engine/numbers/precision.hpp"
#include "engine/paths/features.hpp"
#include "engine/paths/launch.hpp"

namespace noisetrap {

/// Steps one block of paths of a launch on a CPU.
using BlockFunction = void (*)(const Launch&, const void* processes, std::uint64_t block);
/// Starts a launch on a GPU, whose memory `launch` and `processes` point into. Does not wait.
using DeviceLaunch = void (*)(const Launch&, const void* processes, void* cuda_stream);

/// Where C++ finds a process: the type that makes it, and the headers that define the type.
struct ProcessSource {
    std::string family;  // as C++ writes it: "SdeFamily<LinearSde, EulerMaruyama, Discretised>"
    std::vector<std::string> headers;
    std::string mark = {};  // of a user's header: its fingerprint, so that another text is another kernel
    std::string text = {};  // C++ that stands behind the headers: a model that was given as a formula
};

/// x86-64 levels of the psABI; `portable` is what the compiler assumes by itself (elsewhere the only one).
enum class InstructionSet : int { portable, x86_64_v3, x86_64_v4 };
inline constexpr const char* instruction_set_names[] = {"portable", "x86-64-v3", "x86-64-v4"};

struct KernelSpec {
    ProcessSource process;
    Precision precision = Precision::mixed;
    Arithmetic arithmetic = Arithmetic::exact;
    int slice = 1;  // paths that go through a step together
    unsigned features = Feature::plain;
    std::vector<Law> laws;  // of the noises of a step
    std::string target;     // an instruction set, or a GPU's architecture: "sm_90", or "compute_90" for PTX
};

}  // namespace noisetrap
