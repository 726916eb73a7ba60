"""The page of `sweep`: phases, maps, cuts and the boundary, for any number of axes; and the same inside `reproduce`."""

import json
import re
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import synthetic_results  # noqa: E402
from reporting import BadInput, GoodInput, References, SameBytes, written  # noqa: E402
from synthetic_sweep import (GROWTH, LAWS, NAMES, axis, axis_a, axis_law, axis_sigma, results,  # noqa: E402
                             structures)

from noisetrap_report import reproduce  # noqa: E402
from noisetrap_report.data import Record  # noqa: E402
from noisetrap_report.figures import FIGURES, cuts, maps, measured_boundary, phase_map, plane  # noqa: E402
from noisetrap_report.style import render_svg  # noqa: E402
from noisetrap_report.sweep import embedded, entries, main_entries  # noqa: E402

GREY = "fill: #b4b4b4"


def small(**changes):
    return results([axis_a(3, -0.2, 0.2), axis_sigma(6), axis_law(LAWS[:2])], observables=("growth",)) | changes


def flat(**changes):
    """Over a plane, without panels."""
    return results([axis_a(7), axis_sigma(6)], **{"observables": ("growth",)} | changes)


def page_of(results):
    with TemporaryDirectory() as folder:
        return written(folder, "sweep", results)


def names_of(page):
    return re.findall(r'<figure id="([^"]*)">', page)


def records(results):
    """As they come from a file."""
    return json.loads(json.dumps(results), object_hook=Record)


class Sweep(SameBytes, GoodInput, unittest.TestCase):
    name, results, scripted = "sweep", staticmethod(small), True
    figures = ("phases", "map-growth", "cuts-growth", "deviation")

    def test_text_is_escaped_and_typeset(self):
        for words in ("three &lt;laws&gt;", "f&#39;(x; &lt;sample&gt;)", "Rate <var>a</var> against noise"):
            self.assertIn(words, self.page)

    def test_what_was_swept(self):
        for words in ("<code>model.tau = 0</code>", "1,000 paths of 1,000 steps at each of 36 points", "−0.2, 0, 0.2",
                      "gaussian, uniform</td>", "seed 1", "36,000,000 path-steps"):
            self.assertIn(words, self.page)

    def test_the_verdict_in_words(self):
        phases = small()["phases"]
        for words in (f"undecided at {phases['undecided']}", "No decided point contradicts theory",
                      "took 123 points and 456,789 paths"):
            self.assertIn(words, self.page)

    def test_panels_lines_and_phases_have_names(self):
        for words in ("law = gaussian", "law = uniform", "escapes", "trapped", "SDE: growth = 0",
                      "exact: growth = 0", "measured boundary, growth = 0",
                      "attractive (multiplicative) noise σ  (1/step)"):
            self.assertIn(f"<!-- {words} -->", self.drawing("phases"))

    def test_the_boundary_in_numbers(self):
        table = self.page.split("<summary>The boundary in numbers")[1]
        points = sum(len(curve["x"]) for curve in small()["boundary"]["curves"])
        self.assertEqual(table.split("<tbody>")[1].count("<tr>"), points)
        self.assertIn("<td>law = uniform</td>", table)


class Embedded(unittest.TestCase):
    """Inside the page of `reproduce`."""

    def test_sweeps_have_a_section_of_their_own(self):
        line = results([axis_sigma(6)], observables=("growth",), with_phases=False, title="No <phases>")
        sweeps = [flat() | {"name": "a-sigma"}, line | {"name": "a-sigma-sde"}]
        without = records(flat(with_phases=False))
        self.assertEqual([entry.name for entry in main_entries(without, "")], ["map-growth"])
        page, drawings = reproduce_with(sweeps)
        self.assertIn('<h2 id="window">', page)
        self.assertIn("<summary>No &lt;phases&gt;</summary>", page)
        names = ["sweep-a-sigma-phases", "sweep-a-sigma-sde-cuts-growth"]
        self.assertEqual(names_of(page), [*names, "certainty"])
        self.assertEqual([drawing.name for drawing in drawings], ["certainty", *names])
        found = References(page).names
        self.assertEqual(len(found), len(set(found)))

    def test_no_sweeps_no_section(self):
        self.assertEqual(embedded(None), [])
        page, _ = reproduce_with(None)
        self.assertNotIn('<h2 id="window">', page)


