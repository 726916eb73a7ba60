"""The page of `simulate`: trapped or not in its first line, three figures, and numbers beside the right theory."""

import json
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from reporting import BadInput, GoodInput, written  # noqa: E402
from synthetic_run import results  # noqa: E402


def page_of(results):
    with TemporaryDirectory() as folder:
        return written(folder, "page", results)


class Simulate(GoodInput, unittest.TestCase):
    name, results = "page", staticmethod(results)
    figures = ("paths", "law", "growth")

    def test_the_first_line_says_trapped_and_not_yet_stationary(self):
        verdict = self.page.split('<p class="verdict">')[1].split("</p>")[0]
        self.assertEqual(" ".join(verdict.split()),
                         "<b>Trapped</b>: log|dx| falls by 0.2082 a unit of time. <b>Not stationary yet</b>: at t = 10 the "
                         "0.5 quantile lies 25 standard errors from its limit.")
        self.assertLess(self.page.index('class="verdict"'), self.page.index("<figure"))

    def test_a_mean_that_the_law_has_not_is_grey(self):
        self.assertIn('<td class="idle">mean <span class="soft">(the law has none)</span></td>', self.page)
        self.assertIn('<td class="number idle">15.2 ± 1.1</td>', self.page)
        self.assertIn("<td>0.5 quantile</td>", self.page)
        self.assertNotIn('class="idle"', page_of(results(mean_is_idle=False)))

    def test_text_is_escaped_and_formulas_are_typeset(self):
        for words in ("a &lt;machine&gt;", "&lt;gaussian&gt;", "dx = a x dt + σ x dW"):
            self.assertIn(words, self.page)

    def test_the_law_stands_beside_the_stationary_one(self):
        self.assertIn("<!-- stationary law -->", self.drawing("law"))
        self.assertIn("no mean", self.drawing("law"))


class Unusual(unittest.TestCase):
    def test_a_recursion_has_what_is_exact_first(self):
        page = page_of(results(recursion=True))
        self.assertLess(page.index(">exact</th>"), page.index(">small-step SDE</th>"))
        self.assertLess(page.index("−0.2081962"[:9]), page.index(">−0.2<"))
        self.assertIn("<h3>n = 10</h3>", page)

    def test_little_is_known(self):
        one = results(trapped="", stationary="", paths=None, growth=None)
        one["law"] = {"t": 1.0, "density": results(known=False)["law"]["density"], "tail": None, "tail_index": None}
        one["summary"] |= {"growth_rate": None, "first_passage": None}
        page = page_of(one)
        self.assertIn("No growth rate was observed", page)
        self.assertIn("No stationary law is known here.", page)
        self.assertEqual(page.count("<svg"), 1)

    def test_paths_over_many_decades_have_no_density(self):
        one = results(known=False)
        one["law"]["tail"]["r"] = [10.0 ** -k for k in range(36, 0, -3)]
        self.assertIn("spans many decades", page_of(one))

    def test_no_figure_at_all(self):
        self.assertNotIn("<svg", page_of(results(paths=None, law=None, growth=None)))


class BadPage(BadInput, unittest.TestCase):
    name = "page"

    def test_missing_keys(self):
        for path in (("summary",), ("law",), ("law", "density"), ("growth", "exact"), ("summary", "times")):
            bad = results()
            place = bad
            for key in path[:-1]:
                place = place[key]
            del place[path[-1]]
            with self.subTest(path):
                self.refused(json.dumps(bad), f"page.json lacks the key '{path[-1]}'", "'noisetrap simulate'")


if __name__ == "__main__":
    unittest.main()
