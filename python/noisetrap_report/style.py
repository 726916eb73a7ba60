"""One look for all figures: theory in lines, measurements in points with bars of two standard errors."""

import io
import re

import matplotlib.style
from matplotlib import colormaps
from matplotlib.figure import Figure

# Okabe and Ito (2008): distinguishable with every common form of colour blindness.
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
INSIDE, OUTSIDE, THEORY = BLUE, ORANGE, "black"

LOOK = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "lines.linewidth": 1.4,
    "svg.fonttype": "path",
}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def new_figure(width=11.0, height=6.0):
    """A figure in inches, laid out without overlaps."""
    return Figure(figsize=(width, height), layout="constrained")


def render_svg(name, draw):
    """The bytes depend on the data alone: fixed style, fixed identifiers, no date."""
    with matplotlib.style.context(["default", LOOK, {"svg.hashsalt": name}]):
        buffer = io.StringIO()
        draw().savefig(buffer, format="svg", metadata=NO_METADATA)
    return unique_ids(name, buffer.getvalue())


def unique_ids(name, svg):
    """Prefix every identifier, so that several drawings can share one page."""
    return re.sub(r'(\bid="|xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)


def points(axes, x, y, standard_error, **look):
    """Measured values with bars of two standard errors."""
    look = {"fmt": "o", "markersize": 3.2, "elinewidth": 1.0, "capsize": 1.6, "zorder": 3} | look
    return axes.errorbar(x, y, yerr=2 * standard_error, **look)


def shades(count):
    """Light to dark, for early to late times; never as dark as theory."""
    return [colormaps["YlGnBu"](0.3 + 0.42 * k / max(count - 1, 1)) for k in range(count)]


def legend_above(figure, axes, extra=()):
    """One legend for all panels, in a strip of its own above them."""
    handles = [*axes.get_legend_handles_labels()[0], *extra]
    strip = 0.32 / figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - strip))
    figure.legend(handles=handles, loc="upper center", ncol=len(handles), borderaxespad=0.2, columnspacing=1.6)


def note(axes, x, y, text, **look):
    """Words inside a panel, at fractions of its width and height."""
    place = {"ha": "left" if x < 0.5 else "right", "va": "bottom" if y < 0.5 else "top"}
    axes.text(x, y, text, transform=axes.transAxes, **place, **look)
