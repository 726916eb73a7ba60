// Steps some hundred paths of models, schemes and optimisers, and prints a fingerprint of the bits of all that they
// write. It needs the headers alone, so that it is soon compiled for another processor: tests/elsewhere/compare.sh.
#include <bit>
#include <cstdio>
#include <vector>

#include "engine/kernels/kernel_unit.hpp"
#include "models/adaptive_optimisers.hpp"
#include "models/linear_sde.hpp"
#include "models/noisy_saddle.hpp"
#include "models/optimisers.hpp"
#include "models/quartic_well.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t paths = 320, steps = 250;  // with half-empty groups and blocks
constexpr std::uint64_t watched[] = {0, 1, 7, 100, 250};

/// Fowler, Noll and Vo: FNV-1a, over the bytes of numbers from the lowest on.
std::uint64_t fingerprint(const std::vector<double>& numbers) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const double x : numbers)
        for (int byte = 0; byte < 8; ++byte)
            hash = (hash ^ (std::bit_cast<std::uint64_t>(x) >> 8 * byte & 0xff)) * 0x100000001b3;
    return hash;
}

template <class Family, class Precision, int W, unsigned features, Law... laws>
void tell(const char* name, const ParameterValues& model) {
    const ParameterValues method;
    const auto process = Family::template make<typename Precision::Real>(model, method, 1.0 / 64);
    constexpr std::uint64_t lanes = 64;
    std::vector<std::vector<double>> columns(column_count);
    Monitor monitor;
    Launch launch{};
    launch.seed = 12345;
    launch.ensembles = 1, launch.paths = paths, launch.stride = 512;
    launch.lanes = lanes, launch.steps = steps;
    launch.watched_steps = watched, launch.watches = std::size(watched);
    launch.x0 = 0.7, launch.x0_deviation = 0.2;
    launch.coarsening = 1, launch.coarse_weight = 1;
    launch.exit_radius = 1.5, launch.inside_radius = 0.3;
    launch.monitor = &monitor;
    for (int c = 0; c < column_count; ++c) {
        auto& column = columns[static_cast<std::size_t>(c)];
        column.resize(paths * (column_table[c].each == Each::time ? std::size(watched) : 1));
        launch.columns[static_cast<Column>(c)] = column.data();
    }
    for (std::uint64_t block = 0; block * lanes < paths; ++block)
        block_function<Family, Precision, W, features, laws...>(launch, &process, block);
    std::printf("%-28s", name);
    for (const auto& column : columns)
        std::printf(" %016llx", static_cast<unsigned long long>(fingerprint(column)));
    std::printf("\n");
}

template <class Scheme>
using Linear = SdeFamily<LinearSde, Scheme, Discretised>;
template <class Optimiser>
using Saddle = RecursionFamily<NoisySaddle, Optimiser>;
constexpr auto g = Law::gaussian, u = Law::uniform, t = Law::two_point;
constexpr unsigned all =
    Feature::scaled | Feature::tangent | Feature::control | Feature::largest | Feature::inside;

}  // namespace
}  // namespace noisetrap

int main() {
    using namespace noisetrap;
    const ParameterValues both, saddle = {{"tau", 0.1}};
    tell<Linear<EulerMaruyama>, Mixed, 16, all, g, g>("euler-maruyama, mixed", both);
    tell<Linear<EulerMaruyama>, Double, 8, all, g, g>("euler-maruyama, double", both);
    tell<Linear<EulerMaruyama>, Single, 16, all, g, g>("euler-maruyama, single", both);
    tell<Linear<Splitting>, Mixed, 16, all | Feature::exits, g, g>("splitting, mixed", both);
    tell<SdeFamily<QuarticWell, Milstein, Discretised>, Mixed, 16, all, g>("milstein, mixed", {});
    tell<Saddle<Sgd>, Mixed, 16, all, g, g>("sgd, mixed", saddle);
    tell<Saddle<Sgd>, Mixed, 16, all, u, t>("sgd, other laws, mixed", saddle);
    tell<Saddle<Adam>, Mixed, 16, all, g, g>("adam, mixed", saddle);
    tell<Saddle<Adam>, Double, 8, all, g, g>("adam, double", saddle);
}
