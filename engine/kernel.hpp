// A kernel is the path block compiled for one process, precision, slice width and set of features. Kernels
// are reached through plain functions, so that each can be compiled for its own instruction set.
#pragma once

#include <cstdint>

#include "engine/lanes.hpp"
#include "engine/launch.hpp"
#include "engine/precision.hpp"

namespace noisetrap {

struct Variant {
    Precision precision = Precision::mixed;
    Arithmetic arithmetic = Arithmetic::exact;
    bool in_slices = true;  // or one path at a time
    int noises = 1;
    bool scaled = false;
    bool tangent = false;
};

/// x86-64 levels of the psABI; `portable` is what the compiler assumes by itself (elsewhere the only one).
enum class InstructionSet : int { portable, x86_64_v3, x86_64_v4 };

/// One path at a time runs as on a GPU in the portable kernels; the others have vectors to fill.
inline bool in_slices(int lanes, InstructionSet set) { return lanes > 1 || set != InstructionSet::portable; }
inline constexpr const char* instruction_set_names[] = {"portable", "x86-64-v3", "x86-64-v4"};

using BlockFunction = void (*)(const Launch&, const void* processes, std::uint64_t block);
using FindBlock = BlockFunction (*)(const Variant&);

/// Starts a launch on a GPU, whose memory `launch` and `processes` point into. Does not wait.
using DeviceLaunch = void (*)(const Launch&, const void* processes, void* cuda_stream);
using FindDeviceLaunch = DeviceLaunch (*)(const Variant&);

/// The kernels of one process; null where not built.
struct Kernels {
    FindBlock find[3] = {};  // by InstructionSet
    FindDeviceLaunch find_on_device = nullptr;
};

}  // namespace noisetrap
