"""One observable over the plane: colours about its level, or in order where it has none."""

from typing import NamedTuple

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize, TwoSlopeNorm
from matplotlib.lines import Line2D

from ..data import counted, shown
from ..style import BLUE, GREEN, VERMILION, fixed, legend_strip
from . import measured_boundary
from .plane import Grid, is_of_boundary, spans_decades, theories, theory_lines

DIVERGING = LinearSegmentedColormap.from_list(
    "trap", ["#012f4e", BLUE, "#8fc3e4", "#f7f7f7", "#f2b98a", VERMILION, "#6b2600"])
SHARES, LOPSIDED = ("escaped", "trapped"), 5  # shares of paths; how far one side's colours may outreach the other's
FEW = 50  # values, of which none is an outlier
MEASURED = {"color": fixed(GREEN), "linewidth": 2.8, "zorder": 3.6}


class Scale(NamedTuple):
    colours: object
    norm: object
    extend: str  # which ends of the scale are passed


def draw(results, k):
    grid, observable = Grid(results), results["observables"][k]
    value = grid.field(observable["value"])
    scale, lines = scale_of(value, observable), theory_lines(results, grid, observable)
    figure, places = grid.figure()
    for panel, axes in enumerate(places):
        drawn = grid.mesh(axes, value[..., panel], cmap=scale.colours, norm=scale.norm)
        draw_measured(axes, results, grid, observable, value[..., panel], panel)
        for line in lines:
            line.draw(axes, panel, plain=True)
    add_bar(figure, places, drawn, scale, observable)
    handles = measured_handles(results, observable, value) + [line.handle() for line in lines]
    legend_strip(figure, handles, [handle.get_label() for handle in handles])
    return figure


def draw_measured(axes, results, grid, observable, value, panel):
    """Where measurements have the level: the boundary that was searched for, or else between neighbours."""
    if observable["level"] is None:
        return
    if is_of_boundary(results, observable):
        measured_boundary.draw_on_map(axes, grid, results["boundary"], panel)
        return
    for x, y in grid.level_lines(value, observable["level"]):
        axes.plot(x, y, **MEASURED)


def is_passed(value, level):
    """Whether measurements lie on both sides of the level, so that there is a line to draw between them."""
    known = value[np.isfinite(value)]
    return level is not None and known.size > 0 and bool(known.min() < level < known.max())


def measured_handles(results, observable, value):
    if observable["level"] is None:
        return []
    if is_of_boundary(results, observable):
        return [measured_boundary.handle(results["boundary"])]
    if not is_passed(value, observable["level"]):
        return []
    name = f"measured: {observable['name']} = {shown(observable['level'])}"
    return [Line2D([], [], label=name, **MEASURED)]


def scale_of(value, observable):
    """Limits that outliers do not move."""
    known = value[np.isfinite(value)]
    if not known.size:
        return Scale("cividis", Normalize(0, 1), "neither")
    if observable["level"] is not None:
        norm = centred(known, observable)
        return Scale(DIVERGING, norm, passed(known, norm))
    low, high = np.percentile(known, [1, 99]) if known.size > FEW else (known.min(), known.max())
    norm = (LogNorm if spans_decades(known) else Normalize)(low, high if high > low else low + (abs(low) or 1))
    return Scale("cividis", norm, passed(known, norm))


def centred(known, observable):
    """Shares from none to all; else as far on either side of the level as the values go, but not so far that those on
    the other side pale."""
    level = observable["level"]
    above, below = known[known > level] - level, level - known[known < level]
    if observable["kind"] in SHARES and 0 < level < 1:
        return TwoSlopeNorm(level, 0, 1)
    sides = [np.percentile(side, 90) if known.size > FEW else side.max() for side in (above, below)
             if side.size]
    reach = min(max(sides), LOPSIDED * min(sides)) if sides else 1.0
    return Normalize(level - reach, level + reach)


def passed(known, norm):
    """As a colour bar's extend says it."""
    below, above = known.min() < norm.vmin, known.max() > norm.vmax
    return {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[below, above]


def add_bar(figure, places, drawn, scale, observable):
    label = observable["meaning"] + (f"  ({observable['unit']})" if observable["unit"] else "")
    bar = figure.colorbar(drawn, ax=places, extend=scale.extend, label=label, pad=0.015, fraction=0.05, aspect=24)
    bar.solids.set_rasterized(True)
    bar.outline.set_linewidth(0.5)
    if not isinstance(scale.norm, LogNorm):
        bar.ax.yaxis.set_major_formatter(lambda value, _: shown(round(value, 12), ".4g"))


def caption(results, k):
    grid, observable = Grid(results), results["observables"][k]
    value = grid.field(observable["value"])
    scale, missing = scale_of(value, observable), np.count_nonzero(~np.isfinite(value))
    words = f"Measured {observable['meaning']} at each of {counted(value.size, 'point')}. "
    if observable["level"] is not None:
        where = ("lines are where it is reached" if is_passed(value, observable["level"]) or theories(grid, observable)
                 or is_of_boundary(results, observable) else "all points lie on one side of it")
        words += f"White is the level {shown(observable['level'])}; {where}. "
    if scale.extend != "neither":
        words += "Colours end before the farthest values do: the bar has arrows there. "
    if missing:
        words += f"Grey: {counted(missing, 'point')} that {'has' if missing == 1 else 'have'} no finite value."
    return words
