"""Several processes under mpirun: run as  ranks_test.py PATH/TO/noisetrap."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from checkpoint_test import COMPARISON, RUN  # noqa: E402
from command_line_test import PROGRAM, noisetrap  # noqa: E402

NO_PAGE = {**os.environ, "NOISETRAP_PYTHON": "/bin/true"}
MPI = {**NO_PAGE, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
LIBRARY = Path(PROGRAM).parent / "libnoisetrap_mpi.so"

SWEEP = """
[model]
name = "noisy-saddle"
a = 0.05
tau = 0.0

[ensemble]
paths = 1500

[sweep]
title = "Ranks"
integrator.steps = {from = 100, to = 115, points = 4}
model.sigma = {from = 0.1, to = 1.5, points = 6}
phases = true

[sweep.boundary]
accuracy = 0.01
coarse = 5
batch = 2048
"""

# What says how a run was made, and not what it found.
OF_THE_RUN = {"backend", "device", "instruction_set", "ranks", "threads", "lanes", "chunk", "wall_seconds",
              "path_steps_per_second", "wall_seconds_of_the_last_start"}


def found(file):
    return {key: value for key, value in json.loads(file.read_text()).items() if key not in OF_THE_RUN}


def settings(*values):
    return [part for value in values for part in ("--set", value)]


def words(ranks, *arguments):
    return ["mpirun", "--oversubscribe", "-n", str(ranks), PROGRAM, *map(str, arguments)]


def mpirun(ranks, *arguments, **options):
    return subprocess.run(words(ranks, *arguments), capture_output=True, text=True, timeout=120, env=MPI, **options)


def said(done):
    """What noisetrap itself has said on standard error, beside its launcher."""
    return [line for line in done.stderr.splitlines() if line.startswith("noisetrap: ")]


class Ranks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.file = self.path / "input.toml"

    def leaves_nothing_else(self, *names):
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), sorted(["input.toml", *names]))


@unittest.skipUnless(shutil.which("mpirun"), "there is no mpirun (Debian: openmpi-bin, libopenmpi-dev)")
@unittest.skipUnless(LIBRARY.exists(), "built without MPI (Debian: libopenmpi-dev)")
class Together(Ranks):
    def same(self, command, results, numbers, *more):
        """Each number of ranks gives what a process alone gives."""
        alone = self.path / "alone"
        done = noisetrap(command, self.file, *more, "--out", alone, env=NO_PAGE)
        self.assertEqual(done.returncode, 0, done.stderr)
        for ranks in numbers:
            out = self.path / f"out-{ranks}"
            shared = mpirun(ranks, command, self.file, *more, "--out", out)
            self.assertEqual((shared.returncode, shared.stderr), (0, ""))
            for name in results:
                equal = (found(out / name) == found(alone / name) if name.endswith(".json")
                         else (out / name).read_bytes() == (alone / name).read_bytes())
                self.assertTrue(equal, f"{name} of {ranks} ranks")
            self.assertEqual(len(shared.stdout.splitlines()), len(done.stdout.splitlines()))
        self.leaves_nothing_else("alone", *(f"out-{ranks}" for ranks in numbers))

    def test_simulate(self):
        self.file.write_text(RUN)
        self.same("simulate", ("data.h5", "config.toml", "summary.json"), (1, 2, 3, 4),
                  *settings("ensemble.paths=20000", "integrator.steps=5000", "observe.times=[100, 5000]"))
        self.assertEqual([json.loads((self.path / f"out-{n}" / "summary.json").read_text())["ranks"]
                          for n in (1, 2, 3, 4)], [1, 2, 3, 4])

    def test_compare(self):
        self.file.write_text(COMPARISON)
        self.same("compare", ("data.h5", "config.toml", "compare.json"), (3,), *settings("compare.budget=1000"))

    def test_sweep(self):
        self.file.write_text(SWEEP)
        self.same("sweep", ("data.h5", "config.toml", "sweep.json"), (2, 4))

    def test_validate(self):
        alone, shared = self.path / "alone", self.path / "shared"
        arguments = ["validate", "--quick", "--only", "recursion/growth"]
        done = noisetrap(*arguments, "--out", alone, env=NO_PAGE)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = mpirun(2, *arguments, "--out", shared)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(found(shared / "validation.json"), found(alone / "validation.json"))

    def test_bad_input_is_told_once(self):
        self.file.write_text("[model]\nname = 'linear-sde'\nsigmaa = 1.0\n")
        alone = noisetrap("simulate", self.file)
        done = mpirun(3, "simulate", self.file)
        self.assertEqual((done.returncode, said(done)), (2, alone.stderr.splitlines()))
        self.file.write_text(RUN)
        for wrong in (["--settings"], ["--out", self.file], ["--set", "run.threads=100000"]):
            done = mpirun(3, "simulate", self.file, *wrong)
            self.assertEqual((done.returncode, len(said(done))), (2, 1), done.stderr)
        self.leaves_nothing_else()

    def test_other_commands_run_once(self):
        done = mpirun(2, "list")
        self.assertEqual((done.returncode, done.stdout), (0, noisetrap("list").stdout))
        self.assertEqual(mpirun(2, "simulate", "--help").stdout, noisetrap("simulate", "--help").stdout)

    def start(self, ranks, *arguments):
        return subprocess.Popen(words(ranks, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=MPI)

    def wait_for(self, process, file):
        while not file.exists():
            self.assertIsNone(process.poll(), "it was done too soon")
            time.sleep(0.005)

    def kill_rank(self, mpirun_process, rank):
        """Of those that this very mpirun has started."""
        own = f"{mpirun_process.pid}"
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1]
                variables = folder.joinpath("environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == own and f"OMPI_COMM_WORLD_RANK={rank}".encode() in variables:
                os.kill(int(folder.name), signal.SIGKILL)
                return
        self.fail(f"rank {rank} is not there")

    def test_a_killed_rank_ends_the_run_and_another_number_of_ranks_goes_on(self):
        self.file.write_text(RUN)
        out, checkpoint = self.path / "out", self.path / "out.checkpoint"
        arguments = ["simulate", self.file, *settings("ensemble.paths=40000"), "--out", out]
        process = self.start(3, *arguments, "--checkpoint", "0")
        self.wait_for(process, checkpoint)
        self.kill_rank(process, 2)
        _, errors = process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(f"noisetrap: interrupted: what was finished is in {checkpoint}", errors)
        self.leaves_nothing_else("out.checkpoint")
        done = mpirun(2, *arguments, "--checkpoint", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        whole = self.path / "whole"
        self.assertEqual(noisetrap(*arguments[:-1], whole).returncode, 0)
        self.assertEqual((out / "data.h5").read_bytes(), (whole / "data.h5").read_bytes())
        self.leaves_nothing_else("out", "whole")

    def test_without_a_checkpoint_a_killed_rank_leaves_nothing(self):
        self.file.write_text(RUN)
        out = self.path / "out"
        process = self.start(2, "simulate", self.file, "--out", out)
        while not list(self.path.glob(".out.partial-*")):
            time.sleep(0.005)
        time.sleep(0.2)
        self.kill_rank(process, 1)
        _, errors = process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("noisetrap: interrupted: nothing was written", errors)
        self.leaves_nothing_else()

    def test_an_interrupted_sweep_goes_on_with_other_ranks(self):
        self.file.write_text(SWEEP)
        slower = settings("ensemble.paths=40000")
        out, whole = self.path / "out", self.path / "whole"
        process = self.start(3, "sweep", self.file, *slower, "--out", out)
        self.wait_for(process, out / "data.h5")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertRegex(errors, "noisetrap: interrupted; kept: .* of 24 points.*; the same command goes on")
        done = mpirun(2, "sweep", self.file, *slower, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(noisetrap("sweep", self.file, *slower, "--out", whole, env=NO_PAGE).returncode, 0)
        self.assertEqual((out / "data.h5").read_bytes(), (whole / "data.h5").read_bytes())


class Launched(Ranks):
    """Without any MPI: the variables by which launchers are told."""

    def run_with(self, **variables):
        self.file.write_text(noisetrap("defaults", "noisy-saddle").stdout)
        return noisetrap("simulate", self.file, "--set", "ensemble.paths=1000", "--out", self.path / "out",
                         env={**os.environ, "NOISETRAP_MPI": "/nowhere/mpi.so", **variables})

    def test_copies_that_do_not_know_of_each_other_write_nothing(self):
        for launcher, size, rank in (("mpirun", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),
                                     ("a launcher with PMI", "PMI_SIZE", "PMI_RANK"),
                                     ("srun", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID")):
            first, second = (self.run_with(**{size: "2", rank: number}) for number in "01")
            self.assertEqual((first.returncode, second.returncode, second.stderr), (2, 2, ""))
            self.assertEqual(len(first.stderr.splitlines()), 1)
            self.assertIn(f"was started by {launcher} as one of several processes, and /nowhere/mpi.so cannot be loaded",
                          first.stderr)
            self.leaves_nothing_else()
        self.assertEqual(self.run_with(PMIX_RANK="0").returncode, 2)

    def test_a_process_of_one_and_one_that_is_told_so_run_alone(self):
        for variables in ({"OMPI_COMM_WORLD_SIZE": "1", "SLURM_STEP_NUM_TASKS": "2"}, {"SLURM_STEP_NUM_TASKS": "1", "PMIX_RANK": "0"},
                          {"OMPI_COMM_WORLD_SIZE": "2", "NOISETRAP_RANKS": "1"}):
            done = self.run_with(**variables)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            shutil.rmtree(self.path / "out")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
