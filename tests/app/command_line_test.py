"""The command line as a user meets it: run as  command_line_test.py PATH/TO/noisetrap."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py

PROGRAM = str(Path(sys.argv.pop(1)).resolve())
SMALL = ["--set", "ensemble.paths=2000", "--set", "integrator.steps=50", "--set", "observe.times=[0.5]"]


def noisetrap(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.config = self.path / "run.toml"
        self.config.write_text(noisetrap("defaults", "linear-sde").stdout)

    def simulate(self, *arguments, **options):
        return noisetrap("simulate", self.config, *SMALL, "--no-page", *arguments, **options)

    def only_the_configuration_is_there(self):
        self.assertEqual([p.name for p in self.path.iterdir()], ["run.toml"])

    def test_defaults_run_as_they_are(self):
        for name in ("linear-sde", "noisy-saddle", "quartic-well", "piecewise-linear-sde"):
            self.config.write_text(noisetrap("defaults", name).stdout)
            done = noisetrap("simulate", self.config, "--json", "-")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout)["model"], name)

    def test_list_show_info(self):
        self.assertIn("noisy-saddle", noisetrap("list").stdout)
        schemes = {line.split()[0]: line.split()[1:] for line in noisetrap("list", "schemes").stdout.splitlines()}
        self.assertEqual(schemes["heun"], ["Stratonovich", "1", "1/2", "1", "any", "noise", "2", "2", "1"])
        self.assertEqual(schemes["sriw1"], ["Ito", "3/2", "-", "2", "one", "noise", "2", "4", "2"])
        self.assert_refused(noisetrap("list", "scheme"), "schemes")
        self.assertIn("model.sigma", noisetrap("show", "linear-sde").stdout)
        self.assertIn("instruction set", noisetrap("info").stdout)
        wrong = noisetrap("show", "linear-sed")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("linear-sde", wrong.stderr)

    def test_json_stands_alone_with_every_documented_key(self):
        done = self.simulate("--json", "-", "--set", "observe.cdf_at=[0.0]", "--set", "observe.exit_radius=2", "--set",
                             "observe.quantiles=[0.9]", "--set", "ensemble.paths=6000")  # enough steps for control
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        summary = json.loads(done.stdout)
        for key in ("seed", "paths", "steps", "non_finite", "backend", "threads", "precision", "device", "revision",
                    "input", "wall_seconds", "path_steps_per_second"):
            self.assertIn(key, summary)
        growth = summary["growth_rate"]
        self.assertEqual({"value", "standard_error", "theory", "theory_scheme", "controlled", "plain"}, set(growth))
        self.assertTrue(growth["controlled"])
        self.assertGreater(growth["plain"]["standard_error"], growth["standard_error"])
        at = summary["times"][0]
        self.assertEqual(at["t"], 0.5)
        for estimate in (at["mean"], at["variance"], at["mean_log_abs"], at["quantiles"]["0.9"], at["cdf"][0]):
            self.assertIn("value", estimate)
            self.assertIn("standard_error", estimate)
        self.assertEqual(at["cdf"][0]["x"], 0.0)
        passage = summary["first_passage"]
        self.assertEqual(passage["radius"], 2)
        self.assertEqual(passage["exited"] + passage["not_exited"], 6000)
        self.assertIn("standard_error", passage["mean_time"])

    def test_output_folder_holds_configuration_summary_and_data(self):
        out = self.path / "out"
        done = self.simulate("--out", out, "--set", "observe.sample_paths=3", "--set", "observe.replay=[1999]", "--set",
                             "observe.histogram={scale='symlog', to=10.0, bins=8}", "--set", "observe.cdf_at=[0.0, 1.0]")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["config.toml", "data.h5", "summary.json"])
        with h5py.File(out / "data.h5") as data:
            self.assertEqual([d.label for d in data["cdf"].dims], ["time", "x"])
            self.assertEqual(data["mean"].attrs["unit"], b"length")
            self.assertIn(b"linear-sde", data["configuration"][()])
            self.assertEqual(data["histogram/counts"][()].sum() + data["histogram/below"][0] + data["histogram/above"][0], 2000)
            self.assertEqual(list(data["paths/number"]), [0, 1, 2, 1999])
            self.assertEqual(data["paths/x"].shape, (4, 51))
            self.assertEqual(data["paths/x"].dims[1].label, "time")
        again = noisetrap("simulate", out / "config.toml", "--no-page", "--out", self.path / "again")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual((self.path / "again/data.h5").read_bytes(), (out / "data.h5").read_bytes())

    def test_rows_of_paths_are_kept_where_asked(self):
        """They are those of the paths that the summary is made of."""
        for name, rows in (("all", "all"), ("few", "3")):
            done = self.simulate("--out", self.path / name, "--set", f"observe.rows={rows}", "--set", "observe.sample_paths=3",
                                 "--set", "observe.exit_radius=2")
            self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(self.path / "all/data.h5") as data, h5py.File(self.path / "few/data.h5") as few:
            rows = data["rows"]
            self.assertEqual(sorted(rows), ["exit_step", "exit_time", "log_abs", "log_growth", "noise_squares", "noise_sum",
                                            "path", "value"])
            self.assertEqual([d.label for d in rows["value"].dims], ["time", "path"])
            self.assertAlmostEqual(rows["value"][0].mean(), data["mean"][0], 12)
            self.assertEqual(list(rows["value"][0, :3]), list(data["paths/x"][:, 32]))  # at t = 0.5
            times, survival = data["first_passage/time"][:], data["first_passage/survival"][:]
            for t, alive in zip(times, survival):
                self.assertAlmostEqual((rows["exit_time"][:] > t).mean(), alive, 12)
            self.assertEqual(list(few["rows/path"]), [0, 1, 2])
            for name in rows:
                self.assertEqual(few["rows"][name][..., :3].tolist(), rows[name][..., :3].tolist(), name)

    def test_rows_that_cannot_be_kept_are_a_sentence(self):
        self.refused_setting("ensemble.paths=2000 observe.rows=3000", "observe.rows = 3000 is more than the 2000 paths")
        self.refused_setting("observe.rows=some", "observe.rows = 'some' is none of all")
        self.assert_refused(self.simulate("--out", self.path / "out", "--set", "ensemble.paths=1e12", "--set", "observe.rows=all"),
                            "GB", "free")
        self.only_the_configuration_is_there()

    def test_a_page_says_trapped_or_not_and_stationary_or_not_yet(self):
        out = self.path / "out"
        done = noisetrap("simulate", self.config, *SMALL, "--out", out, "--set", "model.a=0.3", "--set", "model.sigma=1.0")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (0, 1), done.stderr)  # the run is short: one warning
        self.assertIn("\ntrapped: log|dx| falls by ", done.stdout)
        self.assertIn("\nnot stationary yet: at t = ", done.stdout)
        self.assertIn(f"written: {out}/index.html, config.toml", done.stdout)
        page = (out / "index.html").read_text(encoding="utf-8")
        self.assertIn("<b>Trapped</b>: log|dx| falls by ", page)
        for name in ("paths", "law", "growth"):
            self.assertIn(f'<figure id="{name}">', page)
        again = noisetrap("simulate", self.config, *SMALL, "--out", out, "--fresh", env={**os.environ, "NOISETRAP_PYTHON": "/bin/false"})
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("warning: the figures could not be drawn", again.stderr)
        self.assertFalse((out / "index.html").exists())
        free = self.simulate("--set", "model.a=0.7", "--set", "model.sigma=0.5")
        self.assertIn("\nnot trapped: log|dx| grows by ", free.stdout)

    def test_paths_that_come_together_in_the_wells_are_not_trapped_at_the_saddle(self):
        self.config.write_text('[model]\nname = "double-well"\na = 0.05\nb = 0.05\nsigma = 0.1\ntau = 0.0\n')
        short = ["--set", "ensemble.paths=500", "--set", "integrator.steps=500", "--no-page"]
        run = noisetrap("simulate", self.config, *short)
        self.assertIn("\nnot trapped at 0, where log|x| grows by 0.04", run.stdout)
        trap = noisetrap("simulate", self.config, *short, "--set", "model.sigma=0.5")
        self.assertIn("\ntrapped: log|dx| falls by ", trap.stdout)

    def test_no_clock_in_the_bytes(self):
        self.simulate("--out", self.path / "first")
        time.sleep(1.1)
        self.simulate("--out", self.path / "second")
        self.assertEqual((self.path / "first/data.h5").read_bytes(), (self.path / "second/data.h5").read_bytes())

    def test_threads_lanes_and_chunks_leave_the_bytes_alone(self):
        files, summaries = set(), set()
        about_the_run = ("wall_seconds", "path_steps_per_second", "threads", "lanes", "chunk", "backend", "input")
        for i, settings in enumerate((["run.threads=1"], ["run.threads=2"], ["run.lanes=1"], ["run.lanes=16", "run.chunk=1024"])):
            out = self.path / str(i)
            self.assertEqual(self.simulate("--out", out, "--set", "observe.rows=1500", *(a for s in settings for a in ("--set", s))).returncode, 0)
            summary = json.loads((out / "summary.json").read_text())
            files.add((out / "data.h5").read_bytes())
            summaries.add(json.dumps({k: v for k, v in summary.items() if k not in about_the_run}))
        self.assertEqual(len(files), 1)
        self.assertEqual(len(summaries), 1)

    def assert_refused(self, done, *said):
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in said:
            self.assertIn(part, done.stderr)

    def test_a_wrong_key_is_one_sentence_and_nothing_is_written(self):
        out = self.path / "out"
        self.assert_refused(self.simulate("--out", out, "--set", "model.sgima=1"), "model.sgima", "model.sigma")
        self.config.write_text("[model]\nname = 'linear-sde'\nsgima = 1\n")
        self.assert_refused(noisetrap("simulate", self.config, "--out", out), "run.toml:3", "model.sigma")
        self.assert_refused(noisetrap("simulate", self.path / "none.toml"), "none.toml")
        self.only_the_configuration_is_there()

    def test_an_output_folder_with_something_in_it_is_refused(self):
        out = self.path / "out"
        out.mkdir()
        (out / "precious").write_text("data")
        self.assert_refused(self.simulate("--out", out), "not an empty folder")
        self.assertEqual((out / "precious").read_text(), "data")
        (out / "precious").unlink()
        self.assertEqual(self.simulate("--out", out).returncode, 0)  # an empty one is filled

    def test_an_output_folder_that_cannot_be_made_is_refused(self):
        self.assert_refused(self.simulate("--out", self.config / "out"), "cannot be written")
        self.assert_refused(self.simulate("--out", "/proc/out"), "cannot be written")

    def test_a_full_disk_leaves_nothing_behind(self):
        def no_file_over_100_bytes():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        self.assert_refused(self.simulate("--out", self.path / "out", preexec_fn=no_file_over_100_bytes), "cannot be written")
        self.only_the_configuration_is_there()
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "simulate", self.config, *SMALL, "--json", "-"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("standard output", done.stderr)

    def test_a_folder_that_was_made_in_vain_is_gone_again(self):
        self.assert_refused(self.simulate("--out", self.path / "a/b/out", "--set", "ensemble.paths=1e13", "--set", "run.chunk=1e12"), "GB of memory")
        self.only_the_configuration_is_there()
        self.assertEqual(self.simulate("--out", self.path / "a/b/out").returncode, 0)
        self.assertEqual([p.name for p in (self.path / "a/b").iterdir()], ["out"])

    def test_long_lists_of_times_are_written(self):
        times = "observe.times=[%s]" % ", ".join(str(i / 64) for i in range(12000))
        out = self.path / "out"
        done = noisetrap("simulate", self.config, "--set", "ensemble.paths=2", "--set", "integrator.steps=12000", "--set", times, "--no-page", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(out / "data.h5") as data:
            self.assertEqual(data["mean"].shape, (12000,))

    def test_no_place_for_words_is_no_reason_to_abort(self):
        with open("/dev/full", "w") as full:
            self.assertEqual(subprocess.run([PROGRAM, "simulate", "none.toml"], stderr=full).returncode, 2)
            self.assertEqual(subprocess.run([PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE).returncode, 2)

    def test_usage_is_one_sentence(self):
        self.assert_refused(noisetrap("simulate"), "FILE")
        self.assert_refused(noisetrap("simulate", self.config, "--out", ""), "--out is empty")

    def test_too_little_memory_is_a_sentence(self):
        self.assert_refused(self.simulate("--set", "ensemble.paths=1e13", "--set", "run.chunk=1e12"), "GB of memory", "run.chunk")

    def test_memory_is_bounded_whatever_the_number_of_paths(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        done = self.simulate("--set", "ensemble.paths=2e7", "--set", "integrator.steps=4", "--set", "observe.times=[0.0625]", "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), 500_000)  # kB

    def test_interrupt_stops_within_a_second_and_leaves_nothing(self):
        for steps, chunk in (("1e6", "0"), ("900", "1e7")):  # long paths, and short ones in a long launch
            process = subprocess.Popen([PROGRAM, "simulate", self.config, "--set", "ensemble.paths=1e9", "--set", f"integrator.steps={steps}",
                                        "--set", "observe.times=[1]", "--set", f"run.chunk={chunk}", "--out", self.path / "a/out"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(0.5)
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
            self.assertLess(time.monotonic() - start, 1.0)
            self.assertEqual(process.returncode, 130)
            self.assertIn("interrupted", said)
            self.only_the_configuration_is_there()

    def said_to_a_terminal(self, *arguments, interrupt=None):
        """And the exit status; interrupted once `interrupt` was said."""
        try:
            reader, writer = os.openpty()
        except OSError as reason:
            self.skipTest(f"no terminals here: {reason}")
        process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=writer)
        os.close(writer)
        said = b""
        try:
            while chunk := os.read(reader, 4096):
                said += chunk
                if interrupt and interrupt in said.decode():
                    process.send_signal(signal.SIGINT)
                    interrupt = None
        except OSError:  # the other end is closed
            pass
        os.close(reader)
        return said.decode(), process.wait()

    def test_progress_is_for_terminals(self):
        said, status = self.said_to_a_terminal("simulate", self.config, "--set", "ensemble.paths=3e6")
        self.assertEqual(status, 0)
        self.assertRegex(said, r"\d+ %, .* left, .* path-steps/s")

    def test_a_long_run_says_so_first(self):
        said, status = self.said_to_a_terminal("simulate", self.config, "--set", "ensemble.paths=1e11", interrupt="path-steps/s")
        self.assertEqual(status, 130)
        self.assertRegex(said, r"simulate: some \d+ \w+.* to go; Ctrl-C stops")
        said, status = self.said_to_a_terminal("sweep", "--preset", "a-sigma", "--json", "-", interrupt="of 5535 points")
        self.assertEqual(status, 130)
        self.assertIn("sweep: 0 of 5535 points", said)

    def test_escape_runs_a_network_beside_its_prediction(self):
        gate = Path(__file__).parents[2] / "examples" / "networks" / "gate.toml"
        few = ("--set", "escape.paths=2000", "--set", "escape.growth_steps=0", "--set", "escape.learning_rates=[0.3]")
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "left")
            text = noisetrap("escape", gate, *few, "--out", out).stdout
            self.assertIn("odds of leaving", text)
            found = json.loads((out / "escape.json").read_text())
            self.assertEqual({f.name for f in out.iterdir()}, {"escape.json", "data.h5", "config.toml", "index.html", "figures"})
        run = found["runs"][0]
        self.assertEqual(run["left"] + run["fell_in"] + run["undecided"] + run["failed"], 2000)
        self.assertAlmostEqual(run["odds"]["predicted"]["value"], 0.1056, places=3)
        self.assertLess(abs(run["odds"]["value"] - 0.1056), 4 * run["odds"]["standard_error"] + 0.002)
        wrong = noisetrap("escape", gate, "--set", "escape.batch_sizes=[2000]", "--set",
                          "escape.order='without-replacement'")
        self.assert_refused(wrong, "more than the 1797 samples")

    def test_measure_predicts_the_trap_of_a_network(self):
        gate = Path(__file__).parents[2] / "examples" / "networks" / "gate.toml"
        text = noisetrap("measure", gate, "--set", "measure.steps=100").stdout
        self.assertIn("d_eff ", text)
        self.assertIn("l = 0.3, b = 1: trapped", text)
        found = json.loads(noisetrap("measure", gate, "--set", "measure.steps=100", "--json", "-").stdout)
        self.assertAlmostEqual(found["critical_learning_rates"][0]["exact"], 0.199441369657, places=11)
        self.assertEqual(found["a"]["standard_error"], 0)
        wrong = noisetrap("measure", gate, "--set", "network.unit='tan'")
        self.assert_refused(wrong, "tanh")

    def test_advise_answers_for_its_preset_and_for_a_file(self):
        """A gate on pixel 36 is trapped at l = 0.3; the preset with a second input beside it is not."""
        words = ("--set", "measure.learning_rates=[0.3]", "--set", "measure.batch_sizes=[1]", "--json", "-")
        file = self.path / "gate.toml"
        file.write_text("data.inputs = [36]\nmeasure.steps = 100\n")
        alone = json.loads(noisetrap("advise", file, *words).stdout)
        beside = json.loads(noisetrap("advise", "--preset", "trap-two-pixels", *words).stdout)
        self.assertEqual([way["optimiser"] for way in alone["ways"] if not way["leaves"]], ["stochastic gradient descent"])
        self.assertAlmostEqual(alone["noise_dimension"], 1, 4)
        self.assertGreater(beside["noise_dimension"], 1.9)
        self.assertEqual({way["numbers_kept"] for way in beside["ways"] if way["optimiser"] == "gradient descent"}, {6.0})
        printed = noisetrap("advise", "--preset", "trap-two-pixels", "--print").stdout
        file.write_text(printed)
        self.assertEqual(json.loads(noisetrap("advise", file, *words).stdout), beside)

    def test_theory_answers_without_running(self):
        done = noisetrap("theory", "linear-sde", "--set", "model.a=0.3", "--set", "model.rho=0.5", "--set",
                         "observe.cdf_at=[-2.0]", "--set", "observe.exit_radius=2", "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        answers = {a["quantity"]: a["value"] for a in json.loads(done.stdout)["answers"]}
        self.assertAlmostEqual(answers["growth rate"], -0.2)
        self.assertAlmostEqual(answers["tail exponent"], 0.4)
        self.assertAlmostEqual(answers["stationary P(X <= -2)"], 0.350764, places=6)
        self.assertIn("mean exit time from |x| < 2", answers)
        self.assertGreater(answers["variance of the exit time from |x| < 2"], 0)
        of_file = noisetrap("theory", self.config, "--set", "model.a=0.3", "--json", "-")
        self.assertEqual(json.loads(of_file.stdout)["model"], "linear-sde")
        self.assertIn("trap window", noisetrap("theory", "noisy-saddle").stdout)
        self.assertIn("E x^2", noisetrap("theory", "quartic-well").stdout)
        for name in ("finite-sum-saddle", "random-curvature", "two-sided-saddle", "two-layer-unit", "least-squares"):
            self.assertIn("growth rate", noisetrap("theory", name).stdout)
        for wrong in (("theory", "linear-sed"), ("theory", "linear-sde", "--set", "model.aa=1")):
            done = noisetrap(*wrong)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr.count("\n"), 1)

    def test_validate_decides_and_writes(self):
        out = self.path / "validation"
        done = noisetrap("validate", "--only", "recursion/binomial", "--quick", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        result = json.loads((out / "validation.json").read_text())
        self.assertEqual((result["failed"], result["complete"]), (0, True))
        self.assertEqual(len(result["claims"]), result["passed"])
        for claim in result["claims"]:
            self.assertGreater(claim["notices"], 0)
        self.assertTrue((out / "index.html").exists())
        again = noisetrap("validate", "--only", "recursion/binomial", "--quick", "--out", self.path / "again")
        self.assertEqual(again.returncode, 0)
        self.assertEqual(json.loads((self.path / "again" / "validation.json").read_text())["claims"], result["claims"])

    def test_validate_refuses_in_a_sentence(self):
        for wrong, word in ((("--only", "nonsense"), "recursion/growth-rate"), (("--paths", "0"), "--paths"),
                            (("--seed", "-1"), "--seed"), (("--out", self.config), "run.toml")):
            done = noisetrap("validate", *wrong, *(() if "--out" in wrong else ("--out", self.path / "v")))
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn(word, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
        self.only_the_configuration_is_there()

    def test_an_interrupted_validation_keeps_what_was_finished(self):
        out = self.path / "validation"
        process = subprocess.Popen([PROGRAM, "validate", "--only", "recursion", "--paths", "0.05", "--out", str(out)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while "trap window" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        result = json.loads((out / "validation.json").read_text())
        self.assertFalse(result["complete"])
        self.assertGreaterEqual(len(result["claims"]), 18)

    def comparison(self, *lines):
        self.config.write_text("\n".join((
            '[model]', 'name = "noisy-saddle"', 'a = 0.1', 'sigma = 0.2', 'tau = 0.01', '[ensemble]', 'paths = 2000',
            'x0 = 0.01', '[compare]', 'budget = 300', 'exit_radius = 1', '[optimisers.sgd]', 'learning_rate = [0.3, 1.0]',
            '[optimisers.adam]', 'learning_rate = 0.01', *lines)) + "\n")

    def test_compare_tells_prints_and_writes(self):
        self.comparison("[optimisers.svrg]", "samples = 50")
        out = self.path / "out"
        done = noisetrap("compare", self.config, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("sgd", "adam", "svrg", "best", "typical"):
            self.assertIn(word, done.stdout)
        self.assertEqual(sorted(p.name for p in out.iterdir()),
                         ["compare.json", "config.toml", "data.h5", "figures", "index.html"])
        result = json.loads((out / "compare.json").read_text())
        sgd = [c for c in result["contenders"] if c["label"] == "sgd"]
        self.assertEqual([c["varied"]["learning_rate"] for c in sgd], [0.3, 1.0])
        self.assertEqual([c["rank"] for c in sgd], [2, 1])
        for contender in result["contenders"]:
            self.assertLessEqual(contender["evaluations"], 300)
            odds = contender["odds"]
            self.assertLessEqual(odds["low"], odds["value"])
            self.assertLessEqual(odds["value"], odds["high"])
        with h5py.File(out / "data.h5") as data:
            self.assertEqual(list(data["odds"][:]), [c["odds"]["value"] for c in result["contenders"]])
            self.assertEqual(data["cost_of_escape"].dims[1].label, "probability")
        # the resolved configuration says the same again, however it is run
        again = noisetrap("compare", out / "config.toml", "--json", "-", "--set", "run.threads=1")
        self.assertEqual(json.loads(again.stdout)["contenders"], result["contenders"])

    def test_compare_replaces_its_results_where_asked(self):
        self.comparison()
        out = self.path / "out"
        self.assertEqual(noisetrap("compare", self.config, "--out", out).returncode, 0)
        self.assert_refused(noisetrap("compare", self.config, "--out", out), "--fresh replaces these results")
        done = noisetrap("compare", self.config, "--out", out, "--fresh", "--set", "ensemble.seed=2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads((out / "compare.json").read_text())["seed"], 2)
        (out / "figures" / "mine.png").write_text("precious")
        self.assert_refused(noisetrap("compare", self.config, "--out", out, "--fresh"), "name another one")
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), ["out", "run.toml"])

    def test_compare_refuses_in_a_sentence_and_writes_nothing(self):
        for lines, word in ((["[optimisers.adma]"], "adam"), (["beta3 = 1"], "run.toml:16"),
                            (["[optimisers.svrg]", "interval = 0"], "between 1"),
                            (["[optimisers.gradient-descent]", "samples = 1000"], "does not pay")):
            self.comparison(*lines)
            done = noisetrap("compare", self.config, "--out", self.path / "out")
            self.assertEqual(done.returncode, 2, lines)
            self.assertIn(word, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
            self.only_the_configuration_is_there()

    def test_an_interrupted_comparison_leaves_nothing(self):
        self.comparison()
        process = subprocess.Popen([PROGRAM, "compare", self.config, "--set", "ensemble.paths=100000000", "--out",
                                    self.path / "out"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.only_the_configuration_is_there()

    def test_the_example_of_a_comparison_runs(self):
        example = Path(__file__).parents[2] / "docs" / "compare.toml"
        done = noisetrap("compare", example, "--set", "ensemble.paths=500", "--set", "compare.budget=2000", "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len({c["label"] for c in json.loads(done.stdout)["contenders"]}), 9)

    def test_the_example_of_a_sweep_runs(self):
        example = Path(__file__).parents[2] / "docs" / "sweep.toml"
        done = noisetrap("sweep", example, "--set", "ensemble.paths=64", "--set", "sweep.map=true", "--set",
                         "sweep.boundary.most_batches=4", "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["phases"]["names"][0], "undecided")

    def test_a_model_of_sweeps_is_shown_and_not_simulated(self):
        self.assertIn("model.structure", noisetrap("show", "matrix-product").stdout)
        self.assertIn("for `noisetrap sweep` alone", noisetrap("defaults", "matrix-product").stderr)

    def test_every_loss_runs_by_its_defaults(self):
        models, methods = noisetrap("list").stdout.split("Models for `noisetrap sweep` alone:")
        names = [line.split()[0] for line in models.splitlines() if line.startswith(" ")]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("octopus", names)
        self.assertEqual(methods.count("m <- beta1 m"), 1)  # Adam's equation stands there once
        for name in names:
            self.config.write_text(noisetrap("defaults", name).stdout)
            done = noisetrap("simulate", self.config, "--set", "ensemble.paths=100", "--json", "-")
            self.assertEqual(done.returncode, 0, name + done.stderr)

    def refused_setting(self, setting, said, file=None):
        with self.subTest(setting=setting):
            done = noisetrap("simulate", file or self.config, *(part for one in setting.split() for part in ("--set", one)))
            self.assert_refused(done, said)
            self.assertNotIn("nearest", done.stderr)

    def test_a_wrong_key_is_told_what_it_was_meant_to_be(self):
        for setting, said in (
                ("sigma=1.2", "did you mean model.sigma?"), ("model.x0=2", "did you mean ensemble.x0?"),
                ("model.sgima=2", "did you mean model.sigma?"), ("ensembel.paths=2", "did you mean ensemble.paths?"),
                ("model.batch_size=8", "linear-sde has no batch_size; finite-sum-saddle has"),
                ("optimiser.name=adam", "linear-sde is an SDE, which no optimiser steps"),
                ("model.name=noisy-saddle", "noisy-saddle steps without a calculus; start from noisetrap defaults noisy-saddle"),
                ("model.foo=1", "linear-sde has a, sigma, tau, rho"), ("foo.bar=1", "foo.bar is not a key here\n"),
                ("sweep.phases=true", "a file with a table [sweep] is for noisetrap sweep"),
                ("integrator.scheme=milstien", "did you mean 'milstein'?"),
                ("integrator.scheme=adam", "adam is an optimiser"), ("model.name=adam", "adam is an optimiser"),
                ("model.name=linear_sde", "did you mean 'linear-sde'?")):
            self.refused_setting(setting, said)
        self.config.write_text(noisetrap("defaults", "noisy-saddle").stdout)
        for setting, said in (
                ("optimiser.name=adam optimiser.lr=0.01", "optimiser adam has learning_rate, beta1, beta2, epsilon"),
                ("optimiser.momentum=0.9", "optimiser sgd has no momentum; momentum and nesterov have"),
                ("model.law=rademacher", "none of gaussian, uniform, two-point, student-t, stable; did you mean 'two-point'?"),
                ("model.law=cauchy", "none of gaussian, uniform, two-point, student-t, stable\n"),
                ("integrator.dt=0.1", "noisy-saddle steps without a dt"),
                ("optimiser.name=milstein", "milstein is a scheme")):
            self.refused_setting(setting, said)

    def test_what_is_no_model_is_told_what_it_is(self):
        for arguments, said in (
                (("show", "adam"), "adam is an optimiser"), (("theory", "milstein"), "milstein is a scheme"),
                (("show", self.config), "show wants a model's name; the file says linear-sde"),
                (("defaults", "linear-sed"), "did you mean 'linear-sde'?"), (("show", "nonsense"), "'nonsense' is not a model (")):
            self.assert_refused(noisetrap(*arguments), said)

    def test_what_is_no_file_is_told_what_it_is(self):
        for word, said in (("linear-sde", "linear-sde is a model, not a file: noisetrap defaults linear-sde > linear-sde.toml"),
                           ("adam", "adam is an optimiser, not a file"), (self.path / "rnu.toml", "did you mean 'run.toml'?"),
                           (self.path / "other.toml", "cannot be read\n")):
            self.assert_refused(noisetrap("simulate", word), said)

    def test_what_is_no_command_is_told_what_it_is(self):
        for arguments, said in (
                (("run", self.config), "'run' is not a command; did you mean 'simulate'?"), (("swep",), "did you mean 'sweep'?"),
                ((self.config,), f"noisetrap simulate {self.config}"), (("linear-sde",), "linear-sde is a model, not a command"),
                (("adam",), "adam is an optimiser, not a command"), (("nonsense",), "'nonsense' is not a command (")):
            self.assert_refused(noisetrap(*arguments), said)

    def test_options_that_are_not_there_have_a_way_out(self):
        for arguments, said in (
                (("simulate", self.config, "--sigma", "1.2"), "--sigma: write --set model.sigma=1.2\n"),
                (("simulate", self.config, "--sigma=1.2"), "--sigma: write --set model.sigma=1.2\n"),
                (("simulate", self.config, "--x0", "-2"), "--x0: write --set ensemble.x0=-2\n"),
                (("compare", self.config, "--budget", "5"), "--budget: write --set compare.budget=5\n"),
                (("theory", "--only", "growth"), "theory has no --only: reproduce and validate have\n"),
                (("simulate", self.config, "--uot", "x"), "did you mean '--out'?"),
                (("simulate", self.config, "--nonsense"), "simulate has no --nonsense ("),
                (("simulate", self.config, "more"), "simulate takes no more: more"),
                (("simulate", self.config, "--json", "out.json"), "takes only - (standard output); use --json - > out.json")):
            self.assert_refused(noisetrap(*arguments), said)
        self.only_the_configuration_is_there()

    def test_help_and_version(self):
        self.assertEqual(noisetrap("help").stdout, noisetrap("--help").stdout)
        self.assertEqual(noisetrap("help", "sweep").stdout, noisetrap("sweep", "--help").stdout)
        self.assertEqual(noisetrap("-v").stdout, noisetrap("--version").stdout)
        self.assert_refused(noisetrap("help", "swep"), "did you mean 'sweep'?")
        for command in ("simulate", "compare", "sweep", "reproduce", "validate", "theory", "measure", "list", "show", "defaults", "info"):
            told = noisetrap(command, "--help").stdout.rstrip().splitlines()
            self.assertEqual(told[-3], "Examples:", command)
            self.assertTrue(all(line.startswith(f"  noisetrap {command}") for line in told[-2:]), command)

    def test_nobody_reads_on(self):
        """As in  noisetrap list | head -0 . What escapes has no stationary law, and no warning about it."""
        for arguments in (("list",), ("simulate", self.config, *SMALL, "--set", "model.sigma=0.1"), ("simulate", self.config, *SMALL, "--json", "-")):
            reader, writer = os.pipe()
            os.close(reader)
            done = subprocess.run([PROGRAM, *arguments], stdout=writer, stderr=subprocess.PIPE, text=True)
            os.close(writer)
            self.assertEqual((done.returncode, done.stderr), (128 + signal.SIGPIPE, ""), arguments)

    def test_the_length_of_a_run_is_one_knob(self):
        few = ("ensemble.paths=100", "observe.growth=false")
        for settings, end in ((["integrator.t_end=5"], 5), (["integrator.steps=100"], 100 / 64), (["integrator.dt=0.01"], 6.4)):
            done = noisetrap("simulate", self.config, "--json", "-", *(part for one in (*few, *settings) for part in ("--set", one)))
            self.assertEqual(done.returncode, 0, done.stderr)
            summary = json.loads(done.stdout)
            self.assertEqual(summary["t_end"], end)
            self.assertEqual([at["t"] for at in summary["times"]], [end])
        self.refused_setting("integrator.t_end=5 integrator.steps=320", "both given: keep one")

    def test_observed_times_beyond_the_end_say_how_to_reach_them(self):
        self.config.write_text("[model]\nname = 'linear-sde'\n[integrator]\nsteps = 640\n[observe]\ntimes = [10.0]\n")
        held = "run.toml:6: observe.times holds 10, but "
        for setting, said in (("integrator.dt=0.01", "640 steps of 0.01 end at 6.4: also set integrator.steps=1000"),
                              ("integrator.steps=64", "64 steps of 0.015625 end at 1: also set integrator.steps=640"),
                              ("integrator.t_end=5", "320 steps of 0.015625 end at 5: also set integrator.t_end=10")):
            self.refused_setting(setting, held + said)
        done = noisetrap("simulate", self.config, "--set", "ensemble.paths=100", "--set", "integrator.t_end=20")
        self.assertIn("t = 10 (the run ends at 20)", done.stdout)

    def test_steps_that_turn_the_sign_of_growth_are_warned_of(self):
        few = ("--set", "ensemble.paths=100", "--json", "-")
        done = noisetrap("simulate", self.config, "--set", "integrator.dt=5", *few)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (0, 1))
        self.assertIn("warning: at dt = 5 the scheme euler-maruyama itself grows (+0.137) where the SDE shrinks (-0.2)", done.stderr)
        self.assertEqual(noisetrap("simulate", self.config, *few).stderr, "")

    def test_a_run_too_short_for_stationary_values_is_warned_of(self):
        few = ("--set", "ensemble.paths=100", "--set", "model.a=0.3", "--set", "model.tau=0.5")
        done = noisetrap("simulate", self.config, *few)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (0, 1))
        self.assertIn("at the rate 0.02, so that t = 10 is too early for the stationary values", done.stderr)
        self.assertIn("integrator.t_end=250", done.stderr)
        self.assertEqual(noisetrap("simulate", self.config, *few, "--set", "model.a=-1.2").stderr, "")

    def test_defaults_go_into_a_new_file(self):
        new = self.path / "new.toml"
        self.assertEqual(noisetrap("defaults", "linear-sde", "-o", new).stdout, f"written: {new}\n")
        self.assertEqual(new.read_text(), self.config.read_text())
        self.assertNotIn("\ntimes", new.read_text())
        new.write_text("precious")
        self.assert_refused(noisetrap("defaults", "linear-sde", "-o", new), "is there already")
        self.assertEqual(new.read_text(), "precious")
        self.assert_refused(noisetrap("defaults", "linear-sde", "-o", self.path / "none/new.toml"), "cannot be written")

    def test_fresh_replaces_results_and_nothing_else(self):
        out = self.path / "out"
        self.assertEqual(self.simulate("--out", out).returncode, 0)
        first = (out / "data.h5").read_bytes()
        self.assert_refused(self.simulate("--out", out), "not an empty folder; --fresh replaces these results")
        other = ("--set", "ensemble.seed=2", "--out", out, "--fresh")
        self.assertEqual(self.simulate(*other).returncode, 0)
        self.assertNotEqual((out / "data.h5").read_bytes(), first)
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), ["out", "run.toml"])
        (out / "notes").write_text("precious")
        self.assert_refused(self.simulate(*other), "name another one")
        self.assertEqual((out / "notes").read_text(), "precious")
        (out / "notes").unlink()
        (out / "summary.json").unlink()
        self.assert_refused(self.simulate(*other), "name another one")
        self.assertEqual(self.simulate("--out", self.path / "new", "--fresh").returncode, 0)
        self.assert_refused(self.simulate("--out", self.config, "--fresh"), "run.toml")

    def test_an_interrupt_leaves_what_was_to_be_replaced(self):
        out = self.path / "out"
        self.assertEqual(self.simulate("--out", out).returncode, 0)
        was = {p.name: p.read_bytes() for p in out.iterdir()}
        process = subprocess.Popen([PROGRAM, "simulate", self.config, "--set", "ensemble.paths=1e9", "--out", out, "--fresh"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.assertEqual({p.name: p.read_bytes() for p in out.iterdir()}, was)
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), ["out", "run.toml"])


if __name__ == "__main__":
    unittest.main(verbosity=0)
