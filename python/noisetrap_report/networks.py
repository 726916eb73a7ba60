"""Usage: python3 -m noisetrap_report.networks FOLDER  (reads */escape.json, as `make networks` has them written, and writes
index.html beside them: every experiment with its first figure, a sentence, and the way to its page)"""

import sys
from pathlib import Path

from . import escape
from .data import InputError, blamed_on, read_results
from .page import page


def experiments_in(folder):
    """By the order in which they are listed, where there is a list, else of their names."""
    order = folder / "order.txt"
    listed = order.read_text(encoding="utf-8").split() if order.exists() else []
    found = sorted(path.parent.name for path in folder.glob("*/escape.json"))
    return [name for name in listed if name in found] + [name for name in found if name not in listed]


def index(folder):
    """The text of the page."""
    names = experiments_in(folder)
    if not names:
        raise InputError(f"{folder} holds no experiments: 'make networks' runs them all")
    parts = []
    for name in names:
        path = folder / name / "escape.json"
        with blamed_on(path, "escape"):
            results = read_results(path)
            drawings = escape.render(results)[1]
            parts.append({"name": name, "title": results["input"]["escape.title"] or name,
                          "caption": results["input"]["escape.caption"], "verdict": escape.verdict(results),
                          "drawing": drawings[0], "facts": escape.run_facts(results)})
    return page("networks", parts_of_page=parts, footer=parts[0]["facts"].partition(":")[0])()


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    try:
        (folder / "index.html").write_text(index(folder), encoding="utf-8")
    except (InputError, OSError) as error:
        print(f"noisetrap_report: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
