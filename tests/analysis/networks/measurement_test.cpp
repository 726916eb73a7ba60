// Real data: what is measured on digits, to the digits of an independent computation (NumPy, the same data set).
#include "analysis/networks/measurement.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "engine/error.hpp"
#include "tests/temporary_folder.hpp"

using namespace noisetrap;

static NetworkConfig gate(const std::vector<std::string>& settings) {
    std::vector<std::string> all = {"measure.steps=100"};
    all.insert(all.end(), settings.begin(), settings.end());
    return network_config_from_text("", "test", all);
}

TEST_CASE("A gate on one pixel has the noise and the threshold of its finite sum") {
    struct Row {
        int pixel;
        double a, variance, critical, sde;
    };
    for (const auto& row : {Row{44, .004616767398, .999978685459, .009232007376, .0092337},
                            Row{55, .043029603055, .998148453261, .066650794333, .0862188},
                            Row{22, .064003634070, .995903534826, .124337983049, .1285338},
                            Row{36, .099767749399, .990046396180, .199441369657, .2015416}}) {
        const auto found = measure(gate({fmt::format("data.inputs=[{}]", row.pixel)}));
        CHECK(found.noise.a == Approx(row.a).epsilon(1e-9));
        CHECK(found.noise.sigma * found.noise.sigma == Approx(row.variance).epsilon(1e-9));
        CHECK(found.by_batch[0].learning_rate.value() == Approx(row.critical).epsilon(1e-9));
        CHECK(found.by_batch[0].sde_learning_rate == Approx(row.sde).epsilon(1e-5));
        CHECK_FALSE(found.pushed);
    }
}

TEST_CASE("The growth rate of a gate is exact for one sample a step and for two") {
    const auto found = measure(gate(
        {"data.inputs=[36]", "measure.learning_rates=[0.05, 0.2, 0.3, 0.5]", "measure.batch_sizes=[1, 2]"}));
    const double exact[] = {.003747391589,  NAN,         -.000058251099, NAN,
                            -.016668143538, .0072551711, -.111432503605, -.0188769586};
    for (std::size_t k : {0, 2, 4, 5, 6})
        CHECK(found.predictions[k].axis_rate == Approx(exact[k]).epsilon(1e-8));
    CHECK(found.by_batch[1].learning_rate.value() == Approx(.3864483711).epsilon(1e-9));
    CHECK(found.predictions[4].verdict.substr(0, 7) == "trapped");
    CHECK(found.predictions[0].verdict.substr(0, 6) == "slowed");
    const auto without = measure(gate({"data.inputs=[36]", "measure.learning_rates=[0.3]",
                                       "measure.batch_sizes=[2]", "measure.draws=\"without-replacement\""}));
    CHECK(without.predictions[0].axis_rate == Approx(.0072684915).epsilon(1e-7));
    CHECK(without.by_batch[0].learning_rate.value() == Approx(.3866600077).epsilon(1e-9));
}

TEST_CASE("The odds of leaving a gate are those of 20000 simulated paths each") {
    // Predicted by an independent program; its simulations found .9254(19) .7335(31) .4993(35) .2626(31) .1082(22) .0335(13).
    const double critical = .199441369657;
    const std::pair<double, double> rows[] = {{.9, .9261},   {1, .7326},   {1.1, .4930},
                                              {1.25, .2582}, {1.5, .1069}, {2, .0333}};
    for (const auto& [ratio, odds] : rows) {
        const auto found =
            measure(gate({"data.inputs=[36]", fmt::format("measure.learning_rates=[{}]", ratio * critical)}));
        CHECK(found.predictions[0].odds.value() == Approx(odds).margin(1e-4));
    }
}

TEST_CASE("Other units and losses move the threshold as their slopes say") {
    CHECK(measure(gate({"data.inputs=[36]", "network.unit=\"gelu\""})).by_batch[0].learning_rate.value() ==
          Approx(.398883).epsilon(1e-5));
    CHECK(
        measure(gate({"data.inputs=[36]", "network.loss=\"logistic\""})).by_batch[0].learning_rate.value() ==
        Approx(.398883).epsilon(1e-5));
    const auto softmax = measure(gate({"data.inputs=[36]", "network.loss=\"softmax\""}));
    CHECK(softmax.by_batch[0].learning_rate.value() == Approx(.282053).epsilon(1e-5));
    CHECK(softmax.saddle.flat() == 1);
    CHECK(softmax.saddle.neutral.size() == 3);  // the shift of both logits
}

TEST_CASE("A second noisy input opens the trap, since matrices decide") {
    const auto alone = measure(gate({"data.inputs=[36]", "measure.learning_rates=[0.398883]"}));
    const auto beside = measure(gate({"data.inputs=[36]", "data.constant=0.1",
                                      "measure.learning_rates=[0.398883]", "measure.steps=5000"}));
    CHECK(alone.noise_dimension.value() == Approx(1).epsilon(1e-4));
    CHECK(beside.noise_dimension.value() == Approx(1.02).epsilon(1e-3));
    CHECK(beside.saddle.neutral.empty());
    const auto& p = beside.predictions[0];
    CHECK(p.axis_rate < -0.04);
    CHECK(p.decisive.rate > 4 * p.decisive.error);
    // An independent run found R = .029(3).
    CHECK(std::abs(p.ratio() - .029) < 4 * std::hypot(.003, p.decisive.error / p.descent_rate));
    const auto two = measure(gate({"data.inputs=[36, 37]"}));
    CHECK(two.noise_dimension.value() == Approx(2.00).epsilon(3e-3));
}

