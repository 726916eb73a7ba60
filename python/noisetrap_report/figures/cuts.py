"""One observable along lines through the plane, point by point beside theory."""

from typing import NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from ..data import counted, shown
from ..style import BLUE, SERIES, THEORY, legend_strip, new_figure, note, points
from .maps import SHARES
from .plane import Axis, Grid, spans_decades, style_of, theories

MOST, MOST_POINTS = 4, 40  # values of an axis that are shown; points of a line
MARKERS = "osD^vP"
FAR = 0.7  # times the range of nearly all values; beyond it an outlier is left outside the axes


class Series(NamedTuple):
    """One observable along the axis that is followed."""
    label: str
    value: np.ndarray
    error: np.ndarray
    theory: dict  # name -> values


class Panel(NamedTuple):
    title: str
    series: list


class Cuts(NamedTuple):
    along: Axis
    rows: list  # of lists of panels
    left_out: str  # words for what the picture does not show


def cuts_of(results, k):
    """Which lines are drawn: over the second axis, at some values of the first; beside words, one for each of them."""
    grid, observable = Grid(results), results["observables"][k]
    fields = (grid.field(observable["value"]), grid.field(observable["standard_error"]), theories(grid, observable))
    if grid.flat:
        return Cuts(grid.across, [[Panel("", [line(fields, np.s_[:, 0, 0])])]], "")
    if grid.in_words:
        return cuts_by_word(grid, fields)
    across, panels = some(len(grid.across)), some(grid.panels)
    rows = [[Panel(title_of(grid, i, k), [line(fields, np.s_[i, :, k])]) for i in across] for k in panels]
    return Cuts(grid.up, rows, left_out(grid, panels))


def cuts_by_word(grid, fields):
    along = grid.across if grid.up.words else grid.up
    words, panels = (grid.up if grid.up.words else grid.across), range(grid.panels)
    found = [Panel(grid.title(k), [line(fields, np.s_[:, j, k] if grid.up.words else np.s_[j, :, k], word)
                                   for j, word in enumerate(words.values)]) for k in panels]
    width = min(3, len(found))
    return Cuts(along, [found[start:start + width] for start in range(0, len(found), width)], "")


def line(fields, where, label=""):
    value, error, theory = fields
    return Series(str(label), value[where], error[where], {name: field[where] for name, field in theory.items()})


def some(count):
    """Places of a few values, evenly spread and not at the ends where there is a choice."""
    return list(range(count)) if count <= MOST else [round((count - 1) * (2 * k + 1) / (2 * MOST)) for k in range(MOST)]


def title_of(grid, i, k):
    """Two lines where there are two names: side by side they run into the next panel's."""
    return "\n".join(name for name in (grid.across.named(i), grid.title(k)) if name)


def left_out(grid, panels):
    if len(panels) == grid.panels:
        return ""
    return f"Of {grid.panels} values of {grid.third.name} {len(panels)} are shown. "


def draw(results, k):
    cuts, observable = cuts_of(results, k), results["observables"][k]
    rows, columns = len(cuts.rows), max(map(len, cuts.rows))
    alone = rows * columns == 1
    figure = new_figure(8.2 if alone else 11.0, 4.8 if alone else 0.8 + rows * (2.5 if columns > 2 else 3.2))
    places = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    limits = heights(cuts, observable)
    for axes, panel in zip(places.flat, [panel for row in cuts.rows for panel in row]):
        draw_panel(axes, cuts.along, panel, observable, limits)
    for spare in list(places.flat)[sum(map(len, cuts.rows)):]:
        spare.remove()
    label_all(figure, places, cuts, observable)
    legend_strip(figure, *legend(cuts, observable))
    return figure


