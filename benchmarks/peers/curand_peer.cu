// cuRAND's device API: a kernel with one path per thread and the generator XORWOW, its default, as its guide
// shows.
#include <curand_kernel.h>

#include <algorithm>
#include <string>
#include <vector>

#include "peer.hpp"
#include "recursions.hpp"

namespace {

constexpr unsigned threads_per_block = 256;
constexpr std::uint64_t most_paths_at_once = 1 << 20;

__device__ float next_normal(curandState& state, float) { return curand_normal(&state); }
__device__ double next_normal(curandState& state, double) { return curand_normal_double(&state); }

template <class Real>
struct DeviceNoise {
    curandState state;
    peer::Bits bits;
    __device__ Real normal() { return next_normal(state, Real()); }
    __device__ bool bit() {
        return bits.next([this] { return std::uint64_t(curand(&state)) << 32 | curand(&state); });
    }
};

__global__ void start(curandState* states, std::uint64_t paths, std::uint64_t seed) {
    const std::uint64_t path = std::uint64_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (path < paths) curand_init(seed, path, 0, &states[path]);
}

template <class Real>
__global__ void advance(curandState* states, Real* ends, std::uint64_t paths, std::uint64_t steps,
                        peer::Recursion<Real> recursion) {
    const std::uint64_t path = std::uint64_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (path >= paths) return;
    DeviceNoise<Real> noise{states[path], {}};
    ends[path] = recursion.end(noise, steps);
    states[path] = noise.state;
}

void check(cudaError_t status) {
    if (status != cudaSuccess) peer::fail(1, cudaGetErrorString(status));
}

template <class T>
T* device_array(std::uint64_t length) {
    T* result = nullptr;
    check(cudaMalloc(reinterpret_cast<void**>(&result), length * sizeof(T)));
    return result;
}

/// Generators are made before the clock starts; copying the ends back and their mean are measured.
template <class Real>
void run(const peer::Task& task, const char* library) {
    const std::uint64_t length = std::min(task.paths, most_paths_at_once);
    const auto blocks = static_cast<unsigned>((length + threads_per_block - 1) / threads_per_block);
    auto* const states = device_array<curandState>(length);
    auto* const device_ends = device_array<Real>(length);
    const peer::Recursion<Real> recursion(*task.workload);
    std::vector<Real> ends(length);
    start<<<blocks, threads_per_block>>>(states, length, task.seed);
    check(cudaDeviceSynchronize());

    std::uint64_t next = length;
    peer::measure<peer::Ends>(task, library, [&] {
        if (next == length) {
            advance<<<blocks, threads_per_block>>>(states, device_ends, length, task.steps, recursion);
            check(cudaMemcpy(ends.data(), device_ends, length * sizeof(Real), cudaMemcpyDeviceToHost));
            next = 0;
        }
        return ends[next++];
    });
}

}  // namespace

int main(int argc, char** argv) {
    const peer::Task task = peer::task_from(argc, argv);
    if (task.workload->radius > 0 || task.workload->momentum > 0)
        peer::fail(2, "The cuRAND peer has the workloads W1, W2 and W3.");
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
        peer::fail(3, "The cuRAND peer cannot run: there is no CUDA device.");
    const std::string library = "cuRAND " + std::to_string(CURAND_VERSION);
    (task.single ? run<float> : run<double>)(task, library.c_str());
    return 0;
}
