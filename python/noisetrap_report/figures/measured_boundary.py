"""The boundary that was searched for point by point, with its band of confidence: on a map, and beside theory's."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..data import counted, numbers, percent, shown
from ..style import BLUE, VERMILION, legend_strip, new_figure, points
from .plane import Grid, in_words, look_of, symbol

COLOUR = "#c2185b"  # lies well on all colours of phases
WIDTH = 5.0  # shows beside a line of theory that covers it
MANY = 40  # points with bars, of one curve
EDGES = {False: ("falls", BLUE), True: ("rises", VERMILION)}


def of_panel(boundary, k):
    return [curve for curve in boundary["curves"] if curve["panel"] in (None, k)]


def draw_on_map(axes, grid, boundary, k):
    """The line, and the band that holds it."""
    for curve in of_panel(boundary, k):
        x = grid.across.place_of(curve["x"])
        y, low, high = (numbers(curve[name]) for name in ("y", "low", "high"))
        if grid.across.words:
            axes.bar(x, high - low, 0.9, low, color=COLOUR, alpha=0.3)
            axes.hlines(y, x - 0.45, x + 0.45, color=COLOUR, linewidth=WIDTH, zorder=3.5)
        else:
            axes.fill_between(x, low, high, color=COLOUR, alpha=0.3, linewidth=0, zorder=3)
            axes.plot(x, y, color=COLOUR, linewidth=WIDTH, zorder=3.5)


def handle(boundary):
    name = f"measured boundary, {boundary['observable']} = {shown(boundary['level'])}"
    return Line2D([], [], color=COLOUR, linewidth=WIDTH, label=name)


def words(boundary):
    return (f"The band about the measured boundary holds it with odds of {percent(1 - boundary['error'])} or more. "
            if boundary["error"] else "")


def reference(boundary):
    """The theory that the boundary is set beside: the exact one, where it is known."""
    names = [curve["name"] for curve in boundary["theory"]]
    return "exact" if "exact" in names else names[0] if names else None


def theory_at(boundary, curve, name, grid):
    """Heights of a theory's boundary at the points of a measured one; NaN where it has none."""
    pieces = [theory for theory in boundary["theory"] if theory["name"] == name
              and theory["rising"] == curve["rising"] and theory["panel"] in (None, curve["panel"])]
    if not pieces:
        return np.full(len(curve["x"]), np.nan)
    x = np.concatenate([grid.across.place_of(piece["x"]) for piece in pieces])
    y = np.concatenate([numbers(piece["y"]) for piece in pieces])
    order = np.argsort(x, kind="stable")
    return np.interp(grid.across.place_of(curve["x"]), x[order], y[order], left=np.nan, right=np.nan)


