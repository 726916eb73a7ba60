"""What the tests of all pages share: running the command, reading a page, and what every page has to be."""

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from functools import partial
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

PYTHON = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PYTHON))
from noisetrap_report.__main__ import main  # noqa: E402


def report(folder):
    """Exit status and error messages of the command, without a process of its own."""
    with redirect_stderr(StringIO()) as errors:
        return main([str(folder)]), errors.getvalue()


def reported_by_command(folder, seed):
    """The same as a user runs it; the hash seed must not matter."""
    environment = os.environ | {"PYTHONPATH": str(PYTHON), "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "noisetrap_report", str(folder)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    return run.returncode, run.stderr


def written(folder, name, results, run=report):
    """NAME.json in the folder, and the page that came of it."""
    (Path(folder) / f"{name}.json").write_text(json.dumps(results), encoding="utf-8")
    status, errors = run(folder)
    assert (status, errors) == (0, ""), errors
    return (Path(folder) / "index.html").read_text(encoding="utf-8")


class References(HTMLParser):
    """Everything that a browser would fetch, run or jump to."""

    def __init__(self, page):
        super().__init__()
        self.found, self.tags, self.names = [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.found += [value for name, value in attributes if name in ("src", "href", "xlink:href", "srcset", "data")]
        self.names += [value for name, value in attributes if name == "id"]


class GoodInput:
    """Tests of a page whose class says: name, of the JSON file; figures, names; results, a function; and scripted, where
    the page has a script of its own."""

    scripted = False

    @classmethod
    def setUpClass(cls):
        cls.folders = [TemporaryDirectory()]
        cls.first = Path(cls.folders[0].name)
        cls.page = written(cls.first, cls.name, cls.results())

    @classmethod
    def tearDownClass(cls):
        for folder in cls.folders:
            folder.cleanup()

    def drawing(self, name):
        return (self.first / "figures" / f"{name}.svg").read_text(encoding="utf-8")

    def test_every_figure_is_present(self):
        found = [path.stem for path in (self.first / "figures").glob("*.svg")]
        self.assertEqual(sorted(found), sorted(self.figures))
        for name in self.figures:
            self.assertIn(f'<figure id="{name}">', self.page)
        self.assertEqual(self.page.count("<svg"), len(self.figures))

    def test_page_fetches_nothing(self):
        """Maps and surfaces are pictures inside the page itself."""
        references = References(self.page)
        fetched = [target[:60] for target in references.found
                   if not target.startswith(("#", "data:image/png;base64,"))]
        self.assertEqual(fetched, [])
        self.assertFalse(references.tags & {"link", "img", "iframe", "object"})
        self.assertEqual("script" in references.tags, self.scripted)
        self.assertNotIn("@import", self.page)

    def test_links_lead_somewhere(self):
        references = References(self.page)
        links = {unquote(target[1:]) for target in references.found if target.startswith("#")}
        self.assertEqual(links - set(references.names), set())
        self.assertEqual(len(references.names), len(set(references.names)))

    def test_identifiers_are_unique_across_figures(self):
        for name in self.figures:
            drawing = self.drawing(name)
            self.assertEqual(drawing.count(' id="'), drawing.count(f' id="{name}-'))


class SameBytes:
    """The same as a user runs it, twice: nothing depends on chance or on the clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folders.append(TemporaryDirectory())
        cls.second = Path(cls.folders[1].name)
        written(cls.second, cls.name, cls.results(), partial(reported_by_command, seed="1"))

    def test_same_input_same_bytes(self):
        for name in ("index.html", *(f"figures/{name}.svg" for name in self.figures)):
            self.assertEqual((self.first / name).read_bytes(), (self.second / name).read_bytes(), name)


class BadInput:
    """For tests whose class says: name, of the JSON file."""

    def refused(self, text, *words):
        """Exit status 2, one line with these words, nothing written."""
        with TemporaryDirectory() as folder:
            if text is not None:
                (Path(folder) / f"{self.name}.json").write_text(text, encoding="utf-8")
            status, errors = report(folder)
            self.assertEqual(status, 2, errors)
            self.assertEqual(errors.count("\n"), 1, errors)
            for word in words:
                self.assertIn(word, errors)
            self.assertFalse((Path(folder) / "index.html").exists() or (Path(folder) / "figures").exists())
