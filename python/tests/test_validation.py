"""The page of `validate`: every claim with its verdict, figures from data, failures in sight."""

import json
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
import synthetic_results  # noqa: E402
from reporting import BadInput, GoodInput, SameBytes, report, written  # noqa: E402
from synthetic_validation import measured, panel, results  # noqa: E402

from noisetrap_report.figures.panels import arrangement, in_powers  # noqa: E402
from noisetrap_report.figures.scores import apart  # noqa: E402


def small(**changes):
    """One section, one small figure."""
    one = results(per_section=3, sections=("exit times",))
    one["figures"] = {"growth": {"title": "Growth", "caption": "", "panels": [
        panel("", "x", "y", points=[measured("seen", [1, 2], [3, 4], [0.1, None])])]}}
    return one | changes


def page_of(results):
    with TemporaryDirectory() as folder:
        return written(folder, "validation", results)


class Validation(SameBytes, GoodInput, unittest.TestCase):
    name, results = "validation", staticmethod(lambda: results(failing=2))
    figures = ("z-scores", "growth", "pairs", "laws", "orders")

    def test_text_is_escaped(self):
        self.assertIn("a &lt;machine&gt;", self.page)

    def test_the_verdict_in_words(self):
        self.assertIn("30 of 32 claims hold. 2 fail:", self.page)
        for words in ("2.6·10⁻⁶", "4.62", "at most 0.001", "99 %"):
            self.assertIn(words, self.page)

    def test_failing_claims_are_seen_everywhere(self):
        failing = [claim for claim in self.results()["claims"] if claim["verdict"] == "fails"]
        self.assertEqual(self.page.count('class="far">fails'), len(failing))
        for claim in failing:
            self.assertIn(f'<a href="#{claim["id"]}">{claim["id"]}</a>', self.page)
            self.assertIn(f"<!-- {claim['id']}  ", self.drawing("z-scores"))

    def test_each_claim_has_its_row_and_its_dot(self):
        for claim in self.results()["claims"]:
            self.assertEqual(self.page.count(f'<tr id="{claim["id"]}">'), 1)
            self.assertIn(f'xlink:href="#{claim["id"]}"', self.drawing("z-scores"))

    def test_each_figure_lists_its_claims(self):
        below = self.page.split('<figure id="laws">')[1].split("</figure>")[0].split('<div class="shown">')[1]
        shown = [claim for claim in self.results()["claims"] if claim["figure"] == "laws"]
        self.assertEqual(below.count("<li>"), len(shown))

    def test_points_outside_the_axes_are_counted(self):
        self.assertIn("<!-- 3 of 12 points outside the axes -->", self.drawing("growth"))


def coverage(share=0.68, verdict="holds"):
    """Of one estimate that holds as often as it should, and one whose first share is another."""
    names = ("mean", "P(x < 1)")
    claims = [{"id": f"coverage/moments/{3 * i + k}", "section": "coverage of moments", "kind": "distance",
               "claim": f"{name} within {k} s.e." + (", or more often" if i else ""), "parameters": "a < 1",
               "estimate": share if (i, k) == (1, 1) else nominal, "theory": nominal, "standard_error": None,
               "discretisation": None, "z": 0.0, "p_value": 1.0, "notices": 0.1, "figure": "growth",
               "verdict": verdict if (i, k) == (1, 1) else "holds"}
              for i, name in enumerate(names) for k, nominal in ((1, 0.6827), (2, 0.9545), (3, 0.9973))]
    return small(coverage=200, claims=claims)