def reproduce_with(sweeps):
    """The page of reproduce without figures of its own."""
    data = synthetic_results.results() | {"figures": {}, "sweeps": sweeps}
    with patch.object(reproduce, "FIGURES", [entry for entry in FIGURES if entry.name == "certainty"]):
        page, drawings = reproduce.render(records(data))
        return page(), drawings


class Combinations(unittest.TestCase):
    def test_one_axis(self):
        page = page_of(results([axis_sigma(8)], observables=("growth", "exit_time")))
        self.assertEqual(names_of(page), ["phases", "cuts-growth", "cuts-exit-time-0-5"])

    def test_one_axis_in_words(self):
        self.assertEqual(names_of(page_of(results([axis_law()], observables=("growth",), with_phases=False))),
                         ["cuts-growth"])

    def test_two_axes_with_all_kinds(self):
        one = records(flat(observables=("escaped", "exit_time", "tail_index"), searched=False))
        self.assertEqual(len(entries(one)), 7)
        for k in range(3):
            self.assertIn("<image", render_svg("map", lambda: maps.draw(one, k)))
        self.assertIn("White is the level 0.5", maps.caption(one, 0))
        self.assertIn("that have no finite value.", maps.caption(one, 1))

    def test_a_level_that_nothing_passes_has_no_line(self):
        one = records(flat(observables=("escaped",), searched=False))
        self.assertIn("lines are where it is reached", maps.caption(one, 0))
        observable = one["observables"][0]
        observable["value"], observable["theory"] = [0.25] * len(observable["value"]), []
        self.assertIn("all points lie on one side of it", maps.caption(one, 0))
        self.assertEqual(maps.measured_handles(one, observable, np.array(observable["value"])), [])

    def test_words_up(self):
        page = page_of(structures())
        self.assertEqual(names_of(page), ["phases", "map-growth", "cuts-growth"])
        self.assertIn("<h1>Sweep of noisy-saddle</h1>", page)
        for words in ("dense", "commuting", "number of coordinates", "SDE"):
            self.assertIn(f"<!-- {words} -->", page[page.index('<figure id="cuts-growth">'):])

    def test_words_on_both(self):
        other = axis("model.other", ["yes", "no"], "words", "", "")
        page_of(results([axis_law(), other], observables=("growth",)))

    def test_no_theory(self):
        page = page_of(flat(theory=False, searched=False))
        self.assertNotIn("<details>", page)
        self.assertIn("Theory has no exact phases here.", page)
        self.assertNotIn("exact: growth", page)

    def test_only_a_boundary(self):
        page = page_of(flat(observables=(), with_phases=False))
        self.assertEqual(names_of(page), ["boundary", "deviation"])
        self.assertIn("<!-- exact: growth = 0 -->", page)

    def test_only_a_boundary_without_theory(self):
        one = flat(observables=(), with_phases=False)
        one["boundary"]["theory"] = []
        self.assertEqual(names_of(page_of(one)), ["boundary"])

    def test_a_boundary_that_was_not_found(self):
        one = flat()
        one["boundary"] |= {"curves": [], "theory": []}
        one["observables"] = []
        self.assertEqual(names_of(page_of(one)), ["phases"])

    def test_a_boundary_over_words(self):
        curve = {"panel": None, "rising": False, "x": list(LAWS), "y": [0.3, 0.31, 0.32]}
        errors = {"low": [0.29, 0.3, None], "high": [0.31, 0.32, None], "standard_error": [0.004, 0.004, None]}
        one = results([axis_law(), axis_sigma(6)], observables=("growth",))
        one["boundary"] = flat()["boundary"] | {"curves": [curve | errors], "theory": [{"name": "exact"} | curve]}
        self.assertIn("none of 2 places", page_of(one))
        one["boundary"]["curves"][0]["x"] = [0, 1, 2]
        self.assertEqual([row[1] for row in measured_boundary.rows(records(one))], list(LAWS))

    def test_points_without_values(self):
        one = flat(failed=3, steps=None)
        half = len(one["phases"]["measured"]) // 2
        for values in (one["observables"][0]["value"], one["observables"][0]["standard_error"],
                       one["phases"]["measured"]):
            values[half:] = [None] * (len(values) - half)
        page = page_of(one)
        for words in ("not measured at 21.", "3 paths failed.", "Grey: 21 points",
                      "<!-- not measured -->", "1,000 paths at each"):
            self.assertIn(words, page)

    def test_nothing_is_known_of_a_single_point(self):
        one = results([axis_a(1), axis_sigma(1), axis_law(["uniform"])], observables=("growth",), searched=False)
        one["observables"][0] |= {"value": [None], "standard_error": [None]}
        one["phases"]["measured"] = [None]
        self.assertIn("Of 1 point: not measured at 1.", page_of(one))


