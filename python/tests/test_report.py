"""The report is complete, self-contained, the same every time, and clear about input it cannot use."""

import json
import re
import sys
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from reporting import BadInput, GoodInput, SameBytes  # noqa: E402
from synthetic_results import kinds, part, remedies, results  # noqa: E402
from synthetic_surfaces import surfaces  # noqa: E402
from synthetic_validation import figures as panel_figures  # noqa: E402

from noisetrap_report.__main__ import main  # noqa: E402
from noisetrap_report.figures.surfaces import RIM, common_height, cut, draw  # noqa: E402
from noisetrap_report.style import NIGHT, by_night, fixed, lean, render_svg  # noqa: E402
from noisetrap_report.symbols import symbols, typeset  # noqa: E402


def text_of(page):
    """What a reader sees, without styles, drawings and tags."""
    return re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", "", page, flags=re.S)


class Reproduce(SameBytes, GoodInput, unittest.TestCase):
    name, results = "reproduce", staticmethod(results)
    figures = ("trap", "crossing", "tail", "attractive", "diffusive", "growth", "stationary_repulsive",
               "stationary_attractive", "paths", "certainty")

    def test_the_argument_comes_first(self):
        """Three figures, then the contents, then the sections in their order."""
        order = ['<figure id="trap">', '<figure id="crossing">', '<figure id="tail">', '<nav class="contents"',
                 '<h2 id="attractive-noise">', '<h2 id="growth-rate">', '<h2 id="stationary-law">', '<h2 id="more">',
                 '<h2 id="how-sure">']
        places = [self.page.index(words) for words in order]
        self.assertEqual(places, sorted(places))
        for name in ("attractive-noise", "growth-rate", "how-sure"):
            self.assertIn(f'<li><a href="#{name}">', self.page)

    def test_a_section_opens_with_its_figure_and_folds_its_claims(self):
        section = self.page.split('<h2 id="more">')[1].split("</section>")[0]
        self.assertIn("<details>\n<summary>All 3 claims</summary>", section)
        opening = self.page.split('<h2 id="growth-rate">')[1]
        self.assertTrue(opening.split("</h2>")[1].lstrip().startswith('<figure id="growth">'))

    def test_symbols_are_symbols(self):
        self.assertIn("P(|x[n]| &lt; |x[0]|), σ² = 2a − τ</td>", self.page)
        for word in ("sigma", "-&gt;", "sqrt"):
            self.assertNotIn(word, text_of(self.page))

    def test_the_page_knows_day_and_night(self):
        """Every colour of a figure that changes is a variable of the page, by day and by night."""
        figures = "".join(re.findall(r"<svg.*?</svg>", self.page, re.S))
        self.assertEqual(self.page.count("--0072b2: #"), 2)
        self.assertIn("var(--0072b2)", figures)
        for colour in NIGHT:
            self.assertNotRegex(figures, f"(?:fill|stroke): {colour.lower()}\\b")
        self.assertIn("fill: #0072b2", self.drawing("growth"))

    def test_text_is_escaped_and_far_claims_stand_out(self):
        self.assertIn("a &lt;machine&gt;", self.page)
        self.assertIn("&lt;b&gt;n = 10&lt;/b&gt;", self.page)
        self.assertEqual(self.page.count('class="number far"'), 1)


class Symbols(unittest.TestCase):
    def test_formulas(self):
        for plain, printed in (("a - sigma^2/2", "a − σ²/2"), ("x <- x + a x + xi x + eta", "x ← x + a x + ξ x + η"),
                               ("a = -0.3, rho = -1", "a = −0.3, ρ = −1"), ("tau sqrt N", "τ √N"), ("10^6 steps", "10⁶ steps"),
                               ("1/sqrt(time)", "1/√time"), ("x[n] -> 0", "x[n] → 0")):
            self.assertEqual(symbols(plain), printed)

    def test_words_and_keys_stay(self):
        for words in ("model.sigma", "inverse gamma", "pearson-iv", "beta1", "half-rate", "inverse-gamma", "theta_0"):
            self.assertEqual(symbols(words), words)

    def test_markup(self):
        self.assertEqual(typeset("E|A|^kappa of *x*, *not* <b>"),
                         "E|A|<sup>κ</sup> of <var>x</var>, <em>not</em> &lt;b&gt;")