class Coverage(unittest.TestCase):
    def test_a_row_for_each_estimate_and_a_number_for_each_width(self):
        page = page_of(coverage())
        self.assertIn("6 of 6 shares as they should be.", page)
        self.assertIn("200 independent runs", page)
        self.assertIn("<td>P(x &lt; 1)</td>", page)
        self.assertIn("<td>or more often</td>", page)
        self.assertEqual(page.count("<tr>"), 1 + 2)

    def test_figures_come_before_the_numbers_which_are_folded_away(self):
        page = page_of(coverage())
        self.assertLess(page.index('<figure id="growth">'), page.index("<details>"))
        self.assertNotIn("z-scores", page)

    def test_a_share_that_is_wrong_is_seen(self):
        page = page_of(coverage(0.31, "fails"))
        self.assertIn('5 of 6 shares as they should be. Not so: <a href="#coverage/moments/4">', page)
        self.assertIn('class="number far"><span id="coverage/moments/4">0.31', page)

    def test_a_wrong_list_is_a_sentence(self):
        broken = coverage()
        del broken["claims"][0]["estimate"]
        with TemporaryDirectory() as folder:
            (Path(folder) / "validation.json").write_text(json.dumps(broken), encoding="utf-8")
            status, errors = report(folder)
        self.assertEqual((status, errors.count("\n")), (2, 1))


class Unusual(unittest.TestCase):
    def test_nothing_was_run(self):
        page = page_of(small(claims=[], figures={}))
        self.assertIn("0 of 0 claims hold", page)
        self.assertNotIn("<svg", page)

    def test_empty_lists_and_nulls_in_a_figure(self):
        one = small()
        one["figures"]["growth"]["panels"] += [
            panel("empty", "x", "y"), panel("log", "x", "y", xscale="log", yscale="log", points=[
                measured("seen", [], [], []), measured("null", [1, 2, 3], [None, 0, 4], [None, None, None])])]
        with TemporaryDirectory() as folder:
            written(folder, "validation", one)
            self.assertIn("2 of 3 points outside", (Path(folder) / "figures/growth.svg").read_text(encoding="utf-8"))

    def test_axes_that_are_linear_near_zero_alone(self):
        one = small()
        far = [measured("seen", [-1e6, -1, 0, 1, 1e6], [-2e4, 0, 1, 2, 3e4], [0.1] * 5)]
        one["figures"]["growth"]["panels"] += [
            panel("both", "x", "y", xscale="symlog", yscale="asinh", linthresh=10.0, points=far),
            panel("within", "x", "y", xscale="symlog", yscale="symlog", linthresh=1e7, points=far)]
        page = page_of(one)
        for tick in ("<!-- −10⁴ -->", "<!-- 10⁴ -->", "<!-- x  (10⁶) -->"):
            self.assertIn(tick, page)

    def test_a_claim_without_numbers_fails_in_sight(self):
        one = small()
        one["claims"][0] |= dict.fromkeys(("estimate", "standard_error", "z", "p_value", "notices"))
        one["claims"][0]["verdict"] = "fails"
        page = page_of(one)
        self.assertIn("2 of 3 claims hold", page)
        self.assertIn("1 claim without a finite <var>z</var>", page)

    def test_no_claim_has_a_score(self):
        one = small()
        for claim in one["claims"]:
            claim["z"] = None
        self.assertIn("3 claims without a finite", page_of(one))

    def test_one_claim_very_far_off(self):
        one = small()
        one["claims"][0] |= {"z": -1e300, "verdict": "fails"}
        page = page_of(one)
        self.assertIn("2 of 3 claims hold", page)
        self.assertIn("1 claim beyond |<var>z</var>| = 100 are drawn there", page)

    def test_self_test(self):
        one = small(self_test=True)
        for claim, up in zip(one["claims"], (True, False, True)):
            claim["self_test"] = {"up": up, "down": False if not up else True}
        page = page_of(one)
        self.assertIn("2 of 6 moves went unseen, where 0.1 are expected to, and 1 claim missed both", page)
        self.assertEqual(page.count("holds, noticed"), 2)
        self.assertEqual(page.count("holds, missed"), 1)

    def test_part_of_a_run(self):
        page = page_of(small(quick=True, only="<exit>", complete=False))
        for words in ("Quick run", "&lt;exit&gt;", "interrupted"):
            self.assertIn(words, page)

    def test_both_files_in_one_folder(self):
        with TemporaryDirectory() as folder:
            (Path(folder) / "validation.json").write_text(json.dumps(small()), encoding="utf-8")
            index = written(folder, "reproduce", synthetic_results.results())
            self.assertIn("traps gradient descent at saddle points", index)
            self.assertIn("3 of 3 claims hold", (Path(folder) / "validation.html").read_text(encoding="utf-8"))
            self.assertIn("growth-", (Path(folder) / "figures/growth.svg").read_text(encoding="utf-8"))
            self.assertTrue((Path(folder) / "figures/validation/growth.svg").exists())

    def test_one_bad_file_of_two_writes_nothing(self):
        with TemporaryDirectory() as folder:
            (Path(folder) / "validation.json").write_text("{}", encoding="utf-8")
            (Path(folder) / "reproduce.json").write_text(json.dumps(synthetic_results.results()), encoding="utf-8")
            status, errors = report(folder)
            self.assertEqual(status, 2)
            self.assertIn("validation.json lacks the key", errors)
            self.assertFalse((Path(folder) / "index.html").exists())


