// Networks that the engine trains, beside plain steps written out, and what is said of such runs.
#include "analysis/networks/training.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/critical/landscape_file.hpp"
#include "analysis/critical/plateaus.hpp"
#include "analysis/networks/features.hpp"
#include "analysis/networks/run_noise.hpp"
#include "engine/error.hpp"
#include "engine/runs/backend.hpp"
#include "tests/temporary_folder.hpp"

using namespace noisetrap;

namespace {

/// Two inputs and a target in five samples; the network has biases and 3 hidden units.
const char* const table = "0.5,-1.0,1\n-0.3,0.8,0\n1.2,0.4,1\n0.1,-0.7,-1\n-0.9,-0.2,0.5\n";

std::string data_in(const TemporaryFolder& folder) {
    return "data.file='" + folder.with("samples.csv", table) + "'";
}

LandscapeFile run_of(std::vector<std::string> settings) {
    const TemporaryFolder folder;
    const std::vector<std::string> common = {
        data_in(folder),     "data.target='2'",     "data.standardise=false", "network.hidden=[3]",
        "network.bias=true", "train.deviation=0.4", "train.learning_rate=0.2"};
    settings.insert(settings.begin(), common.begin(), common.end());
    return landscape_from_text("", "test", settings, LandscapeCommand::analyse);
}

/// Every step takes all samples, so that nothing is random.
std::vector<std::string> whole_batches(std::vector<std::string> settings) {
    const std::vector<std::string> common = {"train.batch_size=5", "train.order='without-replacement'",
                                             "train.steps=20", "train.checkpoints=21"};
    settings.insert(settings.end(), common.begin(), common.end());
    return settings;
}

/// Checkpoints of the engine's run beside step(x, gradient at x, n), which changes x.
template <class Step>
void check_steps(const LandscapeFile& file, Step step) {
    const auto trained = train(*file.run.training);
    Point x = file.run.training->point;
    for (std::size_t n = 0; n < trained.steps.size(); ++n) {
        for (std::size_t p = 0; p < x.size(); ++p) CHECK(trained.at(n, 0)[p] == Approx(x[p]).epsilon(1e-11));
        step(x, [&](const Point& at) {
            Point slope(at.size());
            file.landscape->gradient(at, slope);
            return slope;
        });
    }
}

}  // namespace

TEST_CASE("Nesterov's steps of a network with biases and weight decay are the published ones") {
    const auto file = run_of(
        whole_batches({"network.weight_decay=0.05", "optimiser.name='nesterov'", "optimiser.momentum=0.8"}));
    Point v(file.landscape->size());
    check_steps(file, [&](Point& x, auto gradient) {
        Point ahead = x;
        for (std::size_t p = 0; p < x.size(); ++p) ahead[p] += 0.8 * v[p];
        const Point g = gradient(ahead);
        for (std::size_t p = 0; p < x.size(); ++p) x[p] += v[p] = 0.8 * v[p] - 0.2 * g[p];
    });
}

TEST_CASE("Adam's steps of a network with biases and weight decay are the published ones") {
    const auto file = run_of(whole_batches({"network.weight_decay=0.05", "optimiser.name='adam'"}));
    Point m(file.landscape->size()), v(m.size());
    double n = 0;
    check_steps(file, [&](Point& x, auto gradient) {
        const Point g = gradient(x);
        ++n;
        for (std::size_t p = 0; p < x.size(); ++p) {
            m[p] = 0.9 * m[p] + 0.1 * g[p];
            v[p] = 0.999 * v[p] + 0.001 * g[p] * g[p];
            x[p] -= 0.2 * m[p] / (1 - std::pow(0.9, n)) / (std::sqrt(v[p] / (1 - std::pow(0.999, n))) + 1e-8);
        }
    });
}

TEST_CASE(
    "Label noise moves a weight by its deviation over the root of the batch, and by nothing on average") {
    // The output's bias takes the mean error of a batch: one step moves it by -l (mean error + mean noise).
    const auto file = run_of(whole_batches({"train.label_noise=2.0", "train.paths=4096", "train.steps=1",
                                            "optimiser.name='nesterov'", "optimiser.momentum=0.8"}));
    auto config = *file.run.training;
    config.steps = 1, config.checkpoints = {0, 1};
    const auto trained = train(config);
    const std::size_t bias = trained.parameters - 1;
    Point slope(trained.parameters);
    file.landscape->gradient(config.point, slope);
    double mean = 0, square = 0;
    for (std::size_t path = 0; path < trained.paths; ++path) {
        const double noise = -(trained.at(1, path)[bias] - trained.at(0, path)[bias]) / 0.2 - slope[bias];
        mean += noise / 4096, square += noise * noise / 4096;
    }
    const double variance = 2.0 * 2.0 / 5;
    CHECK(std::abs(mean) < 4 * std::sqrt(variance / 4096));
    CHECK(std::abs(square - variance) < 4 * variance * std::sqrt(2. / 4096));
}

TEST_CASE("Checkpoints of a training run are the same for any slices, threads and instruction sets",
          "[bytes]") {
    // Samples of nine numbers, which are read row by row where there are lanes, and one by one where there is one.
    const auto states = [](std::vector<std::string> settings) {
        const std::vector<std::string> common = {"data.set='sequences'", "network.kind='recurrent'",
                                                 "network.hidden=[3]",   "point.recurrent_weight=0.5",
                                                 "train.deviation=0.3",  "train.batch_size=2",
                                                 "train.steps=50",       "train.paths=37",
                                                 "train.checkpoints=6",  "run.precision='single'"};
        settings.insert(settings.end(), common.begin(), common.end());
        return train(*landscape_from_text("", "test", settings, LandscapeCommand::analyse).run.training)
            .states;
    };
    const auto usual = states({});
    CHECK(states({"run.threads=1", "run.lanes=16", "run.instruction_set='portable'"}) == usual);
    CHECK(states({"run.lanes=1"}) == usual);
}

