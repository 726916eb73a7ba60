"""One look for all figures: theory in lines, measurements in points with bars of two standard errors."""

import base64
import io
import re
from contextvars import ContextVar
from math import ceil

import matplotlib.style
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito (2008): distinguishable with every common form of colour blindness.
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
INSIDE, OUTSIDE, THEORY = BLUE, ORANGE, "black"

# What colours of drawings become on the dark ground of a page by night: ink and paper change places, all others grow
# lighter and stay apart. Shades that are not here stay as they are.
NIGHT = {"#000000": "#ececec", "#ffffff": "#15181b", "#e4e4e4": "#2c3136", "#d0d0d0": "#3b4147", "#555555": "#b4b4b4",
         "#6b6b6b": "#a8a8a8", "#767676": "#9c9c9c", BLUE: "#4c9fe2", VERMILION: "#ff8b40", GREEN: "#2fc697",
         PURPLE: "#e292c1", ORANGE: "#f2b737", SKY: "#9bd8fa", "#003A5C": "#7cb4da", "#7A2F00": "#d8956d",
         "#00523B": "#6cc0a4", "#7F2F5C": "#d48bb4", "#805800": "#cdac5a"}

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


PAPER = {"pdf.fonttype": 42, "svg.fonttype": "none"}  # letters stay letters, which other programs can change
PAPER_WIDTH = ContextVar("inches that all figures are wide", default=None)


def new_figure(width=11.0, height=6.0, dpi=None):
    """A figure in inches, laid out without overlaps; dpi is that of its parts that are dots instead of lines. On paper of
    another width it is less tall too, but not in proportion: its letters keep their size."""
    wanted = PAPER_WIDTH.get() or width
    width, height = wanted, height * min(1.0, (wanted / width) ** 0.5)
    return Figure(figsize=(width, height), dpi=dpi, layout="constrained")


def render_svg(name, draw):
    """The bytes depend on the data alone: fixed style, fixed identifiers, no date."""
    with matplotlib.style.context(["default", LOOK, {"svg.hashsalt": name}]):
        buffer = io.StringIO()
        draw().savefig(buffer, format="svg", metadata=NO_METADATA)
    return unique_ids(name, lean(buffer.getvalue()))


def save_for_paper(path, draw, width=None, font=None, size=None):
    """The kind of file follows from its name. The font is one that matplotlib finds."""
    look = PAPER | ({"font.family": font} if font else {})
    if size:
        look |= {"font.size": size, "legend.fontsize": size, "axes.titlesize": size + 1}
    token = PAPER_WIDTH.set(width)
    try:
        with matplotlib.style.context(["default", LOOK, look]):
            draw().savefig(path, metadata={"CreationDate": None} if path.suffix == ".pdf" else NO_METADATA)
    finally:
        PAPER_WIDTH.reset(token)


def unique_ids(name, svg):
    """Every identifier becomes the drawing's name and a number, so that several drawings can share one page; links to the
    page stay as they are."""
    ids = {found: f"{name}-{number:x}" for number, found in enumerate(re.findall(r'\bid="([^"]*)"', svg))}
    return re.sub(r'(\bid="|<use xlink:href="#|url\(#)([^")]*)', lambda found: found[1] + ids.get(found[2], found[2]), svg)


def lean(svg):
    """The same picture in fewer bytes: hundredths of a point, no names that nobody uses, like strokes in one path, a
    common style once, 128 colours in parts that are dots."""
    svg = re.sub(r"(data:image/png;base64,)([^\"]*)", lambda image: image[1] + few_colours(image[2]), svg)
    svg = re.sub(r">\s+<", "><", re.sub(r' (?:d|x|y)="[^"]*"|translate\([^)]*\)', shortened, svg))
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda name: name[0] if name[1] in used else "", svg)
    stroke = r'<path d="[^"]*"((?: clip-path="[^"]*")? style="fill: none;[^"]*")/>'
    svg = re.sub(stroke + r'(?:\s*<path d="[^"]*"\1/>)+', joined, svg)
    marks = r'<g([^>]*)>(\s*<use [^>]*?) (style="[^"]*")/>((?:\s*<use [^>]*? \3/>)+)\s*</g>'
    return re.sub(marks, lambda run: f"<g{run[1]} {run[3]}>{run[2]}/>{run[4].replace(f' {run[3]}', '')}</g>", svg)


def few_colours(coded):
    """A picture of dots with a table of its colours."""
    image = Image.open(io.BytesIO(base64.b64decode(coded))).convert("RGBA")
    buffer = io.BytesIO()
    image.quantize(128, method=Image.Quantize.FASTOCTREE).save(buffer, "png", optimize=True)
    return min(base64.b64encode(buffer.getvalue()).decode(), coded, key=len)


def by_night(svg):
    """The same with each colour that changes as a variable of the page: --0072b2 for #0072b2."""
    changing = "|".join(colour[1:].lower() for colour in NIGHT)
    return re.sub(rf"((?:fill|stroke): )#({changing})\b", r"\1var(--\2)", svg)


def fixed(colour):
    """The same to the eye, and no colour that changes by night: for what lies on pictures, which do not change."""
    number = int(to_hex(colour)[1:], 16)
    return f"#{number + 1 if number % 256 < 255 else number - 1:06x}"


def shortened(attribute):
    """No digits beyond the second after the point, no line breaks."""
    return re.sub(r"\d+\.\d{3,}", lambda digits: f"{float(digits[0]):.2f}", attribute[0]).replace(" \n", "")


def joined(run):
    """Paths that follow each other and look the same, as one."""
    strokes = "".join(re.findall(r'<path d="([^"]*)"', run[0]))
    return f'<path d="{strokes}"{run[1]}/>'


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
    legend_strip(figure, handles, [handle.get_label() for handle in handles])


def legend_strip(figure, handles, labels):
    """As many entries side by side as the figure is wide, and room for them at its top."""
    if not labels:
        return
    columns = columns_that_fit(labels, figure.get_figwidth())
    inches = 0.1 + 0.22 * ceil(len(labels) / columns)
    if PAPER_WIDTH.get():  # a narrow figure has a high legend, which is no part of its height
        figure.set_figheight(figure.get_figheight() + inches)
    strip = inches / figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - strip))
    figure.legend(handles, labels, loc="upper center", ncol=columns, borderaxespad=0.2, columnspacing=1.6)


def columns_that_fit(labels, width):
    """Of a legend, by the usual width of letters in inches."""
    widths = [0.6 + 0.075 * len(label) for label in labels]
    return len(labels) if sum(widths) < width else max(1, int(width / max(widths)))


def note(axes, x, y, text, **look):
    """Words inside a panel, at fractions of its width and height."""
    place = {"ha": "left" if x < 0.5 else "right", "va": "bottom" if y < 0.5 else "top"}
    axes.text(x, y, text, transform=axes.transAxes, **place, **look)
