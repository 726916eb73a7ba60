"""The report is complete, self-contained, the same every time, and clear about input it cannot use."""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from reporting import BadInput, GoodInput  # noqa: E402
from synthetic_results import results  # noqa: E402


class Reproduce(GoodInput, unittest.TestCase):
    name, results = "reproduce", staticmethod(results)
    figures = ("attractive", "diffusive", "growth", "stationary_repulsive", "stationary_attractive", "paths")

    def test_text_is_escaped_and_far_claims_stand_out(self):
        self.assertIn("a &lt;machine&gt;", self.page)
        self.assertIn("&lt;b&gt;n = 10&lt;/b&gt;", self.page)
        self.assertEqual(self.page.count('class="number far"'), 1)


class BadReproduce(BadInput, unittest.TestCase):
    name = "reproduce"

    def test_missing_file(self):
        self.refused(None, "neither reproduce.json nor validation.json", "'noisetrap reproduce'")

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


if __name__ == "__main__":
    unittest.main()
