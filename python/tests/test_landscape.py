"""The pages of `landscape` and `spectrum`."""

import json
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from reporting import BadInput, GoodInput, written  # noqa: E402

from noisetrap_report.figures.point_spectra import MOST, chosen  # noqa: E402

SPECTRUM = [-2.0, -1.0, 0.0, 0.5, 3.0]


def point(name, known, **changes):
    return {"name": name, "known": known, "found": 12, "loss": 1.5, "gradient": 1e-12, "kind": "saddle", "index": 2,
            "index_is_exact": True, "flat": 1, "by_symmetry": 1, "threshold": 1e-8, "smallest": -2.0, "largest": 3.0,
            "spectrum": SPECTRUM} | changes


def known(name, found, **changes):
    return {"name": name, "found": found, "loss": 1.5, "index": 2, "flat": 1, "spectrum": SPECTRUM} | changes


def about(name):
    return {"noisetrap": "0.1.0", "revision": "abc", "landscape": name, "formula": "f = |x| < 1", "source": "algebra", "law": None,
            "parameters": {"hidden": 2.0, "values": [3.0, 1.0]}, "size": 5, "seed": 7}


def landscape(**changes):
    return about("linear-net") | {
        "method": "newton-mr", "starts": 100, "spread": 0.5, "budget": 20000, "tolerance": 1e-10,
        "outcomes": {"converged": 60, "gradient_flat": 30, "budget": 10}, "gradients": 1000, "products": 500,
        "points": [point("{1,2}", 0, kind="minimum", index=0, loss=0.5), point("{1}", 1)],
        "known": [known("{1,2}", 12, index=0, loss=0.5), known("{1}", 12), known("{}", 0, loss=7.0, index=4)]} | changes


def spectrum(**changes):
    return about("linear-net") | {
        "point": "{1}", "loss": 1.5, "gradient": 0.0, "probes": 10, "steps": 40,
        "smallest": {"value": -2.0, "bound": 1e-9, "products": 25, "reached": True, "exact": -2.0},
        "trace": {"value": 0.51, "standard_error": 0.02, "exact": 0.5},
        "negative_share": {"value": 0.4, "standard_error": 0.01, "exact": 0.4}, "width": 0.2,
        "x": [-3.0, -1.0, 0.0, 1.0, 4.0], "density": [0.0, 0.2, 0.3, 0.2, 0.0], "exact_spectrum": SPECTRUM} | changes


class Landscape(GoodInput, unittest.TestCase):
    name, results, figures = "landscape", staticmethod(landscape), ("index", "spectra")

    def test_what_was_searched(self):
        for words in ("f = |x| &lt; 1", "hidden = 2, values = [3, 1]", "5 parameters", "100 starts", "newton-mr"):
            self.assertIn(words, self.page)

    def test_all_outcomes_are_told(self):
        self.assertIn("60 % of the starts converged, 30 % ended where the gradient is flat and not zero, 10 % ended neither",
                      self.page)
        self.assertIn("2 different points found, 2 of the 3 that theory lists; each has theory&#39;s index.", self.page)
        self.assertIn("No start has led to {}.", self.page)

    def test_exact_marks_have_names(self):
        for words in ("{1,2}", "exact", "found"):
            self.assertIn(f"<!-- {words} -->", self.drawing("index"))
        for words in ("{1}: index 2", "negative", "flat", "positive"):
            self.assertIn(f"<!-- {words} -->", self.drawing("spectra"))


class Unusual(unittest.TestCase):
    def page(self, name, results):
        with TemporaryDirectory() as folder:
            return written(folder, name, results)

    def test_an_index_that_is_not_theorys_is_marked(self):
        page = self.page("landscape", landscape(points=[point("{1}", 1, index=3)]))
        self.assertIn("the index is not theory&#39;s at 1.", page)
        self.assertIn('<td class="number far">3</td>', page)

    def test_a_point_that_theory_does_not_list(self):
        page = self.page("landscape", landscape(points=[point("not on theory's list", None)]))
        self.assertIn("; 1 not on the list.", page)

    def test_nothing_found(self):
        page = self.page("landscape", landscape(points=[]))
        self.assertIn("0 different points found", page)
        self.assertNotIn('<figure id="spectra">', page)

    def test_one_point_no_list_and_bounds(self):
        page = self.page("landscape", landscape(method="one point", known=[], law="a law is known", points=[point(
            "not on theory's list", None, index_is_exact=False, flat=None, by_symmetry=None)]))
        self.assertIn("One point was given", page)
        self.assertIn("1 different point found; a law is known.", page)
        self.assertIn("≥ 2", page)
        self.assertIn("Ritz values", page)

    def test_many_points_are_thinned(self):
        many = landscape(points=[point(str(k), None, loss=float(k)) for k in range(100)], known=[])
        self.assertEqual(len(chosen(many)), MOST)
        self.assertIn(f"{MOST} of 100 points are shown", self.page("landscape", many))


class Spectrum(GoodInput, unittest.TestCase):
    name, results, figures = "spectrum", staticmethod(spectrum), ("density",)

    def test_numbers_stand_beside_exact_ones(self):
        for words in ("−2, bound 1·10⁻⁹", "0.510 ± 0.020", "0.400 ± 0.010", "25 Hessian-vector products",
                      "at its critical point {1}"):
            self.assertIn(words, self.page)
        self.assertIn("<!-- exact eigenvalues -->", self.drawing("density"))

    def test_a_bound_that_was_not_reached_is_told(self):
        with TemporaryDirectory() as folder:
            lowest = spectrum()["smallest"] | {"reached": False, "exact": None}
            page = written(folder, "spectrum", spectrum(smallest=lowest, point=None, exact_spectrum=None))
        self.assertIn("did not reach the tolerance", page)
        self.assertIn("at a point that was given", page)


class Refused(BadInput, unittest.TestCase):
    name = "landscape"

    def test_what_is_missing_is_named(self):
        results = landscape()
        del results["points"]
        self.refused(json.dumps(results), "landscape.json", "lacks the key 'points'", "'noisetrap landscape'")


if __name__ == "__main__":
    unittest.main()
