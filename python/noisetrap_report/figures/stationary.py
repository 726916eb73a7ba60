"""Stationary law of dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt: the law of x from early to late times."""

import numpy as np

from ..data import numbers, shown
from ..style import THEORY, legend_above, new_figure, note, points, shades

LAWS = {"student-t": "Student t", "pearson-iv": "Pearson IV", "inverse-gamma": "inverse gamma"}


def draw(data, sign):
    """One column for each correlation rho; density above, survival function below."""
    panels = chosen(data, sign)
    figure = new_figure(height=6.4)
    grid = figure.subplots(2, len(panels), squeeze=False)
    for above, below, panel in zip(*grid, panels):
        draw_density(above, panel)
        draw_survival(below, panel, floor=0.5 / data["paths"])
        above.set_title(f"ρ = {shown(panel['rho'])}   {LAWS.get(panel['law'], panel['law'])}")
    grid[0, 0].set_ylabel("density near the origin  (1/length)")
    grid[1, 0].set_ylabel("P( |x| > r )")
    legend_above(figure, grid[0, 0])
    return figure


def chosen(data, sign):
    """The panels whose rate a has this sign, by growing rho."""
    panels = [panel for panel in data["panels"] if sign * panel["a"] > 0]
    if not panels:
        raise ValueError(f"no panel with a {'>' if sign > 0 else '<'} 0")
    return sorted(panels, key=lambda panel: panel["rho"])


def draw_density(axes, panel):
    """Bin averages at bin centres; a band of two standard errors for the last time."""
    for colour, time in zip(shades(len(panel["times"])), panel["times"]):
        density = time["density"]
        centre = (numbers(density["lower"]) + numbers(density["upper"])) / 2
        value, error = numbers(density["value"]), 2 * numbers(density["standard_error"])
        axes.plot(centre, value, color=colour, linewidth=2.2, label=f"t = {time['t']:g}")
    axes.fill_between(centre, value - error, value + error, color=colour, alpha=0.35, linewidth=0)
    x, theory = numbers(panel["density"]["x"]), numbers(panel["density"]["theory"])
    axes.plot(x, theory, color=THEORY, linewidth=1, label="stationary theory")
    axes.set(xlim=(x.min(), x.max()), ylim=(0, 1.35 * np.nanmax(theory)), xlabel="x  (length)")


def draw_survival(axes, panel, floor):
    """Two-sided tail on logarithmic axes, down to half a path."""
    for colour, time in zip(shades(len(panel["times"])), panel["times"]):
        r, value, error = (numbers(time["survival"][name]) for name in ("r", "value", "standard_error"))
        seen = value > 0
        points(axes, r[seen], value[seen], error[seen], color=colour, fmt="o-", linewidth=1, markersize=2.6,
               capsize=0)
    r, theory = numbers(panel["survival"]["r"]), numbers(panel["survival"]["theory"])
    axes.loglog(r, theory, color=THEORY, linewidth=1, zorder=4)
    visible = r[theory > floor]
    axes.set(xlim=(visible.min(), visible.max()), ylim=(floor, 2), xlabel="r  (length)")
    note(axes, 0.05, 0.05, f"tail $r^{{-{panel['tail_index']:.3g}}}$")


def opening(data, sign):
    """What is drawn; common to both captions."""
    a = chosen(data, sign)[0]["a"]
    return f"""
        Law of {data['paths']:,} paths at growing times (light to dark; *a* = {shown(a)}, *σ* = {data['sigma']:g},
        *τ* = {data['tau']:g}, d*t* = {data['dt']:.3g}) and the stationary law (black) for {len(chosen(data, sign))}
        correlations *ρ* of the two noises: density near the origin, cut above where early times exceed it, and
        below it the odds of being farther out than *r*."""


def caption_repulsive(data):
    return opening(data, 1) + f"""
        The critical point repels, since *a* > 0, yet the density comes to rest in a peak beside it: attractive
        noise traps the paths, and only the tail, whose index {index(data, 1)} < 1 leaves the law without a
        mean, goes on filling from the inside outwards.
        With *ρ* = ±1 the two noises cancel at *x* = ∓*τ*/*σ*; the gradient carries the paths through this gate,
        none returns, and the law lies wholly beyond it."""


def caption_attractive(data):
    return opening(data, -1) + f"""
        Here the gradient attracts as well: the law comes to rest sooner and with thinner tails (index
        {index(data, -1)}).
        With *ρ* = ±1 the two noises cancel at *x* = ∓*τ*/*σ*; now the gradient pushes paths away from this wall
        towards the origin, and the law ends there."""


def index(data, sign):
    return f"{chosen(data, sign)[0]['tail_index']:.3g}"
