"""Every snippet of docs/python.md runs, in the order of the page. Those marked `norun` need more than Debian has."""

import contextlib
import io
import os
import re
import tempfile
import unittest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


class PythonPage(unittest.TestCase):
    def test_all_snippets_run(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not here")
        matplotlib.use("Agg")
        text = PAGE.read_text(encoding="utf-8")
        snippets = list(re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        self.assertGreater(len(snippets), 12)
        names, before = {}, os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            self.addCleanup(os.chdir, before)
            for snippet in snippets:
                line = text[:snippet.start()].count("\n") + 2
                # Line numbers of a failure are those of the page.
                code = compile("\n" * (line - 1) + snippet[1], str(PAGE), "exec")
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed):
                    exec(code, names)
                shown = r"# ((?:True|\(1, 20000\)|LinearSde has no|ensemble\.paths \|)[^:\n]*)"
                for expected in re.findall(shown, snippet[1]):
                    self.assertIn(expected.strip(), printed.getvalue())
            os.chdir(before)
        self.assertLess(abs(names["growth"].z), 4)


if __name__ == "__main__":
    unittest.main()