class Layout(unittest.TestCase):
    def test_panels_of_one_title_stay_together(self):
        self.assertEqual(arrangement(["a"]), [(0, 0)])
        self.assertEqual(arrangement(["a", "b", "c", "d"]), [(0, 0), (0, 1), (1, 0), (1, 1)])
        self.assertEqual(arrangement(["a", "a"]), [(0, 0), (0, 1)])
        pairs, triples = arrangement(["a", "a", "b", "b", "c", "c"]), arrangement([*"aaabbbccc"])
        self.assertEqual(pairs, [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)])
        self.assertEqual(triples, [divmod(k, 3) for k in range(9)])

    def test_names_stand_apart_and_within(self):
        self.assertEqual(apart([5.0], 2, 10), [5.0])
        self.assertEqual(apart([1.0, 1.5, 9.9], 2, 10), [1.0, 3.0, 9.0])
        self.assertEqual(apart([], 2, 10), [])

    def test_powers_join_the_unit(self):
        self.assertEqual(in_powers("x  (length)", -4), "x  (10⁻⁴ length)")
        self.assertEqual(in_powers("measured − exact", -4), "measured − exact  (10⁻⁴)")


class BadValidation(BadInput, unittest.TestCase):
    name = "validation"

    def test_not_an_object(self):
        self.refused("[]", "validation.json holds no JSON object", "'noisetrap validate'")

    def test_missing_keys(self):
        for path in (("critical_z",), ("claims", 0, "verdict"), ("claims", 0, "notices"), ("figures", "growth", "caption"),
                     ("figures", "growth", "panels", 0, "bands"), ("figures", "growth", "panels", 0, "points", 0, "y")):
            bad = small()
            place = bad
            for key in path[:-1]:
                place = place[key]
            del place[path[-1]]
            with self.subTest(path):
                self.refused(json.dumps(bad), f"lacks the key '{path[-1]}'")

    def test_wrong_length(self):
        bad = small()
        bad["figures"]["growth"]["panels"][0]["points"][0]["x"] = [1]
        self.refused(json.dumps(bad), "figure 'growth'")

    def test_unknown_scale(self):
        bad = small()
        bad["figures"]["growth"]["panels"][0]["xscale"] = "cubic"
        self.refused(json.dumps(bad), "figure 'growth'", "cubic")

    def test_no_panels(self):
        bad = small()
        bad["figures"]["growth"]["panels"] = []
        self.refused(json.dumps(bad), "figure 'growth'", "no panels")

    def test_a_figure_that_is_not_there(self):
        bad = small()
        bad["claims"][1]["figure"] = "elsewhere"
        self.refused(json.dumps(bad), bad["claims"][1]["id"], "'elsewhere'")

    def test_names_that_cannot_be_files(self):
        for name in ("../growth", "z-scores", ""):
            bad = small(claims=[])
            bad["figures"] = {name: bad["figures"]["growth"]}
            with self.subTest(name):
                self.refused(json.dumps(bad), f"'{name}' cannot name a figure")


if __name__ == "__main__":
    unittest.main()
