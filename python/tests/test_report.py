"""The report is complete, self-contained, the same every time, and clear about input it cannot use."""

import json
import os
import subprocess
import sys
import unittest
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from synthetic_results import results  # noqa: E402

PYTHON = Path(__file__).resolve().parents[1]
FIGURES = ("attractive", "diffusive", "growth", "stationary_repulsive", "stationary_attractive", "paths")


def report(folder, seed="0"):
    """Runs the command as a user does; the hash seed must not matter."""
    environment = os.environ | {"PYTHONPATH": str(PYTHON), "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "noisetrap_report", str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


class References(HTMLParser):
    """Everything that a browser would fetch or run."""

    def __init__(self, page):
        super().__init__()
        self.found, self.tags = [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.found += [value for name, value in attributes if name in ("src", "href", "xlink:href", "srcset", "data")]


class GoodInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folders = [TemporaryDirectory(), TemporaryDirectory()]
        cls.first, cls.second = (Path(folder.name) for folder in cls.folders)
        for seed, path in enumerate((cls.first, cls.second)):
            (path / "reproduce.json").write_text(json.dumps(results()), encoding="utf-8")
            run = report(path, str(seed))
            assert (run.returncode, run.stderr) == (0, ""), run.stderr
        cls.page = (cls.first / "index.html").read_text(encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        for folder in cls.folders:
            folder.cleanup()

    def test_every_figure_is_present(self):
        self.assertEqual(sorted(path.stem for path in (self.first / "figures").glob("*.svg")), sorted(FIGURES))
        for name in FIGURES:
            self.assertIn(f'<figure id="{name}">', self.page)
        self.assertEqual(self.page.count("<svg"), len(FIGURES))

    def test_page_fetches_nothing(self):
        references = References(self.page)
        self.assertTrue(all(target.startswith("#") for target in references.found))
        self.assertFalse(references.tags & {"script", "link", "img", "iframe", "object"})
        self.assertNotIn("@import", self.page)

    def test_identifiers_are_unique_across_figures(self):
        drawings = [(self.first / "figures" / f"{name}.svg").read_text(encoding="utf-8") for name in FIGURES]
        for name, drawing in zip(FIGURES, drawings):
            self.assertEqual(drawing.count(' id="'), drawing.count(f' id="{name}-'))

    def test_text_is_escaped_and_far_claims_stand_out(self):
        self.assertIn("a &lt;machine&gt;", self.page)
        self.assertIn("&lt;b&gt;n = 10&lt;/b&gt;", self.page)
        self.assertEqual(self.page.count('class="number far"'), 1)

    def test_same_input_same_bytes(self):
        for name in ("index.html", *(f"figures/{name}.svg" for name in FIGURES)):
            self.assertEqual((self.first / name).read_bytes(), (self.second / name).read_bytes(), name)


class BadInput(unittest.TestCase):
    def refused(self, text, *words):
        """Exit status 2, one line with these words, nothing written."""
        with TemporaryDirectory() as folder:
            if text is not None:
                (Path(folder) / "reproduce.json").write_text(text, encoding="utf-8")
            run = report(folder)
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
            for word in words:
                self.assertIn(word, run.stderr)
            self.assertFalse((Path(folder) / "index.html").exists() or (Path(folder) / "figures").exists())

    def test_missing_file(self):
        self.refused(None, "reproduce.json", "does not exist")

    def test_not_json(self):
        self.refused("{", "not valid JSON")

    def test_missing_key(self):
        bad = results()
        del bad["figures"]["attractive"]["panels"][0]["atoms"]
        self.refused(json.dumps(bad), "'atoms'")

    def test_wrong_form(self):
        bad = results()
        bad["figures"]["diffusive"]["deviation"] = [1.0, 2.0]
        self.refused(json.dumps(bad), "diffusive")


if __name__ == "__main__":
    unittest.main()
