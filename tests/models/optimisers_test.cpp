// Every optimiser takes the steps of an independent implementation: PyTorch's, or the papers' pseudo-code
// (optimiser_reference.py). And what holds for each of them whatever the loss.
#include "models/optimisers.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/adaptive_optimisers.hpp"
#include "models/optimised.hpp"

using namespace noisetrap;

/// f(x, y) = x^4/4 - x^2/2 + 0.8 y^2 + 0.3 x y - xi x^2/2 - eta x, x^4 over the square of the unit of length.
struct TestLoss {
    static constexpr int dimensions = 2, noises = 2;
    struct Sample {
        double xi, eta;
    };
    Sample mean{0, 0};

    template <int N>
    NOISETRAP_HD Sample sample(const Draw<double, N>& noise) const {
        return {noise.template get<0>(), noise.template get<1>()};
    }
    template <class X, class Unit>
    NOISETRAP_HD State<X, 2> gradient(const State<X, 2>& point, Unit unit, const Sample& noise) const {
        const X x = point.at[0], y = point.at[1];
        return {
            {x * x * x / (unit * unit) - (1 + noise.xi) * x + 0.3 * y - noise.eta * unit, 1.6 * y + 0.3 * x}};
    }
    template <class X, class Unit>
    NOISETRAP_HD State<X, 2> mean_gradient(const State<X, 2>& x, Unit unit) const {
        return gradient(x, unit, mean);
    }
    NOISETRAP_HD Law law(int) const { return Law::gaussian; }
    NOISETRAP_HD bool uses(int) const { return true; }
    bool moves_zero() const { return true; }
};

template <class Optimiser>
using Process = Optimised<TestLoss, Optimiser, double>;
template <class Optimiser>
using Numbers = State<double, Process<Optimiser>::numbers>;  // x and y, then each memory
template <class Optimiser>
using Noise = Draw<double, Process<Optimiser>::noises>;  // xi and eta, then the kick

#define EVERY_OPTIMISER                                                                                   \
    Sgd, Annealed, Momentum, Nesterov, Perturbed, Svrg, NormalisedSgd, GradientDescent, RmsProp, AdaGrad, \
        Adam, AmsGrad

template <class Optimiser>
static Noise<Optimiser> noise(double xi, double eta, double kick_x, double kick_y) {
    Noise<Optimiser> draw{{xi, eta}};
    if constexpr (Optimiser::kicks) draw.z[2] = kick_x, draw.z[3] = kick_y;
    return draw;
}

/// Some noise for step n.
template <class Optimiser>
static Noise<Optimiser> some_noise(unsigned long long n) {
    const auto t = static_cast<double>(n);
    return noise<Optimiser>(std::sin(5 * t), std::cos(3 * t), std::sin(2 * t + 1), std::cos(7 * t + 2));
}

/// x and y alone, the memory empty.
template <class Optimiser>
static Numbers<Optimiser> start(double x, double y) {
    Numbers<Optimiser> s{};
    s.at[0] = x, s.at[1] = y;
    return s;
}

static const nlohmann::json& reference() {
    static const auto all =
        nlohmann::json::parse(std::ifstream(NOISETRAP_TEST_DATA "/models/optimiser_reference.json"));
    return all;
}

static ParameterValues values_of(const nlohmann::json& parameters) {
    ParameterValues values;
    for (const auto& [key, value] : parameters.items())
        values[key] = value.is_string() ? ParameterValue(value.get<std::string>()) : value.get<double>();
    return values;
}

template <class Optimiser>
static Optimiser with(const ParameterValues& values) {
    std::size_t known = 0;
    for (const auto& field : Optimiser::parameters()) known += values.count(field.info.key);
    REQUIRE(known == values.size());
    return with_parameters<Optimiser>(values);
}

/// Steps the optimiser as the run of this name was, and compares seen(state, optimiser) with its iterates.
template <class Optimiser, class Seen>
static void agree(const std::string& name, Seen seen) {
    const auto& run = reference()["runs"][name];
    const auto samples = reference()["samples"], kicks = reference()["kicks"];
    const bool stochastic = run["stochastic"];
    TestLoss loss;
    for (const auto& sample : samples) {
        const double share = stochastic ? 1 / static_cast<double>(samples.size()) : 0;
        loss.mean.xi += share * sample[0].get<double>();
        loss.mean.eta += share * sample[1].get<double>();
    }
    const Process<Optimiser> process{loss, with<Optimiser>(values_of(run["parameters"]))};
    auto s = start<Optimiser>(reference()["start"][0], reference()["start"][1]);
    REQUIRE(run["iterates"].size() == 12);
    for (std::size_t n = 0; n < 12; ++n) {
        const auto& sample = samples[n % samples.size()];
        const double of = stochastic ? 1 : 0;
        const double xi = sample[0], eta = sample[1];
        s = process.step(s, 1.0, n, noise<Optimiser>(of * xi, of * eta, kicks[n][0], kicks[n][1]));
        const State<double, 2> point = seen(s, process.optimiser);
        INFO(name << ", step " << n);
        CHECK(point.at[0] == Approx(run["iterates"][n][0].get<double>()).epsilon(1e-12));
        CHECK(point.at[1] == Approx(run["iterates"][n][1].get<double>()).epsilon(1e-12));
    }
}

