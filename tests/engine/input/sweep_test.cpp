// A sweep's points are what they are alone: read in order, numbered for good, resumed without a trace.
#include "engine/input/sweep.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "analysis/sweeps/observables.hpp"
#include "analysis/sweeps/sweeping.hpp"
#include "engine/error.hpp"
#include "validation/sweep_presets.hpp"

using namespace noisetrap;

namespace {

using Bits = std::vector<std::uint64_t>;
using Places = std::vector<std::size_t>;

void add(Bits& bits, double x) {
    std::uint64_t word = 0;
    std::memcpy(&word, &x, sizeof x);
    bits.push_back(word);
}

Bits bits(const std::vector<double>& numbers) {
    Bits all;
    for (const double x : numbers) add(all, x);
    return all;
}

Bits bits(const PathColumns& rows) {
    Bits all = bits(rows.log_growth);
    for (const auto* columns : {&rows.value, &rows.log_abs})
        for (const auto& column : *columns)
            for (const double x : column) add(all, x);
    all.insert(all.end(), rows.exit_step.begin(), rows.exit_step.end());
    return all;
}

Bits bits(const PointResult& point) {
    Bits all{point.failed};
    for (const auto& estimate : point.values) {
        add(all, estimate.value);
        add(all, estimate.standard_error);
        add(all, estimate.chance);
    }
    return all;
}

Bits bits(const Moments& m) {
    Bits all{m.count};
    for (const double x : {m.mean, m.m2, m.m3, m.m4}) add(all, x);
    return all;
}

Bits bits(const BatchRows& batch) {
    auto all = bits(batch.rows);
    all.push_back(batch.fallen);
    return all;
}

Bits bits(const SweepState& state) {
    Bits all;
    const auto append = [&](const Bits& more) { all.insert(all.end(), more.begin(), more.end()); };
    for (const auto& point : state.points) append(point ? bits(*point) : Bits{0});
    for (const auto& batch : state.batches) append(bits(batch));
    return all;
}

const std::string saddle = "model.name = 'noisy-saddle'\nmodel.tau = 0.0\n";
const std::string sde = "model.name = 'linear-sde'\nmodel.tau = 0.0\n";

Sweep sweep(const std::string& toml, const std::vector<std::string>& settings = {}) {
    return sweep_from_text(toml, "sweep.toml", settings, host_models());
}

std::vector<std::string> keys(const Sweep& sweep) {
    std::vector<std::string> keys;
    for (const auto& axis : sweep.axes) keys.push_back(axis.key);
    return keys;
}

std::vector<double> numbers(const Axis& axis) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < axis.size(); ++i) numbers.push_back(axis.number(i));
    return numbers;
}

std::string complaint(const std::string& toml, const std::vector<std::string>& settings = {}) {
    try {
        sweep(toml, settings);
    } catch (const InputError& error) {
        return error.what();
    }
    return "nothing is wrong";
}

bool same(const SweepPoint& a, const SweepPoint& b) {
    return a.model == b.model && a.method == b.method && a.dt == b.dt && a.t_end == b.t_end &&
           a.steps == b.steps;
}

SweepState finished(const Sweep& sweep) {
    SweepState state;
    run_sweep(
        sweep, state, [](const SweepState&) {}, [](const SweepNews&) {});
    return state;
}

/// Points of four numbers of steps, so that it takes four launches, not in the order of the grid; and a
/// boundary in several rounds.
const std::string in_chunks = saddle +
                              "ensemble.paths = 150\n[sweep]\noptimiser.learning_rate = [0.5, 1.0]\n"
                              "model.sigma = [0.3, 0.8, 1.2]\nintegrator.steps = [20, 30, 40, 50]\n"
                              "observe = ['growth', 'median', 'trapped', 'escaped']\nexit_radius = 1.5\n"
                              "trapped_within = 0.1\nboundary.batch = 100\nboundary.accuracy = 0.1\n"
                              "boundary.most_batches = 8\nboundary.coarse = 4\n";

