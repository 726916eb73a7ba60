"""Networks: what `noisetrap escape` prints of a run on the CUDA backend is what it prints of one on the CPU, and what it asks
of the device.

    build/release/on_ptxhost python3 tests/gpu/networks_test.py build/release/noisetrap

The rows of an MLP, and of ten more networks, are compared by tests/analysis/networks/network_run_test.cpp.
"""

import json
import unittest

from on_stand_in import CPU, GPU, Case, sets

# Keys of escape.json that say where it ran.
WHERE = {"backend", "device", "instruction_set", "threads", "seconds", "path_steps_per_second"}
GATE = "[data]\ninputs = [36]\n"
FEW = {"escape.paths": 300, "escape.steps": 60, "escape.start": 1e-3, "escape.near": 1e-6, "escape.growth_steps": 20,
       "escape.growth_paths": 300, "escape.learning_rates": [0.1, 0.3], "escape.batch_sizes": [1, 2]}
# Sums and values of three units at 10,000 times, with as many inputs, are 560 kB in float64.
LONG = ("[data]\nset = 'sequences'\nlength = 10000\nsamples = 2\n"
        "[network]\nkind = 'recurrent'\nhidden = [3]\n[point]\nrecurrent_weight = 0.6\n")


class Gate(Case):
    def setUp(self):
        super().setUp()
        self.write("run.toml", GATE)

    def printed(self, settings, backend, **environment):
        done = self.succeeds("escape", "run.toml", *sets(settings), *backend, "--json", "-", **environment)
        found = json.loads(done.stdout)
        found["input"] = {key: value for key, value in found["input"].items() if not key.startswith("run.")}
        return {key: value for key, value in found.items() if key not in WHERE}

    def test_has_the_odds_the_times_and_the_growth_of_a_run_on_the_cpu(self):
        cpu, gpu = (self.printed(FEW, backend) for backend in (CPU, GPU))
        self.assertEqual(cpu, gpu)
        self.assertTrue(all(run["growth"] for run in cpu["runs"]))
        self.assertGreater(sum(run["left"] for run in cpu["runs"]), 0)

    def test_is_not_the_same_where_an_instruction_is_wrong(self):
        broken = self.printed(FEW, GPU, BREAK="fma.rn.f64")
        self.assertNotEqual(self.printed(FEW, CPU)["runs"], broken["runs"])

    def test_does_not_depend_on_what_fresh_memory_holds(self):
        zeros, ones = (self.printed(FEW, GPU, FILL=fill) for fill in ("0x00", "0xff"))
        self.assertEqual(zeros, ones)

    def test_has_its_data_copied_once_to_each_device(self):
        settings = {**FEW, "escape.paths": 5 * 1024, "escape.steps": 2, "escape.growth_steps": 0, "run.chunk": 1024}
        for devices in (1, 2):
            log = self.folder / "log"
            log.unlink(missing_ok=True)
            self.printed({**settings, "run.devices": "'all'"}, GPU, LOG=log, DEVICES=devices)
            samples, parameters, row = 1797, 2, 2
            calls = log.read_text().splitlines()
            for device in range(devices):
                copies = [int(call.split()[2]) for call in calls if f"bytes to device {device}" in call]
                self.assertEqual(copies.count(4 * samples * row), 1, copies)
                self.assertLessEqual(max(copies[copies.index(4 * samples * row) + 1:]), 4 * 100 * parameters)

    def test_without_room_for_data_and_paths_is_one_sentence(self):
        self.fails(["escape", "run.toml", *sets(FEW), *GPU, "--json", "-"], 2,
                   "GB of the GPU's memory are needed and 1e-05 GB are free", "the data and the paths",
                   "run.backend = 'cuda' took the GPU; write run.backend = 'omp'", MEMORY=10000)

    def test_that_the_device_fails_is_one_sentence(self):
        for fault, words in (("cudaMalloc:2:2", ["cudaMalloc", "out of memory"]), ("kernel:1:700", ["illegal memory access"]),
                             ("cudaStreamSynchronize:1:46", ["cudaStreamSynchronize", "busy"])):
            with self.subTest(fault):
                self.fails(["escape", "run.toml", *sets(FEW), *GPU, "--json", "-"], 3, "the GPU failed in", *words,
                           "run.backend = 'omp'", FAIL=fault)

    def test_without_a_device_is_one_sentence(self):
        self.fails(["escape", "run.toml", *GPU], 2, "run.backend", "'cuda' cannot run here", "no CUDA device",
                   FAIL="cudaGetDeviceCount:1+:100")


class Long(Case):
    def test_beyond_the_memory_of_a_thread_is_one_sentence(self):
        self.write("run.toml", LONG)
        for backend in ("auto", "cuda"):
            settings = {"escape.growth_steps": 0, "run.precision": "double", "run.backend": f"'{backend}'"}
            with self.subTest(backend):
                self.fails(["escape", "run.toml", *sets(settings), "--json", "-"], 2, "a path of this network takes",
                           "a thread of a GPU holds 512 kB", f"run.backend = '{backend}' took the GPU; write run.backend = 'omp'")


if __name__ == "__main__":
    unittest.main()
