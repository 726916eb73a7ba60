"""The table of mutations, against the sources that it breaks: what it names must be there.

    python3 tests/validation/mutations_test.py
"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "validation"))

import mutations  # noqa: E402

TABLE = mutations.mutations()
KINDS = {"sign", "factor", "index", "law", "stream", "step", "formula", "statistic", "precision"}


def texts(folder):
    return "\n".join(path.read_text() for path in sorted((ROOT / folder).rglob("*.cpp")))


class Table(unittest.TestCase):
    def test_every_old_text_occurs_once_in_its_file(self):
        wrong = {m["name"]: count for m in TABLE if (count := (ROOT / m["file"]).read_text().count(m["old"])) != 1}
        self.assertEqual(wrong, {})

    def test_every_mutation_changes_something_and_says_what(self):
        self.assertEqual(len(TABLE), 60)
        self.assertEqual(len({m["name"] for m in TABLE}), len(TABLE))
        for m in TABLE:
            self.assertNotEqual(m["old"], m["new"], m["name"])
            self.assertIn(m["kind"], KINDS, m["name"])
            self.assertIn(m["area"], mutations.AREAS, m["name"])
            self.assertTrue(m["what"], m["name"])

    def test_tests_and_claims_that_are_asked_exist(self):
        tests = mutations.joined(texts("tests"))
        groups = re.findall(r'\{"([a-z-]+/[a-z-]+)", "', (ROOT / "validation" / "claims.cpp").read_text())
        self.assertGreater(len(groups), 30)
        for m in TABLE:
            for name in m["tests"]:
                self.assertIn(f'"{name}' if name.endswith("]") else f'"{name.rstrip("*")}', tests, m["name"])
            for asked in m["claims"]:
                self.assertTrue(any(asked.split()[0] in group for group in groups), f"{m['name']}: {asked}")

    def test_the_page_shows_every_mutation(self):
        page = (ROOT / "docs" / "mutations.md").read_text()
        self.assertEqual([m["name"] for m in TABLE], re.findall(r"^\| ([\w-]+) \(\w+\) \|", page, re.MULTILINE))
        self.assertEqual([m["what"] for m in TABLE if mutations.cell(m["what"]) not in page], [])

    def test_the_figures_of_the_summary_are_those_of_the_page(self):
        summary = re.search(r"^\d+ mutations: [^.]*\.", (ROOT / "docs" / "mutations.md").read_text(), re.MULTILINE)[0]
        self.assertIn(summary, (ROOT / "docs" / "validation.md").read_text())

    def test_what_nobody_notices_has_a_reason(self):
        page = (ROOT / "docs" / "mutations.md").read_text()
        nobody = re.findall(r"^\| ([\w-]+) \(\w+\) \|[^\n]* \| nobody[^|]*\|", page, re.MULTILINE)
        self.assertEqual([name for name in nobody if not any(m["name"] == name and "why" in m for m in TABLE)], [])


if __name__ == "__main__":
    unittest.main()
