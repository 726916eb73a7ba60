// Bad input gets a sentence: what is wrong, where, and what would be right.
#include "engine/input/config.hpp"

#include <catch2/catch.hpp>

#include "engine/error.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/runs/backend.hpp"

using namespace noisetrap;

static std::string complaint(const std::string& toml, const std::vector<std::string>& settings = {}) {
    try {
        config_from_text(toml, "run.toml", settings);
    } catch (const InputError& e) {
        return e.what();
    }
    return "nothing is wrong";
}

static const std::string sde = "[model]\nname = 'linear-sde'\n";

TEST_CASE("Every mistake is named with its place and its remedy") {
    struct Mistake {
        std::string toml;
        std::vector<std::string> settings;
        std::vector<std::string> said;
    };
    const Mistake mistakes[] = {
        {sde + "sgima = 1.0\n", {}, {"run.toml:3", "model.sgima", "did you mean model.sigma?"}},
        {sde, {"model.sgima=1"}, {"--set model.sgima=1", "did you mean model.sigma?"}},
        {sde + "[ensembel]\npaths = 3\n", {}, {"run.toml:4", "did you mean ensemble.paths?"}},
        {sde + "sigma = 'big'\n", {}, {"run.toml:3", "model.sigma", "must be a number", "a string"}},
        {sde + "sigma = true\n", {}, {"must be a number"}},
        {sde + "sigma = -1\n", {}, {"run.toml:3", "between 0 and"}},
        {sde + "sigma = nan\n", {}, {"must be finite"}},
        {sde + "sigma = inf\n", {}, {"must be finite"}},
        {sde + "rho = 1.2\n", {}, {"model.rho", "between -1 and 1"}},
        {sde, {"integrator.dt=0"}, {"integrator.dt", "above 0"}},
        {sde, {"integrator.dt=-0.1"}, {"integrator.dt", "above 0"}},
        {sde, {"integrator.dt=0.1", "integrator.t_end=1.05"}, {"integrator.t_end", "multiple of dt = 0.1"}},
        {sde, {"integrator.t_end=1", "integrator.steps=5"}, {"both given"}},
        {sde, {"integrator.steps=0"}, {"integrator.steps", "above 0"}},
        {sde, {"integrator.steps=1.5"}, {"whole number"}},
        {sde, {"ensemble.paths=0"}, {"ensemble.paths", "between 1 and"}},
        {sde, {"ensemble.paths=-5"}, {"ensemble.paths", "between 1 and"}},
        {sde, {"ensemble.paths=1e18"}, {"ensemble.paths", "between 1 and 1000000000000000"}},
        {sde, {"ensemble.seed=-1"}, {"ensemble.seed"}},
        {sde, {"integrator.scheme=milstein"}, {"integrator.scheme", "do not commute", "euler-maruyama"}},
        {sde,
         {"integrator.scheme=sriw1"},
         {"integrator.scheme", "takes one noise", "use 'ri1', 'splitting' or", "tau = 0, or rho = 1 or -1"}},
        {sde, {"integrator.scheme=sra1"}, {"integrator.scheme", "does not depend on x", "use 'ri1'"}},
        {sde, {"integrator.scheme=tamed"}, {"integrator.scheme", "grow faster than x", "use 'ri1'"}},
        {sde, {"integrator.scheme=heunn"}, {"none of euler-maruyama, split-euler", "did you mean 'heun'"}},
        {sde,
         {"integrator.scheme=ri1", "observe.exit_radius=2", "observe.exit_bridge=true"},
         {"observe.exit_bridge", "no Brownian path"}},
        {sde, {"integrator.calculus=strat"}, {"integrator.calculus", "none of ito, stratonovich"}},
        {sde,
         {"integrator.calculus=stratonovich", "integrator.scheme=splitting"},
         {"integrator.calculus", "'splitting'", "use 'heun'"}},
        {sde,
         {"observe.times=[1.0, 99.0]"},
         {"holds 99", "640 steps of 0.015625 end at 10: also set integrator.steps=6336"}},
        {sde, {"observe.times=[0.001]"}, {"observe.times", "multiple of dt"}},
        {sde, {"observe.times=3"}, {"list of numbers"}},
        {sde, {"observe.quantiles=[1.0]"}, {"between 0 and 1"}},
        {sde, {"observe.quantiles=[0]"}, {"observe.quantiles"}},
        {sde, {"observe.exit_bridge=true"}, {"needs observe.exit_radius"}},
        {sde, {"observe.exit_radius=0.5"}, {"above |x0| = 1"}},
        {sde, {"observe.sample_paths=5", "ensemble.paths=3"}, {"more than the 3 paths"}},
        {sde, {"observe.replay=[3]", "ensemble.paths=3"}, {"numbered 0 to 2"}},
        {sde, {"observe.histogram.from=3", "observe.histogram.to=2"}, {"must be above from"}},
        {sde, {"observe.histogram.bins=0"}, {"observe.histogram.bins"}},
        {sde, {"run.lanes=7"}, {"0, 1 or a multiple of 16 up to 1024"}},
        {sde, {"run.threads=-2"}, {"run.threads"}},
        {sde, {"run.arithmetic=quick"}, {"none of exact, fast"}},
        {sde, {"run.arithmetic=fast", "run.precision=double"}, {"run.precision = 'mixed'"}},
        {sde, {"run.arithmetic=fast", "run.backend=serial"}, {"run.arithmetic", "use 'exact'"}},
        {sde, {"run.precision=half"}, {"none of mixed, double, single"}},
        {sde, {"run.backend=gpu"}, {"none of auto, cuda, omp, serial"}},
        {sde, {"run.devices=some"}, {"run.devices", "none of first, all"}},
        {sde, {"run.devices=[1, 1]"}, {"run.devices", "names a GPU twice"}},
        {sde, {"run.devices=[]"}, {"run.devices", "names no GPU"}},
        {sde, {"model.tau=0", "ensemble.x0=0"}, {"ensemble.x0", "never moves"}},
        {sde, {"optimiser.learning_rate=0.1"}, {"optimiser.learning_rate", "not a key", "is an SDE"}},
        {sde, {"sigma=1"}, {"sigma is not a key here; did you mean model.sigma?"}},
        {sde, {"model.x0=1"}, {"did you mean ensemble.x0?"}},
        {sde, {"model.batch_size=1"}, {"linear-sde has no batch_size; finite-sum-saddle has"}},
        {sde, {"model.q=1"}, {"linear-sde has no q; random-curvature has"}},
        {sde, {"observe.nothing=1"}, {"[observe] has of, times, quantiles"}},
        {sde + "[observe]\ntimes = [10]\n",
         {"integrator.t_end=5"},
         {"run.toml:4", "also set integrator.t_end=10"}},
        {sde + "[integrator]\nsteps = 5\nt_end = 1\n", {}, {"run.toml:5", "both given"}},
        {"model.name = 'noisy-saddle'", {"optimiser.beta1=0"}, {"sgd has no beta1; adam and amsgrad have"}},
        {"model.name = 'noisy-saddle'",
         {"observe.times=[1001]"},
         {"ends at step 1000: also set integrator.steps=1001"}},
        {sde, {"model.sigma"}, {"write key=value"}},
        {sde, {"run.precision=single", "ensemble.x0=1e60"}, {"ensemble.x0", "in this precision"}},
        {sde, {"ensemble.x0=1e-310"}, {"ensemble.x0", "in this precision"}},
        {sde, {"observe.times=[1e300]"}, {"observe.times", "more than 1e+15 steps"}},
        {sde, {"integrator.t_end=1e300"}, {"integrator.t_end", "more than 1e+15 steps"}},
        {sde, {"ensemble.seed=9223372036854775807"}, {"ensemble.seed", "between 0 and"}},
        {sde, {"model.sigma=0.5\nfoo=3"}, {"more than one value"}},
        {sde,
         {"observe.histogram.scale=symlog", "observe.histogram.to=1e300",
          "observe.histogram.linear_within=1e-300"},
         {"observe.histogram.bins"}},
        {"\"model.sigma\" = 5\n" + sde, {}, {"dot inside quotes"}},
        {"model = 5\n", {}, {"model", "must be a table"}},
        {"[model]\nname = 'linear-sed'\n", {}, {"run.toml:2", "did you mean 'linear-sde'?"}},
        {"a = 1\n", {}, {"model.name is missing"}},
        {"[model\n", {}, {"run.toml:1"}},
        {"model.name = 'noisy-saddle'", {"model.rho=0.5", "model.eta_law=uniform"}, {"same law"}},
        {"model.name = 'noisy-saddle'", {"integrator.dt=0.1"}, {"not a key"}},
        {"model.name = 'noisy-saddle'", {"observe.exit_radius=5", "observe.exit_bridge=true"}, {"SDEs only"}},
        {"model.name = 'noisy-saddle'", {"model.law=cauchy"}, {"none of gaussian, uniform, two-point"}},
    };
    for (const auto& mistake : mistakes) {
        const auto said = complaint(mistake.toml, mistake.settings);
        INFO(said);
        for (const auto& part : mistake.said) CHECK(said.find(part) != std::string::npos);
        if (mistake.settings.empty() || mistake.settings[0].find('\n') == std::string::npos)
            CHECK(said.find('\n') == std::string::npos);
    }
}

