"""The explorer in the page of a sweep, in a real browser: mouse, keys and touch, from a file."""

import re
import sys
import tomllib
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
import browser  # noqa: E402
from reporting import written  # noqa: E402
from synthetic_sweep import axis_a, axis_law, axis_sigma, results  # noqa: E402

CONFIGURATION = """[model]
name = "noisy-saddle"
tau = 0.0

[ensemble]
paths = 1000
seed = 1

[sweep]
model.a.from = -0.4
model.a.to = 0.4
model.a.points = 5
model.sigma.from = 0.1
model.sigma.to = 2.0
model.sigma.points = 6
model.law = ["gaussian", "uniform", "two-point"]
observe = ["growth"]
phases = true
"""


@unittest.skipUnless(browser.found(), "there is no Chromium here to open the page with")
class Explorer(unittest.TestCase):
    touch = False

    @classmethod
    def setUpClass(cls):
        cls.folder = TemporaryDirectory()
        folder = Path(cls.folder.name)
        (folder / "config.toml").write_text(CONFIGURATION, encoding="utf-8")
        cls.data = results([axis_a(5, -0.4, 0.4), axis_sigma(6), axis_law()], observables=("growth",))
        written(folder, "sweep", cls.data)
        cls.browser = browser.Browser(width=400 if cls.touch else 1280, touch=cls.touch)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def setUp(self):
        self.browser.open(Path(self.folder.name) / "index.html", "!document.getElementById('explorer').hidden")

    def tearDown(self):
        self.assertEqual(self.browser.errors, [])

    def place(self, i, j):
        """Of a cell's middle on the screen."""
        left, top, width, height = self.browser.value(
            "(() => { const map = document.getElementById('explorer-map'); map.scrollIntoView({block: 'start'});"
            " const box = map.getBoundingClientRect(); return [box.left, box.top, box.width, box.height]; })()")
        return (left + 58 + (i + 0.5) / 5 * (width - 66), top + 8 + (1 - (j + 0.5) / 6) * (height - 52))

    def words(self, of):
        return self.browser.value(f"document.querySelector('{of}').innerText")

    def reading(self):
        parts = self.words("#explorer-reading").split("\n")
        return dict(zip(parts[::2], parts[1::2]))

    def file(self):
        return tomllib.loads(self.words("#explorer-file code"))

    def at(self, i, j, k):
        return (i * 6 + j) * 3 + k


class Mouse(Explorer):
    def test_pointing_at_a_cell_tells_what_is_there(self):
        self.browser.mouse("mouseMoved", self.place(1, 4))
        read, growth = self.reading(), self.data["observables"][0]
        self.assertEqual((read["a"], read["law"]), ("−0.2 1/step", "gaussian"))
        value, error = (float(part.replace("−", "-")) for part in re.findall(r"[−\d.]+", read["growth"])[:2])
        at = self.at(1, 4, 0)
        self.assertAlmostEqual(value, growth["value"][at], delta=growth["standard_error"][at])
        self.assertAlmostEqual(error, growth["standard_error"][at], delta=0.05 * error)
        self.assertEqual(read["phase"], self.data["phases"]["names"][self.data["phases"]["measured"][at]])

    def test_a_click_gives_the_cuts_and_the_file_of_the_point(self):
        self.assertTrue(self.browser.value("document.getElementById('explorer-file').hidden"))
        self.browser.click(self.place(3, 2))
        file, sigma = self.file(), self.data["axes"][1]["values"][2]
        self.assertNotIn("sweep", file)
        self.assertEqual(file["model"], {"name": "noisy-saddle", "tau": 0.0, "a": self.data["axes"][0]["values"][3],
                                         "sigma": sigma, "law": self.data["axes"][2]["values"][0]})
        self.assertFalse(self.browser.value("document.getElementById('explorer-across').hidden"))
        drawn = self.browser.value("(() => { const c = document.getElementById('explorer-up'); return c.getContext('2d')"
                                   ".getImageData(0, 0, c.width, c.height).data.some((x) => x > 0); })()")
        self.assertTrue(drawn)

    def test_a_rectangle_gives_the_file_of_a_finer_sweep(self):
        self.browser.drag(self.place(1, 1), self.place(2, 2), self.place(3, 4))
        sweep = self.file()["sweep"]
        a, sigma = (self.data["axes"][k]["values"] for k in range(2))
        self.assertEqual(sweep["model"]["a"], {"from": round(a[1], 9), "to": round(a[3], 9), "points": 5})
        self.assertAlmostEqual(sweep["model"]["sigma"]["from"], sigma[1], places=9)
        self.assertAlmostEqual(sweep["model"]["sigma"]["to"], sigma[4], places=9)
        self.assertEqual(sweep["model"]["law"], [self.data["axes"][2]["values"][0]])
        self.assertTrue(sweep["phases"])

    def test_keys_do_the_same(self):
        self.browser.value("document.getElementById('explorer-map').focus()")
        for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
            self.browser.key(key)
        self.assertEqual(self.file()["model"]["a"], self.data["axes"][0]["values"][1])
        self.browser.key("ArrowRight", shift=True)
        self.assertIn("sweep", self.file())
        self.browser.key("Escape")
        self.assertNotIn("sweep", self.file())
        self.browser.key("PageUp")
        self.assertEqual(self.file()["model"]["law"], self.data["axes"][2]["values"][1])

    def test_the_slider_moves_along_the_third_axis(self):
        self.browser.value("(() => { const slider = document.querySelector('#explorer-panel input'); slider.value = 2;"
                           " slider.dispatchEvent(new Event('input')); })()")
        self.browser.mouse("mouseMoved", self.place(0, 0))
        self.assertEqual(self.reading()["law"], self.data["axes"][2]["values"][2])


class Touch(Explorer):
    touch = True

    def test_a_tap_chooses_a_point_on_a_narrow_screen(self):
        self.browser.tap(self.place(2, 3))
        self.assertEqual(self.file()["model"]["a"], self.data["axes"][0]["values"][2])
        width = self.browser.value("document.documentElement.scrollWidth")
        self.assertLessEqual(width, 400)  # nothing makes the page wider than the screen


del Explorer  # has no tests of its own

if __name__ == "__main__":
    unittest.main()