/// The k-th of those with fewest steps; of equally many, of those that come first in the grid.
std::vector<std::size_t> ranks(const Sweep& sweep) {
    std::vector<std::size_t> rank(sweep.size());
    for (std::size_t i = 0; i < sweep.size(); ++i)
        for (std::size_t j = 0; j < sweep.size(); ++j) {
            const auto mine = sweep.point(i).steps, its = sweep.point(j).steps;
            rank[i] += its < mine || (its == mine && j < i);
        }
    return rank;
}

}  // namespace

TEST_CASE("Axes come in the order of the file") {
    const std::string file = saddle +
                             "[sweep]\nmodel.sigma = [0.1, 0.2]\n"
                             "optimiser.learning_rate = {from = 1, to = 2, points = 3}\n"
                             "model.law = ['two-point', 'gaussian']\n";
    const auto read = sweep(file);
    CHECK(keys(read) == std::vector<std::string>{"model.sigma", "optimiser.learning_rate", "model.law"});
    CHECK(read.size() == 12);
    CHECK(read.axes[0].name == "sigma");
    CHECK(read.axes[0].scale == "list");
    CHECK(numbers(read.axes[0]) == std::vector<double>{0.1, 0.2});
    CHECK(read.axes[1].scale == "linear");
    CHECK(numbers(read.axes[1]) == std::vector<double>{1, 1.5, 2});
    CHECK(read.axes[2].scale == "words");
    CHECK(read.axes[2].values == std::vector<ParameterValue>{"two-point", "gaussian"});

    SECTION("tables and words as good as lists of one") {
        const auto table = sweep(saddle +
                                     "[sweep.integrator]\nsteps = [7]\n[sweep.model]\nlaw = 'uniform'\n"
                                     "a = [0.1]\n",
                                 {"sweep.integrator.steps=[7]"});
        CHECK(keys(table) == std::vector<std::string>{"integrator.steps", "model.law", "model.a"});
        CHECK(table.size() == 1);
    }
    SECTION("--set replaces an axis in its place, a part of one, or adds one behind") {
        const auto set = sweep(file, {"sweep.model.sigma=[0.5]", "sweep.optimiser.learning_rate.points=5",
                                      "sweep.model.law=gaussian"});
        CHECK(keys(set) == keys(read));
        CHECK(numbers(set.axes[0]) == std::vector<double>{0.5});
        CHECK(numbers(set.axes[1]) == std::vector<double>{1, 1.25, 1.5, 1.75, 2});
        const auto added = sweep(saddle + "[sweep]\nmodel.sigma = [0.1]\n", {"sweep.model.a=[1, 2]"});
        CHECK(keys(added) == std::vector<std::string>{"model.sigma", "model.a"});
    }
}

TEST_CASE("Logarithmic axes have equal ratios and end where they are told") {
    const auto axis =
        sweep(saddle + "[sweep]\nmodel.sigma = {from = 0.02, to = 20.0, points = 37, scale = 'log'}\n")
            .axes[0];
    const auto values = numbers(axis);
    CHECK(axis.scale == "log");
    REQUIRE(values.size() == 37);
    CHECK(values.front() == 0.02);
    CHECK(values.back() == 20.0);
    for (std::size_t i = 1; i < values.size(); ++i)
        CHECK(values[i] / values[i - 1] == Approx(std::pow(1000.0, 1 / 36.0)).epsilon(1e-13));
}

TEST_CASE("Axes that would share a name have their keys for names") {
    const auto read = sweep(
        "model.name = 'finite-sum-saddle'\noptimiser.name = 'svrg'\nmodel.tau = 0.0\n[sweep]\n"
        "model.samples = [64, 128]\noptimiser.samples = [4]\nmodel.sigma = [0.1]\n");
    CHECK(read.axes[0].name == "model_samples");
    CHECK(read.axes[1].name == "optimiser_samples");
    CHECK(read.axes[2].name == "sigma");
}