TEST_CASE("A run that leaves the numbers is refused with the step") {
    const auto file = run_of({"train.learning_rate=1e5", "train.steps=200", "optimiser.name='nesterov'"});
    CHECK_THROWS_WITH(train(*file.run.training), Catch::Contains("leaves the numbers before step"));
}

TEST_CASE("Batches larger than the data without replacement, and two sources of one run, are refused") {
    CHECK_THROWS_WITH(run_of({"train.batch_size=6", "train.order='without-replacement'"}),
                      Catch::Contains("train.batch_size") && Catch::Contains("more than the 5 samples"));
    CHECK_THROWS_WITH(run_of({"analyse.run='run.npz'"}), Catch::Contains("keep one of them"));
}

TEST_CASE("Plateaus are the slow stretches above the end, and the end") {
    // The loss rests at 2, falls, rests at 1 with noise of 0.001, falls, and rests at 0.
    std::vector<double> steps, losses;
    for (int k = 0; k <= 100; ++k) {
        steps.push_back(10 * k);
        const double noise = k % 2 ? 0.001 : -0.001;
        losses.push_back((k < 20   ? 2
                          : k < 30 ? 2 - 0.1 * (k - 20)
                          : k < 60 ? 1
                          : k < 70 ? 1 - 0.1 * (k - 60)
                                   : 0) +
                         noise);
    }
    const auto found = plateaus_of(steps, losses);
    REQUIRE(found.size() == 3);
    const auto lies = [&](const Plateau& plateau, double first, double last) {
        return std::abs(steps[plateau.first] - first) <= 20 && std::abs(steps[plateau.last] - last) <= 20;
    };
    CHECK(lies(found[0], 0, 200));
    CHECK(lies(found[1], 300, 600));
    CHECK(lies(found[2], 700, 1000));
    CHECK((!found[0].is_end && !found[1].is_end && found[2].is_end));
    CHECK(plateaus_of({0, 1, 2}, {1, 1, 1}).empty());
}

namespace {

/// The start of a run that takes all samples at every step, so that noise changes nothing, and what is said of it.
struct Start {
    LandscapeFile file;
    Point at;
    RunPlace place;
    PlaceNoise noise;

    explicit Start(double decay)
        : file(run_of(whole_batches({fmt::format("network.weight_decay={}", decay)}))),
          at(file.run.training->point) {
        RunQuestions questions;
        questions.searches = 0;
        place = analyse(*file.landscape, {{0}, {at}}, questions, *make_cpu_backend("omp", 1)).places.front();
        noise = place_noise(*file.problem, at, place.escape, file.run.taken);
    }
};

}  // namespace

TEST_CASE("The way out of a run with weight decay is that of the loss with it, and so is its growth") {
    for (const double decay : {0.0, 0.05}) {
        CAPTURE(decay);
        const Start start(decay);
        REQUIRE(start.place.smallest < -0.01);
        CHECK(start.noise.noise.a == Approx(-start.place.smallest).epsilon(1e-9));
        REQUIRE(start.noise.ratio);
        CHECK(*start.noise.ratio == Approx(1).epsilon(1e-9));
        const auto matrix = matrix_ratio(*start.file.problem, start.at, start.place.escape,
                                         start.noise.noise.a, start.file.run.taken, {});
        CHECK(matrix.rate == Approx(1).epsilon(1e-6));
    }
}

TEST_CASE("Where weight decay exceeds what leads out nothing is said of noise") {
    const Start start(5);
    REQUIRE(start.place.smallest > 0);
    CHECK_FALSE(start.noise.ratio);
    CHECK_FALSE(start.noise.noise_over_signal);
}

TEST_CASE("What noise does is told of plain stochastic gradient descent without label noise alone") {
    const auto rate = [](std::vector<std::string> settings) {
        return run_of(std::move(settings)).run.taken.learning_rate;
    };
    CHECK(rate({}) == 0.2);
    CHECK(rate({"optimiser.name='adam'"}) == 0);
    CHECK(rate({"optimiser.name='momentum'"}) == 0);
    CHECK(rate({"train.label_noise=1.0"}) == 0);
}

TEST_CASE("A gate of which nine paths of ten are off, or one, counts as alike in nine tenths") {
    const TemporaryFolder folder;
    const auto file = landscape_from_text("", "test",
                                          {data_in(folder), "data.target='2'", "data.standardise=false",
                                           "network.kind='gates'", "train.steps=1"},
                                          LandscapeCommand::analyse);
    // Of gate 0 nine paths are off, and of gate 1 one: a state holds the weights w of both, then u.
    TrainedPaths trained{{0, 1}, 10, 4, {}};
    for (int step = 0; step < 2; ++step)
        for (int path = 0; path < 10; ++path)
            for (int side = 0; side < 2; ++side)
                trained.states.insert(trained.states.end(), {path < 9 ? 0.0 : 1.0, path < 1 ? 0.0 : 1.0});
    const auto map = feature_map(*file.run.training, trained, 1e-4, *make_cpu_backend("omp", 1));
    REQUIRE(map.gates.size() == 2);
    CHECK(map.gates[0].off == 0.9);
    CHECK(map.gates[1].off == 0.1);
    CHECK(map.off_share == 0.5);
    CHECK(map.all_or_none == 2);
}