class Drawings(unittest.TestCase):
    def test_colours_change_in_styles_alone(self):
        self.assertEqual(by_night('<use href="#0072b2"/><path style="fill: #0072b2; stroke: #d55e00"/><g fill: #123456/>'),
                         '<use href="#0072b2"/><path style="fill: var(--0072b2); stroke: var(--d55e00)"/><g fill: #123456/>')

    def test_fixed_colours_are_others_that_look_the_same(self):
        self.assertEqual([fixed(colour) for colour in ("black", "white", "#0072B2")], ["#000001", "#fffffe", "#0072b3"])
        self.assertFalse({fixed(colour) for colour in NIGHT} & {colour.lower() for colour in NIGHT})

    def test_lean_drawings_keep_what_they_need(self):
        svg = '<g id="a">\n <path id="b" d="M 1.23456 2" transform="translate(1.2345 0) scale(0.015625)"/>\n</g><use href="#b"/>'
        self.assertEqual(lean(svg), '<g><path id="b" d="M 1.23 2" transform="translate(1.23 0) scale(0.015625)"/></g>'
                                    '<use href="#b"/>')


def extended():
    """With what results may have: surfaces, figures that come as panels and remedies; few of those that all have."""
    more = part() | {"claims": results()["claims"], "remedies": remedies()}
    panels = {name: panel_figures()[data] for name, data in (("batches", "growth"), ("schedules", "orders"))}
    others = {"double-well": surfaces(columns=2, cells=24), "kinds": kinds(), "raw": {"numbers": [1]}}
    more["figures"] = panels | more["figures"] | others
    return more


class Part(GoodInput, unittest.TestCase):
    """A report that is not whole lacks what was not asked for, and says so."""

    name, results = "reproduce", staticmethod(part)
    figures = ("diffusive",)

    def test_it_says_what_it_is(self):
        self.assertIn("what has “&lt;part&gt;” in its name", self.page)
        self.assertIn("10 times the paths", self.page)
        self.assertIn('<h2 id="diffusive-noise">', self.page)
        for absent in ("growth-rate", "how-sure", "ways-out"):
            self.assertNotIn(f'"#{absent}"', self.page)


class Extended(GoodInput, unittest.TestCase):
    name, results = "reproduce", staticmethod(extended)
    figures = ("diffusive", "certainty", "kinds", "double-well", "batches", "schedules")

    def test_what_nobody_asks_for_still_has_a_place(self):
        rest = self.page.split('<h2 id="more">')[1].split("</section>")[0]
        self.assertIn('<figure id="schedules">', rest)

    def test_claims_stand_with_their_remedy(self):
        way = self.page.split('<h3 id="way-perturbed-sgd">')[1].split("</section>")[0]
        self.assertIn("All 3 claims", way)

    def test_figures_have_titles_of_their_own(self):
        self.assertIn('<h3 id="way-larger-batch-of-b">Growth rate of the recursion</h3>', self.page)
        self.assertIn('aria-label="Two ways to be trapped in a double well"', self.page)

    def test_remedies_are_typeset_and_lead_to_their_figures(self):
        self.assertIn('<h2 id="ways-out">Ways out</h2>', self.page)
        self.assertIn('<a href="#way-larger-batch-of-b">larger batch of &lt;b&gt;</a>', self.page)
        self.assertIn('<h3 id="way-perturbed-sgd">perturbed SGD</h3>', self.page)
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


class Paper(unittest.TestCase):
    """One figure of a folder as a file of its own."""

    def setUp(self):
        self.folder = TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        (self.path / "reproduce.json").write_text(json.dumps(results()), encoding="utf-8")

    def run_with(self, *arguments):
        with redirect_stderr(StringIO()) as errors, redirect_stdout(StringIO()):
            return main([str(self.path), *arguments]), errors.getvalue()

    def test_width_font_and_kind(self):
        self.assertEqual(self.run_with("--figure", "tail", "--width", "3.4", "--font", "DejaVu Serif", "--size", "8"), (0, ""))
        svg = (self.path / "tail.svg").read_text(encoding="utf-8")
        self.assertIn('width="244.8pt"', svg)  # 3.4 inches
        self.assertRegex(svg, "font: 8px 'DejaVu Serif'")
        self.assertEqual(self.run_with("--figure", "tail", "--pdf"), (0, ""))
        self.assertTrue((self.path / "tail.pdf").read_bytes().startswith(b"%PDF"))
        self.assertFalse((self.path / "index.html").exists())

    def test_what_cannot_be(self):
        for arguments, words in ((("nonsense",), "there are trap, crossing, tail"),
                                 (("tail", "--width", "0.1"), "--width 0.1: inches from 1 to 40"),
                                 (("tail", "--font", "DejaVu Serf"), "did you mean DejaVu Serif?")):
            status, errors = self.run_with("--figure", *arguments)
            self.assertEqual((status, errors.count("\n")), (2, 1))
            self.assertIn(words, errors)


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
            bad = part()
            bad["figures"] = {"double-well": surfaces(rows=1, columns=1, cells=4) | change}
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
