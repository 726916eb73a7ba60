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
    def test_an_ensemble_of_the_first_pages_which_has_its_page(self):
        self.drawn = True
        self.same(SDE, {**SHORT, "observe.times": [0.0, 0.171875, 1.609375]})
        self.assertTrue((self.folder / "out" / "index.html").exists())

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


class Calls(Case):
    def calls(self, text, settings, command="simulate", **environment):
        """What a run on the stand-in asks of the CUDA runtime."""
        self.write("run.toml", text)
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        self.files(command, settings, GPU, LOG=log, **environment)
        return log.read_text().splitlines()


class Chunks(Calls):
    CHUNKS, SLOTS = 6, 2

    def counted(self, **settings):
        calls = self.calls(SDE, {**SHORT, "ensemble.paths": 1024 * self.CHUNKS, "run.chunk": 1024, **settings})
        self.launches = [i for i, call in enumerate(calls) if call.startswith("launch of")]
        self.brought = [call for call in calls if call.startswith("copy of") and "from device" in call]
        self.put = [call for call in calls if call.startswith("copy of") and "to device" in call]
        return calls

    def test_take_three_launches_and_two_copies(self):
        self.counted()
        self.assertEqual(len(self.launches), 3 * self.CHUNKS)  # steps, summaries, and what sketches hold
        self.assertEqual(len(self.brought), 2 * self.CHUNKS)
        self.assertEqual(len(self.put), self.SLOTS)
        self.assertEqual([call for call in self.brought if "not pinned" in call], [])

    def test_without_quantiles_take_two_launches_and_one_copy(self):
        self.counted(**{"observe.quantiles": "[]"})
        self.assertEqual(len(self.launches), 2 * self.CHUNKS)
        self.assertEqual(len(self.brought), self.CHUNKS)

    def test_take_no_fresh_memory_once_each_slot_has_its_own(self):
        calls = self.counted()
        between = calls[self.launches[3 * (self.SLOTS + 1)]:self.launches[-1]]
        self.assertEqual([call for call in between if call in ("cudaMalloc", "cudaFree", "cudaMallocHost",
                                                               "cudaFreeHost", "cudaDeviceSynchronize")], [])

    def test_bring_summaries_and_no_rows(self):
        """A table in docs/gpu.md says how much that is for a million paths; rows would be 8 bytes a number."""
        self.counted(**{"observe.quantiles": "[]"})
        brought = sum(int(call.split()[2]) for call in self.brought)
        columns = 5
        self.assertLess(brought, 1024 * self.CHUNKS * columns * 8 / 20)


class Rows(Calls):
    def test_of_many_points_come_in_one_copy_for_each_launch(self):
        calls = self.calls("[model]\nname = 'noisy-saddle'\n[optimiser]\nname = 'sgd'\n[ensemble]\npaths = 100\n"
                           "[integrator]\nsteps = 20\n[sweep]\nobserve = ['growth']\n"
                           "model.a = {from = 0.05, to = 0.5, points = 12}\n", {}, "sweep")
        launches = sum(call.startswith("launch of") for call in calls)
        self.assertEqual(sum("from device" in call for call in calls), launches)
        self.assertLess(launches, 12)  # points share launches


class Devices(Calls):
    MANY = {**SHORT, "ensemble.paths": 9 * 1024, "run.chunk": 1024}

    def used(self, devices, **environment):
        calls = self.calls(SDE, {**self.MANY, "run.devices": devices}, **environment)
        return {call.split("device ")[1][0] for call in calls if call.startswith("launch of")}

    def test_of_any_number_give_the_same_bytes(self):
        self.write("run.toml", SDE)
        alone = self.files("simulate", self.MANY, GPU)
        for settings in ({}, {"run.devices": "'all'"}, {"run.devices": "[2, 1]"}):
            several = self.files("simulate", {**self.MANY, **settings}, GPU, DEVICES=3)
            self.assertEqual(alone["data.h5"], several["data.h5"], settings)
        self.assertEqual(alone["data.h5"], self.files("simulate", self.MANY, CPU)["data.h5"])

    def test_are_those_that_were_asked_for(self):
        self.assertEqual(self.used("'first'", DEVICES=3), {"0"})
        self.assertEqual(self.used("'all'", DEVICES=3), {"0", "1", "2"})
        self.assertEqual(self.used("[2, 1]", DEVICES=3), {"1", "2"})

    def test_that_are_not_there_are_refused_with_those_that_are(self):
        self.write("run.toml", SDE)
        command = ["simulate", "run.toml", *GPU, "--out", "out", "--set"]
        here = "0 (PTX on this CPU), 1 (PTX on this CPU)"
        self.fails([*command, "run.devices=[0, 2]"], 2, "run.devices", "[0, 2]", "not here", here, DEVICES=2)
        self.fails([*command, "run.devices=[1, 1]"], 2, "run.devices", "twice", DEVICES=2)
        self.fails([*command, "run.devices=[]"], 2, "run.devices", "names no GPU", DEVICES=2)
        self.fails([*command, "run.devices=some"], 2, "run.devices", "first, all", DEVICES=2)
        self.fails([*command, "run.devices=all", "--set", "run.backend=auto"], 2, "run.devices", "no CUDA device",
                   FAIL="cudaGetDeviceCount:1+:100")

    def test_are_left_alone_by_a_run_on_the_cpu(self):
        self.write("run.toml", SDE)
        self.succeeds("simulate", "run.toml", *sets({**SHORT, "run.devices": "[7]"}), *CPU, "--out", "out")

    def test_have_names(self):
        self.assertIn("0 (PTX on this CPU), 1 (PTX on this CPU)", self.succeeds("info", DEVICES=2).stdout)


if __name__ == "__main__":
    unittest.main()
