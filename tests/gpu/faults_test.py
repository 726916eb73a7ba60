"""What a user meets when a GPU fails. The stand-in for the CUDA runtime makes each fault on purpose.

    build/release/on_ptxhost python3 tests/gpu/faults_test.py build/release/noisetrap
"""

import json
import os
import signal
import subprocess
import time
import unittest

from on_stand_in import CPU, GPU, PROGRAM, Case, sets

SADDLE = "[model]\nname = 'linear-sde'\n"
CHUNKS = 3
SHORT = sets({"ensemble.paths": 1024 * CHUNKS, "run.chunk": 1024, "integrator.steps": 20})
ON_THE_CPU = "run.backend = 'omp'"

# What fails, the fault as PTXHOST_FAIL plans it, and words of the sentence.
FAULTS = [
    ("memory is out at the first array", "cudaMalloc:1:2", ["cudaMalloc", "out of memory", "run.chunk"]),
    ("memory is out at the third array", "cudaMalloc:3:2", ["cudaMalloc", "out of memory", "run.chunk"]),
    ("memory is out for good", "cudaMalloc:1+:2", ["cudaMalloc", "out of memory", "run.chunk"]),
    ("the device is busy", "cudaMalloc:1+:46", ["cudaMalloc", "busy or unavailable", "nvidia-smi"]),
    ("a launch fails", "cudaLaunchKernel:1:701", ["launch of a kernel", "too many resources", "nvidia-smi"]),
    ("a later launch fails", "cudaLaunchKernel:2:701", ["launch of a kernel", "too many resources"]),
    ("a kernel meets an illegal address", "kernel:1:700", ["illegal memory access", "report it"]),
    ("the last kernel meets an illegal address", f"kernel:{3 * CHUNKS}:700", ["a kernel", "illegal memory access"]),
    ("memory has an error", "kernel:2:214", ["ECC"]),
    ("a kernel takes too long", "kernel:2:702", ["timed out", "run.chunk smaller"]),
    ("there is no code for this device", "cudaFuncGetAttributes:1+:209", ["launch of a kernel", "no kernel image",
                                                                          "update the NVIDIA driver"]),
    ("memory of the host is out", "cudaMallocHost:1:2", ["cudaMallocHost", "out of memory"]),
    ("a device has no stream", "cudaStreamCreateWithFlags:1:2", ["cudaStreamCreateWithFlags", "out of memory"]),
    ("a copy to the device fails", "cudaMemcpyAsync:1:1", ["cudaMemcpyAsync", "invalid argument"]),
    ("a copy back fails", "cudaMemcpyAsync:2:1", ["cudaMemcpyAsync", "invalid argument"]),
    ("memory cannot be cleared", "cudaMemsetAsync:1:1", ["cudaMemsetAsync", "invalid argument"]),
    ("a device does not say what memory it has", "cudaMemGetInfo:1:1", ["cudaMemGetInfo", "invalid argument"]),
    ("the stream fails", "cudaStreamQuery:1+:719", ["a kernel", "unspecified launch failure"]),
]


class Simulating(Case):
    def setUp(self):
        super().setUp()
        self.write("run.toml", SADDLE)
        self.command = ["simulate", "run.toml", *SHORT, *GPU]

    def test_each_fault_is_one_sentence_and_exit_status_3(self):
        for out in (["--out", "out"], ["--json", "-"]):
            for name, fault, words in FAULTS:
                with self.subTest(name, out=out[0]):
                    self.fails([*self.command, *out], 3, "the GPU failed in", *words, ON_THE_CPU, FAIL=fault)

    def test_a_device_that_goes_away_at_any_call_is_one_sentence(self):
        call, failed, over = 3, 0, False
        while not over:
            done = self.run_program(*self.command, "--out", "out", FAIL=f"any:{call}+:46")
            over = done.returncode == 0  # before that call
            if not over:
                failed += 1
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertEqual([path.name for path in self.folder.iterdir()], ["run.toml"])
            call = call * 5 // 4 + 1  # a waiting program asks again and again
        self.assertGreater(failed, 5)

    def test_a_device_with_too_little_memory_says_so(self):
        self.fails([*self.command, "--out", "out"], 2, "GB of the GPU's memory are needed and 1e-05 GB are free", "run.chunk",
                   MEMORY=10000)

    def test_a_chunk_follows_the_memory_of_the_device(self):
        paths = sets({"ensemble.paths": 70001, "integrator.steps": 2, "observe.quantiles": []})
        chunks = []
        for memory in (4 << 20, 1 << 30):
            done = self.succeeds("simulate", "run.toml", *paths, *GPU, "--json", "-", MEMORY=memory)
            chunks.append(json.loads(done.stdout)["chunk"])
        self.assertEqual(chunks, [1 << 14, 1 << 18])

    def test_a_checkpoint_is_named_and_the_run_goes_on_without_the_gpu(self):
        on_the_cpu = ["simulate", "run.toml", *SHORT, *CPU, "--checkpoint", "0", "--out"]
        self.succeeds(*on_the_cpu, "whole")
        failed = self.run_program(*self.command, "--checkpoint", "0", "--out", "out", FAIL="kernel:2:700")
        self.assertEqual((failed.returncode, failed.stderr.count("\n")), (3, 1), failed.stderr)
        self.assertIn("; what was finished is in out.checkpoint, and the same command goes on from there", failed.stderr)
        self.succeeds(*on_the_cpu, "out")
        self.assertEqual(*((self.folder / out / "data.h5").read_bytes() for out in ("out", "whole")))

    def test_ctrl_c_in_a_kernel_stops_at_once_and_leaves_nothing(self):
        log = self.folder / "log"
        long = sets({"ensemble.paths": 2000000, "integrator.steps": 2000})
        program = subprocess.Popen([PROGRAM, "simulate", "run.toml", *long, *GPU, "--out", "out"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "PTXHOST_LOG": str(log)})
        while not (log.exists() and "launch of" in log.read_text()):
            self.assertIsNone(program.poll())
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, err = program.communicate(timeout=60)
        self.assertLess(time.monotonic() - start, 20)  # the kernel would run for minutes
        self.assertEqual(program.returncode, 130, err)
        self.assertEqual(err, "noisetrap: interrupted: nothing was written\n")
        self.assertFalse((self.folder / "out").exists())


