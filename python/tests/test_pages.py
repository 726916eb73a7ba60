"""Every page of docs/ that shows what to type: its commands and snippets run, in the order of the page, and print what
the page says they print.

A page is read from above. A block of

- `toml` whose first line is `# NAME.toml` is written to that file,
- `sh` runs in the shell, with the program in its path,
- `python` runs in one Python for the whole page,
- `text` behind one of these is what it prints: to the letter, but for seconds and the machine; `...` stands for any
  number of lines,
- anything that says `norun` is left alone.

Run with the build's package in PYTHONPATH and the program in NOISETRAP_PROGRAM. With NOISETRAP_WRITE_PAGES=1 the pages
are not checked but written anew: `...` stays where it is.
"""

import contextlib
import io
import math
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ["NOISETRAP_PROGRAM"]).resolve()
PAGES = [ROOT / "README.md", ROOT / "docs/tutorial.md", ROOT / "docs/python.md", ROOT / "docs/equations.md",
         ROOT / "docs/mistakes.md", *sorted((ROOT / "docs/howto").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from one run to the next: the clock, the processor, and the names of written files.
VOLATILE = [(r"\(\d+ threads?, [^)]*\)", "(machine)"), (r"\b[\d.e+-]+ s(, [\d.e+-]+ path-steps/s|$)", "seconds"),
            (r"^written: .*$", "written")]


def lasting(text):
    for pattern, word in VOLATILE:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return [line.rstrip() for line in text.rstrip().split("\n")]


NUMBER = re.compile(r"([+-]?\d[\d.]*(?:e[+-]?\d+)?)")


def same(shown, printed):
    """Whether two lines are: the last digits of what theory works out may be another machine's."""
    ours, theirs = NUMBER.split(shown), NUMBER.split(printed)
    if ours[::2] != theirs[::2]:
        return shown == printed
    try:
        return all(x == y or math.isclose(float(x), float(y), rel_tol=1e-8) for x, y in zip(ours[1::2], theirs[1::2]))
    except ValueError:  # a version, a date
        return shown == printed


def agrees(shown, printed):
    """Whether lines are the same, "..." being any number of lines."""
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(agrees(shown[1:], printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and same(shown[0], printed[0]) and agrees(shown[1:], printed[1:])


class Page:
    """A page that is followed from above in a folder of its own."""

    def __init__(self, file, test):
        self.file, self.test = file, test
        self.text = file.read_text(encoding="utf-8")
        self.names, self.printed, self.ran = {"__name__": file.stem}, None, 0
        self.environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
        if file.name != "README.md":  # pages of results take longest, and have tests of their own
            self.environment["NOISETRAP_PYTHON"] = "/bin/true"

    def follow(self):
        written, end = [], 0
        for block in BLOCK.finditer(self.text):
            written.append(self.text[end:block.start()])
            end = block.end()
            written.append(self.block(block))
        self.test.assertGreater(self.ran, 0, f"{self.file.name} has nothing that runs")
        if os.environ.get("NOISETRAP_WRITE_PAGES") == "1":
            self.file.write_text("".join(written) + self.text[end:], encoding="utf-8")

    def block(self, block):
        language, options, content = block.groups()
        follows = self.text[block.end():block.end() + 9] == "\n```text\n"
        line = self.text[:block.start()].count("\n") + 2
        if "norun" in options.split():
            return block[0]
        if language == "toml" and (name := re.match(r"# (\S+\.toml)\n", content)):
            Path(name[1]).write_text(content, encoding="utf-8")
        elif language == "sh":
            self.printed = self.shell(content, line)
        elif language == "python":
            self.printed = self.python(content, line)
        elif language == "text" and self.printed is not None:
            return self.output(block, content, line)
        if language not in ("sh", "python") or not follows:
            self.printed = None
        return block[0]

    def shell(self, content, line):
        self.ran += 1
        done = subprocess.run(["sh", "-e", "-c", content], capture_output=True, text=True, timeout=300,
                              env=self.environment, check=False)
        self.test.assertEqual(done.returncode, 0, f"{self.file.name}:{line}: {done.stderr}")
        return done.stdout

    def python(self, content, line):
        self.ran += 1
        # Line numbers of a failure are those of the page.
        code = compile("\n" * (line - 1) + content, str(self.file), "exec")
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(code, self.names)
        except ImportError as error:  # of an extra that is not here, as ipywidgets
            self.test.skipTest(str(error))
        return printed.getvalue()

    def output(self, block, content, line):
        shown, printed, whole, self.printed = lasting(content), lasting(self.printed), self.printed, None
        if os.environ.get("NOISETRAP_WRITE_PAGES") == "1":
            whole = "\n".join(line.rstrip() for line in whole.rstrip().split("\n"))
            return block[0] if agrees(shown, printed) else f"```text\n{whole}\n```"
        self.test.assertTrue(agrees(shown, printed), f"{self.file.name}:{line} shows\n" + "\n".join(shown) +
                             "\nand this was printed\n" + "\n".join(printed))
        return block[0]


class Pages(unittest.TestCase):
    def setUp(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not here")
        matplotlib.use("Agg")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        for name in ("docs", "examples"):
            os.symlink(ROOT / name, name)


def _test_of(file):
    return lambda self: Page(file, self).follow()


for _file in PAGES:
    setattr(Pages, f"test_{_file.parent.name}_{_file.stem.replace('-', '_')}", _test_of(_file))


class Agreement(unittest.TestCase):
    def test_an_ellipsis_stands_for_any_lines_and_nothing_else_does(self):
        printed = ["a", "b", "c"]
        for shown in (printed, ["a", "...", "c"], ["..."], ["a", "b", "c", "..."]):
            self.assertTrue(agrees(shown, printed))
        for shown in (["a", "b"], ["a", "...", "b"], ["a", "x", "c"], []):
            self.assertFalse(agrees(shown, printed))

    def test_a_number_may_differ_in_its_ninth_digit_and_not_in_its_sixth(self):
        self.assertTrue(same("  mode  0.5641895835  length", "  mode  0.5641895836  length"))
        for wrong in ("  mode  0.564190  length", "  mean  0.5641895835  length", "  mode  -0.5641895835  length"):
            self.assertFalse(same("  mode  0.5641895835  length", wrong))


if __name__ == "__main__":
    unittest.main()
