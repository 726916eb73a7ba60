"""Usage: python3 -m noisetrap_report FOLDER  (reads reproduce.json, validation.json, compare.json, sweep.json and page.json
of simulate, as far as they are there, and writes index.html)"""

import argparse
import sys
from pathlib import Path
from typing import Callable, NamedTuple

from . import compare, reproduce, simulate, sweep, validation
from .data import InputError, blamed_on, read_results


class Report(NamedTuple):
    name: str  # NAME.json, and NAME.html where index.html is taken
    command: str  # of noisetrap, which writes NAME.json
    render: Callable  # results -> page, drawings


REPORTS = (Report("reproduce", "reproduce", reproduce.render), Report("validation", "validate", validation.render),
           Report("compare", "compare", compare.render), Report("sweep", "sweep", sweep.render),
           Report("page", "simulate", simulate.render))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="noisetrap_report",
                                     description="Figures and page from what a command of noisetrap has written.")
    parser.add_argument("folder", type=Path, help="holds the results; receives index.html and figures/")
    folder = parser.parse_args(arguments).folder
    try:
        write_reports(folder)
    except (InputError, OSError) as error:
        print(f"noisetrap_report: {error}", file=sys.stderr)
        return 2
    return 0


def write_reports(folder):
    """Everything is rendered before anything is written: bad input leaves no half report."""
    found = [report for report in REPORTS if (folder / f"{report.name}.json").exists()]
    if not found:
        names = " nor ".join(f"{report.name}.json" for report in REPORTS)
        commands = ", ".join(f"'noisetrap {report.command}'" for report in REPORTS)
        raise InputError(f"{folder} holds neither {names}: run one of {commands} first")
    rendered = [render(folder / f"{report.name}.json", report) for report in found]
    for report, (page, drawings) in zip(found, rendered):
        first = report is found[0]
        write(folder / ("index.html" if first else f"{report.name}.html"), page)
        for drawing in drawings:
            write(folder / "figures" / ("" if first else report.name) / f"{drawing.name}.svg", drawing.svg)


def render(path, report):
    with blamed_on(path, report.command):
        results = read_results(path)
        results["configuration"] = configuration_beside(path)
        return report.render(results)


def configuration_beside(path):
    """The text of config.toml, or None."""
    file = path.with_name("config.toml")
    return file.read_text(encoding="utf-8") if file.exists() else None


def write(path, text):
    """Whole or not at all, should somebody stop the program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main())
