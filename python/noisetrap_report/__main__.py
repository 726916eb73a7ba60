"""Usage: python3 -m noisetrap_report FOLDER  (reads reproduce.json, validation.json, compare.json, sweep.json,
landscape.json, spectrum.json, analyse.json, escape.json, and page.json of simulate, as far as they are there, and writes
index.html)"""

import argparse
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Callable, NamedTuple

from matplotlib import font_manager

from . import analyse, compare, escape, landscape, reproduce, simulate, spectrum, sweep, validation
from .data import InputError, blamed_on, read_results
from .style import save_for_paper


class Report(NamedTuple):
    name: str  # NAME.json, and NAME.html where index.html is taken
    command: str  # of noisetrap, which writes NAME.json
    render: Callable  # results -> page, drawings


REPORTS = (Report("reproduce", "reproduce", reproduce.render), Report("validation", "validate", validation.render),
           Report("compare", "compare", compare.render), Report("sweep", "sweep", sweep.render),
           Report("landscape", "landscape", landscape.render), Report("spectrum", "spectrum", spectrum.render),
           Report("analyse", "analyse", analyse.render), Report("escape", "escape", escape.render),
           Report("page", "simulate", simulate.render))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="noisetrap_report",
                                     description="Figures and page from what a command of noisetrap has written.")
    parser.add_argument("folder", type=Path, help="holds the results; receives index.html and figures/")
    paper = parser.add_argument_group("a figure for a paper")
    paper.add_argument("--figure", metavar="NAME", help="write this figure alone, as FOLDER/NAME.svg")
    paper.add_argument("--pdf", action="store_true", help="as FOLDER/NAME.pdf")
    paper.add_argument("--width", type=float, metavar="INCHES", help="as wide as a column, for example 3.4 or 7")
    paper.add_argument("--font", metavar="FAMILY", help='for example "STIXGeneral" or "DejaVu Serif"')
    paper.add_argument("--size", type=float, metavar="POINTS", help="of its letters (9.5 unless given)")
    asked = parser.parse_args(arguments)
    try:
        if asked.figure:
            print(write_figure(asked))
        else:
            write_reports(asked.folder)
    except (InputError, OSError) as error:
        print(f"noisetrap_report: {error}", file=sys.stderr)
        return 2
    return 0


def reports_in(folder):
    found = [report for report in REPORTS if (folder / f"{report.name}.json").exists()]
    if not found:
        names = " nor ".join(f"{report.name}.json" for report in REPORTS)
        commands = ", ".join(f"'noisetrap {report.command}'" for report in REPORTS)
        raise InputError(f"{folder} holds neither {names}: run one of {commands} first")
    return found


def write_reports(folder):
    """Everything is rendered before anything is written: bad input leaves no half report."""
    found = reports_in(folder)
    rendered = [render(folder / f"{report.name}.json", report) for report in found]
    for report, (page, drawings) in zip(found, rendered):
        first = report is found[0]
        write(folder / ("index.html" if first else f"{report.name}.html"), page)
        for name, svg in drawings.items():
            write(folder / "figures" / ("" if first else report.name) / f"{name}.svg", svg)


def render(path, report):
    """The page, and its figures by name."""
    with blamed_on(path, report.command):
        page, drawings = described(path, report)
        return page(), {drawing.name: drawing.svg for drawing in drawings}


def described(path, report):
    results = read_results(path)
    results["configuration"] = configuration_beside(path)
    return report.render(results)


def write_figure(asked):
    """One figure as a file for a paper; returns the file."""
    check_paper(asked)
    names = []
    for report in reports_in(asked.folder):
        path = asked.folder / f"{report.name}.json"
        with blamed_on(path, report.command):
            drawings = {drawing.name: drawing for drawing in described(path, report)[1]}
            if asked.figure in drawings:
                file = asked.folder / f"{asked.figure}.{'pdf' if asked.pdf else 'svg'}"
                save_for_paper(file, drawings[asked.figure].draw, asked.width, asked.font, asked.size)
                return file
        names += drawings
    raise InputError(f"--figure {asked.figure}: there is none of this name; there are {', '.join(names)}")


def check_paper(asked):
    if asked.width is not None and not 1 <= asked.width <= 40:
        raise InputError(f"--width {asked.width:g}: inches from 1 to 40 are wanted")
    if asked.size is not None and not 3 <= asked.size <= 40:
        raise InputError(f"--size {asked.size:g}: points from 3 to 40 are wanted")
    if asked.font and asked.font not in font_manager.get_font_names():
        near = get_close_matches(asked.font, font_manager.get_font_names(), 1)
        raise InputError(f"--font {asked.font}: matplotlib finds no such font" + (f"; did you mean {near[0]}?" if near else ""))


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