TEST_CASE("The last axis runs fastest") {
    const auto read = sweep(saddle +
                            "[sweep]\nmodel.a = [1, 2]\nmodel.sigma = [0.1, 0.2, 0.3]\n"
                            "model.law = ['gaussian', 'uniform']\n");
    CHECK(read.place(0) == Places{0, 0, 0});
    CHECK(read.place(1) == Places{0, 0, 1});
    CHECK(read.place(2) == Places{0, 1, 0});
    CHECK(read.place(11) == Places{1, 2, 1});
    const auto point = read.point(7);
    CHECK(read.place(7) == Places{1, 0, 1});
    CHECK(point.model.at("a") == ParameterValue(2.0));
    CHECK(point.model.at("sigma") == ParameterValue(0.1));
    CHECK(point.model.at("law") == ParameterValue("uniform"));
    CHECK(point.model.at("tau") == ParameterValue(0.0));
    CHECK(description(read, 7) == "model.a = 2, model.sigma = 0.1, model.law = uniform");
    const auto moved = read.point_at(7, 0.25);
    CHECK(moved.model.at("sigma") == ParameterValue(0.25));
    CHECK(moved.model.at("a") == ParameterValue(2.0));
    // columns of the boundary: all but the second axis, the last fastest
    CHECK(columns_of(read) == 4);
    const std::vector<Places> first = {{0, 0, 0}, {0, 0, 1}, {1, 0, 0}, {1, 0, 1}};
    for (std::size_t c = 0; c < 4; ++c) CHECK(read.place(point_of_column(read, c)) == first[c]);
}

TEST_CASE("t_end gives each point its own number of steps") {
    const auto by_dt = sweep(sde + "integrator.t_end = 4\n[sweep]\nintegrator.dt = [0.25, 0.5, 2]\n");
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(by_dt.point(i).dt == by_dt.axes[0].number(i));
        CHECK(by_dt.point(i).steps == (i == 0 ? 16 : i == 1 ? 8 : 2));
    }
    const auto by_end = sweep(sde + "integrator.dt = 0.5\n[sweep]\nintegrator.t_end = [1, 3]\n");
    CHECK(by_end.point(0).steps == 2);
    CHECK(by_end.point(1).steps == 6);
    const auto both = sweep(sde + "[sweep]\nintegrator.t_end = [2, 3]\nintegrator.dt = [0.25, 0.5]\n");
    CHECK(both.point(0).steps == 8);
    CHECK(both.point(1).steps == 4);
    CHECK(both.point(3).steps == 6);
    const auto by_steps = sweep(sde + "[sweep]\nintegrator.steps = [10, 20]\n");
    CHECK(by_steps.point(1).steps == 20);
    const auto said = complaint(sde + "integrator.t_end = 4\n[sweep]\nintegrator.dt = [0.5, 0.3]\n");
    CHECK_THAT(said, Catch::Contains("sweep.integrator.dt"));  // must ascend
    const auto unfit = complaint(sde + "integrator.t_end = 4\n[sweep]\nintegrator.dt = [0.3, 0.5]\n");
    CHECK_THAT(unfit, Catch::Contains("integrator.t_end") && Catch::Contains("multiple of dt = 0.3") &&
                          Catch::Contains("at integrator.dt = 0.3"));
}

TEST_CASE("The resolved configuration is the same sweep, and resolves to itself") {
    std::vector<std::string> files = {
        in_chunks, sde + "integrator.t_end = 4\n[sweep]\nintegrator.dt = [0.25, 0.5, 2]\n",
        sde +
            "[sweep]\nintegrator.t_end = [2, 3]\nmodel.a = {from = 0.1, to = 0.7, points = 4}\n"
            "title = '''two\nlines = 2'''\n"};
    for (const auto& preset : sweep_presets()) files.push_back(preset.toml);
    for (const auto& file : files) {
        const auto once = sweep(file);
        const auto text = to_toml(once.resolved, false);
        INFO(text);
        const auto again = sweep(text);
        CHECK(to_toml(again.resolved, false) == text);
        REQUIRE(again.size() == once.size());
        for (std::size_t i = 0; i < once.size(); ++i) REQUIRE(same(once.point(i), again.point(i)));
        CHECK(again.observables == once.observables);
        CHECK(keys(again) == keys(once));
        CHECK(again.title == once.title);
        CHECK(again.boundary.has_value() == once.boundary.has_value());
        CHECK(sweep(to_toml(once.resolved, true)).size() == once.size());  // with comments
    }
}

