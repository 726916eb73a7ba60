"""Models given as formulas, as a user meets them. Run as  equations_test.py PATH/TO/noisetrap."""

import hashlib
import json
import math
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy

PROGRAM = Path(sys.argv.pop(1)).resolve()
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "equations"
SMALL = ["--set", "ensemble.paths=64", "--set", "integrator.steps=16"]

# The quartic well as its formula is written: powers of x are taken together, and products fused with their sums.
QUARTIC = """#pragma once
#include "engine/catalogue/params.hpp"
#include "sde/one_noise.hpp"
namespace noisetrap {
template <class Real>
struct FusedStep : OneNoise<FusedStep<Real>, Real> {
    static constexpr bool has_length = true, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    Real mu, zeta, cubic;
    template <class X> NOISETRAP_HD X rate(X x, Real unit) const {
        const X v = x * (1 / unit);
        return fma(-cubic, v * v, mu);
    }
    template <class X> NOISETRAP_HD X drift(X x, Real unit) const { return x * rate(x, unit); }
    template <class X> NOISETRAP_HD X drifted(X x, Real unit) const { return fma(x, rate(x, unit), x); }
    template <class X> NOISETRAP_HD X amplitude(X x, Real) const { return zeta * x; }
    NOISETRAP_HD bool moves_zero() const { return false; }
};
struct Fused {
    template <class Real> using Step = FusedStep<Real>;
    static constexpr const char *name = "fused", *equation = "";
    double mu = 1.5, zeta = 1.0;
    static auto parameters() {
        return std::array{number("mu", &Fused::mu, -1e6, 1e6, "-", ""), number("zeta", &Fused::zeta, 0, 1e6, "-", "")};
    }
    template <class Real> Step<Real> per_step(double dt) const {
        return {{}, static_cast<Real>(mu * dt), static_cast<Real>(zeta * __builtin_sqrt(dt)), static_cast<Real>(dt)};
    }
};
}  // namespace noisetrap
"""