template <class Optimiser>
static void agree(const std::string& name) {
    agree<Optimiser>(name, [](const auto& s, const auto&) { return State<double, 2>{{s.at[0], s.at[1]}}; });
}

TEST_CASE("Sgd takes the steps of torch.optim.SGD") { agree<Sgd>("sgd"); }

TEST_CASE("GradientDescent takes the steps of torch.optim.SGD on the full loss, whatever the sample") {
    agree<GradientDescent>("gradient-descent");
    const Process<GradientDescent> process{{}, {}};
    const auto s = start<GradientDescent>(0.5, 2);
    const auto one = process.step(s, 1.0, 0, some_noise<GradientDescent>(1));
    const auto other = process.step(s, 1.0, 0, some_noise<GradientDescent>(2));
    CHECK(one.at[0] == other.at[0]);
    CHECK(one.at[1] == other.at[1]);
}

TEST_CASE("Annealed takes the steps of torch.optim.SGD under PyTorch's schedulers") {
    agree<Annealed>("annealed, inverse");
    agree<Annealed>("annealed, step");
    agree<Annealed>("annealed, cosine");
    agree<Annealed>("annealed, exponential");
}

TEST_CASE("Momentum takes the steps of torch.optim.SGD with momentum") { agree<Momentum>("momentum"); }

TEST_CASE("Nesterov takes the steps of torch.optim.SGD with nesterov=True") {
    // PyTorch's iterate is where our next gradient is taken, y = x + momentum v.
    // With v' = momentum v - l f'(y): x' + momentum v' = x + v' + momentum v' = y - l f'(y) + momentum v'.
    agree<Nesterov>("nesterov", [](const auto& s, const Nesterov& o) {
        return State<double, 2>{{s.at[0] + o.momentum * s.at[2], s.at[1] + o.momentum * s.at[3]}};
    });
}

TEST_CASE("Perturbed at every step is noisy stochastic gradient of Ge et al. 2015") {
    agree<Perturbed>("perturbed at every step");
}

TEST_CASE("Perturbed where gradients are small is perturbed gradient descent of Jin et al. 2017") {
    agree<Perturbed>("perturbed where gradients are small");
}

TEST_CASE("Svrg is the procedure of Johnson and Zhang 2013") { agree<Svrg>("svrg"); }

TEST_CASE("NormalisedSgd is SNGD of Hazan et al. 2015, but for its epsilon") {
    agree<NormalisedSgd>("normalised-sgd");
    // At (0, 1) the gradient is (0.3, 1.6): an epsilon of its length halves the step.
    const double length = std::hypot(0.3, 1.6);
    const Process<NormalisedSgd> process{{}, {0.1, length}};
    const auto s = process.step(start<NormalisedSgd>(0, 1), 1.0, 0, Noise<NormalisedSgd>{});
    CHECK(s.at[0] == Approx(-0.05 * 0.3 / length).epsilon(1e-14));
    CHECK(s.at[1] == Approx(1 - 0.05 * 1.6 / length).epsilon(1e-14));
}

TEST_CASE("RmsProp takes the steps of torch.optim.RMSprop") { agree<RmsProp>("rmsprop"); }

TEST_CASE("AdaGrad takes the steps of torch.optim.Adagrad") { agree<AdaGrad>("adagrad"); }

TEST_CASE("Adam takes the steps of torch.optim.Adam") {
    agree<Adam>("adam");
    agree<Adam>("adam, standard parameters");
}

TEST_CASE("AmsGrad takes the steps of torch.optim.Adam with amsgrad=True, which are not Adam's") {
    agree<AmsGrad>("amsgrad");
    const auto& runs = reference()["runs"];
    REQUIRE(runs["amsgrad"]["parameters"] == runs["adam"]["parameters"]);
    CHECK(std::abs(runs["amsgrad"]["iterates"][11][0].get<double>() -
                   runs["adam"]["iterates"][11][0].get<double>()) > 1e-3);
}

