"""The plane of a sweep: its axes, one panel for each value of the third, and lines where a field has a level."""

from textwrap import fill
from typing import NamedTuple

import numpy as np
from contourpy import contour_generator
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator

from ..data import numbers, shown
from ..style import THEORY, fixed, new_figure
from ..symbols import GREEK, symbols
from .panels import readable_ticks

FINE = 200  # dots per inch of what is not drawn as lines
UNKNOWN = "#e2e2e2"  # not finite, or not measured yet
STYLES = {"exact": "-", "SDE": (0, (5, 2.2))}  # of theory; others:
OTHER_STYLE, MEAN_SQUARE_STYLE = (0, (6, 2, 1.5, 2)), (0, (1.2, 1.4))
BLACK = fixed("black")
HALO = [withStroke(linewidth=2.7, foreground=fixed("white"))]
DECADES = 30  # largest over smallest value, beyond which positive values are shown by their logarithms


class Axis:
    """One key's values; words have the places 0, 1, 2, ..."""

    def __init__(self, record):
        self.name, self.scale, self.values = record["name"], record["scale"], record["values"]
        if not self.values:
            raise ValueError(f"the axis '{self.name}' has no values")
        if self.scale not in ("linear", "log", "list", "words"):
            raise ValueError(f"the axis '{self.name}' has the scale '{self.scale}'")
        self.words = self.scale == "words" or isinstance(self.values[0], str)
        self.places = np.arange(len(self.values), dtype=float) if self.words else numbers(self.values)
        self.log = self.scale == "log" or self.scale == "list" and not self.words and of_equal_ratios(self.places)
        if self.log and not (self.places > 0).all():
            raise ValueError(f"the axis '{self.name}' is logarithmic, but not all of its values are positive")
        self.label = label_of(record["meaning"], symbol(self.name), record["unit"])

    def __len__(self):
        return len(self.values)

    def place_of(self, values):
        """Words by name; numbers stand for themselves, or for places among words."""
        if not self.words:
            return numbers(values)
        return numbers([(self.values if isinstance(one, str) else range(len(self))).index(one) for one in values])

    def spread(self):
        """Places as they lie on the scale that is shown; unspread() leads back."""
        return np.log(self.places) if self.log else self.places

    def unspread(self, place):
        return np.exp(place) if self.log else place

    def edges(self):
        """Of cells: half way between values."""
        place = self.spread()
        middle = (place[1:] + place[:-1]) / 2
        gap = np.diff(place) / 2 if len(place) > 1 else numbers([0.5])
        return self.unspread(np.array([place[0] - gap[0], *middle, place[-1] + gap[-1]]))

    def named(self, k):
        return f"{symbol(self.name)} = {self.word(k, '.3g')}"

    def word(self, k, form=".4g"):
        """What is 0 but for rounding is 0."""
        value = self.values[k]
        if not self.words and abs(value) < 1e-9 * np.abs(self.places).max():
            value = 0
        return in_words(value, form)

    def prepare(self, axes, direction, limits):
        """Scale, limits, ticks and label; a label no longer than the panel."""
        axis = getattr(axes, f"{direction}axis")
        if self.log:
            getattr(axes, f"set_{direction}scale")("log")
        getattr(axes, f"set_{direction}lim")(limits)
        if self.words:
            axis.set_ticks(self.places, map(str, self.values))
            axis.set_tick_params(length=0)
            axis.set_label_text(self.label)
        else:
            self.number_ticks(axis, limits)
        axis.set_label_text(fill(axis.get_label_text(), 46))

    def number_ticks(self, axis, limits):
        if self.scale == "list" and len(self) <= 8:
            axis.set_ticks(self.places)
            axis.set_ticks([], minor=True)
            axis.set_major_formatter(lambda value, _: shown(value, ".6g"))
        elif self.log and limits[1] < 300 * limits[0]:
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter(lambda value, _: shown(value, ".6g"))
            axis.set_ticks([], minor=True)
        readable_ticks(axis, self.label, limits)


def of_equal_ratios(places):
    """1, 2, 4, 8, ...: a list whose values are told apart by their ratios."""
    if len(places) < 3 or (places <= 0).any():
        return False
    ratios = places[1:] / places[:-1]
    return ratios[0] > 1 and np.allclose(ratios, ratios[0])


SINGLE_ROW = {"name": "", "scale": "words", "values": [""], "meaning": "", "unit": ""}