def draw_panel(axes, along, panel, observable, limits):
    """Theory is black, unless lines of several words differ in it."""
    for n, series in enumerate(panel.series):
        colour = colour_of(panel, n)
        for name in series.theory:
            draw_theory(axes, along, series, name, THEORY if common(panel, name) else colour)
        draw_points(axes, along, series, colour, MARKERS[n // len(SERIES) % len(MARKERS)])
    if observable["level"] is not None:
        axes.axhline(observable["level"], color="#767676", linewidth=0.9, zorder=1.5)
    if logarithmic(observable, limits):
        axes.set_yscale("log")
    axes.set(ylim=limits, title=panel.title)
    along.prepare(axes, "x", along.edges()[[0, -1]])
    tell_outside(axes, panel, limits)


def colour_of(panel, n):
    return BLUE if len(panel.series) == 1 else SERIES[n % len(SERIES)]


def common(panel, name):
    """Whether a theory says the same of all words."""
    first = panel.series[0].theory[name]
    return all(np.array_equal(series.theory[name], first, equal_nan=True) for series in panel.series)


def draw_theory(axes, along, series, name, colour):
    look = {"color": colour, "linewidth": 1.3, "linestyle": style_of(name), "zorder": 2.5}
    if along.words:
        axes.hlines(series.theory[name], along.places - 0.35, along.places + 0.35, **look)
    else:
        axes.plot(along.places, series.theory[name], **look)


def draw_points(axes, along, series, colour, marker):
    kept = thinned(len(along))
    x, y, error = along.places[kept], series.value[kept], np.nan_to_num(series.error[kept])
    known = np.isfinite(y)
    points(axes, x[known], y[known], error[known], color=colour, fmt=marker, capsize=0, markersize=3.4)


def thinned(count):
    return np.arange(0, count, -(-count // MOST_POINTS))


def measured(cuts):
    values = np.concatenate([series.value for row in cuts.rows for panel in row for series in panel.series])
    return values[np.isfinite(values)]


def heights(cuts, observable):
    """Of all panels: what was measured, without what lies far off."""
    known = measured(cuts)
    if not known.size:
        return (-1.0, 1.0)
    if observable["kind"] in SHARES:
        return (-0.03, 1.03)
    if spans_decades(known):
        return (known.min() / 1.5, 1.5 * known.max())
    low, high = np.percentile(known, [3, 97])
    reach = FAR * (high - low)
    low, high = max(known.min(), low - reach), min(known.max(), high + reach)
    if observable["level"] is not None:
        low, high = min(low, observable["level"]), max(high, observable["level"])
    room = 0.07 * (high - low) or 1.0
    return (low - room, high + room)


def logarithmic(observable, limits):
    return observable["kind"] not in SHARES and limits[0] > 0 and limits[1] > 30 * limits[0]


def tell_outside(axes, panel, limits):
    kept = thinned(len(panel.series[0].value))
    values = np.concatenate([series.value[kept] for series in panel.series])
    count = np.count_nonzero((values < limits[0]) | (values > limits[1]))
    if count:
        note(axes, 0.98, 0.03, f"{counted(count, 'point')} outside", fontsize=8.5, color="#555555", zorder=5,
             bbox={"color": "white", "alpha": 0.8, "pad": 1})


def label_all(figure, places, cuts, observable):
    """Once for all panels of a row or a column."""
    name = observable["meaning"] + (f"  ({observable['unit']})" if observable["unit"] else "")
    figure.supylabel(name, fontsize=9.5)
    figure.supxlabel(places[0, 0].get_xlabel(), fontsize=9.5)
    for axes in places.flat:
        axes.label_outer()
        axes.set_xlabel("")
        if not (observable["kind"] not in SHARES and axes.get_yscale() == "log"):
            axes.yaxis.set_major_formatter(lambda value, _: shown(round(value, 12), ".6g"))


def legend(cuts, observable):
    """Words by colour, theories by their lines."""
    first = cuts.rows[0][0]
    handles = [Line2D([], [], color=colour_of(first, n), marker=MARKERS[n // len(SERIES) % len(MARKERS)],
                      linestyle="none", markersize=4.5, label=series.label or "measured ± 2 standard errors")
               for n, series in enumerate(first.series)]
    handles += [Line2D([], [], color=THEORY if common(first, name) else "#767676", linewidth=1.3,
                       linestyle=style_of(name), label=name) for name in first.series[0].theory]
    return handles, [handle.get_label() for handle in handles]


def caption(results, k):
    cuts, observable = cuts_of(results, k), results["observables"][k]
    words = "Points are measured, with bars of two standard errors"
    words += "; lines are theory. " if observable["theory"] else ". "
    if observable["level"] is not None:
        words += f"The grey line is the level {shown(observable['level'])}. "
    if len(cuts.along) > MOST_POINTS:
        words += f"Of {len(cuts.along)} points of a line {len(thinned(len(cuts.along)))} are drawn. "
    return words + cuts.left_out