TEMPLATE_TEST_CASE("Without a gradient nothing is divided by zero", "", NormalisedSgd, RmsProp, AdaGrad, Adam,
                   AmsGrad) {
    using Pair = Dual<double>;
    const Process<TestType> process{{}, {}};
    auto s = start<TestType>(0, 0);
    State<Pair, Process<TestType>::numbers> pairs{};
    pairs.at[0].slope = 1;
    for (unsigned long long n = 0; n < 5; ++n) {
        s = process.step(s, 1.0, n, Noise<TestType>{});
        for (const double number : s.at) CHECK(number == 0);
        pairs = process.step(pairs, 1.0, n, Noise<TestType>{});
        for (const Pair& pair : pairs.at) {
            CHECK(pair.value == 0);
            CHECK(std::isfinite(pair.slope));
        }
    }
}

TEMPLATE_TEST_CASE("Steps of rate 0 move nothing", "", EVERY_OPTIMISER) {
    TestType optimiser;
    optimiser.learning_rate = 0;
    if constexpr (TestType::kicks) optimiser.radius = 0;
    const Process<TestType> process{{}, optimiser};
    auto s = start<TestType>(0.7, -0.3);
    for (unsigned long long n = 0; n < 20; ++n) {
        s = process.step(s, 1.0, n, some_noise<TestType>(n));
        CHECK(s.at[0] == 0.7);
        CHECK(s.at[1] == -0.3);
    }
}

/// Steps c s under the unit c beside s under the unit 1.
template <class Optimiser>
static void scales(const Optimiser& optimiser, double c) {
    const Process<Optimiser> process{{{0.1, -0.2}}, optimiser};
    auto s = start<Optimiser>(0.7, -0.3), scaled = start<Optimiser>(0.7 * c, -0.3 * c);
    for (unsigned long long n = 0; n < 30; ++n) {
        s = process.step(s, 1.0, n, some_noise<Optimiser>(n));
        scaled = process.step(scaled, c, n, some_noise<Optimiser>(n));
        INFO("step " << n << ", c = " << c);
        for (int i = 0; i < Process<Optimiser>::numbers; ++i) CHECK(scaled.at[i] == c * s.at[i]);
    }
    REQUIRE(std::isfinite(s.at[0]));
    REQUIRE(s.at[0] != 0.7);
}

TEMPLATE_TEST_CASE("Lengths and the unit scale together, bit for bit", "", EVERY_OPTIMISER) {
    for (const double c : {0x1p-60, 0.5, 0x1p70}) {
        TestType optimiser;
        optimiser.learning_rate = 0.07;
        if constexpr (requires { optimiser.interval; }) optimiser.interval = 4;
        scales(optimiser, c);
        if constexpr (requires { optimiser.epsilon; }) {
            optimiser.epsilon = 0.25;
            scales(optimiser, c);
        }
        if constexpr (TestType::kicks) {
            optimiser.threshold = 0.5;
            scales(optimiser, c);
        }
    }
}

TEST_CASE("The landmark of Svrg is renewed every `interval` steps and at no other") {
    const Process<Svrg> process{{}, {0.1, 4, 1000}};
    auto s = start<Svrg>(0.7, -0.3);
    double x = 0, y = 0;
    for (unsigned long long n = 0; n < 30; ++n) {
        if (n % 4 == 0) x = s.at[0], y = s.at[1];
        s = process.step(s, 1.0, n, some_noise<Svrg>(n));
        INFO("step " << n);
        CHECK(s.at[2] == x);
        CHECK(s.at[3] == y);
        CHECK(s.at[0] != x);
    }
}

/// The steps at which it kicks; their rate is 0, so that nothing else moves the point.
static std::vector<unsigned long long> kicks(double threshold, double interval, double x, double y) {
    const Process<Perturbed> process{{}, {0, 0x1p-20, threshold, interval, Law::gaussian}};
    auto s = start<Perturbed>(x, y);
    std::vector<unsigned long long> at;
    for (unsigned long long n = 0; n < 12; ++n) {
        const auto next = process.step(s, 1.0, n, noise<Perturbed>(0, 0, 1, 1));
        if (next.at[0] != s.at[0] || next.at[1] != s.at[1]) at.push_back(n);
        s = next;
    }
    return at;
}

