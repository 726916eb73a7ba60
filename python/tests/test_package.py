"""The package `noisetrap` as its users meet it, beside the command line, which must have the same numbers.

Run with the build's package in PYTHONPATH, and the program in NOISETRAP_PROGRAM.
"""

import json
import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

import numpy as np

import noisetrap as nt

PROGRAM = os.environ["NOISETRAP_PROGRAM"]
SADDLE = nt.LinearSde(a=0.25, sigma=1.1, tau=0.4)
SHORT = {"paths": 2000, "t_end": 1.0}
RING = ('[model]\nequation = ["dx = v dt", "dv = (-x - v) dt + dW"]\n[integrator]\nt_end = 4.0\n'
        '[ensemble]\npaths = 500\nx0 = 0.5\n')


def program(*arguments, **options):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)
    return done


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)

    def file(self, text, name="run.toml"):
        (self.path / name).write_text(text)
        return self.path / name


class Estimates(unittest.TestCase):
    estimate = nt.Estimate(1.25, 0.125, theory=0.5, scheme=1.0)

    def test_it_is_a_number_with_an_error(self):
        value, error = self.estimate
        self.assertEqual((value, error, float(self.estimate)), (1.25, 0.125, 1.25))
        self.assertEqual(self.estimate.z, 2.0)
        low, high = self.estimate.interval(0.95)
        self.assertAlmostEqual(high - 1.25, 1.959964 * 0.125, 6)
        self.assertAlmostEqual(1.25 - low, 1.959964 * 0.125, 6)

    def test_it_formats(self):
        self.assertEqual(f"{self.estimate:.2f}", "1.25 ± 0.12")
        self.assertEqual(repr(self.estimate), "Estimate(1.25 ± 0.12, theory 0.5, scheme 1, z = 2.00)")
        self.assertEqual(str(nt.Estimate(1, math.nan)), "1 ± unknown")

    def test_it_is_immutable_and_can_be_pickled(self):
        with self.assertRaises(AttributeError):
            self.estimate.value = 2
        self.assertEqual(pickle.loads(pickle.dumps(self.estimate)), self.estimate)


class Models(unittest.TestCase):
    def test_the_whole_catalogue_is_here(self):
        listed = program("list").stdout
        for name, cls in {**nt.models, **nt.optimisers}.items():
            self.assertIn(f"  {name} ", listed)
            self.assertIs(getattr(nt, cls.__name__), cls)
        self.assertGreater(len(nt.models), 14)
        self.assertGreater(len(nt.optimisers), 11)

    def test_a_class_says_what_it_takes(self):
        import inspect

        self.assertEqual(list(inspect.signature(nt.LinearSde).parameters), ["a", "sigma", "tau", "rho"])
        self.assertIn("1/sqrt(time)", nt.LinearSde.__doc__)
        self.assertEqual(nt.LinearSde().parameters, {p["key"]: p["default"] for p in nt.LinearSde._parameters})

    def test_parameters_are_attributes_and_frozen(self):
        self.assertEqual((SADDLE.a, SADDLE.rho), (0.25, 0.0))
        with self.assertRaises(AttributeError):
            SADDLE.a = 1
        self.assertEqual(SADDLE.replace(a=1).a, 1)
        self.assertEqual(SADDLE, nt.LinearSde(a=0.25, sigma=1.1, tau=0.4, rho=0.0))
        self.assertEqual(hash(SADDLE), hash(nt.LinearSde(a=0.25, sigma=1.1, tau=0.4)))

    def test_an_unknown_parameter_is_a_type_error_with_the_nearest_name(self):
        with self.assertRaisesRegex(TypeError, "LinearSde has no parameter 'sigm'; did you mean 'sigma'\\?"):
            nt.LinearSde(sigm=1)
        with self.assertRaisesRegex(TypeError, "did you mean 'paths'\\?"):
            nt.simulate(SADDLE, pats=1)
        with self.assertRaisesRegex(TypeError, "did you mean 'adam'\\?"):
            nt.simulate(nt.NoisySaddle(), optimiser="adm")
        with self.assertRaisesRegex(AttributeError, "did you mean 'simulate'\\?"):
            nt.simulat

    def test_models_can_be_pickled(self):
        for model in (SADDLE, nt.Sgd(learning_rate=[0.1, 1.0], label="both"), nt.TwoPoint(0.1),
                      nt.Sde("dx = -k*x dt + tau dW", k=1.0, tau=0.5, name="decay"),
                      nt.Loss("(a + xi)*x", a=0.1, xi=nt.Gaussian(0.2)), nt.OwnModel("decay.hpp", "Decay", k=2),
                      SADDLE.replace(a=-0.2).stationary()):
            again = pickle.loads(pickle.dumps(model))
            self.assertIs(type(again), type(model))
            self.assertEqual(repr(again), repr(model))


