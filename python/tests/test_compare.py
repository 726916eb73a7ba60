"""The page of `compare`: who escapes and at what cost, in four figures, two tables and words."""

import json
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
import synthetic_results  # noqa: E402
from reporting import BadInput, GoodInput, SameBytes, written  # noqa: E402
from synthetic_compare import OPTIMISERS, results  # noqa: E402

from noisetrap_report.compare import cost_in_words, odds_in_words  # noqa: E402
from noisetrap_report.data import gradients, grouped, percent  # noqa: E402
from noisetrap_report.figures.contenders import groups, settings  # noqa: E402
from noisetrap_report.figures.rates import shifts  # noqa: E402

FEW = ("svrg", "sgd", "gradient-descent")


def small(**changes):
    return results(FEW) | changes


def page_of(results, figure=None):
    """The page, or one of its drawings."""
    with TemporaryDirectory() as folder:
        page = written(folder, "compare", results)
        return (Path(folder) / f"figures/{figure}.svg").read_text(encoding="utf-8") if figure else page


class Compare(SameBytes, GoodInput, unittest.TestCase):
    name, results = "compare", staticmethod(lambda: results(FEW))
    figures = ("odds", "survival", "growth", "cost")

    def test_text_is_escaped(self):
        for words in ("a &lt;machine&gt;", "f&#39;(x; &lt;sample&gt;)"):
            self.assertIn(words, self.page)

    def test_what_was_compared(self):
        for words in ("3 optimisers in 15 settings", "a = 0.02, σ = 0.3", "law = gaussian", "4,096 paths",
                      "10,000 gradients", "≥ 10", "The noise is common", "seed 1"):
            self.assertIn(words, self.page)

    def test_the_verdict_in_words(self):
        self.assertIn("At their best settings 1 of 3 optimisers free at least half", self.page)
        self.assertIn("First is svrg (learning_rate ", self.page)

    def test_best_and_typical_have_rows_and_the_grid_has_all(self):
        named, whole = self.page.split("<details>")
        self.assertEqual([named.count(f"<td>{role}</td>") for role in ("best", "typical", "only")], [2, 2, 1])
        self.assertIn("<b>learning_rate\N{NO-BREAK SPACE}", named)
        self.assertEqual(whole.split("<tbody>")[1].count("<tr>"), 15)
        self.assertIn("<td>svrg, best</td>", whole)
        self.assertIn("<td>gradient-descent, best, typical</td>", whole)

    def test_figures_say_who_and_how(self):
        for name in self.figures:
            for label in FEW:
                self.assertIn(f"<!-- {label} -->", self.drawing(name))
        self.assertIn("<!-- odds of escape within 10,000 gradients of single samples -->", self.drawing("odds"))
        self.assertIn("<!-- never -->", self.drawing("cost"))
        for words in ("paths part", "paths draw together"):
            self.assertIn(f"<!-- {words} -->", self.drawing("growth"))


class Unusual(unittest.TestCase):
    def test_no_growth_rates_no_figure(self):
        page = page_of(results(FEW, smooth=False))
        self.assertNotIn('<figure id="growth">', page)
        self.assertEqual(page.count("<svg"), 3)

    def test_some_growth_rates(self):
        one = small()
        one["contenders"][0]["growth_per_gradient"] = None
        one["contenders"][1]["growth_per_gradient"] = {"value": None, "standard_error": None}
        self.assertIn('<figure id="growth">', page_of(one))

    def test_rates_of_very_different_size(self):
        one = small()
        one["contenders"][0]["growth_per_gradient"]["value"] = -1e3
        self.assertIn("<!-- −10³ -->", page_of(one, "growth"))

    def test_one_optimiser_with_one_setting(self):
        page = page_of(results(["gradient-descent"]))
        self.assertIn("1 optimiser in 1 setting", page)
        self.assertIn("never", page)
        self.assertIn("No optimiser reaches its median", page)

    def test_other_quantiles(self):
        one = small(quantiles=[0.25])
        for contender in one["contenders"]:
            contender["cost_of_escape"] = {"0.25": {"value": 123.0, "standard_error": 1.0}}
        page = page_of(one)
        self.assertIn("25 % cost of escape", page)
        self.assertIn("123.0 ± 1.0", page)

    def test_twelve_look_different(self):
        looks = [(group.colour, group.marker) for group in groups(results())]
        self.assertEqual(len(set(looks)), len(OPTIMISERS))

    def test_the_best_come_first(self):
        best = [group.best["escaped"] for group in groups(results())]
        self.assertEqual(best, sorted(best, reverse=True))

    def test_beside_another_page(self):
        with TemporaryDirectory() as folder:
            (Path(folder) / "compare.json").write_text(json.dumps(small()), encoding="utf-8")
            written(folder, "reproduce", synthetic_results.part())
            self.assertIn("3 optimisers", (Path(folder) / "compare.html").read_text(encoding="utf-8"))
            self.assertTrue((Path(folder) / "figures/compare/growth.svg").exists())


class Words(unittest.TestCase):
    def test_costs(self):
        for cost, words in (((1, 0, 1), "1 gradient"), ((64, 0, 10), "64 gradients"), ((1, 1, 1), "2 gradients"),
                            ((2, 1000, 100), "2 gradients, 1,000 more every 100 steps")):
            self.assertEqual(cost_in_words(dict(zip(("per_step", "landmark", "interval"), cost))), words)

    def test_shares(self):
        self.assertEqual([percent(share) for share in (0, 0.0123, 0.5, 0.9999, 1)],
                         ["0 %", "1.23 %", "50 %", "> 99.9 %", "100 %"])
        self.assertEqual(odds_in_words({"value": 0.5, "low": 0.49, "high": 0.51}), "50 % (49 – 51)")

    def test_settings(self):
        self.assertEqual(settings({"learning_rate": 0.5, "law": "gaussian"}), "learning_rate 0.5, law gaussian")
        self.assertEqual([grouped(value) for value in (0.25, 999, 12345.6, 2e6)], ["0.25", "999", "12,346", "2,000,000"])
        self.assertEqual([gradients(number) for number in (1.0, 1e4)], ["1 gradient", "10,000 gradients"])
        self.assertEqual(list(shifts(1)), [0])


class BadCompare(BadInput, unittest.TestCase):
    name = "compare"

    def test_missing_keys(self):
        for path in (("budget",), ("model", "equation"), ("seed",), ("contenders", 0, "odds"),
                     ("contenders", 0, "cost", "landmark"), ("contenders", 0, "cost_of_escape", "0.5"),
                     ("contenders", 0, "survival", "low")):
            bad = small()
            place = bad
            for key in path[:-1]:
                place = place[key]
            del place[path[-1]]
            with self.subTest(path):
                self.refused(json.dumps(bad), f"compare.json lacks the key '{path[-1]}'", "'noisetrap compare'")

    def test_nothing_was_compared(self):
        self.refused(json.dumps(small(contenders=[])), "no contenders")

    def test_two_are_best(self):
        bad = small()
        bad["contenders"][1]["best"] = True
        self.refused(json.dumps(bad), "of the settings of 'svrg' 2 are called best")

    def test_wrong_length(self):
        bad = small()
        bad["contenders"][0]["survival"]["low"] = [1.0, 0.9]
        self.refused(json.dumps(bad), "figure 'survival'")

    def test_no_quantiles(self):
        self.refused(json.dumps(small(quantiles=[])), "the list of contenders")


if __name__ == "__main__":
    unittest.main()
