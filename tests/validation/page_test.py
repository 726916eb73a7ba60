"""What docs/validation.md says of `validate --quick`, against the claims of such a run.

    python3 tests/validation/page_test.py FOLDER-OF-A-QUICK-RUN
"""

import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = pathlib.Path(sys.argv.pop(1))


class Page(unittest.TestCase):
    def test_so_many_values_would_not_notice_an_error_of_a_twentieth(self):
        claims = json.loads((RUN / "validation.json").read_text())["claims"]
        values = [claim["notices"] / abs(claim["theory"]) for claim in claims
                  if claim["kind"] == "value" and claim["theory"] and claim["notices"] is not None]
        self.assertGreater(len(values), 300)
        page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
        said = int(re.search(r"(\d+) % of its values with an exact answer other than 0 would not notice one of 5 %", page)[1])
        self.assertLess(abs(100 * sum(value > 0.05 for value in values) / len(values) - said), 3)


if __name__ == "__main__":
    unittest.main()
