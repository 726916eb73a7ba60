"""The page of `escape`, and the index of all experiments that `make networks` runs."""

import json
import sys
import unittest
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from reporting import BadInput, GoodInput, References, written  # noqa: E402

from noisetrap_report import networks  # noqa: E402


def panel(name):
    return {"title": name, "caption": f"Paths of {name}.", "panels": [{
        "title": "", "xlabel": "l", "ylabel": "odds", "xscale": "linear", "yscale": "linear", "bands": [], "lines": [],
        "curves": [{"label": "predicted", "role": "theory", "x": [0.1, 0.2, 0.3], "y": [1, 0.7, 0.1]}],
        "points": [{"label": "seen", "x": [0.1, 0.3], "y": [0.99, 0.11], "standard_error": [0.01, 0.01]}]}]}


def run(rate, odds, predicted, z, growth=None):
    found = growth and {"value": growth, "standard_error": 1e-4, "predicted": {"value": growth, "z": 0.5}}
    return {"learning_rate": rate, "batch_size": 1, "growth": found,
            "odds": {"value": odds, "standard_error": 0.01, "predicted": {"value": predicted, "z": z}},
            "exit_time": {"mean": 1234.5, "standard_error": 6, "predicted": {"value": None, "z": None}}}


def escape(**changes):
    number = {"value": 0.25, "standard_error": 0}
    return {"noisetrap": "0.2.0", "revision": "abc", "network": "network of 1-1-1 units, tanh, square loss",
            "parameters": 2, "samples": 1797, "index": 1, "flat": 0, "a": number, "sigma": number,
            "tau": {"value": 0, "standard_error": 0}, "rho": number, "noise_dimension": 1.0,
            "critical_learning_rates": [{"batch_size": 1, "exact": 0.199441, "sde": 0.2015}], "no_growth": "",
            "no_prediction": "", "path_steps": 12345678, "seconds": 1.5, "threads": 2,
            "input": {"escape.title": "A unit on one pixel", "escape.caption": "Symbols *x*.", "escape.paths": 1000,
                      "optimiser.name": "sgd", "escape.start": 1e-4, "escape.far": 0.03, "escape.near": 1e-12,
                      "escape.seed": 1},
            "runs": [run(0.1, 0.99, 0.985, 1.2, 0.005), run(0.3, 0.11, 0.107, 1.0)],
            "figures": {"odds": panel("odds"), "survival": panel("survival")}} | changes


class Escape(GoodInput, unittest.TestCase):
    name, results, figures = "escape", staticmethod(escape), ("odds", "survival")

    def test_a_newcomer_sees_network_numbers_and_prediction(self):
        for words in ("A unit on one pixel", "Symbols <var>x</var>.", "2 parameters, 1,797 samples", "0.199441",
                      "11 % to 99 % of the paths leave", "the farthest lies 1.2 standard errors from it.",
                      "0.990 ± 0.010", "0.9850", "1,000 paths of sgd"):
            self.assertIn(words, self.page)

    def test_lines_and_points_are_there(self):
        for words in ("predicted", "seen"):
            self.assertIn(f"<!-- {words} -->", self.drawing("odds"))


class Unusual(unittest.TestCase):
    def page(self, **changes):
        with TemporaryDirectory() as folder:
            return written(folder, "escape", escape(**changes))

    def test_what_lies_far_from_the_prediction_stands_out(self):
        page = self.page(runs=[run(0.1, 0.5, 0.6, -8.0)])
        self.assertIn('number far"', page)
        self.assertIn("8 standard errors from it, farther than chance goes.", page)

    def test_what_is_missing_is_told(self):
        page = self.page(runs=[run(0.1, 1.0, None, None)], no_prediction="theory is that of sgd", noise_dimension=None)
        self.assertIn("Nothing is predicted: theory is that of sgd.", page)
        self.assertIn("100 % of the paths leave.", page)
        self.assertNotIn("beside a prediction", page)


class Index(unittest.TestCase):
    def test_experiments_stand_in_the_order_of_the_list(self):
        with TemporaryDirectory() as folder:
            folder = Path(folder)
            for name in ("a", "b"):
                (folder / name).mkdir()
                (folder / name / "escape.json").write_text(json.dumps(escape(**{"network": f"Network {name}"})))
            (folder / "order.txt").write_text("b\na\n")
            self.assertEqual(networks.main([str(folder)]), 0)
            page = (folder / "index.html").read_text(encoding="utf-8")
        self.assertLess(page.index('id="b"'), page.index('id="a"'))
        self.assertIn("b/index.html", References(page).found)
        self.assertEqual(page.count("<svg"), 2)

    def test_an_empty_folder_is_refused(self):
        with TemporaryDirectory() as folder, redirect_stderr(StringIO()) as errors:
            self.assertEqual(networks.main([folder]), 2)
        self.assertIn("holds no experiments: 'make networks' runs them all", errors.getvalue())


class Refused(BadInput, unittest.TestCase):
    name = "escape"

    def test_what_is_missing_is_named(self):
        results = escape()
        del results["runs"]
        self.refused(json.dumps(results), "escape.json", "lacks the key 'runs'", "'noisetrap escape'")


if __name__ == "__main__":
    unittest.main()