TEST_CASE("A mistake tells its key, its place and the nearest word apart") {
    const auto blamed = [](const std::string& toml, const std::vector<std::string>& settings) {
        try {
            config_from_text(toml, "run.toml", settings);
        } catch (const InputError& e) {
            return e.blame;
        }
        return Blame{};
    };
    const auto key = blamed(sde + "sgima = 1.0\n", {});
    CHECK(key.where == "run.toml:3");
    CHECK(key.key == "model.sgima");
    CHECK(key.nearest == "model.sigma");
    const auto word = blamed(sde, {"integrator.scheme=euler"});
    CHECK(word.where == "--set integrator.scheme=euler");
    CHECK(word.nearest == "euler-maruyama");
    CHECK(blamed(sde, {"ensemble.paths=0"}).nearest.empty());
    CHECK(blamed(sde, {"optimiser.name=adam"}).nearest.empty());
}

TEST_CASE("A backend that cannot run here is refused with the reason") {
    for (const auto& b : backends())
        if (!b.usable) CHECK(complaint(sde, {"run.backend=" + b.name}).find(b.note) != std::string::npos);
}

TEST_CASE("A word that is near nothing suggests nothing") {
    const std::vector<std::string> laws = {"gaussian", "uniform", "two-point"};
    CHECK(nearest("gausian", laws) == "gaussian");
    CHECK(nearest("Gaussian", laws) == "gaussian");
    CHECK(nearest("unifrom", laws) == "uniform");
    CHECK(nearest("cauchy", laws) == std::nullopt);
    CHECK(nearest("octopus", {"adam"}) == std::nullopt);
    CHECK(nearest("adam", {}) == std::nullopt);
    CHECK(did_you_mean("cauchy", laws).empty());
    CHECK(did_you_mean("rademacher", laws) == "; did you mean 'two-point'?");
    CHECK(did_you_mean("rademacher", {"gaussian"}).empty());
    CHECK(kind_of("adam") == "an optimiser");
    CHECK(kind_of("splitting") == "a scheme");
    CHECK(kind_of("octopus") == "a model");
    CHECK(kind_of("squid").empty());
}