TEST_CASE("Perturbed kicks where the gradient is small, and not again within `interval` steps") {
    using Steps = std::vector<unsigned long long>;
    CHECK(kicks(0.1, 1, 0, 0) == Steps{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(kicks(0.1, 2, 0, 0) == Steps{0, 2, 4, 6, 8, 10});
    CHECK(kicks(0.1, 5, 0, 0) == Steps{0, 5, 10});
    // At (0, 1) the gradient is (0.3, 1.6), of length 1.628.
    CHECK(kicks(1.62, 5, 0, 1).empty());
    CHECK(kicks(1.63, 5, 0, 1) == Steps{0, 5, 10});
}

TEST_CASE("Time spent where gradients are large counts towards Perturbed's interval") {
    const Process<Perturbed> process{{}, {0, 0.5, 0.1, 5, Law::gaussian}};
    auto s = start<Perturbed>(0, 0);
    const auto kicked_from = [&](double x, unsigned long long n) {
        s.at[0] = x, s.at[1] = 0;
        s = process.step(s, 1.0, n, noise<Perturbed>(0, 0, 1, 1));
        return s.at[0] != x;
    };
    CHECK(kicked_from(0, 0));
    for (unsigned long long n = 1; n < 4; ++n) CHECK_FALSE(kicked_from(10, n));
    CHECK_FALSE(kicked_from(0, 4));
    for (unsigned long long n = 5; n < 20; ++n) CHECK_FALSE(kicked_from(10, n));
    CHECK(kicked_from(0, 20));
    CHECK_FALSE(kicked_from(0, 24));
}

TEST_CASE("Annealed's schedules fall as they say") {
    const auto shares = [](Annealed::Schedule schedule) {
        const Annealed annealed{1.0, 100, 0.25, schedule};
        return std::vector{annealed.share<double>(0), annealed.share<double>(50), annealed.share<double>(100),
                           annealed.share<double>(200)};
    };
    const auto are = [](std::vector<double> values) { return Catch::Approx(values).epsilon(1e-15); };
    CHECK_THAT(shares(Annealed::inverse), are({1, 2.0 / 3, 0.5, 1.0 / 3}));
    CHECK_THAT(shares(Annealed::steps), are({1, 1, 0.25, 0.0625}));
    CHECK_THAT(shares(Annealed::cosine), are({1, 0.5, 0, 0}));
    CHECK_THAT(shares(Annealed::exponential), are({1, std::exp(-0.5), std::exp(-1.0), std::exp(-2.0)}));

    const Annealed steps{1.0, 100, 0.25, Annealed::steps};
    CHECK(steps.share<double>(99) == 1);
    CHECK(steps.share<double>(199) == Approx(0.25).epsilon(1e-15));
}

TEMPLATE_TEST_CASE("A budget buys the steps that it pays for", "", EVERY_OPTIMISER) {
    TestType few;
    if constexpr (requires { few.interval; }) few.interval = 7;
    if constexpr (TestType::kicks) few.threshold = 1;
    for (const auto& optimiser : {TestType{}, few})
        for (const auto& loss : {LossCost{}, LossCost{32, 0}, LossCost{32, 60000}}) {
            const Cost cost = optimiser.cost(loss);
            CHECK(cost.of(0) == 0);
            for (const std::uint64_t n : {0, 1, 2, 6, 7, 8, 99, 100, 101, 12345}) {
                CHECK(cost.steps_within(cost.of(n), 1000000) == n);
                CHECK(cost.steps_within(std::nextafter(cost.of(n + 1), 0), 1000000) == n);
            }
            CHECK(cost.steps_within(cost.of(100), 50) == 50);
        }
}

TEST_CASE("Costs are counted in gradients of single samples") {
    const LossCost minibatch{32, 0}, finite{32, 60000};
    CHECK(Adam{}.cost(minibatch).of(10) == 320);
    CHECK(GradientDescent{1.0, 1000}.cost(minibatch).of(10) == 10000);
    CHECK(GradientDescent{1.0, 1000}.cost(finite).of(10) == 600000);
    CHECK(Svrg{1.0, 100, 1000}.cost(minibatch).of(250) == 2 * 250 * 32 + 3 * 1000);
    CHECK(Svrg{1.0, 100, 1000}.cost(finite).of(200) == 2 * 200 * 32 + 2 * 60000);
    CHECK(Perturbed{1.0, 0.1, 0.0, 5, Law::gaussian}.cost(minibatch).of(11) == 11 * 32);
    CHECK(Perturbed{1.0, 0.1, 0.5, 5, Law::gaussian}.cost(minibatch).of(11) == (11 + 3) * 32);
}