TEST_CASE("A point's simulation has its parameters, its steps and the noise of its number") {
    const auto read = sweep(sde +
                            "integrator.t_end = 4\nensemble.paths = 70\nensemble.seed = 5\n[sweep]\n"
                            "integrator.dt = [0.25, 0.5]\nmodel.a = [0.1, 0.2]\n");
    const auto alone = simulation_of(read, read.point(3));
    CHECK(alone.ensembles == std::vector<ParameterValues>{read.point(3).model});
    CHECK(alone.dt == 0.5);
    CHECK(alone.steps == 8);
    CHECK(alone.paths == 70);
    CHECK(alone.seed == 5);
    CHECK(alone.own_steps.empty());
    const auto together = simulation_of(read, {read.point(0), read.point(1)}, 42);
    CHECK(together.first_ensemble == 42);
    CHECK(together.steps == 16);
    CHECK(together.ensembles == std::vector<ParameterValues>{read.point(0).model, read.point(1).model});
    REQUIRE(together.own_steps.size() == 2);
    CHECK(together.own_steps[1].dt == 0.25);
}

TEST_CASE("An ensemble with steps of its own is what it is alone under its number", "[bytes]") {
    // Ensembles with and without diffusive noise, or of several laws, run in different batches.
    const auto saddle_points = sweep(saddle +
                                         "ensemble.paths = 130\n[sweep]\nmodel.law = ['gaussian', "
                                         "'two-point']\noptimiser.learning_rate = [0.1, 0.7, 1.0]\n",
                                     {"integrator.steps=33", "optimiser.name=momentum"});
    const auto sde_points = sweep(
        "model.name = 'linear-sde'\nensemble.paths = 130\nintegrator.steps = 33\n"
        "[sweep]\nmodel.tau = [0.0, 0.5]\nintegrator.dt = [0.01, 0.125, 0.5]\n");
    for (const auto* read : {&saddle_points, &sde_points})
        for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{1} << 40}) {
            std::vector<SweepPoint> points;
            for (std::size_t i = 0; i < read->size(); ++i) points.push_back(read->point(i));
            auto together = simulation_of(*read, points, first);
            together.observe.steps = {0, 10, 33};
            const auto rows = collect(together).ensembles;
            const auto summaries = run(together).ensembles;
            REQUIRE(rows.size() == points.size());
            for (std::size_t i = 0; i < points.size(); ++i) {
                auto alone = simulation_of(*read, points[i]);
                alone.first_ensemble = first + i;
                alone.observe.steps = {0, 10, 33};
                CHECK(bits(collect(alone).ensembles[0]) == bits(rows[i]));
                CHECK(bits(run(alone).ensembles[0].log_growth.moments) ==
                      bits(summaries[i].log_growth.moments));
                CHECK(replay(together, i, 129, {33})[0] == rows[i].value[2][129]);
                alone.first_ensemble += 1;
                CHECK(bits(collect(alone).ensembles[0]) != bits(rows[i]));
            }
        }
}

TEST_CASE("A sweep's estimates are those of its points run alone", "[bytes]") {
    for (const auto& read :
         {sweep(in_chunks),
          sweep(sde + "integrator.t_end = 4\nensemble.paths = 150\n[sweep]\nmodel.a = [0.1, 0.2]\n"
                      "integrator.dt = [0.25, 0.5]\nobserve = ['growth', 'quantile:0.9']\n"
                      "phases = true\n")}) {
        auto asked = read;
        prepare(asked);
        const auto state = finished(asked);
        const auto rank = ranks(asked);
        REQUIRE(state.points_done() == asked.size());
        for (std::size_t i = 0; i < asked.size(); ++i) {
            auto alone = simulation_of(asked, asked.point(i));
            alone.first_ensemble = rank[i];
            observe(alone, asked.observables);
            const auto rows = collect(alone).ensembles[0];
            const PointResult expected{estimates_of(asked.observables, rows, alone, asked.trapped_within),
                                       failed_rows(rows)};
            CHECK(bits(*state.points[i]) == bits(expected));
        }
    }
}