TEST_CASE("One length of a run given by --set replaces the file's other one") {
    const auto steps_of = [](const std::string& more, const std::string& setting) {
        return config_from_text(sde + "[integrator]\ndt = 0.5\n" + more, "run.toml", {setting})
            .simulation.steps;
    };
    CHECK(steps_of("steps = 640\n", "integrator.t_end=5") == 10);
    CHECK(steps_of("t_end = 320\n", "integrator.steps=7") == 7);
    CHECK(steps_of("steps = 640\n", "integrator={dt=0.25, t_end=5}") == 20);
}

TEST_CASE("t_end counts steps without summing times") {
    const auto config = config_from_text(sde, "run.toml", {"integrator.dt=0.1", "integrator.t_end=0.3"});
    CHECK(config.simulation.steps == 3);
    const auto long_run = config_from_text(sde, "run.toml", {"integrator.dt=0.1", "integrator.t_end=1e6"});
    CHECK(long_run.simulation.steps == 10000000);
    CHECK(long_run.times == std::vector<double>{long_run.simulation.time(10000000)});
}

TEST_CASE("The resolved configuration gives itself again") {
    for (const std::string name : {"linear-sde", "noisy-saddle"}) {
        const auto config = config_from_text("model.name = '" + name + "'", "run.toml",
                                             {"observe.histogram.to=3", "ensemble.seed=7"});
        for (const bool comments : {true, false}) {
            const auto again = config_from_text(to_toml(config.resolved, comments), "again.toml", {});
            CHECK(to_toml(again.resolved, true) == to_toml(config.resolved, true));
        }
    }
}

TEST_CASE("eta has the law of xi unless it is given its own") {
    const auto config = config_from_text("model.name = 'noisy-saddle'", "run.toml", {"model.law=two-point"});
    CHECK(std::get<std::string>(config.simulation.ensembles[0].at("eta_law")) == "two-point");
}
