"""The files of runs on the CUDA backend are those of the CPU, byte for byte.

    build/release/on_ptxhost python3 tests/gpu/bytes_test.py build/release/noisetrap

`gpu_check` compares rows of many more kernels; this is what a user compares.
"""

import json
import shutil
import unittest

from on_stand_in import CPU, GPU, Case, sets

# Keys of a summary that say where it ran.
WHERE = {"backend", "device", "instruction_set", "threads", "lanes", "chunk", "wall_seconds", "path_steps_per_second"}
SDE = "[model]\nname = 'linear-sde'\n"
SADDLE = "[model]\nname = 'noisy-saddle'\n[optimiser]\nname = 'sgd'\n"
SHORT = {"ensemble.paths": 1500, "integrator.steps": 103}


class Case(Case):
    def files(self, command, settings, backend, **environment):
        """The arrays of a run, and what its summary says apart from where it ran."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        self.succeeds(command, "run.toml", *sets(settings), *backend, "--out", "out", **environment)
        files = {"data.h5": (out / "data.h5").read_bytes()}
        if (out / "summary.json").exists():
            summary = json.loads((out / "summary.json").read_text())
            self.assertEqual(summary["backend"] == "cuda", backend == GPU)
            summary["input"].pop("run.backend")
            files["summary"] = {key: value for key, value in summary.items() if key not in WHERE}
        return files

    def same(self, text, settings, command="simulate"):
        self.write("run.toml", text)
        cpu, gpu = (self.files(command, settings, backend) for backend in (CPU, GPU))
        self.assertEqual([name for name in cpu if cpu[name] != gpu[name]], [])


class Bytes(Case):
    def test_an_ensemble_of_the_first_pages(self):
        self.same(SDE, {**SHORT, "observe.times": [0.0, 0.171875, 1.609375]})

    def test_a_recursion(self):
        self.same(SADDLE, SHORT)

    def test_many_chunks(self):
        self.same(SDE, {**SHORT, "ensemble.paths": 5000, "run.chunk": 1024})

    def test_many_paths_and_few_steps(self):
        self.same(SDE, {"ensemble.paths": 70001, "integrator.steps": 9})

    def test_one_step(self):
        self.same(SADDLE, {**SHORT, "integrator.steps": 1})

    def test_a_start_near_the_end_of_all_numbers(self):
        self.same(SDE, {**SHORT, "ensemble.x0": 1e90})

    def test_numbers_beyond_all_range(self):
        self.same(SDE, {**SHORT, "model.a": 1e6, "model.sigma": 1e6, "integrator.dt": 1e6})

    def test_spread_starts(self):
        self.same(SDE, {**SHORT, "ensemble.x0_deviation": 0.5})

    def test_first_passage_with_bridges(self):
        self.same(SDE, {**SHORT, "observe.exit_radius": 1.25, "observe.exit_bridge": "true"})

    def test_a_comparison(self):
        self.same("[model]\nname = 'noisy-saddle'\n[compare]\nbudget = 50\nexit_radius = 2.0\n[ensemble]\npaths = 200\n"
                  "[optimisers.sgd]\nlearning_rate = [0.3, 1.0]\n[optimisers.momentum]\n", {}, "compare")


class TheComparison(Case):
    def setUp(self):
        super().setUp()
        self.write("run.toml", SDE)

    def test_notices_one_wrong_bit_of_one_instruction(self):
        cpu = self.files("simulate", SHORT, CPU)
        for instruction in ("mul.hi.u32", "cvt.rn.f32.s32", "fma.rn.f64", "mul.rn.f64"):
            with self.subTest(instruction):
                broken = self.files("simulate", SHORT, GPU, BREAK=instruction)
                self.assertTrue(cpu["data.h5"] != broken["data.h5"], "the bytes are the same")

    def test_does_not_depend_on_what_fresh_memory_holds(self):
        zeros, ones = (self.files("simulate", SHORT, GPU, FILL=fill) for fill in ("0x00", "0xff"))
        self.assertTrue(zeros == ones, "the bytes differ")


class Chunks(Case):
    def test_take_one_launch_a_copy_of_each_column_and_no_fresh_memory(self):
        self.write("run.toml", SDE)
        log = self.folder / "log"
        chunks, inputs, columns = 6, 2, 5  # the model and the observed steps; x, log |x|, growth and two sums of the noise
        self.files("simulate", {**SHORT, "ensemble.paths": 1024 * chunks, "run.chunk": 1024}, GPU, LOG=log)
        calls = log.read_text().splitlines()
        launches = [i for i, call in enumerate(calls) if call == "cudaLaunchKernel"]
        self.assertEqual(len(launches), chunks)
        self.assertEqual(calls.count("cudaMemcpy"), inputs + columns * chunks)
        between = calls[launches[0]:launches[-1]]
        self.assertEqual([call for call in between if call in ("cudaMalloc", "cudaFree", "cudaDeviceSynchronize")], [])


if __name__ == "__main__":
    unittest.main()