class Starting(Case):
    """A device that cannot be used is known before anything runs."""

    # What is wrong, the stand-in's settings, the reason in words, and whether "auto" names it.
    REASONS = [
        ("there is no driver", {"FAIL": "cudaGetDeviceCount:1+:100"}, "no CUDA device", False),
        ("the driver is too old", {"FAIL": "cudaGetDeviceCount:1+:35"}, "update the driver", True),
        ("the device is busy", {"FAIL": "cudaGetDeviceProperties:1+:46"}, "busy or unavailable", True),
        ("everything fails", {"FAIL": "any:1+:46"}, "busy or unavailable", True),
        ("the device is too old", {"MAJOR": 7}, "older than compute capability 8.0", True),
    ]

    def setUp(self):
        super().setUp()
        self.write("run.toml", SADDLE)
        self.command = ["simulate", "run.toml", *SHORT, "--set", "model.a=1.0", "--out", "out"]  # no trap, no warning

    def test_a_backend_that_is_asked_for_is_refused_with_the_reason(self):
        for name, trouble, why, _ in self.REASONS:
            with self.subTest(name):
                self.fails([*self.command, *GPU], 2, "run.backend", "cannot run here", why, **trouble)

    def test_the_automatic_choice_takes_the_cpu_and_says_so_where_there_is_a_gpu(self):
        for name, trouble, why, told in self.REASONS:
            with self.subTest(name):
                done = self.succeeds(*self.command, "--fresh", **trouble)
                self.assertIn("omp (", done.stdout)
                if told:
                    self.assertIn("warning: the GPU cannot be used", done.stderr)
                    self.assertIn(why, done.stderr)
                self.assertEqual(done.stderr.count("\n"), int(told), done.stderr)

    def test_the_automatic_choice_is_never_changed_on_the_way(self):
        self.assertIn("cuda (", self.succeeds(*self.command).stdout)
        self.fails([*self.command, "--fresh"], 3, "the GPU failed in", FAIL="kernel:2:700")


class LongerWork(Case):
    def test_a_broken_device_refutes_no_claim_and_keeps_what_is_finished(self):
        command = ["validate", "--quick", "--only", "moments", "--out"]
        log = self.folder / "log"
        self.succeeds(*command, "report", LOG=log)
        launches = log.read_text().count("launch of")
        for launch, kept in ((1, False), (launches, True)):
            done = self.run_program(*command, f"report-{launch}", FAIL=f"cudaLaunchKernel:{launch}+:701")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn("the GPU failed in", done.stderr)
            self.assertNotIn("FAILS", done.stdout)
            self.assertNotIn("claims hold", done.stdout)
            report = self.folder / f"report-{launch}" / "validation.json"
            self.assertEqual(report.exists(), kept)
            self.assertEqual("what was finished is in" in done.stderr, kept)
            if kept:
                facts = json.loads(report.read_text())
                self.assertEqual((facts["complete"], facts["failed"]), (False, 0))
                self.assertGreater(facts["passed"], 0)

    def test_a_sweep_that_a_fault_cut_off_goes_on_to_the_same_bytes(self):
        self.write("sweep.toml", "[model]\nname = 'noisy-saddle'\nsigma = 0.8\n[optimiser]\nname = 'sgd'\n"
                   "[ensemble]\npaths = 300\n[sweep]\nobserve = ['growth']\n"
                   "model.a = {from = 0.05, to = 0.5, points = 8}\nintegrator.steps = [20, 30, 40, 60]\n")
        self.succeeds("sweep", "sweep.toml", *CPU, "--out", "whole")
        log = self.folder / "log"
        self.succeeds("sweep", "sweep.toml", *GPU, "--out", "gpu", LOG=log)
        launches = log.read_text().count("launch of")
        self.assertGreater(launches, 1)
        done = self.run_program("sweep", "sweep.toml", *GPU, "--out", "cut", FAIL=f"kernel:{launches}:700")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("kept: ", done.stderr)
        self.assertIn("the same command goes on", done.stderr)
        self.succeeds("sweep", "sweep.toml", *GPU, "--out", "cut")
        for name in ("data.h5", "sweep.json"):
            for folder in ("gpu", "cut"):
                self.assertEqual((self.folder / folder / name).read_bytes(),
                                 (self.folder / "whole" / name).read_bytes(), f"{folder}/{name}")


if __name__ == "__main__":
    unittest.main()
