"""Networks at saddles from Python, beside the JSON of the command line."""

import json
import math
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import numpy

import noisetrap as nt

PROGRAM = os.environ["NOISETRAP_PROGRAM"]
HAS_DIGITS = pathlib.Path("/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz").exists()
GATE = """
[data]
set = "teacher"
samples = 200
label_noise = 1.0

[measure]
learning_rates = [0.1, 0.5]
steps = 100

[escape]
learning_rates = [0.1]
paths = 400
growth_steps = 20
growth_paths = 100
"""


def printed(*words):
    found = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=True).stdout
    return json.loads(found)


class Networks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "gate.toml")
        self.file.write_text(GATE)

    def test_a_measurement_is_that_of_the_command_line(self):
        saddle, found = nt.measure(self.file), printed("measure", str(self.file), "--json", "-")
        self.assertEqual(json.loads(saddle.json), found)
        self.assertEqual(saddle.a.value, found["a"]["value"])
        self.assertEqual(saddle.eigenvalues, tuple(found["eigenvalues"]))
        self.assertEqual([p.axis_rate for p in saddle.predictions], [p["axis_rate"] for p in found["predictions"]])
        self.assertEqual(saddle.critical_learning_rates[1], found["critical_learning_rates"][0]["exact"])
        self.assertIn("one axis", repr(saddle))

    def test_arrays_are_those_of_the_samples_and_share_memory(self):
        saddle = nt.measure(GATE)
        self.assertEqual(saddle.curvature.shape, (200,))
        self.assertAlmostEqual(-saddle.curvature.mean(), saddle.a.value, places=12)
        self.assertAlmostEqual(saddle.curvature.std(), saddle.sigma.value, places=12)
        self.assertTrue(numpy.shares_memory(saddle.curvature, saddle.curvature))
        self.assertFalse(saddle.curvature.flags.writeable)
        self.assertAlmostEqual(numpy.linalg.norm(saddle.way_out), 1)

    def test_an_escape_is_that_of_the_command_line(self):
        escape, found = nt.escape(self.file), printed("escape", str(self.file), "--json", "-")
        self.assertEqual(json.loads(escape.json)["runs"], found["runs"])
        (run,), (beside,) = escape.runs, found["runs"]
        self.assertEqual(run.odds.value, beside["odds"]["value"])
        self.assertEqual(run.odds.exact, beside["odds"]["predicted"]["value"])
        self.assertEqual(run.left + run.fell_in + run.undecided + run.failed, 400)
        self.assertAlmostEqual(run.growth.z, beside["growth"]["predicted"]["z"], places=6)
        self.assertEqual(escape.survival.shape, (1, len(escape.survival_steps)))
        self.assertEqual(escape.survival[0].tolist(), beside["survival"]["share"])

    def test_what_was_found_is_immutable(self):
        escape = nt.escape(GATE)
        for found, name in ((escape, "runs"), (escape.runs[0], "odds"), (escape, "a")):
            with self.assertRaisesRegex(AttributeError, "immutable"):
                setattr(found, name, None)
            with self.assertRaisesRegex(AttributeError, "immutable"):
                delattr(found, name)

    def test_settings_and_the_command_give_the_same(self):
        found = nt.escape(self.file, set={"escape.learning_rates": [0.2], "escape.paths": 50})
        self.assertEqual((found.runs[0].learning_rate, found.runs[0].paths), (0.2, 50))
        self.assertIn("noisetrap escape", found.command)
        self.assertIn("escape.paths=50", found.command)
        self.assertEqual(nt.escape(found.toml).runs[0].odds, found.runs[0].odds)

    @unittest.skipUnless(HAS_DIGITS, "the digits are not there")
    def test_an_experiment_has_a_name(self):
        saddle = nt.measure("gate-odds", set={"measure.learning_rates": [0.1], "measure.steps": 10})
        self.assertAlmostEqual(saddle.critical_learning_rates[1], 0.199441369657, places=9)
        self.assertIn("gate-odds", nt.network_presets)

    def test_bad_input_is_an_input_error_with_its_key(self):
        with self.assertRaises(nt.InputError) as raised:
            nt.escape(self.file, set={"escape.patsh": 50})
        self.assertIn("escape.patsh", str(raised.exception))
        with self.assertRaises(nt.InputError) as raised:
            nt.measure(GATE, set={"network.unit": "tahn"})
        self.assertEqual(raised.exception.key, "network.unit")

    def test_ctrl_c_stops_paths_and_products(self):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nt.escape(GATE)  # compiles the kernel
        for function, longer in ((nt.escape, {"escape.paths": 10**9, "escape.near": 0.0, "escape.far": 1e10}),
                                 (nt.measure, {"measure.steps": 10**9})):
            threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
            begun = time.monotonic()
            with self.assertRaises(KeyboardInterrupt):
                function(GATE, set=longer)
            self.assertLess(time.monotonic() - begun, 5.0)

    def test_no_prediction_is_none(self):
        found = nt.escape(GATE, set={"optimiser.name": "adam", "escape.paths": 10, "escape.steps": 10})
        self.assertEqual(found.no_prediction, "theory is that of sgd")
        self.assertIsNone(found.runs[0].odds.exact)
        self.assertTrue(math.isnan(found.runs[0].odds.z))


if __name__ == "__main__":
    unittest.main()
