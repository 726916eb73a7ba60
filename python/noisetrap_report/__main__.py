"""Usage: python3 -m noisetrap_report FOLDER  (reads FOLDER/reproduce.json, writes FOLDER/index.html)"""

import argparse
import sys
from pathlib import Path

from .data import InputError, read_results
from .figures import render_all
from .page import render_page


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="noisetrap_report", description="Figures and page from reproduce.json.")
    parser.add_argument("folder", type=Path, help="holds reproduce.json; receives index.html and figures/")
    folder = parser.parse_args(arguments).folder
    try:
        write_report(folder)
    except (InputError, OSError) as error:
        print(f"noisetrap_report: {error}", file=sys.stderr)
        return 2
    return 0


def write_report(folder):
    """Everything is rendered before anything is written: bad input leaves no half report."""
    results = read_results(folder / "reproduce.json")
    drawings = render_all(results["figures"])
    page = render_page(results, drawings)
    (folder / "figures").mkdir(exist_ok=True)
    for drawing in drawings:
        (folder / "figures" / f"{drawing.name}.svg").write_text(drawing.svg, encoding="utf-8")
    (folder / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
