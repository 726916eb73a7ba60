"""`noisetrap landscape`, `spectrum` and `analyse` as a user meets them: run as  landscape_test.py PATH/TO/noisetrap."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

PROGRAM = str(Path(sys.argv.pop(1)).resolve())
NET = """[landscape]
type = "linear-net"
[search]
starts = 40
[spectrum]
at = "{2}"
"""


def noisetrap(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)


class Landscapes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.file = self.path / "net.toml"
        self.file.write_text(NET)

    def landscape(self, *settings, command="landscape"):
        return noisetrap(command, self.file, *[word for setting in settings for word in ("--set", setting)])

    def refused(self, done, *words):
        """One sentence with these words, exit status 2, and nothing else."""
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual([p.name for p in self.path.iterdir()], ["net.toml"])

    def test_points_are_found_and_set_beside_theory(self):
        done = noisetrap("landscape", self.file, "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(sum(found["outcomes"].values()), 40)
        self.assertEqual([(p["name"], p["loss"], p["index"], p["flat"]) for p in found["known"]],
                         [("{1,2}", 0.5, 0, 4), ("{1,3}", 2, 1, 4), ("{1}", 2.5, 2, 3), ("{2,3}", 4.5, 2, 4),
                          ("{2}", 5, 3, 3), ("{3}", 6.5, 4, 3), ("{}", 7, 6, 0)])
        for point in found["points"]:
            exact = found["known"][point["known"]]
            self.assertAlmostEqual(point["loss"], exact["loss"], 9)
            self.assertEqual((point["index"], point["flat"]), (exact["index"], exact["flat"]))
            self.assertEqual(len(point["spectrum"]), 12)
        self.assertEqual(sum(p["found"] for p in found["points"]), found["outcomes"]["converged"])

    def test_results_are_the_same_for_any_threads(self):
        for threads in (1, 3):
            done = noisetrap("landscape", self.file, "--set", f"run.threads={threads}", "--out", self.path / str(threads))
            self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("landscape.json", "data.h5", "index.html"):
            self.assertEqual((self.path / "1" / name).read_bytes(), (self.path / "3" / name).read_bytes(), name)
        with h5py.File(self.path / "1/data.h5") as data:
            points = len(data["loss"])
            self.assertEqual(data["spectrum"].shape, (points, 12))
            self.assertEqual(data["known/spectrum"].shape, (7, 12))
            self.assertEqual(data["outcome"].shape, (40,))
            self.assertEqual(data["loss"].dims[0].label, "point")
        again = noisetrap("landscape", self.path / "1/config.toml", "--json", "-")
        self.assertEqual(json.loads(again.stdout), json.loads((self.path / "1/landscape.json").read_text()))
        self.assertIn("--fresh", noisetrap("landscape", self.file, "--out", self.path / "1").stderr)
        self.assertEqual(noisetrap("landscape", self.file, "--out", self.path / "1", "--fresh").returncode, 0)

    def test_the_spectrum_of_a_known_point(self):
        done = noisetrap("spectrum", self.file, "--out", self.path / "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("exact -3", done.stdout)
        found = json.loads((self.path / "out/spectrum.json").read_text())
        self.assertAlmostEqual(found["smallest"]["value"], -3, 6)
        self.assertEqual(found["trace"]["exact"], sum(found["exact_spectrum"]))
        self.assertLess(abs(found["trace"]["value"] - found["trace"]["exact"]), 5 * found["trace"]["standard_error"] + 1e-9)
        with h5py.File(self.path / "out/data.h5") as data:
            self.assertEqual(data["density"].shape, (200,))

    def test_every_landscape_runs_with_its_defaults(self):
        for name in (line.split()[0] for line in noisetrap("list", "landscapes").stdout.splitlines()):
            self.file.write_text(f"landscape.type = '{name}'\nsearch.starts = 5")
            done = noisetrap("landscape", self.file, "--json", "-")
            self.assertEqual(done.returncode, 0, done.stderr)
            if json.loads(done.stdout)["law"]:
                continue
            done = noisetrap("spectrum", self.file, "--json", "-")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLess(abs(json.loads(done.stdout)["smallest"]["value"] - json.loads(done.stdout)["smallest"]["exact"]), 1e-5)

    def test_list_show_and_defaults(self):
        listed = [line.split()[0] for line in noisetrap("list", "landscapes").stdout.splitlines()]
        self.assertIn("phase-retrieval", listed)
        for name in listed:
            self.assertIn(name + ": f = ", noisetrap("show", name).stdout)
        self.file.write_text(noisetrap("defaults", "softmax-tie").stdout)
        self.assertIn("starts = 200", self.file.read_text())
        self.assertEqual(self.landscape().returncode, 0)

    def test_wrong_input_is_one_sentence(self):
        self.refused(self.landscape("landscape.type=linear-nett"), "landscape.type", "linear-net")
        self.refused(self.landscape("landscape.inputs=0"), "landscape.inputs", "between 1 and")
        self.refused(self.landscape("landscape.values=[1, 2, 3]"), "landscape.values must fall")
        self.refused(self.landscape("landscape.depth=3"), "landscape.depth is not a key here")
        self.refused(self.landscape("search.method=newtn"), "did you mean 'newton'")
        self.refused(self.landscape("search.zero=100"), "search.zero = 100 would call every direction flat")
        self.refused(self.landscape("search.spread=1e200"), "search.spread = 1e+200 leads start ")
        self.refused(self.landscape("search.at=[1, 2]"), "search.at has 2 numbers", "12 parameters")
        self.refused(self.landscape(f"search.at={[1.0] * 12}"), "search.at is not a critical point: |gradient| =")
        self.refused(self.landscape("spectrum.at={4}", command="spectrum"), "spectrum.at", "none of {1,2}")
        self.refused(self.landscape("landscape.inputs=1000", "search.method=newton"), "at most 2000 parameters", "newton-mr")
        self.refused(self.landscape("landscape.inputs=1000000000"), "GB of memory are needed and", "are free")
        self.refused(self.landscape("search.start=3"), "did you mean", "search.starts")

    def test_advice_on_which_optimiser_leaves(self):
        noise = ("advise.at={1,3}", "noise.sigma=[5.0]", "noise.samples=1000", "advise.learning_rates=[0.05, 0.1]")
        told = self.landscape(*noise, command="advise").stdout
        self.assertTrue(told.startswith("Take stochastic gradient descent (l = 0.05, batch 1)"), told)
        self.assertIn("noise traps, and stochastic gradient descent does not leave", told)
        words = [word for setting in noise for word in ("--set", setting)]
        found = json.loads(noisetrap("advise", self.file, *words, "--json", "-").stdout)
        self.assertEqual((round(found["a"], 9), round(found["curvature"], 9), round(found["noise_dimension"], 9)), (1, 6, 1))
        self.assertEqual([r["ratio"] > 0 for r in found["ratios"]], [True, False])
        self.assertIn("No noise is defined here", self.landscape(command="advise").stdout)
        self.refused(self.landscape("advise.at={1,2}", command="advise"), "advise.at is a point that nothing leads down from")
        self.refused(self.landscape("advise.at={4}", command="advise"), "advise.at", "none of {1,2}")
        self.refused(self.landscape("noise.sigma=[1]", command="advise"), "noise.samples is missing")

    def test_a_point_by_hand(self):
        done = noisetrap("landscape", self.file, "--set", f"search.at={[0.0] * 12}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("7, index 6", done.stdout)


def descent(steps, every, rate=0.05, start=1e-3):
    """Gradient descent on |diag(3, 2, 1) - W2 W1|^2/2 from a small start: steps, W2 and W1 at every checkpoint."""
    random = np.random.default_rng(1)
    second, first = start * random.standard_normal((3, 2)), start * random.standard_normal((2, 3))
    kept = []
    for step in range(steps + 1):
        if step % every == 0:
            kept.append((step, second.copy(), first.copy()))
        residue = second @ first - np.diag([3.0, 2, 1])
        second, first = second - rate * residue @ first.T, first - rate * second.T @ residue
    return [np.array(column) for column in zip(*kept)]


class Runs(unittest.TestCase):
    """A run of gradient descent learns the first mode, then the second: it comes near {}, {1} and {1,2}."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.step, self.second, self.first = descent(300, 5)
        self.flat = np.concatenate([self.second.reshape(61, 6), self.first.reshape(61, 6)], axis=1)
        self.file = self.path / "run.toml"
        self.file.write_text("[landscape]\ntype = 'linear-net'\n[analyse]\nrun = 'run.npz'\n")

    def analysed(self, *settings):
        return noisetrap("analyse", self.file, *[word for setting in settings for word in ("--set", setting)], "--json", "-")

    def results(self, *settings):
        done = self.analysed(*settings)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, *words, settings=()):
        done = self.analysed(*settings)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_the_saddles_on_the_way_are_named(self):
        np.savez(self.path / "run.npz", W2=self.second, W1=self.first, step=self.step)
        found = self.results()
        self.assertEqual([visit["name"] for visit in found["visits"]], ["{}", "{1}", "{1,2}"])
        self.assertEqual([visit["index"] for visit in found["visits"]], [6, 2, 0])
        self.assertEqual(found["step"], self.step.tolist())
        loss = [((w2 @ w1 - np.diag([3.0, 2, 1]))**2).sum() / 2 for w2, w1 in zip(self.second, self.first)]
        np.testing.assert_allclose(found["loss"], loss, rtol=1e-12)
        self.assertTrue(all(found["index_is_exact"]))
        self.assertEqual(found["visits"][0]["from"], 0)
        self.assertEqual(found["visits"][2]["to"], 300)

    def test_the_same_run_from_every_kind_of_file(self):
        np.savez(self.path / "run.npz", W2=self.second, W1=self.first, step=self.step)
        wanted = self.results()
        np.savez_compressed(self.path / "packed.npz", W2=self.second, W1=self.first, step=self.step)
        np.save(self.path / "rows.npy", self.flat)
        np.save(self.path / "columns.npy", np.asfortranarray(self.flat))
        with h5py.File(self.path / "run.h5", "w") as file:
            file["step"], file["net/second"], file["net/first"] = self.step, self.second, self.first
        (self.path / "kept").mkdir()
        for step, second, first in zip(self.step, self.second, self.first):
            np.savez(self.path / f"kept/checkpoint-{step}.npz", W2=second, W1=first)
        for settings in (["analyse.run=packed.npz"], ["analyse.run=kept"], ["analyse.run=packed.npz", "analyse.arrays=['W2', 'W1']"],
                         ["analyse.run=run.h5", "analyse.arrays=['net/second', 'net/first']"]):
            self.assertEqual(self.results(*settings), wanted, settings)
        for name in ("rows.npy", "columns.npy"):
            found = self.results(f"analyse.run={name}")
            self.assertEqual(found["loss"], wanted["loss"])
            self.assertEqual(found["step"], list(range(61)))
        np.save(self.path / "single.npy", self.flat.astype(np.float32))
        np.testing.assert_allclose(self.results("analyse.run=single.npy")["loss"], wanted["loss"], rtol=1e-5)

    def test_results_are_the_same_for_any_threads_and_come_with_a_page(self):
        np.savez(self.path / "run.npz", W2=self.second, W1=self.first, step=self.step)
        for threads in (1, 3):
            done = noisetrap("analyse", self.file, "--set", f"run.threads={threads}", "--out", self.path / str(threads))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("{1,2}", done.stdout)
        for name in ("analyse.json", "data.h5", "index.html"):
            self.assertEqual((self.path / "1" / name).read_bytes(), (self.path / "3" / name).read_bytes(), name)
        with h5py.File(self.path / "1/data.h5") as data:
            escape = data["escape"][:]
            self.assertEqual(escape.shape, (61, 12))
            np.testing.assert_allclose((escape**2).sum(axis=1), 1)
        self.assertIn("then {1} (a saddle", (self.path / "1/index.html").read_text())

    def test_a_network_on_the_digits(self):
        (self.path / "net.toml").write_text("[data]\ninputs = [36]\n[network]\n[analyse]\nrun = 'gate.npy'\n")
        np.save(self.path / "gate.npy", [[0.001, 0.0], [0.01, -0.01], [0.3, -0.3]])
        done = noisetrap("analyse", self.path / "net.toml", "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual((found["visits"][0]["kind"], found["visits"][0]["index"]), ("saddle", 1))
        self.assertAlmostEqual(found["smallest"][0], -0.0997677494, 5)

    def test_a_run_that_is_made_is_watched_and_read_again(self):
        """Two gates, one with a strong signal, whose plateau at zero it leaves, and one with noise alone, which falls in."""
        random = np.random.default_rng(1)
        inputs = random.choice([-1.0, 1.0], (200, 2))
        np.savetxt(self.path / "two.csv", np.column_stack([inputs, inputs[:, 0] + 0.2 * random.standard_normal(200)]),
                   delimiter=",")
        (self.path / "net.toml").write_text(
            "[data]\nfile = 'two.csv'\ntarget = '2'\nstandardise = false\ncentre = false\n[network]\nkind = 'gates'\n[train]\n"
            "learning_rate = 0.02\nsteps = 4000\ncheckpoints = 41\ndeviation = 1e-4\npaths = 3\n")
        done = noisetrap("analyse", self.path / "net.toml", "--out", self.path / "made")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("steps 0 to", done.stdout)
        found = json.loads((self.path / "made/analyse.json").read_text())
        plateau = found["plateaus"][0]
        self.assertEqual((plateau["from"], plateau["is_end"]), (0, False))
        self.assertAlmostEqual(plateau["matrix_ratio"]["value"], 1, delta=0.1)  # that is little noise
        k = plateau["checkpoint"]
        pull = inputs[:, 0] * np.loadtxt(self.path / "two.csv", delimiter=",")[:, 2]
        self.assertAlmostEqual(found["noise"]["a"][k], pull.mean(), places=3)
        self.assertAlmostEqual(found["noise"]["sigma"][k], pull.std(), places=3)
        self.assertEqual(found["features"]["off"][0], 0)
        self.assertIn("Plateaus", (self.path / "made/index.html").read_text())
        again = noisetrap("analyse", self.path / "net.toml", "--json", "-", "--set", "analyse.learning_rate=0.02", "--set",
                          "analyse.arrays=['parameters']", "--set", "analyse.run=made/checkpoints.h5")
        self.assertIn("keep one of them", again.stderr)
        (self.path / "net.toml").write_text((self.path / "net.toml").read_text().partition("[train]")[0])
        again = noisetrap("analyse", self.path / "net.toml", "--json", "-", "--set", "analyse.learning_rate=0.02", "--set",
                          "analyse.arrays=['parameters']", "--set", "analyse.run=made/checkpoints.h5")
        self.assertEqual(again.returncode, 0, again.stderr)
        for key in ("step", "loss", "smallest", "noise", "plateaus"):
            self.assertEqual(json.loads(again.stdout)[key], found[key], key)

    def test_wrong_input_is_one_sentence(self):
        self.refused("run.npz", "no such file")
        np.savez(self.path / "run.npz", W2=self.second)
        self.refused("holds 6 numbers a checkpoint, and the loss has 12 parameters")
        np.savez(self.path / "run.npz", W2=self.second, W1=self.first[:9])
        self.refused("'W1' has 9 checkpoints along its first axis, and 'W2' has 61")
        self.refused("holds no array 'W3'; it has 'W2', 'W1'", settings=["analyse.arrays=['W3']"])
        broken = self.flat.copy()
        broken[4, 7] = np.nan
        np.savez(self.path / "run.npz", broken, step=self.step)
        self.refused("step 20: parameter 7 is nan")
        np.savez(self.path / "run.npz", self.flat, step=self.step[::-1])
        self.refused("steps of checkpoints must rise")
        np.savez(self.path / "run.npz", self.flat)
        self.refused("analyse.zero = 100 would call every direction flat", settings=["analyse.zero=100"])
        self.refused("did you mean", "analyse.near", settings=["analyse.neer=1"])
        np.save(self.path / "words.npy", np.array(["a", "b"]))
        self.refused("holds numbers of type '<U1'", settings=["analyse.run=words.npy"])
        (self.path / "run.npz").write_bytes((self.path / "run.npz").read_bytes()[:-40])
        self.refused("run.npz: ")
        (self.path / "run.h5").write_text("no HDF5")
        self.refused("cannot be read as HDF5", settings=["analyse.run=run.h5"])


if __name__ == "__main__":
    unittest.main()