TEST_CASE("At the second principal component of an autoencoder every sample pushes") {
    const auto found = measure(
        gate({"data.target=\"inputs\"", "network.unit=\"linear\"", "point.at=\"principal-components\"",
              "point.components=[2]", "measure.errors=\"population\"", "measure.steps=10"}));
    CHECK(found.noise.a == Approx(.03048205).epsilon(1e-6));
    CHECK(found.noise.a_error == Approx(.0151).epsilon(3e-3));
    CHECK(found.noise.sigma * found.noise.sigma == Approx(.40826115).epsilon(1e-6));
    CHECK(found.noise.tau * found.noise.tau == Approx(.13580422).epsilon(1e-6));
    CHECK(found.noise.rho == Approx(.0042).margin(5e-5));
    CHECK(found.saddle.index() == 1);
    CHECK(found.pushed);
    CHECK_FALSE(found.predictions[0].odds);
}

TEST_CASE("Where samples move the base point there is a growth rate beside it") {
    // An autoencoder of two inputs, uncorrelated, with variances 5 and 2.5: one unit has learnt the first, the other has
    // no weights. Baldi and Hornik: the way out has a = 2.5, and no sample pushes along it.
    const TemporaryFolder folder;
    std::ostringstream samples;
    for (const int p : {-3, -1, 1, 3})
        for (const int q : {-2, -1, 1, 2}) samples << p << "," << q << "\n";
    folder.with("samples.csv", samples.str());
    folder.with("learnt.csv", "1\n0\n1\n0\n");  // the weights of the unit, then those of the outputs
    const auto config = network_config_from_text(
        "data = {file = 'samples.csv', target = 'inputs'}\nnetwork = {unit = 'linear', hidden = [2]}\n"
        "point = {at = 'file', file = 'learnt.csv', zeroed_unit = true}",
        (folder.path / "run.toml").string(), {"measure.learning_rates=[0.01, 1.0]", "measure.steps=2000"});
    const auto found = measure(config);
    CHECK(found.saddle.index() == 1);
    CHECK(found.noise.a == Approx(2.5));
    CHECK_FALSE(found.pushed);
    const auto& p = found.predictions[0];
    REQUIRE(p.transverse);
    CHECK(p.decisive.rate == p.transverse->rate);
    // To first order in l both grow as gradient descent does; the next order is l^2 sigma^2 / 2 on one axis.
    const double second_order = std::pow(0.01 * found.noise.sigma, 2);
    CHECK(std::abs(p.product.rate - p.descent_rate) < second_order + 4 * p.product.error);
    CHECK(std::abs(p.transverse->rate - p.descent_rate) < second_order + 4 * p.transverse->error);
    CHECK(p.transverse->rate != p.product.rate);
    // A step of l = 1 multiplies what the unit has learnt by 1 - 9 at times.
    CHECK_THAT(found.predictions[1].verdict, Catch::StartsWith("diverges"));
}

TEST_CASE("Files and settings that are wrong are refused with their place") {
    CHECK_THROWS_WITH(gate({"data.inputs=[99]"}),
                      Catch::Contains("'99' is no column: they are numbered 0 to 63"));
    CHECK_THROWS_WITH(gate({"data.inputs=[36]", "data.inptu=[1]"}),
                      Catch::Contains("did you mean data.inputs?"));
    CHECK_THROWS_WITH(gate({"data.inputs=[0]"}),
                      Catch::StartsWith("column 0 of the data is the same number"));
    CHECK_THROWS_WITH(gate({"data.target=\"clas\""}), Catch::Contains("none of parity, class, inputs"));
    CHECK_THROWS_WITH(gate({"data.inputs=[36]", "measure.start=1"}), Catch::Contains("must lie between"));
    CHECK_THROWS_WITH(gate({"data.target=\"class\"", "network.loss=\"logistic\"", "data.inputs=[36]"}),
                      Catch::Contains("the logistic loss takes -1 (or 0) and 1"));
    CHECK_THROWS_WITH(gate({"data.inputs=[36]", "measure.learning_rates=[]"}), Catch::Contains("is empty"));
    CHECK_THROWS_WITH(gate({"data.inputs=[36]", "measure.batch_sizes=[]"}), Catch::Contains("batch_sizes"));
    CHECK_THROWS_WITH(gate({"network.hidden=[1000000,1000000]"}),
                      Catch::Contains("parameters, more than 1e+07"));
    const TemporaryFolder folder;
    const auto file = folder.with("table.csv", "a,b\n1,2\n3,x\n");
    CHECK_THROWS_WITH(read_table(file), Catch::Contains(":3: column 1: 'x' is no finite number"));
    folder.with("table.csv", "1,2\n3\n");
    CHECK_THROWS_WITH(read_table(file), Catch::Contains(":2: has 1 numbers, where the rows before have 2"));
    std::filesystem::remove(file);
    CHECK_THROWS_WITH(read_table(file), Catch::Contains("no such file"));
}
