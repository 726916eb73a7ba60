"""One saddle under noises of many kinds: a growth rate and a strip of paths for each."""

from matplotlib.patches import Rectangle

from ..data import numbers, shown
from ..style import INSIDE, OUTSIDE, SKY, new_figure

ROW = 0.46  # inches


def draw(data):
    rows = data["rows"]
    figure = new_figure(9.0, 1.1 + ROW * len(rows))
    grid = figure.add_gridspec(len(rows), 2, width_ratios=(1.35, 1))
    rates = figure.add_subplot(grid[:, 0])
    draw_rates(rates, rows)
    figure.get_layout_engine().set(h_pad=0.01)
    for place, row in enumerate(rows):
        draw_paths(figure.add_subplot(grid[place, 1]), data, row, place)
    return figure


def colour(row):
    return INSIDE if row["exact"] < 0 else OUTSIDE


def draw_paths(axes, data, row, place):
    """log|x| of a few paths; all strips have the same heights, so that they can be compared."""
    last = place == len(data["rows"]) - 1
    for path in row["log10_abs"]:
        axes.plot(numbers(data["steps"]), numbers(path), color=colour(row), linewidth=0.8)
    axes.axhline(0, color="black", linewidth=0.7, linestyle=":")
    axes.set(xlim=(0, data["steps"][-1]), ylim=reach(data["rows"]), yticks=[])
    axes.grid(False)
    axes.tick_params(axis="x", labelbottom=last, length=2 if last else 0)
    if last:
        axes.set_xlabel("step n")
    if not place:
        axes.set_title("log|x| of a few paths", loc="left", fontsize=10)


def reach(rows):
    """Of most paths: the farthest would make flat lines of the others."""
    ends = sorted(abs(path[-1]) for row in rows for path in row["log10_abs"])
    most = ends[int(0.75 * len(ends))]
    return -1.2 * most, 1.2 * most


def draw_rates(axes, rows):
    places = range(len(rows))
    low, high = limits([row["exact"] for row in rows])
    axes.axvspan(low, 0, color=SKY, alpha=0.18, linewidth=0)
    axes.axvline(0, color="black", linewidth=1.2)
    for place, row in zip(places, rows):
        axes.add_patch(Rectangle((0, place - 0.3), row["exact"], 0.6, color=colour(row), alpha=0.35, linewidth=0))
        growth = row["growth"]
        axes.errorbar([growth["value"]], [place], xerr=2 * growth["standard_error"], fmt="o", color=colour(row),
                      markersize=4, elinewidth=1, capsize=1.6, zorder=3)
    axes.set(xlim=(low, high), ylim=(len(rows) - 0.5, -0.5), xlabel="growth rate of log|x|  (1/step)")
    axes.set_yticks(places, [row["name"] for row in rows])
    axes.grid(False, axis="y")
    name_groups(axes, rows, high)
    axes.set_title("trapped", loc="left", color=INSIDE, weight="bold", fontsize=12)
    axes.set_title("free", loc="right", color=OUTSIDE, weight="bold", fontsize=12)


def limits(rates):
    span = max(rates) - min(rates)
    return min(rates) - 0.08 * span, max(rates) + 0.3 * span


def name_groups(axes, rows, right):
    """A line between groups, and the name of each at the right."""
    for place, row in enumerate(rows):
        if place and row["group"] != rows[place - 1]["group"]:
            axes.axhline(place - 0.5, color="#d0d0d0", linewidth=0.8)
        if not place or row["group"] != rows[place - 1]["group"]:
            axes.text(right, place - 0.4, row["group"], ha="right", va="top", fontsize=8.5, color="#555555")


def caption(data):
    rows = data["rows"]
    held = sum(row["exact"] < 0 for row in rows)
    return f"""
        The saddle *x* ← (1 + *a* + *ξ*) *x* at *a* = {shown(data['a'])} with noises of deviation 0.5 for each draw, or of the
        scale 0.4 where there is no deviation; with momentum *a* = 0.05. Left, bars are exact growth rates, points
        measured ones with bars of two standard errors; right, {len(rows[0]['log10_abs'])} paths each. {held} of {len(rows)} noises hold
        the paths."""
