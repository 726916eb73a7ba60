// Networks on every backend: each gives the rows of a run on one thread, one path at a time, with the portable instruction
// set. What is compared are all columns, with the displacement along a direction after a few of the steps. The point need
// not be critical for that.
#include "analysis/networks/network_run.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>

#include "engine/runs/plan.hpp"
#include "engine/runs/run.hpp"
#include "models/networks/network_process.hpp"
#include "models/optimisers.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

namespace {

using Settings = std::vector<std::string>;

/// Some point away from all symmetries, a direction that has all parameters, and of these every other one, in which
/// `vectors` directions are watched.
struct Place {
    NetworkSaddle saddle;
    EscapeSpace space;

    Place(std::size_t parameters, std::size_t vectors) {
        const double length = 1 / std::sqrt(static_cast<double>(parameters));
        for (std::size_t p = 0; p < parameters; ++p) {
            saddle.point.push_back(0.5 * std::sin(1.0 + 3.0 * static_cast<double>(p)));
            saddle.escape.push_back(p % 3 == 0 ? -length : length);
            if (p % 2 == 0) space.support.push_back(p);
        }
        space.vectors = std::min(vectors, space.support.size());
        for (std::size_t v = 0; v < space.vectors; ++v)
            for (std::size_t i = 0; i < space.support.size(); ++i) space.basis.push_back(i == v ? 1 : 0);
    }
};

Settings with(Settings settings, const Settings& more) {
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

/// Every number of all rows of all ensembles, as bits. Which of the many NaNs a failed path holds is left to the machine.
std::vector<std::uint64_t> bits(const Settings& settings, std::size_t vectors) {
    const auto config = escape_config_from_text("", "test", settings);
    const Place place(config.network.parameters(), vectors);
    const NetworkRun network(config, place.saddle, place.space);
    auto s = network.escape();
    s.observe.steps = {0, 3, s.steps};
    std::vector<std::uint64_t> all;
    const auto add = [&](const std::vector<double>& column) {
        for (const double x : column) all.push_back(std::isnan(x) ? ~0ull : std::bit_cast<std::uint64_t>(x));
    };
    for (const auto& rows : collect(s).ensembles) {
        for (const auto* columns : {&rows.value, &rows.log_abs})
            for (const auto& column : *columns) add(column);
        add(rows.exit_step);
    }
    return all;
}

/// Whether a backend gives the rows of one portable path at a time.
void gives_the_same_rows(const std::string& backend, const Settings& network) {
    const auto settings = with({"escape.start=0.01", "escape.far=0.2", "escape.near=0.001", "escape.steps=40",
                                "escape.paths=70", "escape.learning_rates=[0.05, 0.2]"},
                               network);
    const std::size_t vectors = 2;
    const auto one_by_one = bits(
        with(settings, {"run.backend='serial'", "run.lanes=1", "run.instruction_set='portable'"}), vectors);
    const auto there = bits(with(settings, {"run.backend='" + backend + "'"}), vectors);
    REQUIRE(there.size() == one_by_one.size());
    const auto differ = std::inner_product(there.begin(), there.end(), one_by_one.begin(), 0, std::plus<>(),
                                           std::not_equal_to<>());
    CHECK(differ == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("A gate on digits has the same rows on every backend", "[bytes]", Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    gives_the_same_rows(TestType::name, {"data.inputs=[36]", "escape.batch_sizes=[1, 3]"});
}

TEMPLATE_TEST_CASE("A multilayer perceptron on digits has the same rows on every backend", "[bytes]", Omp,
                   Cuda) {
    if (!can_run(TestType::name)) return;
    gives_the_same_rows(TestType::name, {"data.inputs=[20, 28, 36, 44]", "data.target='class'",
                                         "network.hidden=[5, 3]", "network.bias=true"});
}

TEST_CASE("The memory that a GPU's thread is planned for is what a path keeps and steps in") {
    // Seven numbers of a sample, which a slice of several lanes would turn.
    using Shape =
        StaticNetwork<NetworkKind::layers, UnitFunction::tanh, true, NetworkLoss::softmax, 1, 6, 5, 3, 10>;
    using Process = NetworkProcess<Shape, Momentum, true, float>;
    const auto config = escape_config_from_text(
        "", "test",
        {"data.inputs=[20, 21, 28, 29, 36, 44]", "data.target='class'", "network.hidden=[5, 3]",
         "network.bias=true", "optimiser.name='momentum'", "run.precision='single'"});
    const Place place(config.network.parameters(), 2);
    const NetworkRun network(config, place.saddle, place.space);
    CHECK(process_of(network.escape(), 0).path_bytes ==
          sizeof(float) * (Process::numbers_of_path + Process::workspace<1>));
    CHECK(Process::workspace<8> == Process::workspace<1> + row_of_table(Shape{}));
}

TEMPLATE_TEST_CASE("Ten more networks have the same rows on every backend", "[bytes]", Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    if (!std::getenv("NOISETRAP_TEN_NETWORKS")) {
        SUCCEED("with NOISETRAP_TEN_NETWORKS=1");
        return;
    }
    const std::string pixels = "data.inputs=[20, 28, 36, 44]", classes = "data.target='class'",
                      sequences = "data.set='sequences'", recurrent = "network.kind='recurrent'";
    const Settings networks[] = {
        {sequences, recurrent, "network.inputs=2", "network.hidden=[3]", "optimiser.name='nesterov'"},
        {sequences, recurrent, "network.hidden=[2]", "network.unit='gelu'", "escape.batch_sizes=[5]",
         "escape.label_noise=0.3", "escape.order='reshuffled'"},
        {pixels, "network.hidden=[6]", "network.unit='relu'", "optimiser.name='momentum'"},
        {pixels, classes, "network.hidden=[5]", "network.unit='gelu'", "network.bias=true",
         "optimiser.name='adam'"},
        {pixels, "network.kind='gates'", "network.unit='sigmoid'", "network.loss='logistic'",
         "optimiser.name='rmsprop'"},
        {"data.inputs=[19, 20, 28, 36, 44, 45]", "data.target='inputs'", "network.hidden=[2]",
         "network.unit='linear'", "escape.batch_sizes=[4]", "escape.order='without-replacement'"},
        {pixels, classes, "network.hidden=[4, 3, 2]", "run.precision='double'", "optimiser.name='amsgrad'"},
        {pixels, "network.hidden=[3]", "escape.order='reshuffled'", "escape.batch_sizes=[7]",
         "optimiser.name='adagrad'"},
        {pixels, "network.hidden=[3]", "escape.weight_decay=0.01", "escape.label_noise=0.5",
         "optimiser.name='annealed'", "run.precision='double'"},
        {pixels, "network.hidden=[4]", "network.unit='sigmoid'", "escape.any_angle=false",
         "escape.distance='along'", "escape.start=0", "escape.near=0"},
    };
    for (const auto& network : networks) {
        INFO(network[network.size() - 1] << ", " << network[1]);
        gives_the_same_rows(TestType::name, network);
    }
}
