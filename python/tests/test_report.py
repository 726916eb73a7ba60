"""The report is complete, self-contained, the same every time, and clear about input it cannot use."""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from reporting import BadInput, GoodInput  # noqa: E402
from synthetic_results import remedies, results  # noqa: E402
from synthetic_surfaces import surfaces  # noqa: E402
from synthetic_validation import figures as panel_figures  # noqa: E402

from noisetrap_report.figures.surfaces import RIM, common_height, cut, draw  # noqa: E402
from noisetrap_report.style import render_svg  # noqa: E402


class Reproduce(GoodInput, unittest.TestCase):
    name, results = "reproduce", staticmethod(results)
    figures = ("attractive", "diffusive", "growth", "stationary_repulsive", "stationary_attractive", "paths")

    def test_text_is_escaped_and_far_claims_stand_out(self):
        self.assertIn("a &lt;machine&gt;", self.page)
        self.assertIn("&lt;b&gt;n = 10&lt;/b&gt;", self.page)
        self.assertEqual(self.page.count('class="number far"'), 1)


def extended():
    """With what results may have: surfaces, figures that come as panels and remedies."""
    more = results() | {"remedies": remedies()}
    panels = {name: panel_figures()[data] for name, data in (("batches", "growth"), ("schedules", "orders"))}
    more["figures"] = panels | more["figures"] | {"double-well": surfaces(columns=2, cells=24), "raw": {"numbers": [1]}}
    return more


class Extended(GoodInput, unittest.TestCase):
    name, results = "reproduce", staticmethod(extended)
    figures = (*Reproduce.figures, "double-well", "batches", "schedules")

    def test_figures_from_panels_follow_in_the_order_of_the_file(self):
        places = [self.page.index(f'<figure id="{name}">') for name in self.figures]
        self.assertEqual(places, sorted(places))

    def test_figures_have_titles_of_their_own(self):
        for title in ("Two ways to be trapped in a double well", "Growth rate of the recursion"):
            self.assertIn(f"<h3>{title}</h3>", self.page)

    def test_remedies_are_typeset_and_lead_to_their_figures(self):
        self.assertIn("Ways to escape", self.page)
        self.assertIn('<a href="#batches">larger batch of &lt;b&gt;</a>', self.page)
        self.assertIn("<td>perturbed SGD</td>", self.page)
        self.assertIn("<var>σ</var> → <var>σ</var>/√<var>b</var>", self.page)

    def test_surfaces_name_their_mechanisms(self):
        for words in ("Multiplicative noise", "Smoothing by shaking", "start of a path"):
            self.assertIn(f"<!-- {words} -->", self.drawing("double-well"))


class Surfaces(unittest.TestCase):
    def test_fine_grids_stay_small(self):
        self.assertLess(len(drawn(surfaces(columns=4, cells=120))), 1.5e6)

    def test_cells_end_at_the_rim(self):
        corners = [(0, 0, 0), (1, 0, 0), (1, 1, 4), (0, 1, 4)]
        self.assertEqual(cut(corners, 5), corners)
        self.assertEqual(cut(corners, -1), [])
        self.assertEqual(cut(corners, 1), [(0, 0, 0), (1, 0, 0), (1, 0.25, 1), (0, 0.25, 1)])

    def test_the_ridge_sets_the_height(self):
        self.assertAlmostEqual(common_height(surfaces(rows=1)), RIM, places=2)
        bowl = {"x": [-1, 0, 1], "y": [-1, 0, 1], "panels": [{"f": [[2, 1, 2], [1, 0, 1], [2, 1, 2]]}]}
        self.assertEqual(common_height(bowl), 2)

    def test_unusual_paths(self):
        data = surfaces(rows=1, columns=1, cells=12)
        away, still = {"x": [9, 9.5], "y": [0, 0], "f": [9, 9]}, {"x": [0], "y": [0], "f": [1]}
        for paths in ([], [away], [still], [{"x": [0, None], "y": [0, 0], "f": [1, None]}], [still] * 9):
            data["panels"][0]["paths"] = paths
            self.assertIn("<svg", drawn(data))


def drawn(data):
    return render_svg("double-well", lambda: draw(data))


class BadReproduce(BadInput, unittest.TestCase):
    name = "reproduce"

    def test_missing_file(self):
        self.refused(None, "neither reproduce.json nor validation.json nor compare.json", "'noisetrap reproduce'")

    def test_not_json(self):
        self.refused("{", "reproduce.json is not valid JSON", "'noisetrap reproduce'")

    def test_missing_key(self):
        bad = results()
        del bad["figures"]["attractive"]["panels"][0]["atoms"]
        self.refused(json.dumps(bad), "reproduce.json lacks the key 'atoms'")

    def test_wrong_form(self):
        bad = results()
        bad["figures"]["diffusive"]["deviation"] = [1.0, 2.0]
        self.refused(json.dumps(bad), "diffusive")

    def test_bad_surfaces(self):
        for change in ({"panels": []}, {"x": [0, 1]}):
            bad = results()
            bad["figures"]["double-well"] = surfaces(rows=1, columns=1, cells=4) | change
            with self.subTest(change):
                self.refused(json.dumps(bad), "figure 'double-well'")

    def test_names_of_figures(self):
        for name in ("../growth", "stationary_repulsive"):
            bad = results()
            bad["figures"][name] = panel_figures()["growth"]
            with self.subTest(name):
                self.refused(json.dumps(bad), f"'{name}' cannot name a figure")

    def test_bad_remedies(self):
        for change, words in (({"figure": "elsewhere"}, "'elsewhere', which is"), ({"theory": 7}, "list of remedies")):
            bad = results() | {"remedies": remedies()[1:]}
            bad["remedies"][0] |= change
            with self.subTest(words):
                self.refused(json.dumps(bad), words)

    def test_figures_that_are_no_objects(self):
        bad = results()
        bad["figures"]["other"] = 7
        self.refused(json.dumps(bad), "the list of figures")


if __name__ == "__main__":
    unittest.main()