class Drawings(unittest.TestCase):
    def test_fine_grids_stay_small(self):
        fine = records(results([axis_a(200), axis_sigma(200, low=0.5)], observables=("growth",)))
        self.assertLess(len(render_svg("map", lambda: maps.draw(fine, 0))), 3e5)

    def test_cells_end_half_way(self):
        self.assertEqual(list(plane.Axis(axis("model.a", [1, 2, 5], "list")).edges()), [0.5, 1.5, 3.5, 6.5])
        np.testing.assert_allclose(plane.Axis(axis("model.a", [1, 4], "log")).edges(), [0.5, 2, 8])
        self.assertEqual(list(plane.Axis(axis_law()).edges()), [-0.5, 0.5, 1.5, 2.5])

    def test_lists_of_equal_ratios_have_logarithmic_axes(self):
        for values, log in (([1, 2, 4, 8], True), ([0.1, 1, 10], True), ([1, 2, 5], False), ([1, 2], False),
                            ([0, 1, 2], False), (["a", "b", "c"], False)):
            self.assertEqual(plane.Axis(axis("model.a", values, "list")).log, log, values)

    def test_lines_lie_where_the_level_is(self):
        """growth of the SDE is 0 where sigma = sqrt(2 a)."""
        one = records(results([axis_a(40), axis_sigma(40)], observables=("growth",)))
        grid = plane.Grid(one)
        lines = grid.level_lines(plane.theories(grid, one["observables"][0])["SDE"][..., 0], 0)
        a, sigma = (np.concatenate([line[k] for line in lines]) for k in range(2))
        inner = a > 0.05
        self.assertTrue(inner.any())
        np.testing.assert_allclose(sigma[inner], np.sqrt(2 * a[inner]), rtol=0.01)

    def test_strokes_over_words(self):
        grid = plane.Grid(records(results([axis_law(), axis_sigma(60)], observables=("growth",))))
        field = np.broadcast_to(grid.up.places - 0.5, (3, 60))
        self.assertEqual([x for x, _ in grid.level_lines(field, 0)], [[-0.5, 0.5], [0.5, 1.5], [1.5, 2.5]])
        for _, y in grid.level_lines(field, 0):
            np.testing.assert_allclose(y, 0.5, rtol=0.01)

    def test_crossings_need_both_neighbours(self):
        steps = plane.Axis(axis("model.a", [0, 1, 2, 3]))
        self.assertEqual(list(plane.crossings(steps, np.array([-1.0, 1, np.nan, -1]), 0)), [0.5])

    def test_outliers_do_not_set_the_colours(self):
        value = np.concatenate([np.linspace(-1, 1, 200), [-1e6, 1e6, np.nan]])
        scale = maps.scale_of(value, {"level": 0, "kind": "growth"})
        self.assertLess(scale.norm.vmax, 1.1)
        self.assertEqual((scale.norm.vmin, scale.extend), (-scale.norm.vmax, "both"))
        self.assertEqual(maps.scale_of(np.array([1.0, 2]), {"level": None, "kind": "mode"}).extend, "neither")

    def test_contradicting_points_are_found(self):
        one = records(flat())
        phases = one["phases"]
        k = next(k for k, phase in enumerate(phases["measured"]) if phase == NAMES.index("escapes"))
        phases["measured"][k] = NAMES.index("trapped")
        odd = phase_map.contradicting(plane.Grid(one), phases)
        self.assertEqual(list(np.flatnonzero(odd)), [k])
        self.assertIn("<!-- theory has another phase -->", render_svg("phases", lambda: phase_map.draw(one)))

    def test_undecided_points_contradict_nothing(self):
        one = records(flat())
        one["phases"]["measured"] = [0] * len(one["phases"]["measured"])
        self.assertFalse(phase_map.contradicting(plane.Grid(one), one["phases"]).any())
        self.assertIn(GREY, render_svg("phases", lambda: phase_map.draw(one)))

    def test_bands_that_miss_theory_are_counted(self):
        one = records(flat())
        curve = one["boundary"]["curves"][0]
        known, outside = measured_boundary.compared(one)
        self.assertEqual(known, len(curve["x"]))
        curve["low"][0] = curve["high"][0] + 1
        self.assertEqual(measured_boundary.compared(one)[1], outside + 1)

    def test_cuts_follow_the_second_axis(self):
        one = records(small())
        found = cuts.cuts_of(one, 0)
        self.assertEqual([len(found.along), len(found.rows), len(found.rows[0])], [6, 2, 3])
        panel = found.rows[1][1]
        self.assertEqual(panel.title, "a = 0\nlaw = uniform")
        exact = GROWTH["uniform"](1.0, found.along.places)
        np.testing.assert_allclose(panel.series[0].theory["exact"], exact, atol=1e-9)

    def test_many_points_are_thinned(self):
        self.assertEqual([len(cuts.thinned(count)) for count in (1, 40, 41, 200)], [1, 40, 21, 40])
        self.assertEqual(cuts.some(3), [0, 1, 2])
        self.assertEqual(cuts.some(9), [1, 3, 5, 7])


