#include "analysis/networks/sample_sums.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"
#include "engine/runs/backend.hpp"

using namespace noisetrap;

namespace {

std::vector<double> normals(std::uint64_t path, std::size_t count) {
    std::vector<double> numbers(count);
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = variate_of<double>(1, Stream::user_defined, path, i, Law::gaussian);
    return numbers;
}

/// 69 samples: two packs that are full, and one that is not.
DataSet samples_for(const Network& network) {
    constexpr std::size_t samples = 69;
    DataSet data;
    data.inputs = inputs_of(network), data.outputs = outputs_of(network);
    data.classes = network.loss == NetworkLoss::softmax;
    data.input = normals(1, samples * data.inputs);
    data.target = normals(2, samples * (data.classes ? 1 : data.outputs));
    for (std::size_t i = 0; i < data.target.size(); ++i) {
        if (network.loss == NetworkLoss::logistic) data.target[i] = data.target[i] < 0 ? -1 : 1;
        if (data.classes) data.target[i] = static_cast<double>(i % data.outputs);
    }
    return data;
}

/// One sample after the other, by duals.
std::vector<double> one_by_one(const Network& network, const DataSet& data, const std::vector<double>& x,
                               const std::vector<double>& directions, std::size_t count) {
    const std::size_t n = x.size();
    std::vector<double> sums((count + 1) * n);
    NetworkGradient<Dual<double>> gradient(network);
    std::vector<Dual<double>> at(n), of_sample(n);
    for (std::size_t k = 0; k < std::max<std::size_t>(count, 1); ++k) {
        for (std::size_t i = 0; i < n; ++i) at[i] = {x[i], count > 0 ? directions[k * n + i] : 0};
        for (std::size_t s = 0; s < data.samples(); ++s) {
            gradient(at.data(), data.input_of(s), data.target_of(s), of_sample.data());
            for (std::size_t i = 0; i < n; ++i) {
                if (k == 0) sums[i] += of_sample[i].value;
                if (count > 0) sums[(k + 1) * n + i] += of_sample[i].slope;
            }
        }
    }
    return sums;
}

std::vector<Network> networks() {
    std::vector<Network> all;
    for (const auto unit : {UnitFunction::linear, UnitFunction::tanh, UnitFunction::relu, UnitFunction::gelu,
                            UnitFunction::sigmoid})
        all.push_back({{3, 4, 2}, unit, true});
    all.push_back({{2, 3, 3, 1}, UnitFunction::tanh, false, NetworkLoss::logistic});
    all.push_back({{5, 4, 3}, UnitFunction::tanh, true, NetworkLoss::softmax});
    all.push_back({{4, 1}, UnitFunction::tanh, false, NetworkLoss::square, NetworkKind::gates});
    all.push_back({{2, 3, 2}, UnitFunction::tanh, false, NetworkLoss::square, NetworkKind::recurrent, 3});
    return all;
}

std::vector<double> in_packs(const Network& network, const DataSet& data, const std::vector<double>& x,
                             const std::vector<double>& directions, std::size_t count, InstructionSet set) {
    std::vector<double> sums((count + 1) * x.size());
    sum_over_samples(network, PackedSamples(network, data), x.data(), directions.data(), count, sums.data(),
                     set);
    return sums;
}

}  // namespace

TEST_CASE("sums over samples: packs give what one sample after the other gives") {
    for (const auto& network : networks()) {
        INFO(unit_function_names[static_cast<int>(network.unit)]
             << ", " << network_kind_names[static_cast<int>(network.kind)] << ", "
             << network_loss_names[static_cast<int>(network.loss)]);
        const auto data = samples_for(network);
        const auto x = normals(3, network.parameters());
        const auto directions = normals(4, directions_at_once * x.size());
        for (const std::size_t count : {std::size_t{0}, std::size_t{1}, directions_at_once}) {
            const auto expected = one_by_one(network, data, x, directions, count);
            const auto found = in_packs(network, data, x, directions, count, best_instruction_set());
            for (std::size_t i = 0; i < expected.size(); ++i)
                CHECK(std::abs(found[i] - expected[i]) < 1e-12 * (1 + std::abs(expected[i])));
        }
    }
}

TEST_CASE("sums over samples: every instruction set gives the same bits", "[bytes]") {
    const int best = static_cast<int>(best_instruction_set());
    for (const auto& network : networks()) {
        const auto data = samples_for(network);
        const auto x = normals(3, network.parameters());
        const auto directions = normals(4, directions_at_once * x.size());
        const auto with = [&](int set) {
            return in_packs(network, data, x, directions, directions_at_once,
                            static_cast<InstructionSet>(set));
        };
        const auto portable = with(0);
        for (int set = 1; set <= best; ++set) {
            const auto found = with(set);
            CHECK(std::memcmp(found.data(), portable.data(), portable.size() * sizeof(double)) == 0);
        }
    }
}