class Grid:
    """All points of a sweep: across, up, and one panel for each value of the third axis."""

    def __init__(self, results):
        axes = [Axis(record) for record in results["axes"]]
        if not 1 <= len(axes) <= 3:
            raise ValueError(f"it has {len(axes)} axes, not 1 to 3")
        self.axes, self.shape = axes, tuple(map(len, axes))
        self.flat = len(axes) == 1
        self.across, self.up = axes[0], axes[1] if len(axes) > 1 else Axis(SINGLE_ROW)
        self.third = axes[2] if len(axes) == 3 else None
        self.panels = len(self.third) if self.third else 1
        self.in_words = self.across.words or self.up.words

    def field(self, flat):
        """[across, up, panel]; null is NaN."""
        return numbers(flat).reshape(self.shape + (1,) * (3 - len(self.shape)))

    def title(self, k):
        return self.third.named(k) if self.third else ""

    def figure(self):
        """A figure and one pair of axes for each panel, with scales, labels and titles."""
        columns = {1: 1, 2: 2, 4: 2}.get(self.panels, 3)
        rows = -(-self.panels // columns)
        wide, high = {1: (7.8, 5.0), 2: (11.0, 4.4), 3: (11.0, 3.7)}[columns]
        figure = new_figure(wide, 0.9 + (0.7 if self.flat else high) * rows, dpi=FINE)
        places = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat
        for spare in places[self.panels:]:
            spare.remove()
        for k, axes in enumerate(places[:self.panels]):
            self.prepare(axes, k, left=k % columns == 0, bottom=k + columns >= self.panels)
        return figure, list(places[:self.panels])

    def prepare(self, axes, k, left, bottom):
        axes.grid(False)
        axes.set_facecolor(UNKNOWN)
        self.across.prepare(axes, "x", self.across.edges()[[0, -1]])
        self.up.prepare(axes, "y", self.up.edges()[[0, -1]])
        axes.set_title(self.title(k))
        axes.xaxis.label.set_visible(bottom)
        axes.yaxis.label.set_visible(left)
        axes.tick_params(labelbottom=bottom)

    def mesh(self, axes, field, **look):
        """Cells, as dots: they are many."""
        return axes.pcolormesh(self.across.edges(), self.up.edges(), np.ma.masked_invalid(field.T), rasterized=True,
                               **look)

    def level_lines(self, field, level):
        """Where a field of one panel has the level, as (x, y) lines; over words, a stroke across each cell."""
        if self.in_words:
            return self.strokes(field, level)
        if min(field.shape) < 2:
            return []
        found = contour_generator(self.across.spread(), self.up.spread(), np.ma.masked_invalid(field.T)).lines(level)
        return [(self.across.unspread(line[:, 0]), self.up.unspread(line[:, 1])) for line in found]

    def strokes(self, field, level):
        if self.up.words and not self.across.words:
            return [([x, x], [k - 0.5, k + 0.5]) for k, row in enumerate(field.T)
                    for x in crossings(self.across, row, level)]
        if self.across.words and not self.up.words:
            return [([k - 0.5, k + 0.5], [y, y]) for k, column in enumerate(field)
                    for y in crossings(self.up, column, level)]
        return []


def crossings(axis, values, level):
    """Where values over an axis pass the level, on a straight line between neighbours."""
    place, height = axis.spread(), values - level
    found = np.flatnonzero((height[:-1] < 0) != (height[1:] < 0))
    found = found[np.isfinite(height[found]) & np.isfinite(height[found + 1])]
    return axis.unspread(place[found] + np.diff(place)[found] * height[found] / (height[found] - height[found + 1]))


def symbol(name):
    return GREEK.get(name, name)


def in_words(value, form=".4g"):
    return value if isinstance(value, str) else shown(value, form)


PARAMETER_OF_FORMULA = "parameter of the formula"  # which says less than its name


def label_of(meaning, name, unit):
    """'attractive noise σ  (1/step)'; what follows a semicolon is left to the text, and so are names that are words."""
    words = symbols(meaning.partition(";")[0].strip())
    if words == PARAMETER_OF_FORMULA:
        words = ""
    start = f"{words} {name}" if words and len(name) <= 2 else words or name
    return f"{start}  ({symbols(unit)})" if unit not in ("", "-", "–", "1") else start


class Line(NamedTuple):
    """A boundary that theory gives: its name, how it looks, and where it is in a panel."""
    label: str
    look: dict
    lines: object  # panel -> list of (x, y)

    def draw(self, axes, k, plain=False):
        """With a light seam, since it crosses all colours; plain: a solid one without it."""
        seam = None if plain and self.look["linestyle"] == "-" else HALO
        for x, y in self.lines(k):
            axes.plot(x, y, path_effects=seam, zorder=4, **self.look | {"color": BLACK})

    def handle(self):
        return Line2D([], [], label=self.label, **self.look)


def style_of(name, kind=None):
    return MEAN_SQUARE_STYLE if kind == "mean_square" else STYLES.get(name, OTHER_STYLE)


def theory_lines(results, grid, observable):
    """Where each theory of an observable has its level."""
    level, kind = observable["level"], observable["kind"]
    if level is None:
        return []
    return [Line(f"{name}: {observable['name']} = {shown(level)}", look_of(name, kind),
                 lambda k, field=field: grid.level_lines(field[..., k], level))
            for name, field in theories(grid, observable).items()]


def look_of(name, kind=None):
    return {"color": THEORY, "linewidth": 1.4, "linestyle": style_of(name, kind)}


def theories(grid, observable):
    return {theory["name"]: grid.field(theory["value"]) for theory in observable["theory"]}


def is_of_boundary(results, observable):
    boundary = results["boundary"]
    return boundary is not None and (boundary["observable"], boundary["level"]) == (observable["name"],
                                                                                   observable["level"])


def boundary_theory(results, grid):
    """Name of a theory -> its curves in each panel."""
    curves = results["boundary"]["theory"]

    def of(name):
        return lambda k: [curve_places(grid, curve) for curve in curves
                          if curve["name"] == name and curve["panel"] in (None, k)]
    return {curve["name"]: of(curve["name"]) for curve in curves}


def only_boundary_theory(results, grid):
    """Lines of the boundary's theories, where no observable has them."""
    boundary = results["boundary"]
    return [Line(f"{name}: {boundary['observable']} = {shown(boundary['level'])}", look_of(name), lines)
            for name, lines in boundary_theory(results, grid).items()]


def curve_places(grid, curve):
    """Of a curve over words: a stroke across each column, and gaps between them."""
    x, y = grid.across.place_of(curve["x"]), numbers(curve["y"])
    if grid.across.words:
        gap = np.full_like(x, np.nan)
        return np.ravel(np.transpose([x - 0.5, x + 0.5, gap])), np.ravel(np.transpose([y, y, gap]))
    return x, y


def spans_decades(values):
    """Whether numbers are better told apart by their logarithms."""
    known = values[np.isfinite(values)]
    return known.size > 0 and known.min() > 0 and known.max() > DECADES * known.min()


def slug(name):
    """A name that can be a file's."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
