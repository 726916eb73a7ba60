"""Long runs that are cut off and go on: run as  checkpoint_test.py PATH/TO/noisetrap."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from command_line_test import PROGRAM, noisetrap  # noqa: E402

NO_PAGE = {**os.environ, "NOISETRAP_PYTHON": "/bin/true"}

# 32 chunks of some 30 ms each.
RUN = """
[model]
name = "noisy-saddle"
a = 0.05
tau = 0.1

[integrator]
steps = 20000

[ensemble]
paths = 65000

[observe]
times = [5000, 20000]
cdf_at = [-1.0, 0.0, 1.0]
exit_radius = 1e6
largest = [10.0]
inside = 0.5

[run]
chunk = 2048
"""

COMPARISON = """
[model]
name = "noisy-saddle"
a = 0.01
sigma = 0.2
tau = 0.001

[ensemble]
paths = 16384
x0 = 0.01

[compare]
budget = 4000
exit_radius = 1.0

[optimisers.sgd]
learning_rate = [0.5, 1.0]

[optimisers.momentum]
learning_rate = [0.5, 1.0]
momentum = 0.5

[run]
chunk = 2048
"""


class CutOff(unittest.TestCase):
    text, command, results = RUN, "simulate", ("data.h5", "config.toml")

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = Path(cls.folder.name) / "run.toml"
        cls.file.write_text(cls.text)
        cls.whole = Path(cls.folder.name) / "whole"
        assert noisetrap(cls.command, cls.file, "--out", cls.whole, env=NO_PAGE).returncode == 0

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.room = tempfile.TemporaryDirectory()
        self.out = Path(self.room.name) / "out"
        self.checkpoint = Path(self.room.name) / "out.checkpoint"

    def tearDown(self):
        self.room.cleanup()

    def arguments(self, *more):
        return [self.command, str(self.file), "--out", str(self.out), "--checkpoint", "0", *more]

    def run_it(self, *more):
        return noisetrap(*self.arguments(*more), env=NO_PAGE)

    def start(self, *more):
        return subprocess.Popen([PROGRAM, *self.arguments(*more)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=NO_PAGE)

    def version(self):
        """Another one for every version of the checkpoint."""
        try:
            at = self.checkpoint.stat()
        except FileNotFoundError:
            return None
        return at.st_ino, at.st_mtime_ns

    def after_versions(self, count, number):
        """Starts the run and sends it a signal once it has written so many checkpoints; its exit status and what it
        said."""
        process, seen, last = self.start(), 0, self.version()
        while process.poll() is None and seen < count:
            now = self.version()
            seen += now is not None and now != last
            last = now
            time.sleep(0.001)
        process.send_signal(number)
        return process.wait(), process.communicate()[1]

    def assert_whole(self):
        for name in self.results:
            self.assertEqual((self.out / name).read_bytes(), (self.whole / name).read_bytes(), name)
        self.assertEqual([path.name for path in Path(self.room.name).iterdir()], ["out"])


class Simulate(CutOff):
    def test_killed_twenty_times_it_ends_with_the_same_bytes(self):
        kills = 0
        while kills < 20:
            status, _ = self.after_versions(1 + kills % 2, signal.SIGKILL)
            kills += status == -signal.SIGKILL
            self.assertFalse(self.out.exists() and kills < 20, "it was done before it was killed often enough")
        done = self.run_it()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_whole()

    def test_it_goes_on_with_other_threads_and_chunks(self):
        self.after_versions(3, signal.SIGKILL)
        done = self.run_it("--set", "run.threads=1", "--set", "run.chunk=5120")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.out / "data.h5").read_bytes(), (self.whole / "data.h5").read_bytes())

    def test_an_interrupt_says_where_it_is_kept(self):
        status, said = self.after_versions(2, signal.SIGINT)
        self.assertEqual(status, 130)
        self.assertEqual(said, f"noisetrap: interrupted: what was finished is in {self.checkpoint}, and the same "
                               "command goes on from there\n")
        self.assertEqual(self.run_it().returncode, 0)
        self.assert_whole()

    def test_the_time_limit_ends_in_time(self):
        started = time.monotonic()
        done = self.run_it("--time-limit", "0.02")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(f"the time limit has come: what is finished is in {self.checkpoint}", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertLess(time.monotonic() - started, 5)
        self.assertFalse(self.out.exists())
        self.assertEqual(self.run_it().returncode, 0)
        self.assert_whole()

    def test_another_run_is_refused_by_its_first_difference(self):
        self.after_versions(1, signal.SIGKILL)
        done = self.run_it("--set", "model.a=0.06")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, f"noisetrap: {self.checkpoint}: is of another run: model.a was 0.05 and now is "
                                      "0.06; --fresh starts over\n")
        self.assertTrue(self.checkpoint.exists())
        self.assertEqual(self.run_it("--set", "model.a=0.06", "--set", "ensemble.paths=2000", "--fresh").returncode, 0)

    def test_a_damaged_checkpoint_is_refused(self):
        self.after_versions(1, signal.SIGKILL)
        whole = self.checkpoint.read_bytes()
        for damaged in (b"", whole[:100], whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), b"other\n"):
            self.checkpoint.write_bytes(damaged)
            done = self.run_it()
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr, f"noisetrap: {self.checkpoint}: is damaged; --fresh starts over\n")

    def test_without_out_there_is_no_place_for_it(self):
        for option in ("--checkpoint", "--time-limit"):
            done = noisetrap("simulate", self.file, option, "1")
            self.assertEqual(done.returncode, 2)
            self.assertIn("need --out", done.stderr)

    def test_minutes_are_checked(self):
        for wrong in ("-1", "soon", "nan"):
            done = noisetrap(*self.arguments("--time-limit", wrong))
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)


class Compare(CutOff):
    text, command, results = COMPARISON, "compare", ("data.h5", "config.toml")

    def test_killed_five_times_it_ends_with_the_same_bytes(self):
        for kill in range(5):
            self.after_versions(1 + kill, signal.SIGKILL)
        done = self.run_it()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_whole()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