TEST_CASE("Each batch of a boundary has the noise of its own number", "[bytes]") {
    const auto asked = sweep(in_chunks);
    const auto state = finished(asked);
    REQUIRE(state.batches.size() > 50);
    const auto& terms = *asked.boundary;
    const auto& axis = asked.axes[1];
    std::size_t next = 0, rounds = 0;
    find_boundary({.columns = columns_of(asked),
                   .from = axis.number(0),
                   .to = axis.number(axis.size() - 1),
                   .error = terms.error,
                   .accuracy = terms.accuracy,
                   .coarse = terms.coarse,
                   .most_batches = terms.most_batches},
                  [&](const std::vector<BatchRequest>& requests) {
                      std::vector<BatchRows> answers;
                      for (const auto& request : requests) {
                          const auto point =
                              asked.point_at(point_of_column(asked, request.column), request.y);
                          auto alone = simulation_of(asked, point);
                          alone.paths = terms.batch;
                          alone.first_ensemble = (std::uint64_t{1} << 40) + next;
                          observe(alone, {terms.observable});
                          const auto rows = collect(alone).ensembles[0];
                          answers.push_back(BatchRows::of(rows_of(terms.observable, rows, alone, 1)));
                          REQUIRE(next < state.batches.size());
                          CHECK(bits(answers.back()) == bits(state.batches[next++]));
                      }
                      ++rounds;
                      return answers;
                  });
    CHECK(next == state.batches.size());
    CHECK(rounds > 2);
}

TEST_CASE("A boundary is not found where paths fall on zero") {
    // sigma = 1 is a point of the first look, and half of the factors 1 +- sigma are 0 there.
    for (const int steps : {2, 4, 8, 12, 14}) {
        const auto asked = sweep(
            "model.name = 'noisy-saddle'\n[sweep]\nmodel.a = [0.0]\nmap = false\n"
            "model.sigma = {from = 0.5, to = 1.5, points = 5}\nboundary.accuracy = 0.02\n",
            {"model.tau=0", "model.law=two-point", "integrator.steps=" + std::to_string(steps)});
        SweepState state;
        const auto found = run_sweep(
            asked, state, [](const SweepState&) {}, [](const SweepNews&) {});
        REQUIRE(found.has_value());
        REQUIRE(found->crossings.size() == 1);
        CHECK((found->crossings[0].low < std::sqrt(2) && std::sqrt(2) < found->crossings[0].high));
    }
}

TEST_CASE("The way of running leaves a sweep's state alone", "[bytes]") {
    const auto plain = bits(finished(sweep(in_chunks)));
    for (const std::string setting : {"run.threads=1", "run.threads=3", "run.chunk=1024", "run.lanes=16",
                                      "run.backend=serial", "run.instruction_set=portable"})
        CHECK(bits(finished(sweep(in_chunks, {setting}))) == plain);
    CHECK(bits(finished(sweep(in_chunks, {"ensemble.seed=2"}))) != plain);
}

TEST_CASE("A sweep goes on from whatever is there", "[bytes]") {
    const auto asked = sweep(in_chunks);
    const auto whole = finished(asked);
    const auto resumed = [&](SweepState state) {
        run_sweep(
            asked, state, [](const SweepState&) {}, [](const SweepNews&) {});
        return bits(state);
    };
    SweepState holes = whole;
    for (const std::size_t i : {0, 1, 5, 8, 13, 22}) holes.points[i].reset();
    CHECK(resumed(holes) == bits(whole));
    SweepState one;
    one.points.resize(asked.size());
    one.points[9] = whole.points[9];
    CHECK(resumed(one) == bits(whole));
    for (const std::size_t kept : {std::size_t{1}, std::size_t{7}, whole.batches.size() / 2,
                                   whole.batches.size() - 1, whole.batches.size()}) {
        SweepState cut = whole;
        cut.batches.resize(kept);
        CHECK(resumed(cut) == bits(whole));
    }
    // what is there is believed, not run again
    SweepState marked = whole;
    marked.points[3]->values[0].value = 42;
    CHECK(resumed(marked) == bits(marked));
}

TEST_CASE("An interrupted sweep keeps what it has finished", "[bytes]") {
    auto asked = sweep(in_chunks);
    StopSource owner;
    asked.base.run.stop = owner.token();
    const auto whole = finished(asked);
    SweepState state;
    std::size_t goes = 0, done = 0;
    for (bool ended = false; !ended; ++goes) {
        std::size_t kept = 0;
        try {
            run_sweep(
                asked, state,
                [&](const SweepState& now) {
                    kept = now.points_done() + now.batches.size();
                    CHECK(kept > done);
                    owner.request_stop();
                },
                [](const SweepNews&) {});
            ended = true;
        } catch (const Interrupted&) {
            CHECK(state.points_done() + state.batches.size() == kept);  // nothing half finished
        }
        owner.forget();
        done = kept;
        REQUIRE(goes < 1000);
    }
    CHECK(goes > 4);
    CHECK(bits(state) == bits(whole));
}