def draw(results):
    grid, boundary = Grid(results), results["boundary"]
    panels = [k for k in range(grid.panels) if of_panel(boundary, k)]
    figure = new_figure(11.0 if len(panels) > 1 else 7.8, 0.9 + 3.2 * -(-len(panels) // 3))
    places = figure.subplots(-(-len(panels) // 3), min(3, len(panels)), sharey=True, squeeze=False).flat
    for spare in places[len(panels):]:
        spare.remove()
    for axes, k in zip(places, panels):
        draw_panel(axes, grid, boundary, k)
        axes.set_title(grid.title(k))
    set_heights(places[:len(panels)], results, grid)
    legend_strip(figure, *legend(boundary, symbol(grid.up.name)))
    return figure


def draw_panel(axes, grid, boundary, k):
    name = reference(boundary)
    axes.axhline(0, zorder=2, **look_of(name))
    for curve in of_panel(boundary, k):
        x, exact = grid.across.place_of(curve["x"]), theory_at(boundary, curve, name, grid)
        draw_deviation(axes, curve, x, exact, grid.across.words)
        for other in others(boundary):
            axes.plot(x, theory_at(boundary, curve, other, grid) - exact, zorder=2, **look_of(other))
    grid.across.prepare(axes, "x", range_of(grid, boundary))


def range_of(grid, boundary):
    """Of the axis across, as far as there are curves."""
    if grid.across.words:
        return grid.across.edges()[[0, -1]]
    x = np.concatenate([grid.across.place_of(curve["x"]) for curve in boundary["curves"]])
    if grid.across.log:
        return x.min() / 1.05, x.max() * 1.05
    room = 0.03 * np.ptp(x) or 1.0
    return x.min() - room, x.max() + room


def draw_deviation(axes, curve, x, exact, over_words):
    y, low, high, error = (numbers(curve[name]) for name in ("y", "low", "high", "standard_error"))
    colour = EDGES[bool(curve["rising"])][1]
    known = np.flatnonzero(np.isfinite(exact))
    some = known[::-(-len(known) // MANY) or 1]
    if over_words:
        axes.bar(x, high - low, 0.5, low - exact, color=colour, alpha=0.25)
    else:
        axes.fill_between(x, low - exact, high - exact, color=colour, alpha=0.25, linewidth=0)
    points(axes, x[some], (y - exact)[some], np.nan_to_num(error)[some], color=colour, capsize=0)


def others(boundary):
    return sorted({curve["name"] for curve in boundary["theory"]} - {reference(boundary)})


def set_heights(places, results, grid):
    """As far as bands and bars reach; another theory may lie beyond."""
    seen = np.concatenate([np.ravel(deviations(results["boundary"], curve, grid)) for curve in
                           results["boundary"]["curves"]])
    reach = np.nanmax(np.abs(seen), initial=0) or 1.0
    for axes in places:
        axes.set_ylim(-1.15 * reach, 1.15 * reach)
        axes.yaxis.set_major_formatter(lambda value, _: shown(round(value, 9), ".6g"))
    up = grid.up.label.partition("  (")
    places[0].set_ylabel(f"boundary − {reference(results['boundary'])} one{up[1]}{up[2]}")


def deviations(boundary, curve, grid):
    """Ends of band and bars about theory."""
    y, low, high, error = (numbers(curve[name]) for name in ("y", "low", "high", "standard_error"))
    error = 2 * np.nan_to_num(error)
    return np.array([low, high, y - error, y + error]) - theory_at(boundary, curve, reference(boundary), grid)


def legend(boundary, along):
    kinds = sorted({bool(curve["rising"]) for curve in boundary["curves"]})
    handles = [Line2D([], [], color=EDGES[rising][1], marker="o", linestyle="none", markersize=4,
                      label=f"where {boundary['observable']} {EDGES[rising][0]} with {along}")
               for rising in kinds]
    handles.append(Patch(color="#9a9a9a", alpha=0.35, label="band of confidence"))
    handles += [Line2D([], [], label=name, **look_of(name)) for name in [reference(boundary), *others(boundary)]]
    return handles, [one.get_label() for one in handles]


def compared(results):
    """Points of the boundary that have a theory's beside them, and those whose band does not hold it."""
    grid, boundary = Grid(results), results["boundary"]
    known = outside = 0
    for curve in boundary["curves"]:
        exact = theory_at(boundary, curve, reference(boundary), grid)
        low, high = numbers(curve["low"]), numbers(curve["high"])
        known += np.count_nonzero(np.isfinite(exact) & np.isfinite(low) & np.isfinite(high))
        outside += np.count_nonzero((exact < low) | (exact > high))
    return known, outside


def caption(results):
    known, outside = compared(results)
    thin = any(len(curve["x"]) > MANY for curve in results["boundary"]["curves"])
    return f"""
        Distance of the measured boundary from the {reference(results['boundary'])} one: zero is agreement. Bars are two
        standard errors.
        {words(results['boundary'])} Of {counted(known, 'point')} the bands of {outside or 'none'} miss the
        {reference(results['boundary'])} boundary. {'Not every point is drawn.' if thin else ''}"""


def rows(results):
    """(panel, x, which edge, y, standard error, low, high, theory) of every point."""
    grid, boundary = Grid(results), results["boundary"]
    for curve in boundary["curves"]:
        panel = "" if curve["panel"] is None else grid.title(curve["panel"])
        exact = theory_at(boundary, curve, reference(boundary), grid)
        edge = EDGES[bool(curve["rising"])][0]
        for k, x in enumerate(curve["x"]):
            place = grid.across.values[int(x)] if grid.across.words and not isinstance(x, str) else x
            yield (panel, in_words(place), edge, *(curve[name][k] for name in ("y", "standard_error", "low", "high")),
                   exact[k] if np.isfinite(exact[k]) else None)