class Simulate(InAFolder):
    def test_numbers_are_those_of_the_command_line(self):
        cases = [(SADDLE, {"times": [0.5, 1.0], "cdf_at": [0.0, 1.0], "seed": 3, "x0": 0.5}),
                 (nt.LinearSde(a=-0.1, rho=0.5), {"observe.growth": False, "quantiles": [0.1, 0.9]}),
                 (nt.LinearSde(tau=0.0), {"threads": 1, "lanes": 16, "chunk": 1024}),
                 (SADDLE, {"exit_radius": 2.0, "times": [0.5], "quantiles": [0.9]})]
        for model, keywords in cases:
            growth = keywords.pop("observe.growth", None)
            run = nt.simulate(model, growth=growth, **SHORT, **keywords)
            done = program("simulate", self.file(run.toml), "--json", "-")
            self.assertEqual(done.returncode, 0, done.stderr)
            theirs, ours = json.loads(done.stdout), json.loads(run.json)
            for clock in ("wall_seconds", "path_steps_per_second"):
                del theirs[clock], ours[clock]
            self.assertEqual(ours, theirs)
            at = theirs["times"][-1]
            self.assertEqual(run.mean.value, at["mean"]["value"])
            for p, quantile in at["quantiles"].items():
                self.assertEqual(run.quantile(float(p)).value, quantile["value"])
        self.assertEqual(run.first_passage.exited, theirs["first_passage"]["exited"])
        self.assertEqual(run.first_passage.quantile(0.9).value, theirs["first_passage"]["quantiles"]["0.9"]["value"]
                         or math.inf)
        self.assertEqual(len(run.first_passage.survival), len(run.first_passage.survival_times))

    def test_it_prints_the_table_of_the_command_line(self):
        run = nt.simulate(SADDLE, **SHORT)
        lines = program("simulate", self.file(run.toml)).stdout.splitlines()
        self.assertEqual(repr(run).splitlines()[1:], lines[1:])
        self.assertIn("<table>", run._repr_html_())
        self.assertIn(f"{run.growth_rate.value:.6g}", run._repr_html_())

    def test_save_writes_the_bytes_of_out(self):
        run = nt.simulate(SADDLE, sample_paths=2, histogram={"bins": 10, "to": 3.0}, cdf_at=[0.0], **SHORT)
        run.save(self.path / "ours")
        done = program("simulate", self.file(run.toml), "--out", self.path / "theirs")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("data.h5", "config.toml"):
            self.assertEqual((self.path / "ours" / name).read_bytes(), (self.path / "theirs" / name).read_bytes())
        with self.assertRaisesRegex(nt.InputError, "name another one"):
            run.save(self.path / "ours")
        again = nt.load(self.path / "ours")
        self.assertEqual(again.growth_rate, run.growth_rate)
        self.assertEqual(again.quantile(0.5), run.quantile(0.5))
        self.assertEqual(again.toml, run.toml)
        edges, density, _ = run.histogram()
        self.assertLess(np.sum(density * np.diff(edges)), 1)
        with self.assertRaises(nt.InputError):
            nt.load(self.path)

    def test_rows_are_in_memory_and_in_a_folder_those_of_collect(self):
        run = nt.simulate(SADDLE, rows=100, exit_radius=2.0, **SHORT)
        all_rows = nt.collect(SADDLE, exit_radius=2.0, **SHORT)
        run.save(self.path / "kept")
        for rows in (run.rows, nt.load(self.path / "kept").rows):
            self.assertEqual((len(rows), rows.times), (100, (1.0,)))
            for name in ("value", "log_abs", "log_growth", "exit_time", "exit_side"):
                np.testing.assert_array_equal(getattr(rows, name), getattr(all_rows, name)[..., :100])
            self.assertFalse(rows.value.flags.writeable)
            self.assertIsNone(rows.log_largest)
        with self.assertRaisesRegex(nt.InputError, "not kept in a folder"):
            rows.replay(3)
        self.assertIsNone(nt.simulate(SADDLE, **SHORT).rows)

    def test_the_words_beside_an_estimate_are_those_of_the_command_line(self):
        for run, words in ((nt.simulate(SADDLE, **SHORT), ("theory", "this scheme")),
                           (nt.simulate(nt.NoisySaddle(), paths=2000, steps=10), ("exact", "small-step SDE"))):
            self.assertIn("".join(f"<th style='text-align:left'>{word}</th>" for word in words), run._repr_html_())
            for word in words:
                self.assertIn(f" {word} ", repr(run))

    def test_the_command_for_the_shell_gives_the_same_run(self):
        run = nt.simulate(SADDLE, times=[1.0], **SHORT)
        done = subprocess.run(["bash", "-c", run.command], cwd=self.path, capture_output=True, text=True,
                              env={**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"})
        self.assertEqual(done.stdout.splitlines()[1:], repr(run).splitlines()[1:], done.stderr)
        file = self.file(run.toml)
        changed = nt.simulate(file, set={"model.sigma": 1.2})
        self.assertEqual(changed.command, f"noisetrap simulate {file} --set model.sigma=1.2")
        self.assertIn("sigma = 1.2", changed.toml)

    def test_a_file_a_text_and_a_name_are_models_too(self):
        run = nt.simulate(SADDLE, **SHORT)
        for model in (self.file(run.toml), str(self.file(run.toml)), run.toml):
            self.assertEqual(nt.simulate(model).growth_rate, run.growth_rate)
        self.assertEqual(nt.simulate("linear-sde", set=dict(zip(("model.a", "model.sigma", "model.tau"), (.25, 1.1, .4))),
                                     **SHORT).growth_rate, run.growth_rate)

    def test_odds_by_splitting_are_those_of_the_command_line(self):
        few = {"level": 100.0, "back": 1e-4, "walks": 50, "families": 3, "steps": 500, "seed": 7}
        run = nt.simulate("noisy-saddle", set={"model.a": -0.2, "model.sigma": 0.5, "model.tau": 0.0}, **few)
        run.save(self.path / "rare")
        again = nt.load(self.path / "rare")
        summary = json.loads((self.path / "rare" / "summary.json").read_text())["rare"]
        for of in (run, again):
            self.assertEqual(of.rare.odds.value, summary["odds"]["value"])
            self.assertEqual(of.rare.plain_paths, summary["plain_paths"])
        self.assertEqual((summary["level"], summary["walks"], run.times, run.growth_rate), (100.0, 50, (), None))
        with self.assertRaisesRegex(nt.InputError, "observe.times does not go with"):
            nt.simulate("noisy-saddle", times=[1], **few)

    def test_growth_agrees_with_theory(self):
        run = nt.simulate(SADDLE, t_end=10, paths=20_000)
        self.assertAlmostEqual(run.growth_rate.theory, 0.25 - 1.1**2 / 2, 14)
        self.assertLess(abs(run.growth_rate.z), 4)

    def test_settings_hold_inside_their_block(self):
        with nt.settings(threads=1, precision="double"):
            run = nt.simulate(SADDLE, **SHORT)
            self.assertIn('precision = "mixed"', nt.simulate(SADDLE, precision="mixed", **SHORT).toml)
        self.assertIn('precision = "double"', run.toml)
        self.assertEqual(run.facts["threads"], 1)
        self.assertIn('precision = "mixed"', nt.simulate(SADDLE, device="cpu", **SHORT).toml)
        with self.assertRaisesRegex(TypeError, "no keyword 'paths'"):
            nt.settings(paths=1)


class Errors(InAFolder):
    def test_an_input_error_has_its_key(self):
        with self.assertRaises(nt.InputError) as caught:
            nt.simulate(SADDLE, paths=-5)
        self.assertIsInstance(caught.exception, ValueError)
        self.assertEqual(str(caught.exception), "ensemble.paths = -5 must be between 1 and 1000000000000000")
        self.assertEqual((caught.exception.key, caught.exception.where), ("ensemble.paths", None))

    def test_a_file_is_blamed_by_its_line(self):
        file = self.file("[model]\nname = 'linear-sde'\nsigm = 1.0\n")
        with self.assertRaises(nt.InputError) as caught:
            nt.simulate(file)
        error = caught.exception
        self.assertEqual((error.key, error.where, error.nearest), ("model.sigm", f"{file}:3", "model.sigma"))
        self.assertEqual(f"noisetrap: {error}\n", program("simulate", file).stderr)
        with self.assertRaises(nt.InputError) as caught:
            nt.simulate("linear-sde", set={"integrator.scheme": "euler"})
        self.assertEqual(caught.exception.where, '--set integrator.scheme="euler"')
        self.assertEqual(caught.exception.nearest, "euler-maruyama")
        self.assertEqual(str(pickle.loads(pickle.dumps(error))), str(error))

    def test_a_warning_of_the_command_line_is_one_of_python(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            nt.simulate(SADDLE, dt=5.0, steps=2, paths=100)
        self.assertEqual(len(caught), 1)
        self.assertIn("make integrator.dt smaller", str(caught[0].message))
        self.assertEqual(Path(caught[0].filename).name, "test_package.py")


class RowsOfPaths(unittest.TestCase):
    def test_rows_are_read_only_and_share_memory(self):
        rows = nt.collect(SADDLE, times=[0.5, 1.0], **SHORT)
        self.assertEqual(rows.value.shape, (2, 2000))
        for array in (rows.value, rows.log_abs, rows.log_growth):
            self.assertFalse(array.flags.writeable)
            self.assertFalse(array.flags.owndata)
        self.assertTrue(np.shares_memory(rows.value, rows.value))
        value = rows.value
        del rows
        self.assertTrue(np.isfinite(value).all())  # the memory lives as long as its arrays

    def test_rows_are_those_of_the_summaries(self):
        rows = nt.collect(SADDLE, exit_radius=2.0, **SHORT)
        run = nt.simulate(SADDLE, exit_radius=2.0, cdf_at=[0.0], **SHORT)
        self.assertAlmostEqual(rows.value[-1].mean(), run.mean.value, 12)
        self.assertAlmostEqual(rows.log_abs[-1].mean(), run.moments().mean_log_abs.value, 12)
        self.assertAlmostEqual(rows.log_growth.mean(), (run.plain_growth_rate or run.growth_rate).value, 12)
        self.assertEqual((rows.value[-1] <= 0).mean(), run.cdf(0.0).value)
        self.assertEqual(np.isfinite(rows.exit_time).sum(), run.first_passage.exited)
        self.assertEqual((rows.exit_side > 0).sum(), run.first_passage.upper)
        times = rows.exit_time[np.isfinite(rows.exit_time)]
        self.assertAlmostEqual(times.mean(), run.first_passage.mean_time.value, 12)
        bridged = {"exit_radius": 2.0, "exit_bridge": True}
        rows, run = nt.collect(SADDLE, **bridged, **SHORT), nt.simulate(SADDLE, **bridged, **SHORT)
        times = rows.exit_time[np.isfinite(rows.exit_time)]
        self.assertAlmostEqual(times.mean(), run.first_passage.mean_time.value, 12)
        self.assertIsNone(rows.time_inside)
        self.assertIn("steps_inside", rows.columns)
        with self.assertRaisesRegex(AttributeError, "no column 'colour'"):
            rows.colour

    def test_other_libraries_share_the_memory(self):
        rows = nt.collect(SADDLE, **SHORT)
        tensor = np.from_dlpack(rows.dlpack("value"))
        self.assertTrue(np.shares_memory(tensor, rows.value))

    def test_a_path_is_replayed(self):
        run = nt.simulate(SADDLE, **SHORT)
        rows = nt.collect(SADDLE, **SHORT)
        t, x = nt.replay(run, path=7)
        self.assertEqual((t[0], x[0], t[-1]), (0.0, 1.0, 1.0))
        self.assertEqual(x[-1], rows.value[-1, 7])
        for path in (2000, -1):
            with self.assertRaises(IndexError):
                nt.replay(rows, path=path)
        with self.assertRaisesRegex(nt.InputError, "points must be"):
            nt.replay(run, path=7, points=0)


class LongRuns(unittest.TestCase):
    LONG = {"paths": 10**9, "t_end": 1000, "threads": 1}

    def setUp(self):
        # A shell's background jobs ignore Ctrl-C, and what they start inherits that.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def test_ctrl_c_stops_a_run(self):
        timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
        timer.start()
        begun = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            nt.simulate(SADDLE, **self.LONG)
        self.assertLess(time.monotonic() - begun - 0.3, 1.0)  # a tenth of it on an idle machine
        self.assertTrue(math.isfinite(nt.simulate(SADDLE, **SHORT).growth_rate.value))

    def test_two_threads_do_not_disturb_each_other(self):
        """One run is stopped while another goes on."""
        class Enough(Exception):
            pass

        def stop(done, total, seconds):
            raise Enough

        stopped, results = [], []

        def first():
            try:
                nt.simulate(SADDLE, progress=stop, **self.LONG)
            except Enough:
                stopped.append(True)

        def second():
            results.append(nt.simulate(SADDLE, paths=400_000, t_end=4, threads=1))

        threads = [threading.Thread(target=first), threading.Thread(target=second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(stopped, [True])
        self.assertEqual(results[0].growth_rate, nt.simulate(SADDLE, paths=400_000, t_end=4).growth_rate)

    def test_progress_is_told(self):
        told = []
        nt.simulate(SADDLE, paths=2_000_000, t_end=10, progress=lambda *news: told.append(news))
        self.assertTrue(told)
        done, total, seconds = told[-1]
        self.assertEqual(total, 2_000_000 * 640)
        self.assertTrue(0 <= done <= total and seconds > 0)


class TheoryAndLaws(unittest.TestCase):
    def test_theory_is_that_of_the_command_line(self):
        theirs = json.loads(program("theory", "linear-sde", "--set", "model.a=0.3", "--json", "-").stdout)["answers"]
        ours = nt.theory(nt.LinearSde(a=0.3))
        self.assertEqual([(q, u, s) for q, _, u, s in ours],
                         [(a["quantity"], a["unit"], a["source"]) for a in theirs])
        self.assertAlmostEqual(nt.theory(SADDLE).growth_rate, 0.25 - 1.1**2 / 2, 14)
        euler = nt.theory(SADDLE, scheme="euler-maruyama", dt=1 / 64).growth_rate
        self.assertEqual(euler, nt.simulate(SADDLE, **SHORT).growth_rate.scheme)
        self.assertNotEqual(euler, nt.theory(SADDLE).growth_rate)
        with self.assertRaisesRegex(AttributeError, "it knows: growth rate"):
            nt.theory(SADDLE).colour

    def test_a_stationary_law_speaks_as_scipy_does(self):
        law = nt.LinearSde(a=-0.1, sigma=1, tau=0.5, rho=0.3).stationary()
        x = np.array([[-3.0, -0.2], [0.0, 5.0]])
        self.assertEqual(law.cdf(x).shape, x.shape)
        np.testing.assert_allclose(law.cdf(x) + law.sf(x), 1, rtol=1e-12)
        np.testing.assert_allclose(law.ppf(law.cdf(x)), x, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(np.exp(law.logpdf(x)), law.pdf(x), rtol=1e-12)
        self.assertEqual(law.tail_index, 1 + 0.2)
        self.assertEqual(law.name, "pearson-iv")
        self.assertEqual(law.support(), (-math.inf, math.inf))
        self.assertTrue(math.isnan(law.ppf(1.5)))
        sample = law.rvs(10000, random_state=1)
        self.assertLess(abs((sample <= law.ppf(0.5)).mean() - 0.5), 0.02)
        with self.assertRaisesRegex(ValueError, "no stationary law"):
            nt.LinearSde(a=1).stationary()

    def test_a_student_law_is_scipys(self):
        try:
            from scipy import stats
        except ImportError:
            self.skipTest("scipy is not here")
        law = nt.LinearSde(a=-0.2, sigma=1, tau=0.5).stationary()  # y = x sigma/tau sqrt(alpha) is Student's
        theirs = stats.t(law.tail_index, scale=0.5 / math.sqrt(law.tail_index))
        x = np.linspace(-4, 4, 9)
        np.testing.assert_allclose(law.pdf(x), theirs.pdf(x), rtol=1e-9)
        np.testing.assert_allclose(law.cdf(x), theirs.cdf(x), rtol=1e-9)

    def test_samples_without_a_time_step_have_the_law_of_the_fokker_planck_equation(self):
        saddle = nt.LinearSde(a=0.3, sigma=1.0, tau=0.5, rho=0.5)
        x = np.sort(nt.exact_samples(saddle, t=2.0, x0=0.1, paths=4000))
        exact = nt.transient(saddle, t=2.0, x0=0.1).cdf(x)
        self.assertLess(abs(exact - (np.arange(4000) + 0.5) / 4000).max(), 2.5 / 4000**0.5)
        self.assertTrue((nt.exact_samples(saddle, t=2.0, x0=0.1, paths=10) ==
                         nt.exact_samples(saddle, t=2.0, x0=0.1, paths=20)[:10]).all())
        for wrong in ({"t": 0.0}, {"t": 1.0, "paths": -1}, {"t": 1.0, "seed": 2**53}):
            self.assertRaises(nt.InputError, nt.exact_samples, saddle, **wrong)
        self.assertRaises(nt.InputError, nt.exact_samples, nt.QuarticWell(), t=1.0)
        self.assertRaises(ValueError, nt.exact_samples, nt.LinearSde(a=0.3, sigma=1.0, tau=0.0), t=1.0)

    def test_a_transient_law_is_that_of_the_paths(self):
        law = nt.transient(SADDLE, t=1.0, x0=1.0, cells=512)
        rows = nt.collect(SADDLE, t_end=1, dt=1 / 256, paths=20_000)
        ours = np.sort(rows.value[-1])
        distance = np.abs(law.cdf(ours) - (np.arange(20_000) + 0.5) / 20_000).max()
        self.assertLess(distance, 1.95 / math.sqrt(20_000))  # Kolmogorov, odds 1e-3
        np.testing.assert_allclose(law.ppf(law.cdf(np.array([0.1, 1.0]))), [0.1, 1.0], rtol=1e-6)

    def test_a_transient_law_of_a_formula(self):
        decay = nt.Sde("dx = -k*x dt + s dW", k=1.0, s=0.5)
        early, late = nt.transient(decay, [0.5, 2.0], x0=1.0, cells=512)
        deviation = 0.5 * math.sqrt((1 - math.exp(-1)) / 2)
        from statistics import NormalDist

        exact = NormalDist(math.exp(-0.5), deviation)
        for x in (0.3, 0.6, 1.0):
            self.assertAlmostEqual(early.cdf(x), exact.cdf(x), 4)
            self.assertAlmostEqual(early.pdf(x), exact.pdf(x), 3)
        self.assertAlmostEqual(late.ppf(0.5), math.exp(-2), 4)
        with self.assertRaisesRegex(ValueError, "depends on t"):
            nt.transient(nt.Sde("dx = sin(t) dt + s dW", s=1.0), 1.0)
        with self.assertRaisesRegex(nt.InputError, "in Ito's sense"):
            nt.transient(SADDLE, 1.0, calculus="stratonovich")
        with self.assertRaisesRegex(nt.InputError, "t must be a time"):
            nt.transient(SADDLE, -1.0)
        with self.assertRaisesRegex(nt.InputError, "spacing = 'log' is not one of linear, logarithmic, symlog"):
            nt.transient(SADDLE, 1.0, interval=(0, 1), spacing="log")
        with self.assertRaisesRegex(TypeError, "give one"):
            nt.transient(SADDLE, 1.0, absorbing=(True, True))


class Formulas(InAFolder):
    def test_formulas_are_models(self):
        decay = nt.Sde("dx = -k*x dt + tau dW", k=1.0, tau=0.2, name="decay")
        run = nt.simulate(decay, t_end=1, paths=20_000)
        self.assertIn('name = "decay"', run.toml)
        self.assertLess(abs(run.mean.value - (1 - 1 / 64)**64), 4 * run.mean.error)
        done = program("simulate", self.file(run.toml), "--json", "-")
        self.assertEqual(json.loads(done.stdout)["times"][0]["mean"]["value"], run.mean.value)
        self.assertEqual(decay.replace(k=2).k, 2)
        with self.assertRaises(nt.InputError) as caught:
            nt.simulate(nt.Sde("dx = -kay*x dt + tau dW", k=1.0, tau=1.0))
        self.assertIn("'kay' is not known", str(caught.exception))

    def test_a_recursion_and_a_loss_are_read(self):
        walk = nt.Recursion("x + l*((a + xi)*x + eta)", l=1.0, a=0.02, xi=nt.Gaussian("s"), eta=nt.TwoPoint(0.1), s=0.3)
        self.assertIn("[noise]", nt.simulate(walk, paths=100, steps=10, growth=False).toml)

    def test_noises_are_those_of_the_page_about_them(self):
        """Growth rates at a = 0.1 from the table of docs/noises.md."""
        for noise, growth in ((nt.Gaussian(0.5), -0.0505), (nt.StudentT(3, 0.5), 0.0180), (nt.Stable(1.5, 0.4), -0.0169),
                              (nt.Correlated(5, 0.5), 0.0847), (nt.Anticorrelated(0.5), -0.1357)):
            walk = nt.Recursion("x + (a + xi)*x", a=0.1, xi=noise)
            self.assertAlmostEqual(walk.theory().growth_rate, growth, 4, noise)
            self.assertEqual(pickle.loads(pickle.dumps(walk)), walk)
        for noise in (nt.Jumps(0.2), nt.Samples(8), nt.Samples(8, reshuffled=False), nt.Switching(0.1, 0.2)):
            nt.Recursion("x + (a + 0.1*xi)*x", a=0.1, xi=noise).theory()
        levy = nt.Sde("dx = a*x dt + s*x dL", a=0.2, s=0.7, dL=nt.Stable(1.5))
        self.assertAlmostEqual(levy.theory().growth_rate, -0.16701, 5)
        with self.assertRaisesRegex(nt.InputError, "normal, uniform and two-point noise alone"):
            nt.Recursion("x + (a + xi)*x", a=0.1, xi=nt.StudentT(3, 0.5)).linearised()
        with self.assertRaisesRegex(nt.InputError, "noise.xi.scael"):
            nt.Recursion("x + xi*x", xi=nt.Noise("student-t", nu=3, scael=2)).theory()

    def test_a_formula_is_linear_near_its_fixed_points(self):
        well = nt.Sde("dx = (mu*x - x^3) dt + zeta*x dW + tau dV", mu=1.5, zeta=0.8, tau=0.1, name="well")
        self.assertEqual(well.linearised(), nt.LinearSde(a=1.5, sigma=0.8, tau=0.1))
        x = math.sqrt(1.5)
        near = well.linearised(at=x)
        self.assertAlmostEqual(near.a, 1.5 - 3 * x**2, 9)
        self.assertAlmostEqual(near.tau, math.hypot(0.8 * x, 0.1), 9)
        self.assertAlmostEqual(near.rho, 0.8 * x / near.tau, 9)
        with self.assertRaisesRegex(nt.InputError, "well has no fixed point at x = 1; it has them at x = -1.22474, 0, 1.2"):
            well.linearised(at=1.0)
        with self.assertRaisesRegex(nt.InputError, "kink, a jump or a root"):
            nt.Sde("dx = -abs(x) dt + dW").linearised()

    def test_a_recursion_is_a_noisy_saddle_near_its_fixed_point(self):
        step = nt.Recursion("x + (a + xi)*x + eta - x^3", a=0.1, xi=nt.TwoPoint(0.3), eta=nt.Uniform(0.2))
        near = step.linearised()
        self.assertEqual(near, nt.NoisySaddle(a=near.a, sigma=0.3, tau=0.2, law="two-point", eta_law="uniform"))
        self.assertAlmostEqual(near.a, 0.1, 12)
        self.assertAlmostEqual(near.theory()["growth rate"], 0.5 * math.log(1.1**2 - 0.3**2), 9)
        loss = nt.Loss("-(a + xi)*x + x^3", a=0.1, xi=nt.Gaussian(0.3)).linearised()
        self.assertEqual((round(loss.a, 12), loss.sigma, loss.tau, loss.law), (0.1, 0.3, 0.0, "gaussian"))
        both = nt.Recursion("x + (a + xi + eta)*x", a=0.1, xi=nt.TwoPoint(0.3), eta=nt.Uniform(0.2))
        with self.assertRaisesRegex(nt.InputError, "adds up noises that are not all normal"):
            both.linearised()
        self.assertAlmostEqual(both.replace(xi=nt.Gaussian(0.3), eta=nt.Gaussian(0.4)).linearised().sigma, 0.5, 12)

    def test_a_header_of_ones_own_is_a_model(self):
        header = Path(__file__).resolve().parents[2] / "examples" / "own_model" / "decay.hpp"
        run = nt.simulate(nt.OwnModel(header, "Decay", k=2.0), t_end=1, paths=20_000)
        self.assertLess(abs(run.mean.value - (1 - 2 / 64)**64), 4 * run.mean.error)
        self.assertIn("fingerprint", run.toml)


class Comparisons(InAFolder):
    MODEL, TERMS = nt.NoisySaddle(a=0.01, sigma=0.2, tau=0.001), {"budget": 200, "exit_radius": 0.02, "x0": 0.01,
                                                                 "paths": 500}

    def test_a_comparison_is_that_of_the_command_line(self):
        c = nt.compare(self.MODEL, [nt.Sgd(learning_rate=[0.3, 1.0])], **self.TERMS)
        done = program("compare", self.file(c.toml), "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        theirs, ours = json.loads(done.stdout), json.loads(c.json)
        self.assertEqual(ours["contenders"], theirs["contenders"])
        self.assertEqual([x.varied["learning_rate"] for x in c], [0.3, 1.0])
        self.assertEqual(c["sgd"].odds, max(x.odds for x in c))
        c.save(self.path / "out", page=False)
        self.assertEqual(nt.load(self.path / "out").best["sgd"].odds, c["sgd"].odds)
        self.assertIn("<table>", c._repr_html_())

    def test_two_of_one_kind_need_labels(self):
        with self.assertRaisesRegex(ValueError, "label="):
            nt.compare(self.MODEL, [nt.Sgd(), nt.Sgd()], **self.TERMS)


class Sweeps(InAFolder):
    def sweep(self, **keywords):
        return nt.sweep(nt.NoisySaddle(tau=0), optimiser=nt.Sgd(), over={"a": np.linspace(-0.1, 0.1, 3),
                                                                         "sigma": nt.log(0.1, 1, 4)},
                        observe=["growth"], paths=64, steps=20, phases=True, **keywords)

    def test_a_sweep_is_that_of_the_command_line(self):
        d = self.sweep(out=self.path / "ours")
        done = program("sweep", self.file(d.toml), "--json", "-", "--out", self.path / "theirs")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(d.json, done.stdout)
        for name in ("data.h5", "sweep.json", "config.toml"):
            self.assertEqual((self.path / "ours" / name).read_bytes(), (self.path / "theirs" / name).read_bytes(), name)
        self.assertEqual(d.shape, (3, 4))
        self.assertEqual(d.value("growth").shape, (3, 4))
        self.assertLess(np.abs((d.value("growth") - d.theory("growth")["exact"]) / d.error("growth")).max(), 4.5)
        self.assertEqual(d.phases.shape, (3, 4))
        self.assertEqual(nt.load(self.path / "ours").axes, d.axes)

    def test_a_sweep_goes_on_where_it_was_cut_off(self):
        class Enough(Exception):
            pass

        def stop(done, total, seconds):
            if done > 0:
                raise Enough

        over = {"a": np.linspace(-0.2, 0.2, 40), "sigma": nt.linear(0.1, 1, 40)}
        keywords = dict(optimiser="sgd", over=over, paths=4096, steps=200)
        model = nt.NoisySaddle(tau=0)
        with self.assertRaises(Enough):
            nt.sweep(model, out=self.path / "out", progress=stop, threads=1, **keywords)
        import h5py

        with h5py.File(self.path / "out" / "data.h5") as data:
            done = int(data["done"][:].sum())
        self.assertTrue(0 < done < 1600, done)
        again = nt.sweep(model, out=self.path / "out", **keywords)
        self.assertEqual(again.json, nt.sweep(model, **keywords).json)

    def test_a_boundary_and_a_preset(self):
        d = nt.sweep(nt.NoisySaddle(tau=0), over={"a": [0.02, 0.05], "sigma": nt.linear(0.05, 0.8, 9)}, paths=64,
                     steps=100, boundary=nt.boundary("growth", 0, along="sigma", accuracy=0.05))
        self.assertEqual(len(d.boundary), 1)
        np.testing.assert_allclose(d.boundary[0]["y"], [0.2, 0.31], atol=0.1)
        with self.assertRaisesRegex(ValueError, "second axis"):
            nt.sweep(nt.NoisySaddle(), over={"sigma": [0.1, 0.2], "a": [0.1, 0.2]},
                     boundary=nt.boundary("growth", along="sigma"))
        self.assertIn("a-sigma", nt.presets)
        with self.assertRaisesRegex(TypeError, "did you mean 'sigma'"):
            nt.sweep(nt.NoisySaddle(), over={"sigm": [0.1, 0.2]})
        rates = nt.sweep(nt.NoisySaddle(a=0.1, tau=0), optimiser=nt.Sgd(learning_rate=1.0), paths=64, steps=20,
                         over={"a": [-0.1, 0.1], "learning_rate": [0.5, 1.0], "sigma": [0.1, 0.5]})
        self.assertEqual(list(rates.axes), ["a", "learning_rate", "sigma"])


class Pictures(InAFolder):
    def test_results_draw_themselves(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not here")
        matplotlib.use("Agg")
        run = nt.simulate(SADDLE, times=[0.5, 1.0], **SHORT)
        self.assertEqual(len(run.plot().get_legend().get_texts()), 5)
        binned = nt.simulate(SADDLE, histogram={"bins": 10, "to": 3.0}, **SHORT).plot()
        self.assertEqual(len(binned.patches), 1)
        d = nt.sweep(nt.NoisySaddle(tau=0), over={"a": [-0.1, 0.1], "sigma": [0.1, 0.5]}, paths=64, steps=20,
                     phases=True, out=self.path / "sweep")
        self.assertEqual(d.plot().get_xlabel(), "a")
        self.assertEqual(d.plot("growth").get_ylabel(), "sigma")
        self.assertIn("<svg", (d.page()).read_text())
        c = nt.compare(Comparisons.MODEL, [nt.Sgd()], **Comparisons.TERMS)
        self.assertEqual(len(c.plot().lines), 1)
        ring = nt.simulate(RING)
        self.assertEqual(ring.variables, ("x", "v"))
        plane = ring.plot_plane(paths=1, bins=10)
        self.assertEqual((plane.get_xlabel(), plane.get_ylabel()), ("x", "v"))
        self.assertEqual([text.get_text() for text in plane.get_legend().get_texts()],
                         ["a path", "x stands still", "v stands still"])
        with self.assertRaisesRegex(nt.InputError, "two variables"):
            nt.simulate(SADDLE, **SHORT).plot_plane()
        matplotlib.pyplot.close("all")


class TheMachine(unittest.TestCase):
    def test_import_is_quick_and_leaves_the_heavy_ones_out(self):
        code = ("import sys, time; t = time.process_time(); import noisetrap; t = time.process_time() - t; "
                "print(t, [m for m in ('numpy', 'matplotlib', 'pandas', 'xarray', 'h5py') if m in sys.modules])")
        seconds, heavy = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                        check=True).stdout.strip().split(" ", 1)
        self.assertEqual(heavy, "[]")
        self.assertLess(float(seconds), 0.15)

    def test_stubs_know_every_public_name_and_parameter(self):
        folder = Path(nt.__file__).parent
        if not (folder / "__init__.pyi").exists():
            self.skipTest("the package was not built with its stubs")
        import ast

        tree = ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8"))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        names = {alias.asname for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
        self.assertEqual(set(nt.__all__) - {"models", "optimisers", "info"} - names - set(classes), set())
        for cls in [*nt.models.values(), *nt.optimisers.values()]:
            fields = {node.target.id for node in classes[cls.__name__].body if isinstance(node, ast.AnnAssign)}
            self.assertEqual(fields, {p["key"] for p in cls._parameters})
        self.assertTrue((folder / "py.typed").exists())
        self.assertIn("def fixed_points", (folder / "_core.pyi").read_text(encoding="utf-8"))

    def test_examples_in_docstrings_print_what_they_say(self):
        import doctest
        from importlib import import_module

        tried = 0
        for file in sorted(Path(nt.__file__).parent.glob("_*.py")):
            module = nt if file.stem == "__init__" else import_module(f"noisetrap.{file.stem}")
            failed, count = doctest.testmod(module, extraglobs={"nt": nt, **{n: getattr(nt, n) for n in nt.__all__}})
            self.assertEqual(failed, 0, file.name)
            tried += count
        self.assertGreater(tried, 10)

    def test_info_and_version(self):
        self.assertIn(f"noisetrap {nt.__version__}", program("--version").stdout)
        self.assertEqual(nt.info()["backends"]["omp"]["usable"], True)

    def test_every_key_of_a_run_has_one_keyword(self):
        for command in ("simulate", "compare", "sweep"):
            keys = [key for key, *_ in nt._core.keys_of(command)]
            last = [key.rsplit(".", 1)[1] for key in keys]
            self.assertEqual(len(set(last)), len(last), [key for key in last if last.count(key) > 1])
        self.assertEqual(nt.keywords()["paths"][0], "ensemble.paths")
        self.assertEqual(nt.keywords()["t_end"][0], "integrator.t_end")

    def test_kernels_are_compiled_from_the_headers_that_the_module_carries(self):
        """Nothing but the module and an empty cache is needed."""
        code = ("import noisetrap as nt; "
                "print(nt.simulate(nt.LinearSde(tau=0), scheme='milstein', paths=64, steps=4).growth_rate)")
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder,
                                  env={**os.environ, "NOISETRAP_KERNEL_CACHE": folder})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(list(Path(folder).rglob("*.so")))


if __name__ == "__main__":
    unittest.main()
