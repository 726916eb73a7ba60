"""Usage: python3 -m noisetrap_report.networks FOLDER  (reads */escape.json and */analyse.json, as `make networks` has them written, and writes
index.html beside them: every experiment with its first figure, a sentence, and the way to its page)"""

import sys
from pathlib import Path

from . import analyse, escape
from .data import InputError, blamed_on, read_results
from .page import page


COMMANDS = ("escape", "analyse")


def experiments_in(folder):
    """By the order in which they are listed, where there is a list, else of their names."""
    order = folder / "order.txt"
    listed = order.read_text(encoding="utf-8").split() if order.exists() else []
    found = sorted(path.parent.name for command in COMMANDS for path in folder.glob(f"*/{command}.json"))
    return [name for name in listed if name in found] + [name for name in found if name not in listed]


def part_of(command, results, name):
    if command == "escape":
        return {"title": results["input"]["escape.title"] or name, "caption": results["input"]["escape.caption"],
                "drawing": escape.render(results)[1][0], "verdict": escape.verdict(results), "facts": escape.run_facts(results)}
    return {"title": results["title"] or name, "caption": results["caption"], "drawing": analyse.render(results)[1][0],
            "verdict": analyse.verdict(results), "facts": analyse.run_facts(results)}


def index(folder):
    """The text of the page."""
    names = experiments_in(folder)
    if not names:
        raise InputError(f"{folder} holds no experiments: 'make networks' runs them all")
    parts = []
    for name in names:
        command = next(command for command in COMMANDS if (folder / name / f"{command}.json").exists())
        path = folder / name / f"{command}.json"
        with blamed_on(path, command):
            parts.append({"name": name} | part_of(command, read_results(path), name))
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
