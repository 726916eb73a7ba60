"""Sweeps as a user meets them, cut off in every way: run as  sweep_test.py PATH/TO/noisetrap."""

import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest
from pathlib import Path

import h5py
import numpy

sys.dont_write_bytecode = True
from command_line_test import PROGRAM, noisetrap  # noqa: E402

PRESETS = Path(__file__).parents[2] / "validation" / "sweeps"
NO_PAGE = {**os.environ, "NOISETRAP_PYTHON": "/bin/true"}  # pages take longer than small sweeps
RESULTS = ("data.h5", "sweep.json", "index.html")
PARTIAL = ".data.h5.partial"

# Points of one chunk all take equally many steps: a chunk for each of twenty numbers of steps, and several in each
# round of the boundary's search. Its time hardly depends on the machine's number of threads.
LONG = """
[model]
name = "noisy-saddle"
a = 0.05
tau = 0.0

[ensemble]
paths = 3000

[sweep]
title = "Long"
integrator.steps = {from = 100, to = 290, points = 20}
model.sigma = {from = 0.1, to = 1.5, points = 8}
phases = true

[sweep.boundary]
accuracy = 0.005
coarse = 5
batch = 8192

[run]
threads = 1
"""

SMALL = """
[model]
name = "noisy-saddle"
tau = 0.0

[integrator]
steps = 40

[ensemble]
paths = 3000

[sweep]
model.a = [-0.1, 0.1]
model.sigma = [0.3, 0.6, 1.2]
model.law = ["gaussian", "two-point"]
"""


def settings(*values):
    return [part for value in values for part in ("--set", value)]