class BadSweep(BadInput, unittest.TestCase):
    name = "sweep"

    def test_missing_keys(self):
        for path in (("axes",), ("axes", 0, "unit"), ("model", "equation"), ("seed",), ("phases", "names"),
                     ("observables", 0, "theory"), ("boundary", "curves", 0, "low"), ("boundary", "error"),
                     ("title",)):
            bad = flat()
            place = bad
            for key in path[:-1]:
                place = place[key]
            del place[path[-1]]
            with self.subTest(path):
                self.refused(json.dumps(bad), f"sweep.json lacks the key '{path[-1]}'", "'noisetrap sweep'")

    def test_wrong_length(self):
        bad = flat()
        bad["observables"][0]["value"].pop()
        self.refused(json.dumps(bad), "figure 'map-growth'")
        bad = flat()
        bad["phases"]["measured"].pop()
        self.refused(json.dumps(bad), "figure 'phases'")

    def test_axes_that_cannot_be(self):
        for axes, words in (([], "0 axes"), ([axis_a(2)] * 4, "4 axes"), ([axis_a(0)], "no values"),
                            ([axis("model.a", [0, 1], "log")], "not all of its values are positive"),
                            ([axis("model.a", [0, 1], "cubic")], "scale 'cubic'"),
                            ([axis("model.a", [1, "x"], "linear")], "the axes")):
            with self.subTest(words):
                self.refused(json.dumps(small(axes=axes)), words)

    def test_nothing_was_measured(self):
        self.refused(json.dumps(small(observables=[], phases=None, boundary=None)), "neither observables nor phases")

    def test_two_of_a_name(self):
        bad = small()
        bad["observables"] *= 2
        self.refused(json.dumps(bad), "the same name")

    def test_a_boundary_elsewhere(self):
        bad = results([axis_law(), axis_sigma(6)], observables=("growth",))
        bad["boundary"] = flat()["boundary"]
        self.refused(json.dumps(bad), "the boundary")


class BadEmbedded(BadInput, unittest.TestCase):
    name = "reproduce"

    def test_names_of_sweeps(self):
        for names, words in ((["../x"], "'../x' cannot name a sweep"), (["x", "x"], "'x' cannot name a sweep"),
                             ([7], "list of sweeps")):
            bad = synthetic_results.results() | {"sweeps": [flat() | {"name": name} for name in names]}
            with self.subTest(words):
                self.refused(json.dumps(bad), words)

    def test_missing_key(self):
        bad = synthetic_results.results() | {"sweeps": [flat()]}
        self.refused(json.dumps(bad), "reproduce.json lacks the key 'name'")
        bad["sweeps"][0]["name"] = "x"
        del bad["sweeps"][0]["observables"]
        self.refused(json.dumps(bad), "reproduce.json lacks the key 'observables'")


if __name__ == "__main__":
    unittest.main()
