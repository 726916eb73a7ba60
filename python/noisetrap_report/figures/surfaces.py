"""A loss of two coordinates as a grid of small surfaces, with paths on them."""

from math import isqrt
from textwrap import wrap
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import LightSource
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from ..data import numbers
from ..style import ORANGE, VERMILION, fixed

MECHANISMS = ("Multiplicative noise", "Smoothing by shaking")  # the rows, from above, unless they have names of their own
BLACK, WHITE = fixed("black"), fixed("white")
COLOURS = (fixed(VERMILION), "#7A0F5C", fixed(ORANGE), BLACK)  # of paths: far from the blue of the surface
WIDTH, HEADING, TITLE, NOTE, TALLEST = 11.0, 0.34, 0.26, 0.8, 3.4  # inches
CELLS, POINTS, FINE = 5400, 6000, 96  # of all surfaces and of all paths together, so that the page stays small; dots an
# inch of the surfaces
RIM, LIFT = 2.0, 0.03  # where surfaces end, in heights of the ridge; how far above them paths are drawn
START = {"marker": "o", "color": WHITE, "markeredgecolor": BLACK, "markersize": 6, "linestyle": "none"}
END = {"marker": "X", "markeredgecolor": WHITE, "markeredgewidth": 0.6, "markersize": 9, "linestyle": "none"}


def draw(data):
    panels = data["panels"]
    if not panels:
        raise ValueError("it has no panels")
    places = Places(panels, data.get("rows", MECHANISMS))
    figure, common = Figure(figsize=(WIDTH, places.height), dpi=FINE), common_height(data)
    for panel in panels:
        left, bottom, width, height = places.box(panel)
        axes = figure.add_axes([left - 0.06 * width, bottom, width, height], projection="3d", computed_zorder=False)
        draw_panel(axes, data, panel, common)
        middle = left + width / 2
        figure.text(middle, bottom + height, panel["title"], ha="center", va="bottom", fontsize=10.5)
        note = "\n".join(wrap(panel["note"], places.letters()))
        figure.text(middle, bottom - 0.23 / places.height, note, ha="center", va="top", fontsize=9)
    for name, height in places.headings():
        figure.text(0.012, height, name, ha="left", va="center", weight="bold", fontsize=12)
    figure.legend(*legend(), loc="upper center", ncol=3, borderaxespad=0.2)
    return figure


class Places:
    """Rows and columns in order of their numbers; a name above each row."""

    def __init__(self, panels, names):
        self.names = names
        self.rows, self.columns = (sorted({panel[place] for panel in panels}) for place in ("row", "column"))
        self.surface = min(TALLEST, 0.77 * WIDTH / len(self.columns))
        self.row = HEADING + TITLE + self.surface + NOTE
        self.height = 0.4 + self.row * len(self.rows)

    def top(self, row):
        """In inches above the lower edge."""
        return self.row * (len(self.rows) - self.rows.index(row))

    def box(self, panel):
        """Of the surface: left, bottom, width and height, as shares of the figure."""
        column = self.columns.index(panel["column"])
        return (column / len(self.columns), (self.top(panel["row"]) - HEADING - TITLE - self.surface) / self.height,
                1 / len(self.columns), self.surface / self.height)

    def letters(self):
        """In a line of a note."""
        return int(WIDTH / len(self.columns) / 0.077)

    def headings(self):
        """(name, height) of each row."""
        return [(name, (self.top(row) - HEADING / 2) / self.height) for name, row in zip(self.names, self.rows)]


class Heights(NamedTuple):
    """Of a surface: its lowest point, and where it is cut off."""
    floor: float
    rim: float

    def whole(self):
        return self.rim - self.floor


def common_height(data):
    """From the lowest point of each surface to where it is cut off: what shows the highest ridge, which is at the
    origin."""
    i, j = (np.abs(numbers(data[name])).argmin() for name in "yx")
    surfaces = [numbers(panel["f"]) for panel in data["panels"]]
    ridge = max(f[i, j] - np.nanmin(f) for f in surfaces)
    highest = max(np.nanmax(f) - np.nanmin(f) for f in surfaces)
    return min(highest, RIM * ridge) if ridge > 0.01 * highest else highest