def contents(folder):
    """Of all files below it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class Kept:
    """What data.h5 holds so far: nothing where it is not there."""

    def __init__(self, folder):
        self.points, self.batches, self.grid, self.answers = 0, 0, {}, {}
        if not (folder / "data.h5").exists():
            return
        with h5py.File(folder / "data.h5") as data:
            self.done = data["done"][:].astype(bool)
            self.points = int(self.done.sum())
            # theory and phases are of the last version only
            estimates = [name for name in data if f"{name}_standard_error" in data]
            self.grid = {name: data[name][:] for name in ["failed", *estimates, *(f"{name}_standard_error" for name in estimates)]}
            if "boundary_batches" in data:
                self.answers = {name: data["boundary_batches"][name][:] for name in data["boundary_batches"]}
                self.batches = len(self.answers["batch"])

    def agrees_with(self, whole):
        """No half point: all that is here has the bytes of the whole sweep."""
        return (all(self.grid[name][self.done].tobytes() == whole.grid[name][self.done].tobytes() for name in self.grid)
                and all(self.answers[name].tobytes() == whole.answers[name][:self.batches].tobytes() for name in self.answers))


class SweepCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.file = self.path / "sweep.toml"
        self.out = self.path / "out"

    def sweep(self, *arguments, out=None, **options):
        options = {"env": NO_PAGE, "cwd": self.path, **options}
        return noisetrap("sweep", self.file, "--out", out or self.out, *arguments, **options)

    def swept(self, *arguments, **options):
        done = self.sweep(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done

    def bytes_of(self, folder, names=RESULTS[:2]):
        return {name: (folder / name).read_bytes() for name in names}

    def assert_same(self, folder, other, names=RESULTS[:2]):
        for name in names:
            self.assertTrue((folder / name).read_bytes() == (other / name).read_bytes(), f"{name} differs")

    def assert_refused(self, done, *said):
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in said:
            self.assertIn(part, done.stderr)


class CutOff(SweepCase):
    """A sweep that takes about two seconds, cut off and gone on with."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.whole = Path(folder.name) / "whole"
        file = Path(folder.name) / "sweep.toml"
        file.write_text(LONG)
        done = noisetrap("sweep", file, "--out", cls.whole)
        assert done.returncode == 0, done.stderr
        cls.expected = Kept(cls.whole)

    def setUp(self):
        super().setUp()
        self.file.write_text(LONG)

    def start(self, *arguments, env=NO_PAGE):
        process = subprocess.Popen([PROGRAM, "sweep", self.file, "--out", self.out, *arguments], env=env, cwd=self.path,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(process.communicate)
        self.addCleanup(self.kill, process)
        return process

    def kill(self, process):
        """With the Python that draws its page, if that is at work."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    def wait_for(self, process, condition):
        while process.poll() is None and not condition():
            time.sleep(0.0005)

    def interrupt(self):
        """As soon as something is kept."""
        process = self.start()
        self.wait_for(process, (self.out / "data.h5").exists)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)
        self.assertEqual((process.returncode, said[0]), (130, ""), said[1])
        self.assertEqual(said[1].count("\n"), 1)
        return said[1]

    def partly_done(self):
        kept = Kept(self.out)
        self.assertTrue(0 < kept.points < self.expected.points)
        self.assertTrue(kept.agrees_with(self.expected))
        return kept

    def assert_kept_since(self, before):
        """What is kept only grows."""
        now = Kept(self.out)
        self.assertTrue(now.agrees_with(self.expected))
        self.assertGreaterEqual(now.points, before.points)
        self.assertGreaterEqual(now.batches, before.batches)
        return now

    def identity(self, name):
        """Another one for every version of a file; None where it is not there."""
        with contextlib.suppress(FileNotFoundError):
            status = (self.out / name).stat()
            return status.st_ino, status.st_mtime_ns
        return None

    def killed_at(self, version, while_writing, pause):
        """Once so many versions of data.h5 were written since the start and a pause is over, or, while_writing, as soon
        as the last of them is begun. The first one comes after the first chunk, however slow the machine is. False
        where the sweep had ended before."""
        current, seen, partial = self.identity("data.h5"), 0, self.identity(PARTIAL)

        def reached():
            nonlocal current, seen
            now = self.identity("data.h5")
            seen, current = seen + (now != current), now
            begun = self.identity(PARTIAL) not in (None, partial)
            return seen >= version or (while_writing and seen == version - 1 and begun)

        process = self.start(env=os.environ)
        self.wait_for(process, reached)
        if not while_writing:
            time.sleep(pause)
        status = self.kill(process)
        self.assertIn(status, (0, -signal.SIGKILL))
        return status != 0

    def test_killed_twenty_times_it_ends_with_the_same_bytes(self):
        dice, kills, places = random.Random(1), 0, set()
        most_versions, kept = 6, Kept(self.out)

        def killed_in_grid_and_boundary():
            return (any(0 < points < self.expected.points for points, _ in places)
                    and any(0 < batches < self.expected.batches for _, batches in places))

        while kills < 20 or not killed_in_grid_and_boundary():
            whole = kept.batches == self.expected.batches
            if not whole and self.killed_at(dice.randint(1, most_versions), kills % 2, dice.uniform(0, 0.03)):
                kills += 1
                kept = self.assert_kept_since(kept)
                places.add((kept.points, kept.batches))
            else:  # where versions are rare the next go through the sweep is killed at the first one of each start
                self.swept(env=os.environ)
                self.assert_same(self.out, self.whole, RESULTS)
                shutil.rmtree(self.out)
                most_versions, kept = 1, Kept(self.out)
        self.swept(env=os.environ)
        self.assert_same(self.out, self.whole, RESULTS)
        self.assertEqual(sorted(p.name for p in self.out.iterdir()), sorted(p.name for p in self.whole.iterdir()))

    def test_interrupt_keeps_what_is_done_and_goes_on(self):
        said = self.interrupt()
        kept = self.partly_done()
        self.assertIn(f"kept: {kept.points} of {self.expected.points} points", said)
        self.assertEqual([p.name for p in self.out.iterdir()], ["data.h5"])
        was, earlier = (self.out / "data.h5").read_bytes(), self.path / "earlier.h5"
        os.link(self.out / "data.h5", earlier)
        self.swept()
        self.assert_same(self.out, self.whole)
        self.assertTrue(earlier.read_bytes() == was)  # versions are replaced, never written over

    def test_the_way_of_running_and_the_title_may_change_between_goes(self):
        self.interrupt()
        before = self.partly_done()
        was = (self.out / "data.h5").stat().st_mtime_ns
        process = self.start(*settings("run.threads=2", "run.chunk=1024", "run.lanes=16", "run.instruction_set=portable"))
        self.wait_for(process, lambda: (self.out / "data.h5").stat().st_mtime_ns != was)
        self.assertEqual(self.kill(process), -signal.SIGKILL)
        self.assertGreater(self.assert_kept_since(before).points, before.points)
        self.swept(*settings("run.backend=serial"))
        self.assert_same(self.out, self.whole)
        done = self.swept("--set", "sweep.title=Other", "--set", "sweep.caption='''of two lines\nmodel.a = 3'''")
        self.assertIn("Other: 160 points", done.stdout)
        self.assertEqual(json.loads((self.out / "sweep.json").read_text())["title"], "Other")
        self.assertTrue(Kept(self.out).agrees_with(self.expected))
        self.swept("--set", "sweep.caption='''of two lines\nmodel.a = 4'''")
        self.swept()
        self.assert_same(self.out, self.whole)

    def test_a_full_disk_leaves_the_earlier_version_whole(self):
        self.interrupt()
        before, size = self.partly_done(), (self.out / "data.h5").stat().st_size

        def no_longer_file(limit):
            def limited():
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            return limited

        was = contents(self.out)
        self.assert_refused(self.sweep(preexec_fn=no_longer_file(100)), "data.h5", "cannot be written")
        self.assertEqual(contents(self.out), was)
        # the points fit, the boundary's batches do not
        self.assert_refused(self.sweep(preexec_fn=no_longer_file(size)), "data.h5", "cannot be written")
        self.assertGreater(self.assert_kept_since(before).points, before.points)
        self.assertEqual([p.name for p in self.out.iterdir()], ["data.h5"])
        self.swept()
        self.assert_same(self.out, self.whole)
        self.assert_refused(self.sweep(out=self.path / "new", preexec_fn=no_longer_file(100)), "cannot be written")
        self.assertFalse((self.path / "new").exists())

    def test_a_really_full_file_system(self):
        self.out.mkdir()
        if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80k", "none", self.out], capture_output=True).returncode:
            self.skipTest("no permission to mount a small file system")
        self.addCleanup(subprocess.run, ["umount", self.out])
        self.assert_refused(self.sweep(), "data.h5", "cannot be written")
        self.assertEqual([p.name for p in self.out.iterdir()], ["data.h5"])
        self.assertGreater(self.assert_kept_since(Kept(self.path)).points, 0)
        subprocess.run(["mount", "-o", "remount,size=8m", self.out], check=True)
        self.swept()
        self.assert_same(self.out, self.whole)

    def test_two_at_once_do_not_mix(self):
        first = self.start()
        self.wait_for(first, (self.out / "data.h5").exists)
        self.assert_refused(self.sweep(), "another sweep is at work")
        self.assert_refused(self.sweep("--fresh"), "another sweep is at work")
        self.assertEqual(first.wait(timeout=60), 0)
        self.assert_same(self.out, self.whole)

    def test_fresh_starts_over(self):
        self.interrupt()
        self.swept("--fresh", *settings("ensemble.seed=2", "ensemble.paths=16", "sweep.boundary.most_batches=1"))
        self.assertFalse(Kept(self.out).agrees_with(self.expected))
        self.swept("--fresh")
        self.assert_same(self.out, self.whole)


class Small(SweepCase):
    def setUp(self):
        super().setUp()
        self.file.write_text(SMALL)

    def assert_unchanged_and_refused(self, *said, arguments=()):
        was = contents(self.out)
        self.assert_refused(self.sweep(*arguments), *said)
        self.assertEqual(contents(self.out), was)

    def test_another_configuration_is_refused_by_its_first_difference(self):
        self.swept()
        for setting, said in (("ensemble.paths=3001", "ensemble.paths was 3000 and now is 3001"),
                              ("ensemble.seed=7", "ensemble.seed was 1 and now is 7"),
                              ("optimiser.name=momentum", "optimiser.name was \"sgd\" and now is \"momentum\""),
                              ("sweep.model.a=[-0.1, 0.2]", "sweep.model.a was [-0.1, 0.1] and now is [-0.1, 0.2]"),
                              ("sweep.observe=['median']", "sweep.observe was "),
                              ("sweep.phases=true", "sweep.phases was false and now is true"),
                              ("sweep.boundary.coarse=5", "sweep.boundary."),
                              ("run.precision=double", "run.precision was ")):
            self.assert_unchanged_and_refused("data.h5", said, "--fresh", arguments=settings(setting))
        self.assert_unchanged_and_refused("ensemble.paths was", arguments=settings("ensemble.seed=7", "ensemble.paths=3001"))
        text = self.file.read_text()
        lines = text.splitlines(keepends=True)
        axes = [n for n, line in enumerate(lines) if line.startswith("model.")]
        lines[axes[0]], lines[axes[1]] = lines[axes[1]], lines[axes[0]]
        self.file.write_text("".join(lines))  # the same keys with the same values: another grid
        self.assert_unchanged_and_refused("sweep.model.a", "stood where", "stands now")
        self.file.write_text(text)
        was = contents(self.out)
        self.swept()
        self.assertEqual(self.bytes_of(self.out), {name: was[name] for name in RESULTS[:2]})

    def test_another_version_is_refused(self):
        for attribute in ("noisetrap", "revision"):
            self.swept("--fresh")
            with h5py.File(self.out / "data.h5", "r+") as data:
                data.attrs[attribute] = numpy.bytes_(b"0.0.1-other")
            self.assert_unchanged_and_refused("was begun by noisetrap", "0.0.1-other", "--fresh")

    def test_a_folder_with_something_else_is_refused(self):
        self.out.mkdir()
        (self.out / "precious").write_text("data")
        self.assert_unchanged_and_refused("--out", "holds no sweep")
        self.assert_unchanged_and_refused("--out", "holds no sweep", arguments=["--fresh"])
        (self.out / "precious").unlink()
        self.swept()  # an empty one is filled
        self.assert_refused(self.sweep(out=self.file), "is a file, not a folder")
        self.assert_refused(self.sweep(out=self.file / "out"), "cannot be written")
        self.assert_refused(self.sweep(out="/proc/out"), "cannot be written")

    def test_a_partial_file_alone_is_no_obstacle(self):
        self.out.mkdir()
        (self.out / PARTIAL).write_text("torn")
        self.swept()
        self.assertFalse((self.out / PARTIAL).exists())

    def test_a_damaged_file_is_a_sentence(self):
        self.swept()
        whole = (self.out / "data.h5").read_bytes()
        for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
            (self.out / "data.h5").write_bytes(whole[:length])
            self.assert_unchanged_and_refused("data.h5", "damaged")

        def other_shape(data):
            del data["done"]
            data["done"] = numpy.ones(1000, dtype="uint64")

        def fewer_numbers(data):
            del data["growth"]
            data["growth"] = [1.0]

        for damage in (lambda data: data.__delitem__("growth"), lambda data: data.__delitem__("configuration"),
                       lambda data: data.attrs.__delitem__("noisetrap"), other_shape, fewer_numbers):
            (self.out / "data.h5").write_bytes(whole)
            with h5py.File(self.out / "data.h5", "r+") as data:
                damage(data)
            with self.subTest(damage=damage):
                self.assert_unchanged_and_refused("data.h5", "damaged")
        self.swept("--fresh")
        self.assertEqual((self.out / "data.h5").read_bytes(), whole)

    def test_the_bytes_do_not_depend_on_the_way_of_running(self):
        more = settings("sweep.observe=['growth', 'median', 'escaped', 'exit-time', 'trapped']", "sweep.exit_radius=1.5",
                        "sweep.phases=true", "sweep.boundary.accuracy=0.1")
        self.swept(*more)
        for i, way in enumerate((["run.threads=1"], ["run.threads=2"], ["run.chunk=1024"], ["run.backend=serial"],
                                 ["run.backend=omp"], ["run.instruction_set=portable"], ["run.lanes=1", "run.chunk=2048"])):
            other = self.path / str(i)
            self.swept(*more, *settings(*way), out=other)
            self.assert_same(self.out, other)
        self.swept(*more, *settings("ensemble.seed=2"), out=self.path / "seed")
        self.assertNotEqual(Kept(self.out).grid["growth"].tobytes(), Kept(self.path / "seed").grid["growth"].tobytes())

    def test_wrong_input_is_one_sentence_and_nothing_is_written(self):
        at = "sweep.toml:{}".format
        two_axes, radius = SMALL[:SMALL.index("model.law")], "sweep.exit_radius"
        rows = two_axes.count("\n")
        for line, said in (("model.sgima = [1, 2]", ("sweep.model.sgima", "did you mean model.sigma?")),
                           ("phase = true", ("sweep.phase", "did you mean sweep.phases?")),
                           ("optimiser.learning_rate = {from = 2, to = 1, points = 3}", ("must be above from = 2",)),
                           ("optimiser.learning_rate = {from = 1, to = 1, points = 3}", ("must be above from = 1",)),
                           ("observe = ['grwoth']", ("sweep.observe holds 'grwoth'", "did you mean 'growth'?")),
                           ("observe = ['probability']", ("odds are those of 'trapped' and 'escaped'",)),
                           ("observe = ['nonsense']", ("mean-square, exponent\n",)),
                           ("optimiser.momentum = [0.1, 0.9]", ("optimiser sgd has no momentum; momentum and nesterov have",)),
                           ("observe = ['quantile:2']", ("quantile:2", "share")),
                           ("observe = ['growth', 'growth']", ("twice",)),
                           ("observe = []", ("sweep.observe is an empty list",)),
                           ("observe = ['escaped']", ("'escaped'", radius)),
                           ("observe = ['exit-time:0.9']", ("'exit-time:0.9'", radius)),
                           ("exit_radius = 0.5", (radius, "|x0|")),
                           ("map = false", ("sweep.map", "nothing to do")),
                           ("boundary.observable = 'median'", ("sweep.boundary.observable", "along an axis"))):
            with self.subTest(line=line):
                self.file.write_text(two_axes + line + "\n")
                self.assert_refused(self.sweep(), at(rows + 1), *said)
        self.file.write_text(SMALL)
        for values, said in ((["sweep.model.a=[]"], ("sweep.model.a is an empty list",)),
                             (["sweep.model.a=[0.1, 0.1]"], ("must ascend",)),
                             (["sweep.model.a=[0.2, 0.1]"], ("must ascend",)),
                             (["sweep.model.a={from=0, to=1, points=1}"], ("sweep.model.a.points",)),
                             (["sweep.model.a={from=0, to=1}"], ("must be a list of values",)),
                             (["sweep.model.sigma={from=0, to=1, points=3, scale='log'}"], ("must be above 0 where scale is log",)),
                             (["sweep.model.sigma=[-1, 1]"], ("sweep.model.sigma", "between 0 and")),
                             (["sweep.model.law=['gaussian', 'gausian']"], ("'gausian'", "did you mean 'gaussian'?")),
                             (["sweep.model.law=['gaussian', 'gaussian']"], ("'gaussian' twice",)),
                             (["sweep.integrator.steps=[10, 20]"], ("sweep.integrator.steps", "one axis too many")),
                             (["model.a=0.1"], ("sweep.model.a is an axis, and model.a has a value too",)),
                             (["sweep.model={law=['gaussian'], a=[0, 1]}", "sweep.integrator.steps=[10.5, 20]", "integrator={}"], ("whole number",)),
                             (["sweep={}"], ("has no axis",)),
                             (["sweep.model={a={from=0, to=1, points=2000}, sigma={from=0, to=1, points=2000}}"], ("4000000 points",))):
            with self.subTest(values=values):
                done = self.sweep(*settings(*values))
                self.assert_refused(done, *said)
                self.assertRegex(done.stderr, r"--set |sweep\.toml:\d")
        self.assertEqual([p.name for p in self.path.iterdir()], ["sweep.toml"])

    def test_a_boundary_along_one_axis_is_that_of_the_column_beside_it(self):
        """Exact: growth is 0 at sigma = 0.300956 and 1.508961, where a = 0.05. The few points are all told."""
        self.file.write_text("model.name = 'noisy-saddle'\nmodel.a = 0.05\nmodel.tau = 0.0\nensemble.paths = 64\n"
                             "integrator.steps = 100\n[sweep]\nmodel.sigma = [0.1, 1.0, 1.8]\nboundary.accuracy = 0.1\n")
        alone = self.swept()
        self.assertIn("in 1 columns", alone.stdout)
        edges = re.findall(r"growth (falls|rises) through 0 at model.sigma = ([\d.]+) ± ([\d.]+) \(between ([\d.]+) and "
                           r"([\d.]+)\); exact ([\d.]+)", alone.stdout)
        self.assertEqual([edge[0] for edge in edges], ["falls", "rises"], alone.stdout)
        for (_, at, error, low, high, exact), known in zip(edges, (0.300956, 1.508961)):
            self.assertAlmostEqual(float(exact), known, places=5)
            self.assertTrue(float(low) <= known <= float(high))
        rows = [line.split() for line in alone.stdout.splitlines() if re.match(r"  (sigma|0\.1|1|1\.8) ", line)]
        self.assertEqual(rows[0], ["sigma", "growth", "exact"])
        self.assertEqual([row[0] for row in rows[1:]], ["0.1", "1", "1.8"])
        self.assertIn("0.0441914", rows[1][-1])
        found = json.loads((self.out / "sweep.json").read_text())["boundary"]
        with h5py.File(self.out / "data.h5") as data:
            self.assertEqual(data["boundary/sigma"].shape, (2,))
        shutil.rmtree(self.out)
        self.file.write_text(self.file.read_text().replace("model.a = 0.05\n", "").replace("[sweep]\n", "[sweep]\nmodel.a = [0.05]\n"))
        self.swept()
        beside = json.loads((self.out / "sweep.json").read_text())["boundary"]
        for one, two in zip(found["curves"], beside["curves"]):
            self.assertEqual((one["x"], two["x"]), ([], [0.05]))
            self.assertEqual({**one, "x": 0}, {**two, "x": 0})

    def test_a_boundary_along_one_axis_needs_numbers(self):
        start = "model.name = 'noisy-saddle'\n[sweep]\n"
        for axis, said in (("model.law = ['gaussian', 'uniform']", "looks along the only axis, which needs numbers"),
                           ("model.a = [0.1]", "two at least"), ("integrator.steps = [10, 20]", "cannot be integrator.steps")):
            self.file.write_text(f"{start}{axis}\nboundary.coarse = 3\n")
            self.assert_refused(self.sweep(), said)

    def test_few_points_are_told_and_many_are_not(self):
        start = "model.name = 'noisy-saddle'\nmodel.tau = 0.0\nensemble.paths = 16\nintegrator.steps = 20\n[sweep]\n"
        for points, lines in ((20, 22), (21, 1)):
            self.file.write_text(f"{start}model.a = {{from = 0, to = 1, points = {points}}}\n")
            self.assertEqual(len(noisetrap("sweep", self.file, "--out", self.path / str(points)).stdout.splitlines()), lines + 1)

    def test_set_of_one_length_of_a_run_replaces_the_other(self):
        start = "model.name = 'linear-sde'\nmodel.tau = 0.0\nensemble.paths = 16\nintegrator.steps = 640\n[sweep]\nmodel.a = [0.1, 0.2]\n"
        for setting, steps in (("integrator.t_end=1", 64), ("sweep.integrator.t_end=[1]", 64)):
            self.file.write_text(start)
            done = noisetrap("sweep", self.file, "--json", "-", "--set", setting)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout)["steps"], steps)
        self.assert_refused(self.sweep(*settings("integrator.t_end=1", "integrator.steps=5")), "both given")

    def test_no_boundary_along_a_key_of_whole_numbers(self):
        """Also where a first guess happens to be whole, or a multiple of dt."""
        batches = "model.name = 'finite-sum-saddle'\n[sweep]\noptimiser.learning_rate = [0.1, 0.2]\nmodel.batch_size = "
        times = "model.name = 'linear-sde'\nmodel.tau = 0.0\n[sweep]\nmodel.a = [0.1, 0.2]\nintegrator.t_end = [1, 11]\n"
        steps = "model.name = 'noisy-saddle'\n[sweep]\nmodel.a = [0.1, 0.2]\nintegrator.steps = [10, 20]\n"
        words = "model.name = 'noisy-saddle'\n[sweep]\nmodel.a = [0.1, 0.2]\nmodel.law = ['gaussian', 'uniform']\n"
        for sweep, said in ((batches + "[1, 500]\n", "model.batch_size"), (batches + "[1, 501]\n", "model.batch_size"),
                            ("integrator.dt = 0.25\n" + times, "integrator.t_end"),
                            ("integrator.dt = 0.002\n" + times, "integrator.t_end"),
                            (steps, "integrator.steps"), (words, "numbers")):
            self.file.write_text(sweep + "boundary.coarse = 9\n")
            with self.subTest(sweep=sweep):
                self.assert_refused(self.sweep(*settings("ensemble.paths=16"), out=self.path / "none"),
                                    "sweep.toml:", "sweep.boundary", "second axis", said)
                self.assertFalse((self.path / "none").exists())
            shutil.rmtree(self.path / "none", ignore_errors=True)

    def test_path_steps_are_counted_where_points_differ_in_their_number(self):
        self.file.write_text("model.name = 'linear-sde'\nmodel.tau = 0.0\nintegrator.scheme = 'euler-maruyama'\nintegrator.t_end = 16\n"
                             "ensemble.paths = 64\n[sweep]\nmodel.sigma = [0.5, 1.0]\nmodel.a = [-1.0, 1.0]\nintegrator.dt = [0.25, 1.0]\n"
                             "boundary.batch = 64\nboundary.most_batches = 1\nboundary.coarse = 3\nboundary.accuracy = 0.5\n")
        self.swept()
        result = json.loads((self.out / "sweep.json").read_text())
        grid, looks = 4 * 64 * (64 + 16), result["boundary"]["paths"] // 64
        self.assertEqual(looks, 3 * 4)  # points of the first look, in four columns
        self.assertEqual(result["path_steps"], grid + 3 * 2 * 64 * (64 + 16))

    def test_a_file_or_a_preset(self):
        for arguments, said in (((self.file, "--preset", "a-sigma"), "one of them"), ((), "one of them"),
                                (("--preset", "a-sgima"), "did you mean 'a-sigma'?"), ((self.path / "none.toml",), "none.toml"),
                                (("--preset", "none", "--print"), "--preset none"), ((self.file, "--out", ""), "--out is empty")):
            self.assert_refused(noisetrap("sweep", *arguments, cwd=self.path), said)
        self.assertEqual([p.name for p in self.path.iterdir()], ["sweep.toml"])

    def test_json_stands_alone(self):
        done = noisetrap("sweep", self.file, "--json", "-", cwd=self.path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        result = json.loads(done.stdout)
        self.assertEqual([axis["name"] for axis in result["axes"]], ["a", "sigma", "law"])
        self.assertEqual(len(result["observables"][0]["value"]), 12)
        self.assertEqual([p.name for p in self.path.iterdir()], ["sweep.toml"])
        both = self.swept("--json", "-")
        self.assertEqual(both.stdout, done.stdout)
        self.assertEqual((self.out / "sweep.json").read_text(), done.stdout)

    def test_the_folder_is_named_after_the_file(self):
        done = noisetrap("sweep", self.file, cwd=self.path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(sorted(p.name for p in (self.path / "sweep-sweep").iterdir()),
                         ["config.toml", "data.h5", "figures", "index.html", "run.json", "sweep.json"])

    def test_the_resolved_configuration_gives_the_same_sweep(self):
        self.swept(*settings("sweep.phases=true", "sweep.boundary.coarse=3"))
        again = self.path / "again"
        done = noisetrap("sweep", self.out / "config.toml", "--out", again, env=NO_PAGE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_same(self.out, again, ("data.h5", "sweep.json", "config.toml"))

    def test_dimensions_are_named_and_carry_their_scales(self):
        self.swept("--set", "sweep.observe=['growth', 'quantile:0.9']")
        with h5py.File(self.out / "data.h5") as data:
            for name in ("done", "failed", "growth", "growth_standard_error", "growth_exact", "quantile_0.9"):
                self.assertEqual(data[name].shape, (2, 3, 2))
                self.assertEqual([d.label for d in data[name].dims], ["a", "sigma", "law"])
                a, sigma, law = (d[0][:] for d in data[name].dims)
                self.assertEqual((list(a), list(sigma), list(law)), ([-0.1, 0.1], [0.3, 0.6, 1.2], [b"gaussian", b"two-point"]))
            self.assertEqual(data["growth"].attrs["unit"], b"1/step")
            self.assertEqual(data["sigma"].attrs["unit"], b"1/step")
            # one line: the cut at a = 0.1 of Gaussian noise
            self.assertEqual(data["growth"][1, :, 0].tolist(), data["growth"][:].reshape(2, 3, 2)[1, :, 0].tolist())
            result = json.loads((self.out / "sweep.json").read_text())["observables"][0]
            self.assertEqual(data["growth"][:].ravel().tolist(), result["value"])


class Presets(SweepCase):
    def tiny(self, file):
        """Sixteen paths, and two values of each axis."""
        sweep = tomllib.loads(file.read_text())
        values = ["ensemble.paths=16"]
        for section in ("model", "optimiser", "integrator"):
            for key, axis in sweep["sweep"].get(section, {}).items():
                name = f"sweep.{section}.{key}"
                values.append(f"{name}={axis[:2]}" if isinstance(axis, list) else f"{name}.points=2")
        if "boundary" in sweep["sweep"]:
            values += ["sweep.boundary.batch=16", "sweep.boundary.most_batches=2"]
        return settings(*values)

    def test_all_files_are_listed(self):
        listed = noisetrap("sweep", "--presets")
        self.assertEqual(sorted(line.split()[0] for line in listed.stdout.splitlines()), sorted(p.stem for p in PRESETS.glob("*.toml")))
        self.assertTrue(all(len(line.split()) > 3 for line in listed.stdout.splitlines()))  # a title too

    def test_each_runs_from_the_program_and_from_what_it_prints(self):
        for file in sorted(PRESETS.glob("*.toml")):
            with self.subTest(preset=file.stem):
                self.file.write_text(noisetrap("sweep", "--preset", file.stem, "--print").stdout)
                self.assertEqual(self.file.read_text(), file.read_text())
                runs = [noisetrap("sweep", *which, *self.tiny(file), "--json", "-")
                        for which in (("--preset", file.stem), (self.file,))]
                for done in runs:
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(runs[0].stdout, runs[1].stdout)
                result = json.loads(runs[0].stdout)
                self.assertTrue(result["title"] and result["caption"])


if __name__ == "__main__":
    unittest.main(verbosity=0)
