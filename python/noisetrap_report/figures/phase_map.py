"""Which phase each point of the plane is in, beside the boundaries that theory gives."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..data import counted, grouped, shown
from ..style import BLUE, GREEN, PURPLE, SKY, VERMILION, fixed, legend_strip
from . import measured_boundary
from .plane import BLACK, UNKNOWN, Grid, only_boundary_theory, theory_lines

UNDECIDED = "undecided"
COLOURS = {UNDECIDED: "#b4b4b4", "escapes": "#F3B94D", "trapped": fixed(SKY), "trapped in mean square": fixed(BLUE),
           "overshoots": fixed(PURPLE)}
OTHERS = (fixed(GREEN), fixed(VERMILION), "#F0E442", "#5b3a8c")
ODD = {"marker": "x", "color": BLACK, "s": 22, "linewidths": 1.2}


def draw(results):
    grid = Grid(results)
    figure, places = grid.figure()
    lines, shown_phases = all_lines(results, grid), []
    if results["phases"] is not None:
        shown_phases = draw_phases(places, grid, results["phases"])
    for k, axes in enumerate(places):
        if results["boundary"] is not None:
            measured_boundary.draw_on_map(axes, grid, results["boundary"], k)
        for line in lines:
            line.draw(axes, k)
        if results["phases"] is None:
            axes.set_facecolor(fixed("white"))
            axes.grid(True)
    handles = shown_phases + [line.handle() for line in lines]
    if results["boundary"] is not None:
        handles.insert(len(shown_phases), measured_boundary.handle(results["boundary"]))
    legend_strip(figure, handles, [handle.get_label() for handle in handles])
    return figure


def draw_phases(places, grid, phases):
    """Cells, and crosses where decided points contradict theory; handles of the phases that occur."""
    names, measured, odd = phases["names"], grid.field(phases["measured"]), contradicting(grid, phases)
    colours = colours_of(names)
    for k, axes in enumerate(places):
        grid.mesh(axes, measured[..., k], cmap=ListedColormap(colours), vmin=-0.5, vmax=len(names) - 0.5)
        i, j = np.nonzero(odd[..., k])
        if len(i):
            axes.scatter(grid.across.places[i], grid.up.places[j], zorder=6, rasterized=len(i) > 300, **ODD)
    seen = [n for n in range(len(names)) if (measured == n).any()]
    handles = [Patch(color=colours[n], label=names[n]) for n in sorted(seen, key=lambda n: names[n] == UNDECIDED)]
    if np.isnan(measured).any():
        handles.append(Patch(color=UNKNOWN, label="not measured"))
    if odd.any():
        look = {"marker": "x", "color": "black", "linestyle": "none", "markersize": 5}
        handles.append(Line2D([], [], label="theory has another phase", **look))
    return handles


def colours_of(names):
    """A known phase has its own colour."""
    spare = iter(OTHERS * len(names))
    return [COLOURS.get(name) or next(spare) for name in names]


def contradicting(grid, phases):
    """Decided points whose exact phase is another."""
    measured = grid.field(phases["measured"])
    if phases["exact"] is None:
        return np.zeros(measured.shape, dtype=bool)
    exact = grid.field(phases["exact"])
    decided = [np.isfinite(field) for field in (measured, exact)]
    if UNDECIDED in phases["names"]:
        decided += [field != phases["names"].index(UNDECIDED) for field in (measured, exact)]
    return np.logical_and.reduce(decided) & (measured != exact)


def all_lines(results, grid):
    """Where theory has growth and mean square at their levels; the boundary's own, where no observable has them."""
    told = [one for kind in ("growth", "mean_square") for one in results["observables"] if one["kind"] == kind]
    if not any(one["kind"] == "growth" for one in told):
        told = [one for one in results["observables"] if one["kind"] == "exponent"][:1] + told
    lines = [line for observable in told for line in theory_lines(results, grid, observable)]
    if results["boundary"] is None:
        return lines
    labels = [line.label for line in lines]
    return lines + [line for line in only_boundary_theory(results, grid) if line.label not in labels]


def caption(results):
    phases, grid, words = results["phases"], Grid(results), ""
    if phases is not None:
        total, undecided = len(phases["measured"]), phases["undecided"]
        words = (f"Each cell is one of {counted(total, 'point')}, in the colour of the phase that was measured there; "
                 f"{grouped(undecided) if undecided else 'none'} of them {'is' if undecided == 1 else 'are'} "
                 "undecided. ")
        if phases["exact"] is not None:
            words += f"{disagreement(phases)} "
    if any(lines_in(grid, line) for line in all_lines(results, grid)):
        words += "Black lines are where theory has the boundaries. "
    if results["boundary"] is not None:
        words += measured_boundary.words(results["boundary"])
    return words or f"{shown(grid.panels)} panels."


def lines_in(grid, line):
    return any(line.lines(k) for k in range(grid.panels))


def disagreement(phases):
    if not phases["disagree"]:
        return "No decided point contradicts theory."
    return f"{counted(phases['disagree'], 'decided point')} contradict{'s' if phases['disagree'] == 1 else ''} theory."