def fingerprint(numbers):
    """Of their bytes, which would take unittest hours to show."""
    return hashlib.sha256(numbers.tobytes()).hexdigest()


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def run_program(self, *words):
        return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)

    def succeeds(self, *words):
        done = self.run_program(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def summary(self, *words):
        return json.loads(self.succeeds("simulate", *words, "--json", "-").stdout)

    def close(self, estimate, exact, bias=0.0):
        """Within four standard errors, and what Euler's steps are known to add."""
        self.assertLess(abs(estimate["value"] - exact), 4 * estimate["standard_error"] + bias)


class Examples(Case):
    def test_the_spring_has_its_stationary_variance(self):
        at = self.summary(EXAMPLES / "ornstein-uhlenbeck.toml")["times"][0]
        self.close(at["variance"], 0.25 / (2 - 1 / 64))
        self.close(at["mean"], 0)

    def test_geometric_brownian_motion_shrinks_though_its_mean_grows(self):
        summary = self.summary(EXAMPLES / "geometric-brownian-motion.toml")
        self.close(summary["growth_rate"], -0.2, bias=0.001)  # Milstein's growth: (a sigma^2 - a^2/2) dt
        self.close(summary["times"][0]["mean_log_abs"], -2, bias=0.01)

    def test_the_interest_rate_has_the_mean_of_euler_s_steps_and_its_variance(self):
        at = self.summary(EXAMPLES / "cox-ingersoll-ross.toml")["times"][0]
        self.close(at["mean"], 1 + (1 - 1 / 64) ** 192)
        k, m, s, x0, t = 1.0, 1.0, 0.5, 2.0, 3.0
        exact = x0 * s * s / k * (math.exp(-k * t) - math.exp(-2 * k * t)) + m * s * s / (2 * k) * (1 - math.exp(-k * t)) ** 2
        self.close(at["variance"], exact, bias=0.002)

    def test_a_noisy_pitchfork_has_its_second_moment(self):
        at = self.summary(EXAMPLES / "pitchfork.toml")["times"][0]
        second = at["variance"]["value"] + at["mean"]["value"] ** 2
        error = at["variance"]["standard_error"] + 2 * abs(at["mean"]["value"]) * at["mean"]["standard_error"]
        self.assertLess(abs(second - 0.5), 4 * error + 0.01)

    def test_the_natural_coordinate_has_the_exits_of_the_trap(self):
        passage = self.summary(EXAMPLES / "natural.toml")["first_passage"]
        self.close(passage["mean_time"], 5.38049212)
        self.assertAlmostEqual(passage["mean_time"]["theory"], 5.38049212, places=7)
        self.close(passage["upper_odds"], 0.53761087)
        self.assertAlmostEqual(passage["upper_odds"]["theory"], 0.53761087, places=7)

    def test_rare_odds_have_small_errors(self):
        mean = self.summary(EXAMPLES / "rare.toml")["times"][0]["mean"]
        self.close(mean, 3.3384e-11, bias=1.2e-3 * 3.3384e-11)  # the reference is a simulation of another kind
        self.assertLess(mean["standard_error"], 0.003 * mean["value"])

    def test_theory_of_a_file_lists_fixed_points_and_the_stationary_law(self):
        known = json.loads(self.succeeds("theory", EXAMPLES / "pitchfork.toml", "--json", "-").stdout)
        answers = {row["quantity"]: row["value"] for row in known["answers"]}
        self.assertAlmostEqual(answers["stationary variance"] + answers["stationary mean"] ** 2, 0.5, places=9)
        self.assertEqual([(point["x"], point["trapped"]) for point in known["fixed_points"]],
                         [(-1, True), (0, False), (1, True)])
        self.assertEqual(known["notes"], ["There is a stationary law, on (0, infinity)."])
        for file in ("cox-ingersoll-ross", "langevin", "minibatch", "compare"):
            path = EXAMPLES / f"{file}.toml"
            done = self.run_program("theory", path)
            self.assertEqual(done.returncode, 2 if file == "compare" else 0, done.stderr)
        self.assertIn("-0.5 +", self.succeeds("theory", EXAMPLES / "langevin.toml").stdout)

    def test_a_pitchfork_s_growth_rate_changes_sign_at_half_the_noise(self):
        swept = json.loads(self.succeeds("sweep", EXAMPLES / "pitchfork-sweep.toml", "--out", self.folder / "out", "--json", "-").stdout)
        self.assertEqual(swept["axes"][0]["key"], "model.mu")
        with h5py.File(self.folder / "out" / "data.h5") as data:
            growth = data["growth"][()]
        self.assertTrue((growth[:2] < 0).all(), growth)

    def test_the_forced_mean_follows_the_beat(self):
        at = self.summary(EXAMPLES / "forced.toml")["times"][0]
        x, h = 0.0, 1 / 256
        for n in range(768):
            x += h * (-x + math.cos(2 * n * h))
        self.close(at["mean"], x)
        self.assertLess(at["mean"]["standard_error"], 0.003)

    def test_minibatch_has_the_growth_rate_of_the_built_in_saddle(self):
        theory = json.loads(self.succeeds("theory", "noisy-saddle", "--json", "-").stdout)
        exact = next(row["value"] for row in theory["answers"] if "growth" in row["quantity"])
        self.close(self.summary(EXAMPLES / "minibatch.toml")["growth_rate"], exact)

    def test_heston_s_log_price_has_its_mean(self):
        at = self.summary(EXAMPLES / "heston.toml")["times"][0]
        h, v, x = 1 / 256, 0.09, 0.0
        for _ in range(256):
            x, v = x + h * (0.02 - v / 2), v + h * 2 * (0.04 - v)
        self.close(at["mean"], x, bias=2e-5)  # of the root that max keeps real
        self.assertAlmostEqual(x, -0.010808, delta=1e-4)

    def test_jumps_of_either_sign_trap(self):
        known = json.loads(self.succeeds("theory", EXAMPLES / "jumps.toml", "--json", "-").stdout)
        rates = [row["value"] for row in known["answers"] if row["quantity"] == "growth rate"]
        self.assertAlmostEqual(rates[0], -0.112682, places=6)
        summary = self.summary(EXAMPLES / "jumps.toml")
        self.close(summary["growth_rate"], summary["growth_rate"]["theory_scheme"])
        self.assertEqual(known["notes"][0][:36], "A noise here is no Brownian motion, ")

    def test_a_spring_with_inertia_has_the_variance_of_euler_s_steps(self):
        h, xx, xv, vv = 1 / 128, 0.0, 0.0, 0.0
        for _ in range(2560):  # the covariance of x and v after a step
            xx, xv, vv = (xx + 2 * h * xv + h * h * vv, xv + h * vv - h * (xx + h * xv) - h * (xv + h * vv),
                          vv + h - 2 * h * (xv + vv) + h * h * (xx + 2 * xv + vv))
        self.assertLess(abs(xx - 0.503945), 1e-6)
        self.close(self.summary(EXAMPLES / "langevin.toml")["times"][0]["variance"], xx)

    def test_lorenz_s_volumes_shrink_as_the_equations_say(self):
        summary = self.summary(EXAMPLES / "lorenz.toml")
        exponents = [found["value"] for found in summary["spectrum"]["exponents"]]
        self.assertEqual(summary["observed"], "z")
        self.assertAlmostEqual(summary["spectrum"]["sum"]["value"], -41 / 3, delta=0.002)  # Heun's steps
        self.assertAlmostEqual(sum(exponents), summary["spectrum"]["sum"]["value"], places=9)
        self.assertLess(abs(exponents[0] - 0.9056), 0.04)  # the noise is weak, and the frame takes a time to turn
        self.assertLess(abs(exponents[1]), 0.04)

    def test_a_neuron_s_recovery_has_no_mean_drift(self):
        summary = self.summary(EXAMPLES / "fitzhugh-nagumo.toml")
        self.close(summary["times"][0]["mean"], -0.7)
        passage = summary["first_passage"]
        self.assertEqual((passage["of"], passage["side"], passage["lower"]), ("v", "upper", 0))
        self.assertGreater(passage["upper"], 5000)

    def test_a_drifting_fold_tips_at_the_zero_of_airy_s_function(self):
        passage = self.summary(EXAMPLES / "tipping.toml")["first_passage"]
        self.assertEqual(passage["not_exited"], 0)
        self.close(passage["mean_time"], 20 + 2.338107 * 0.05 ** (-1 / 3), bias=0.05)

    def test_two_layers_have_the_exponents_of_both_their_directions(self):
        summary = self.summary(EXAMPLES / "two-layers.toml")
        for found, exact in zip(summary["spectrum"]["exponents"], (-0.0321942, -0.0776527)):
            self.close(found, exact, bias=0.002)
        self.close(summary["spectrum"]["sum"], -0.0321942 - 0.0776527, bias=0.0005)

    def test_optimisers_are_compared_on_a_loss(self):
        compared = json.loads(self.succeeds("compare", EXAMPLES / "compare.toml", "--json", "-").stdout)
        self.assertEqual([c["label"] for c in compared["contenders"]], ["sgd", "momentum", "momentum", "adam"])

    def test_no_file_has_more_than_25_lines(self):
        for path in EXAMPLES.glob("*.toml"):
            self.assertLessEqual(len(path.read_text().splitlines()), 25, path)


class Bytes(Case):
    """A formula and a header step the same paths."""
    ASKED = ["--set", "ensemble.paths=700", "--set", "integrator.steps=333", "--set", "observe.sample_paths=700",
             "--set", "observe.exit_radius=30"]

    def results(self, file, *settings):
        out = self.folder / f"out{len(list(self.folder.iterdir()))}"
        self.succeeds("simulate", file, *self.ASKED, *settings, "--no-page", "--out", out)
        with h5py.File(out / "data.h5") as data:
            found = [fingerprint(data[name][()]) for name in ("paths/x", "mean")]
        summary = json.loads((out / "summary.json").read_text())
        return found, summary["growth_rate"]["value"], summary["first_passage"]["exited"]

    def same(self, formula, other, settings=()):
        for precision in ("mixed", "single"):
            with self.subTest(precision):
                words = ["--set", f"run.precision={precision}", *settings]
                self.assertEqual(self.results(formula, *words), self.results(other, *words))

    def test_the_linear_sde(self):
        formula = self.write("formula.toml", '[model]\nequation = ["dx = a*x dt + sigma*x dW + tau dV"]\n'
                             "parameters = {a = 0.3, sigma = 1.0, tau = 0.5}\n")
        header = self.write("header.toml", "[model]\nname = 'linear-sde'\n")
        self.same(formula, header)
        self.same(formula, header, ["--set", "model.tau=0"])

    def test_the_quartic_well(self):
        self.write("fused.hpp", QUARTIC)
        formula = self.write("formula.toml", '[model]\nequation = "dx = (mu*x - x^3) dt + zeta*x dW"\n'
                             "parameters = {mu = 1.5, zeta = 1.0}\n")
        header = self.write("header.toml", "[model]\nheader = 'fused.hpp'\ntype = 'Fused'\n")
        self.same(formula, header)
        self.same(formula, header, ["--set", "integrator.scheme=milstein"])

    def test_the_noisy_saddle_under_sgd(self):
        formula = self.write("formula.toml", '[model]\nnext = ["x + l*((a + xi)*x + eta)"]\nparameters = {l = 0.5, a = 0.02}\n'
                             '[noise]\nxi = {law = "gaussian", sd = 0.3}\neta = {law = "gaussian", sd = 0.1}\n')
        header = self.write("header.toml", "[model]\nname = 'noisy-saddle'\n[optimiser]\nlearning_rate = 0.5\n")
        self.same(formula, header)
        still = self.write("still.toml", formula.read_text().replace("sd = 0.1", "sd = 0.0"))
        self.same(still, self.write("header.toml", header.read_text().replace("[opt", "tau = 0.0\n[opt")))

    def test_the_noisy_saddle_as_a_loss(self):
        formula = self.write("formula.toml", '[model]\ngradient = "-((a + xi)*x + eta)"\nparameters = {a = 0.02}\n'
                             '[noise]\nxi = {sd = 0.3}\neta = {sd = 0.1}\n')
        header = self.write("header.toml", "[model]\nname = 'noisy-saddle'\n")
        for optimiser in ("sgd", "momentum", "adam", "gradient-descent"):
            with self.subTest(optimiser):
                self.same(formula, header, ["--set", f"optimiser.name={optimiser}"])

    def test_threads_and_instruction_sets_leave_the_bytes_alone(self):
        formula = self.write("formula.toml", '[model]\nequation = "dx = -sin(x)*exp(-x^2) dt + (0.1 + tanh(x)*cos(t)) dW"\n')
        first = self.results(formula, "--set", "run.instruction_set=portable")
        self.assertEqual(first, self.results(formula))
        self.assertEqual(first, self.results(formula, "--set", "run.threads=1", "--set", "run.lanes=1"))

    def test_noises_with_tails_and_memory_are_the_same_on_every_instruction_set(self):
        formula = self.write("formula.toml", '[model]\nnext = "x + (0.02 + xi + zeta + 0.1*cos(pi*i) + 0.1*s)*x + eta"\n[noise]\n'
                             'xi = {law = "student-t", nu = 3, sd = 0.2}\neta = {law = "stable", alpha = 1.5, scale = 0.1}\n'
                             'zeta = {process = "correlated", correlation_time = 2.0, sd = 0.1}\n'
                             'i = {process = "samples", samples = 5, reshuffled = 1}\ns = {process = "switching", up = 0.1, down = 0.2}\n')
        first = self.results(formula, "--set", "run.instruction_set=portable")
        self.assertEqual(first, self.results(formula))
        self.assertEqual(first, self.results(formula, "--set", "run.lanes=1"))

    def test_what_a_noise_remembers_is_no_length(self):
        """log|x| falls by 0.5 a step, far below what a double holds beside a memory of size 1."""
        file = self.write("fall.toml", '[model]\nnext = "(0.5 + xi)*x"\n[noise]\n'
                          'xi = {process = "correlated", correlation_time = 3.0, sd = 0.3}\n[integrator]\nsteps = 20000\n[ensemble]\npaths = 64\n')
        summary = self.summary(file)
        self.assertLess(summary["times"][0]["mean_log_abs"]["value"], -5000)
        self.close(summary["growth_rate"], summary["growth_rate"]["theory_scheme"])

    def test_the_resolved_configuration_gives_the_same_bytes(self):
        first, second = self.folder / "first", self.folder / "second"
        own = self.write("own.toml", (EXAMPLES / "langevin.toml").read_text().replace("g*v", "g*f(v, w)")
                         + "[functions]\nh = 'u'\nf = 'h(u)*v'\n")
        for file in (EXAMPLES / "minibatch.toml", EXAMPLES / "pitchfork.toml", own):
            self.succeeds("simulate", file, *SMALL, "--set", "observe.times=[]", "--no-page", "--out", first)
            self.succeeds("simulate", first / "config.toml", "--no-page", "--out", second)
            self.assertTrue((first / "data.h5").read_bytes() == (second / "data.h5").read_bytes(), file)
            shutil.rmtree(first)
            shutil.rmtree(second)

    def test_a_collapse_is_followed_without_a_false_zero(self):
        """log|x| falls at zeta^2/2 - mu = 12 for a time of 1000."""
        for drift in ("-x - x^3", "-sin(x)", "-x/(1 + x^2)", "1 - exp(x)"):
            file = self.write("fall.toml", f'[model]\nequation = "dx = ({drift}) dt + 3*x dW"\n[integrator]\nt_end = 1000.0\n'
                              "dt = 0.03125\n[ensemble]\npaths = 64\n")
            fallen = self.summary(file)["times"][0]["mean_log_abs"]
            self.assertLess(fallen["value"], -3000, drift)
            self.assertIsNotNone(fallen["standard_error"], drift)


class Rare(Case):
    """Odds by families of walks that split."""

    def rare(self, text, *settings):
        return self.summary(self.write("rare.toml", text), *settings)["rare"]

    RUIN = ('[model]\nnext = "x + xi"\n[noise]\nxi = {law = "two-point", sd = 1.0}\n[integrator]\nsteps = 1000000\n'
            "[rare]\nlevel = 200\nback = 0\nwalks = 100\nfamilies = 16\n")

    def test_a_gambler_s_fortune_is_its_odds(self):
        rare = self.rare(self.RUIN)
        self.close(rare["odds"], 0.005)
        self.assertLess(rare["deviation_of_family"], 3 * math.sqrt(math.log(200) / 100))

    def test_the_end_of_time_gives_walks_up(self):
        """A walk of normal steps has been at 3 sqrt(n) within n = 400 steps with odds of nearly 2 Phi(-3)."""
        rare = self.rare('[model]\nnext = "x + xi"\n[noise]\nxi = {law = "gaussian"}\n[ensemble]\nx0 = 0.0\n[integrator]\n'
                         f"steps = 400\n[rare]\nlevel = {60 - 0.5826}\nwalks = 200\nfamilies = 64\n")
        exact = math.erfc(3 / math.sqrt(2))
        self.close(rare["odds"], exact, bias=0.02 * exact)

    def test_the_example_has_the_odds_of_its_trap(self):
        rare = self.summary(EXAMPLES / "splitting.toml")["rare"]
        self.close(rare["odds"], 9.9992e-10, bias=0.03e-9)

    def test_a_norm_of_several_variables_and_a_built_in_model(self):
        spring = ('[model]\nequation = ["dx = v dt", "dv = -(x + v) dt + 0.5 dW"]\n[integrator]\nt_end = 20.0\n[ensemble]\n'
                  'x0 = 0.0\n[rare]\ncoordinate = "norm"\nlevel = 3.0\nwalks = 100\nfamilies = 4\n')
        self.assertLess(self.rare(spring)["odds"]["value"], 1e-11)
        saddle = ("[model]\nname = 'linear-sde'\na = -0.5\nsigma = 1.0\ntau = 0.0\n[integrator]\nscheme = 'splitting'\n"
                  "[ensemble]\nx0 = 1.0\n[rare]\nlevel = 100.0\nback = 1e-6\nwalks = 100\nfamilies = 16\n")
        odds = self.rare(saddle, "--set", "integrator.t_end=200")["odds"]
        self.close(odds, 100.0 ** -2, bias=0.15 * 100.0 ** -2)  # with an overshoot of 0.5826 sqrt(dt) in log|x|

    def test_threads_and_instruction_sets_leave_the_odds_alone(self):
        few = ["--set", "rare.families=3"]
        first = self.rare(self.RUIN, *few)
        for settings in (["run.threads=1"], ["run.instruction_set=portable"], ["run.chunk=1024", "run.threads=3"]):
            self.assertEqual(first, self.rare(self.RUIN, *few, *(word for s in settings for word in ("--set", s))))

    def test_families_that_all_die_are_told_of(self):
        done = self.succeeds("simulate", self.write("calm.toml", '[model]\nequation = "dx = -x dt + 0.1 dW"\n[ensemble]\nx0 = 0.0\n'
                             "[rare]\nlevel = 30.0\nwalks = 10\nfamilies = 2\n"))
        self.assertIn("0 ± unknown", done.stdout)
        self.assertIn("2 of 2 families lost all their walks on the way: make rare.walks larger", done.stdout)

    def test_what_does_not_fit_is_one_sentence(self):
        file = self.write("rare.toml", self.RUIN)
        for setting, sentence in (
                ("ensemble.paths=4", "ensemble.paths does not go with [rare]: rare.walks says how many walks"),
                ("observe.times=[1]", "observe.times does not go with [rare], where odds alone are observed"),
                ("rare.level=0.5", "rare.level = 0.5 is reached already: x = 1 at the start"),
                ("rare.back=2.0", "rare.back = 2 gives all walks up: x = 1 at the start"),
                ("rare.coordinate=log(x - 1)", "rare.coordinate at column 1: it has no finite value at the start"),
                ("rare.coordinate=y", "rare.coordinate at column 1: 'y' is not known; it may hold x"),
                ("rare.walks=1", "rare.walks = 1 must be between 2 and 1000000"),
                ("ensemble.x0_deviation=1", "ensemble.x0_deviation does not go with [rare], whose walks start at one place")):
            done = self.run_program("simulate", file, "--set", setting)
            self.assertEqual((done.returncode, done.stdout), (2, ""), setting)
            self.assertIn(sentence, done.stderr)
        bare = self.run_program("simulate", self.write("bare.toml", "[model]\nname = 'linear-sde'\n[rare]\nback = 0.5\n"))
        self.assertIn("bare.toml:3: rare needs rare.level, to which the odds are that x comes", bare.stderr)


class Systems(Case):
    def paths(self, text, *settings):
        out = self.folder / f"out{len(list(self.folder.iterdir()))}"
        self.succeeds("simulate", self.write("run.toml", text), *settings, "--set", "observe.sample_paths=2", "--set",
                      "ensemble.paths=2", "--no-page", "--out", out)
        with h5py.File(out / "data.h5") as data:
            return data["paths/x"][()]

    def test_a_step_by_hand(self):
        x = self.paths('[model]\nequation = ["dx = (v - k*x^2) dt", "dv = x*v dt + 0*x dW", "dy = dW"]\nparameters = {k = 0.5}\n'
                       "start = {v = 3.0}\n[integrator]\ndt = 0.25\nsteps = 2\n[ensemble]\nx0 = 2.0\n")
        first = 2 + 0.25 * (3 - 0.5 * 4)
        second = first + 0.25 * (3 + 0.25 * 2 * 3 - 0.5 * first ** 2)
        self.assertEqual(list(x[0]), [2.0, first, second])

    def test_correlated_noises_are_those_that_are_written_with_roots(self):
        """And so is a third that is a sum of the first two, whose own part is 0."""
        run = "[integrator]\nsteps = 20\ndt = 0.125\n"
        for rho in ("0.5", "'r^2 + r/2 - 0.25'"):
            given = self.paths('[model]\nequation = "dx = -x dt + 0.5*x dW + 0.1 dV"\nparameters = {r = 0.75}\n'.replace(
                "parameters = {r = 0.75}\n", "parameters = {r = 0.65}\n" if "r" in rho else "")
                + f"[noise]\ncorrelation = {{dW.dV = {rho}}}\n" + run)
            rho = 0.5 if rho == "0.5" else 0.65 ** 2 + 0.65 / 2 - 0.25
            by_hand = self.paths('[model]\nequation = "dx = -x dt + 0.5*x dW + r*0.1 dW + sqrt(1 - r^2)*0.1 dV"\n'
                                 f"parameters = {{r = {rho!r}}}\n" + run)
            self.assertLess(abs(given - by_hand).max(), 1e-14)
        three = '[model]\nequation = ["dx = 1 dW", "dy = 1 dV", "dz = 1 dU"]\n[observe]\nof = "z - 0.6*x - 0.8*y"\ngrowth = false\n'
        rest = self.paths(three + "[noise]\ncorrelation = {dW.dU = 0.6, dV.dU = 0.8}\n" + run + "[ensemble]\nx0 = 0.0\n")
        self.assertLess(abs(rest).max(), 1e-7)

    def test_a_variable_that_nobody_asks_for_changes_no_byte(self):
        both = self.paths('[model]\nequation = ["dx = -x dt + (0.5*x + 0.1) dW", "dy = x dt"]\n')
        alone = self.paths('[model]\nequation = "dx = -x dt + (0.5*x + 0.1) dW"\n')
        self.assertEqual(fingerprint(both), fingerprint(alone))

    def test_momentum_is_a_recursion_of_two(self):
        formula = self.paths('[model]\nnext = ["x = x + 0.9*v + l*((a + xi)*x + eta)", "v = 0.9*v + l*((a + xi)*x + eta)"]\n'
                             "parameters = {a = 0.02, l = 0.5}\n[noise]\nxi = {sd = 0.3}\neta = {sd = 0.1}\n[integrator]\nsteps = 50\n")
        built_in = self.paths("[model]\nname = 'noisy-saddle'\n[optimiser]\nname = 'momentum'\nlearning_rate = 0.5\n"
                              "momentum = 0.9\n[integrator]\nsteps = 50\n")
        self.assertLess(abs(formula - built_in).max(), 1e-12 * abs(built_in).max())

    def test_an_oscillation_that_collapses_is_followed(self):
        """A step multiplies x + iy by 1 + a h + s sqrt(h) Z + i w h. Growth is that of x, so that the angle at the end, nearly
        the same for all paths, is worth log|cos|/t_end."""
        text = ('[model]\nequation = ["dx = (-2*x - 3*y) dt + x dW", "dy = (3*x - 2*y) dt + y dW"]\n'
                "[integrator]\ndt = 0.001953125\nt_end = 1000.0\n[ensemble]\npaths = 64\n[observe]\nquantiles = []\n")
        growth = self.summary(self.write("run.toml", text))["growth_rate"]
        h = 0.001953125
        z, weight = numpy.polynomial.hermite_e.hermegauss(60)
        log_factor = numpy.log((1 - 2 * h + h ** 0.5 * z) ** 2 + (3 * h) ** 2) / 2
        self.close(growth, (weight * log_factor).sum() / weight.sum() / h, bias=0.003)


class Keys(Case):
    def setUp(self):
        super().setUp()
        self.file = self.write("run.toml", '[model]\nequation = "dx = f(x) dt + zeta*x dW"\nname = "own"\n'
                               "parameters = {mu = 1.5, zeta = 0.0}\n[functions]\nf = 'mu*u'\n[integrator]\ndt = 0.5\nsteps = 2\n")

    def mean(self, *settings):
        return self.summary(self.file, "--set", "ensemble.paths=2", *settings)["times"][0]["mean"]["value"]

    def test_a_parameter_is_a_key_of_the_model(self):
        self.assertEqual(self.mean(), 1.75 ** 2)
        self.assertEqual(self.mean("--set", "model.mu=1"), 2.25)
        self.assertEqual(self.mean("--set", "model.parameters.mu=1"), 2.25)
        self.assertEqual(self.mean(), 1.75 ** 2)

    def test_it_is_swept_by_that_key(self):
        sweep = self.write("sweep.toml", self.file.read_text() + "[ensemble]\npaths = 16\n[sweep]\nmodel.mu = [0.5, 1.0]\nobserve = ['growth']\n")
        self.succeeds("sweep", sweep, "--out", self.folder / "out")
        with h5py.File(self.folder / "out" / "data.h5") as data:
            growth = list(data["growth"][()])
        for value, mu in zip(growth, (0.5, 1.0)):
            self.assertAlmostEqual(value, math.log(1 + mu / 2) / 0.5)

    def test_the_summary_names_the_model(self):
        self.assertEqual(self.summary(self.file)["model"], "own")

    def test_a_pack_holds_the_kernel_of_a_formula(self):
        self.succeeds("kernels", "build", self.file, "--out", self.folder / "pack")
        self.assertEqual(len(list((self.folder / "pack").glob("*/*.so"))), 1)


class Wrong(Case):
    def complains(self, text, *expected, command="simulate", settings=()):
        file = self.write("run.toml", text)
        done = self.run_program(command, file, *settings, "--out", self.folder / "out")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertFalse((self.folder / "out").exists())
        for part in expected:
            self.assertIn(part, done.stderr)

    def equation(self, equation, *expected, parameters="mu = 1.0, zeta = 1.0", more="", **options):
        self.complains(f'[model]\nequation = "{equation}"\nparameters = {{{parameters}}}\n{more}', *expected, **options)

    def recursion(self, formula, *expected, noise="xi = {sd = 0.1}", parameters="a = 1.0", **options):
        self.complains(f'[model]\nnext = "{formula}"\nparameters = {{{parameters}}}\n[noise]\n{noise}\n', *expected, **options)

    def test_what_does_not_parse_is_shown_by_line_and_column(self):
        self.equation("dx = mu*x) dt + zeta*x dW", "run.toml:2:22: model.equation", "')' does not belong here", "column 10")
        self.equation("dx = (mu*x dt + zeta*x dW", "bracket is not closed")
        self.equation("dx = mu x dt + zeta*x dW", "a sign is missing before 'x'", "written with *")
        self.equation("", "has no =")
        self.equation("dx =", "it is empty")
        self.complains("[model]\nequation = []\n", "is an empty list")
        self.complains("[model]\nequation = 3\n", "model.equation must be a list of strings, not an integer")
        self.complains('[model]\nequation = [\n  "dx = x dt + y dW",\n]\n', "run.toml:3:", "'y' is not known")
        self.complains('[model]\nequation = "dx = x dt + dW\\t+ 2 y dt"\n', "run.toml:2: model.equation", "column")

    def test_an_unknown_name_is_told_its_neighbour(self):
        self.equation("dx = mue*x dt + zeta*x dW", "'mue' is not known", "did you mean 'mu'")
        self.equation("dx = mu*x dt + zetta*x dW", "did you mean 'zeta'")
        self.equation("dx = mu*snh(x) dt + zeta*x dW", "did you mean 'sinh'")
        self.equation("dx = mu*ln(x) dt + zeta*x dW", "did you mean 'log'")
        self.equation("dx = mu*x dt + q*x dW", "'q' is not known", "give it a value")
        self.equation("dx = mu*x + zeta*x dW", "stands without dt or a noise", "write (mu*x) dt")
        self.recursion("x + a*x*xi*t", "'t' is not known", "time is known in an SDE alone")
        self.recursion("x + a*x*dW*xi", "'dW' is not known", "have their names in [noise]")

    def test_a_noise_has_one_name(self):
        self.equation("dx = mu*x dt + zeta*x dWt + dWT", "differ in capitals alone")
        self.equation("dx = mu*x dt + zeta*x dW", "noise.xi is no noise of model.equation", more="[noise]\nxi = {sd = 1.0}\n")
        self.recursion("x + a*x*xi", "the noise eta does not stand in it", noise="xi = {sd = 1.0}\neta = {sd = 1.0}")
        self.recursion("x + a*x", "the noise xi does not stand in it")
        self.complains('[model]\nnext = "x"\n', "needs a noise")
        self.recursion("x + a*xi", "noise.xi.law", "gaussian", noise="xi = {law = 'normal'}")
        self.recursion("x + a*xi", "noise.xi.sd", noise="xi = {sd = -1}")
        self.recursion("x + a*xi", "noise.xi.sd", "'b' is not known", noise="xi = {sd = 'b'}")

    def test_a_law_has_its_shape(self):
        def noise(text, *expected):
            self.recursion("x + a*x*xi", *expected, noise=f"xi = {{{text}}}")
        noise("law = 'student-t', nu = 4", "noise.xi.nu = 4 must be an odd whole number from 3 on")
        noise("law = 'student-t', nu = 1", "noise.xi.nu = 1 must be an odd")
        noise("law = 'student-t', nu = '2 + 2'", "noise.xi.nu = 4 must be an odd")
        noise("law = 'jumps', rate = '-1'", "noise.xi.rate = -1 must lie between")
        noise("process = 'samples', samples = '0', reshuffled = 1", "noise.xi.samples = 0 must be a whole number")
        noise("law = 'student-t'", "noise.xi.law = 'student-t' needs noise.xi.nu")
        noise("law = 'stable', alpha = 2.5", "noise.xi.alpha = 2.5 must be above 0 and at most 2")
        noise("law = 'stable', alpha = 1.5, sd = 1.0", "noise.xi.sd asks for a standard deviation, and a stable law has no variance")
        noise("law = 'stable', alpha = '3*a'", "model.a = 1 gives xi the alpha 3, which must be above 0")
        noise("law = 'jumps', rate = 11.0", "has 11 jumps in a step on average, more than the 10")
        noise("law = 'gaussian', nu = 3", "noise.xi.nu")
        noise("process = 'correlated', correlation_time = 2.0, law = 'uniform'", "noise.xi.law does not go with the process 'correlated'")
        noise("process = 'correlated'", "noise.xi.process = 'correlated' needs noise.xi.correlation_time")
        noise("process = 'samples', samples = 2.5, reshuffled = 1", "noise.xi.samples = 2.5 must be a whole number")
        noise("process = 'switching', up = 'a', down = '2*a'", "model.a = 1 gives xi the down 2")
        self.complains("[model]\nname = 'noisy-saddle'\nlaw = 'student-t'\nnu = 4.0\n", "model.nu = 4 must be an odd")
        self.complains("[model]\nname = 'noisy-saddle'\nlaw = 'stable'\nalpha = 2.1\n", "model.alpha")
        self.complains("[model]\nname = 'noisy-saddle'\nlaw = 'stable'\nrho = 0.5\n", "model.rho = 0.5 asks for a correlation, and a stable law has no variance")

    def test_noise_that_is_no_brownian_motion_has_one_scheme_and_one_calculus(self):
        stable = "[noise]\ndW = {law = 'stable', alpha = 1.5}\n"
        equation = "dx = mu*x dt + zeta*x dW"
        self.equation(equation, "'heun'", more=stable + "[integrator]\nscheme = 'heun'\n")
        self.equation(equation, "is meant of Brownian noise", more=stable + "[integrator]\ncalculus = 'stratonovich'\n")
        self.equation(equation, "goes with Brownian noise alone", more=stable + "[observe]\nexit_radius = 3.0\nexit_bridge = true\n")
        self.equation(equation, "integrator.dt has 20 jumps in a step", more="[noise]\ndW = {law = 'jumps', rate = 20.0}\n[integrator]\ndt = 1.0\n")
        self.complains('[model]\ngradient = "x*i"\n[noise]\ni = {process = "samples", samples = 4, reshuffled = 1}\n',
                       "= 'samples' does not fit a loss")

    def test_correlations_are_those_of_noises(self):
        two, three = "dx = mu*x dt + zeta*x dW + 1 dV", "dx = mu*x dt + zeta*x dW + 1 dV + 2 dU"
        def correlation(text, *expected, equation=two):
            self.equation(equation, *expected, more=f"[noise]\ncorrelation = {{{text}}}\n")
        correlation("dW.dV = 1.5", "noise.correlation.dW.dV = 1.5 must be between -1 and 1")
        correlation("dW.dV = 'mu + 1'", "model.mu", "the eigenvalue -1")
        correlation("dW.dB = 0.5", "noise.correlation.dW.dB is no noise of model.equation, where the noises are dW, dV")
        correlation("dW.dW = 0.5", "noise.correlation.dW.dW is 1: a noise is itself")
        correlation("dW.dV = 0.5, dV.dW = 0.5", "noise.correlation.dV.dW is given twice")
        correlation("dW.dV = 0.9, dW.dU = 0.9, dV.dU = -0.9", "noise.correlation does not fit", "eigenvalue -0.8",
                    equation=three)
        self.equation(two, "noise.correlation.dW.dV does not fit: dV is no Brownian motion",
                      more="[noise]\ndV = {law = 'jumps', rate = 1.0}\ncorrelation = {dW.dV = 0.5}\n")

    def test_a_noise_has_the_name_that_it_has_in_the_equation(self):
        self.equation("dx = mu*x dt + zeta*x dW", "noise.dV is no noise of model.equation, where the only one is dW",
                      more="[noise]\ndV = {law = 'jumps', rate = 1.0}\n")
        self.equation("dx = mu*x dt + zeta*x dw", "column 23", "'dw' is no noise", "write dW")

    def test_a_start_without_a_value_is_refused(self):
        self.equation("dx = mu/x dt + zeta*x dW", "ensemble.x0 = 0 is no start", "the drift divides by zero",
                      "column 8 of model.equation, line 2", settings=["--set", "ensemble.x0=0.0"])
        self.equation("dx = mu*log(x) dt + zeta*x dW", "ensemble.x0 = -1 is no start", "no finite value",
                      settings=["--set", "ensemble.x0=-1.0"])
        self.equation("dx = mu*x dt + zeta*sqrt(x) dW", "the factor of dW has no finite value",
                      settings=["--set", "ensemble.x0=-1.0"])
        self.equation("dx = mu*x dt + zeta*x dW", "nothing in this model moves x = 0", settings=["--set", "ensemble.x0=0.0"])
        self.recursion("a/x + xi", "the next state divides by zero", settings=["--set", "ensemble.x0=0.0"])

    def test_a_name_has_one_meaning(self):
        for name, expected in (("x", "meaning of its own"), ("t", "meaning of its own"), ("sin", "is a function"),
                               ("dW", "that of a noise"), ("equation", "a key of its own"), ("a-b", "is no name"), ("f", "is given twice")):
            self.equation("dx = mu*x dt + zeta*x dW", expected, parameters=f"mu = 1.0, zeta = 1.0, {name} = 1.0",
                          more="[functions]\nf = 'u'\n")
        self.equation("dmu = mu dt + zeta dW", "stands for two things")
        self.equation("dx = mu*x dt + zeta*x dW", "nu does not stand in the formula", parameters="mu = 1.0, zeta = 1.0, nu = 1.0")
        self.equation("dx = mu*x dt + zeta*x dW", "must be a number", parameters="mu = 'x', zeta = 1.0")
        self.equation("dx = mu*f(x) dt + zeta*x dW", "'f' is not known", more="[functions]\nf = 'f(u)'\n")
        self.equation("dx = mu*f(x) dt + zeta*x dW", "'x' is not known", more="[functions]\nf = 'x + u'\n")

    def test_other_ways_to_name_a_model_do_not_go_with_it(self):
        self.equation("dx = mu*x dt + zeta*x dW", "model.next and model.equation are both given", more="next = 'x'\n")
        self.equation("dx = mu*x dt + zeta*x dW", "model.header and model.equation are both given", more="header = 'x'\n")
        self.equation("dx = mu*x dt + zeta*x dW", "'linear-sde' is a built-in model", more="name = 'linear-sde'\n")
        self.equation("dx = mu*x dt + zeta*x dW", "model.nu", more="nu = 3\n")
        self.complains("[functions]\nf = 'u'\n[model]\nname = 'linear-sde'\n", "functions.f is not a key here")

    def test_several_variables_are_told_apart(self):
        def two(second, *expected, more=""):
            self.complains(f'[model]\nequation = [\n"dx = x dt + dW",\n"{second}"]\n{more}', *expected)
        two("dx = x dt", "x stands for two things")
        two("dy = z dt", "run.toml:4:7: model.equation at column 6", "'z' is not known")
        two("y = x", "is no left side of an SDE")
        two("dy = x", "stands without dt or a noise")
        two("dy = x dt", "start.z is no variable of the equations", more="start = {z = 1.0}\n")
        two("dy = x dt", "start.x is ensemble.x0", more="start = {x = 1.0}\n")
        two("dy = x/y dt", "the drift of y divides by zero")
        two("dy = x dt", "observe.exit_bridge does not go with x*y", more="[observe]\nexit_of = 'x*y'\nexit_radius = 3.0\nexit_bridge = true\n")
        two("dy = x dt", "run.toml:6:9: observe.of at column 3: 'z' is not known", more="[observe]\nof = 'x*z'\n")
        self.complains('[model]\nnext = ["x + v", "v + xi"]\n[noise]\nxi = {sd = 1.0}\n', "has no =")
        self.complains('[model]\ngradient = ["x", "x"]\n[noise]\nxi = {sd = 1.0}\n', "has one variable")

    def test_the_noise_of_a_loss_has_no_mean_but_that_of_its_gradient(self):
        for gradient in ("a*x*xi^2", "a*exp(xi)*x", "a*xi*xi*x", "a*x/(1 + xi)"):
            self.complains(f'[model]\ngradient = "{gradient}"\nparameters = {{a = 1.0}}\n[noise]\nxi = {{sd = 0.1}}\n',
                           "xi must stand once in a term")

    def test_what_optimisers_do_is_not_asked_of_a_recursion(self):
        self.recursion("x + a*x*xi", "optimisers are compared on losses", command="compare")
        self.equation("dx = mu*x dt + zeta*x dW", "optimisers are compared on losses", command="compare")
        self.recursion("x + a*x*xi", "optimiser.name", settings=["--set", "optimiser.name=sgd"])

    def test_bridges_do_not_go_with_noise_that_depends_on_time(self):
        self.equation("dx = mu*x dt + zeta*cos(t) dW", "does not go with noise that depends on t", settings=[
            "--set", "observe.exit_radius=3", "--set", "observe.exit_bridge=true"])

    def test_nothing_but_arithmetic_is_read(self):
        for text in ("dx = system(1) dt + dW", "dx = x; dt + dW", "dx = x{} dt + dW", "dx = 'x' dt + dW", "dx = x::y dt + dW",
                     "dx = x*/ dt + dW", "dx = #x dt + dW"):
            self.equation(text, "column")


if __name__ == "__main__":
    unittest.main()