def draw_panel(axes, data, panel, common):
    floor = np.nanmin(numbers(panel["f"]))
    heights = Heights(floor, floor + common)
    x, y, f = thinned(*(numbers(values) for values in (data["x"], data["y"], panel["f"])), len(data["panels"]))
    draw_surface(axes, x, y, f, heights)
    for k, path in enumerate(panel["paths"]):
        most = POINTS // (len(panel["paths"]) * len(data["panels"]))
        draw_path(axes, path, COLOURS[k % len(COLOURS)], (x, y), heights, most)
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), zlim=(heights.floor, heights.rim))
    axes.set_xlabel("x  (length)", labelpad=-4, fontsize=8.5)
    axes.set_ylabel("y  (length)", labelpad=-4, fontsize=8.5)
    axes.set_zlabel("loss", labelpad=-9, fontsize=8.5, rotation=90)
    finish(axes)


def thinned(x, y, f, count):
    """At most so many cells that all surfaces together are not too many."""
    if f.shape != (len(y), len(x)):
        raise ValueError(f"a surface has {' × '.join(map(str, f.shape))} heights over {len(y)} × {len(x)} places")
    most = max(4, isqrt(CELLS // count))
    rows, columns = (np.unique(np.linspace(0, len(values) - 1, most + 1).round().astype(int)) for values in (y, x))
    return x[columns], y[rows], f[np.ix_(rows, columns)]


def draw_surface(axes, x, y, f, heights):
    """Cells in a light blue, darker where the loss is low, cut where they reach the rim."""
    light = LightSource(azdeg=300, altdeg=55)
    slope = np.gradient(f / heights.whole(), y / np.ptp(y), x / np.ptp(x))
    shade = light.shade_normals(np.dstack([-slope[1], -slope[0], np.ones_like(f)]))
    cells, colours = [], []
    for i in range(len(y) - 1):
        for j in range(len(x) - 1):
            corners = [(x[n], y[m], f[m, n]) for m, n in ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))]
            cell = cut(corners, heights.rim)
            if len(cell) > 2:
                cells.append(cell)
                colours.append(colour(f[i:i + 2, j:j + 2].mean(), shade[i:i + 2, j:j + 2].mean(), heights))
    edges = [0.9 * face for face in colours]
    axes.add_collection3d(Poly3DCollection(cells, facecolors=colours, edgecolors=edges, linewidths=0.3, zorder=1,
                                             rasterized=True))


def cut(corners, rim):
    """What of a cell lies below the rim."""
    kept = []
    for here, after in zip(corners, corners[1:] + corners[:1]):
        if here[2] <= rim:
            kept.append(here)
        if (here[2] <= rim) != (after[2] <= rim):
            share = (rim - here[2]) / (after[2] - here[2])
            kept.append(tuple(a + share * (b - a) for a, b in zip(here, after)))
    return kept


def colour(height, shade, heights):
    share = np.clip((height - heights.floor) / heights.whole(), 0, 1)
    return np.clip(np.array(colormaps["Blues"](0.66 - 0.62 * share)[:3]) * (0.8 + 0.2 * shade), 0, 1)


def draw_path(axes, path, colour, domain, heights, most):
    """A line on the surface from its start to its end; what leaves the surface is not drawn."""
    x, y, f = (numbers(path[name]) for name in ("x", "y", "f"))
    kept = np.unique(np.linspace(0, len(x) - 1, max(2, min(len(x), most))).round().astype(int))
    points = np.array([x, y, f + LIFT * heights.whole()])[:, kept]
    seen = on_surface(points, domain, heights)
    axes.plot(*np.where(seen, points, np.nan), color=colour, linewidth=1.1, zorder=5,
              path_effects=[withStroke(linewidth=2.2, foreground=WHITE)])
    if seen.any():
        first, last = np.flatnonzero(seen)[[0, -1]]
        axes.plot(*points[:, [last]], color=colour, zorder=7, **END)
        axes.plot(*points[:, [first]], zorder=6, **START)


def on_surface(points, domain, heights):
    """Which of the points lie within its edges and not above its rim."""
    inside = [(values[0] <= place) & (place <= values[-1]) for place, values in zip(points, domain)]
    return inside[0] & inside[1] & (points[2] <= heights.rim + 2 * LIFT * heights.whole())


def finish(axes):
    """The same view for all, with few ticks and no walls."""
    axes.view_init(elev=42, azim=-68)
    axes.set_box_aspect((1.35, 1, 0.62), zoom=1.2)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.pane.set_visible(False)
    axes.grid(False)
    axes.locator_params(nbins=3)
    axes.tick_params(labelsize=8, pad=-2)
    axes.patch.set_visible(False)


def legend():
    """Handles and labels."""
    labels = ("start of a path", "its end", "its way, a little above the surface")
    return [Line2D([], [], **START), Line2D([], [], **END | {"color": COLOURS[0]}),
            Line2D([], [], color=COLOURS[0], linewidth=1.4)], labels


def caption(data):
    return data["caption"]