TEST_CASE("Products of matrices are resumed as runs of the engine are", "[bytes]") {
    const auto asked = sweep(
        "model.name = 'matrix-product'\nensemble.paths = 4\n[sweep]\n"
        "integrator.steps = [20, 40]\nmodel.dimension = [1, 2, 4]\n"
        "observe = ['exponent', 'exponent:2']\n");
    const auto whole = finished(asked);
    SweepState half = whole;
    for (const std::size_t i : {1, 2, 4}) half.points[i].reset();
    run_sweep(
        asked, half, [](const SweepState&) {}, [](const SweepNews&) {});
    CHECK(bits(half) == bits(whole));
    CHECK(std::isnan(whole.points[0]->values[1].value));  // one dimension has no second exponent
    CHECK(whole.points[1]->values[0].value > whole.points[1]->values[1].value);
    auto other = asked;
    other.base.seed = 2;
    CHECK(bits(finished(other)) != bits(whole));
}

TEST_CASE("Every point of a diagram of matrix products has noise of its own") {
    const auto state =
        finished(sweep("model.name = 'matrix-product'\nintegrator.steps = 20\nensemble.paths = 4\n[sweep]\n"
                       "model.a = [0.1, 0.100000001]\nobserve = ['exponent']\n"));
    CHECK(std::abs(state.points[0]->values[0].value - state.points[1]->values[0].value) > 1e-6);
}

TEST_CASE("Keeping and news count all that is finished") {
    const auto asked = sweep(in_chunks);
    SweepState state;
    std::size_t before = 0;
    std::vector<std::size_t> told;
    run_sweep(
        asked, state,
        [&](const SweepState& now) {
            CHECK(now.points_done() + now.batches.size() > before);
            before = now.points_done() + now.batches.size();
        },
        [&](const SweepNews& news) { told.push_back(news.done + news.batches); });
    REQUIRE(told.size() > 5);
    CHECK(std::is_sorted(told.begin(), told.end()));
    CHECK(told.back() == before);
    CHECK(before == asked.size() + state.batches.size());
}

TEST_CASE("A sweep observes another number, and counts exponents of systems") {
    const std::string system =
        "[model]\nequation = ['dx = y dt + s*x dW', 'dy = -y dt + y dW']\nparameters = {s = 1.0}\n"
        "[sweep]\nmodel.s = [0.5, 1.0]\n";
    const auto sweep = sweep_from_text(system +
                                           "of = 'x*y'\nexit_of = 'norm'\nexit_radius = 3.0\n"
                                           "observe = ['exponent', 'exponent:2', 'escaped', 'median']\n",
                                       "test", {}, {});
    const auto& observe = sweep.base.observe;
    REQUIRE(observe.of);
    CHECK(observe.of->text == "x*y");
    CHECK(observe.exit_of->text == "norm");
    const auto refused = [&](const std::string& model, const std::string& more) -> std::string {
        try {
            sweep_from_text(model + more, "test", {}, {});
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    using Catch::Matchers::Contains;
    const std::string one = "[model]\nname = 'linear-sde'\ntau = 0.0\n[sweep]\nmodel.a = [0.5, 1.0]\n";
    CHECK_THAT(refused(system, "observe = ['exponent:3']\n"), Contains("has 2 exponents"));
    CHECK_THAT(refused(one, "observe = ['exponent']\n"), Contains("systems of formulas"));
    CHECK_THAT(refused(one, "of = 'x^2'\nobserve = ['small-step']\n"), Contains("take out sweep.of"));
    // What is watched depends on the point.
    CHECK_THAT(refused(system, "exit_of = 's*x'\nexit_radius = 0.75\nobserve = ['escaped']\n"),
               Contains("passed at the start already") && Contains("model.s = 1"));
}
