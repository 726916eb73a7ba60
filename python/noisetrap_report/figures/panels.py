"""Any figure that comes as data: panels of curves, points with errors, bands and straight lines."""

from itertools import cycle, groupby
from math import ceil, floor, log10

import numpy as np

from ..data import counted, numbers, power_of_ten, shown
from ..style import SERIES, THEORY, legend_strip, new_figure, points

BAND, REFERENCE, WIDTH = "#9a9a9a", "#767676", 11.0
DASHES = ((0, (5, 2.5)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
MANY = 30  # points of one series, beyond which their bars become a band


def draw(data):
    panels = data["panels"]
    if not panels:
        raise ValueError("it has no panels")
    places = arrangement([panel["title"] for panel in panels])
    rows, columns = (max(place) + 1 for place in zip(*places))
    figure = new_figure(8.2, 4.8) if len(panels) == 1 else new_figure(WIDTH, 0.7 + rows * (3.6 if columns < 3 else 2.9))
    legend = Legend()
    for place, panel in zip(places, panels):
        draw_panel(figure.add_subplot(rows, columns, 1 + place[0] * columns + place[1]), panel, legend)
    legend_strip(figure, legend.handles(), list(legend.entries))
    return figure


def caption(data):
    return data["caption"]


def arrangement(titles):
    """(row, column) of each panel. Neighbours of one title belong together: they share a row, or a column where
    that fills the width better."""
    sizes = [len(list(run)) for _, run in groupby(titles)]
    together = sizes[0]
    if len(set(sizes)) > 1 or not 1 < together <= 3:
        together = len(titles) if len(titles) <= 3 else 2 if len(titles) == 4 else 3
    places = [divmod(k, together) for k in range(len(titles))]
    upright = len(set(sizes)) == 1 and 1 < sizes[0] < len(sizes) <= 3
    return [(column, row) for row, column in places] if upright else places


class Legend:
    """What each label looks like, in all panels alike."""

    def __init__(self):
        self.entries, self.colours = {}, {}

    def add(self, label, part, handle):
        """A label that names a curve and points shows both."""
        if label:
            self.entries.setdefault(label, {}).setdefault(part, handle)

    def colour(self, label, paired=None):
        """The label's own; a new one has that of the label it is paired with, or the next of the series."""
        if label not in self.colours:
            self.colours[label] = self.colours[paired] if paired in self.colours else self.next_colour()
        return self.colours[label]

    def next_colour(self):
        return SERIES[len(set(self.colours.values())) % len(SERIES)]

    def handles(self):
        return [tuple(parts.values()) for parts in self.entries.values()]


def draw_panel(axes, panel, legend):
    """Bands lie below, then lines and points, and theory on top."""
    set_scale(axes, "x", panel)
    set_scale(axes, "y", panel)
    for band in panel["bands"]:
        draw_band(axes, band, legend)
    for series in panel["points"]:
        draw_points(axes, series, legend)
    draw_curves(axes, panel, legend)
    draw_lines(axes, panel, legend)
    axes.margins(0.04)
    set_limits(axes, panel)
    readable_ticks(axes.xaxis, panel["xlabel"], axes.get_xlim())
    readable_ticks(axes.yaxis, panel["ylabel"], axes.get_ylim())
    axes.set_title(panel["title"])
    tell_hidden(axes, panel["points"])


def draw_band(axes, band, legend):
    x, low, high = (numbers(band[name]) for name in ("x", "low", "high"))
    legend.add(band["label"], "band", axes.fill_between(x, low, high, color=BAND, alpha=0.22, linewidth=0))


def draw_points(axes, series, legend):
    x, y = numbers(series["x"]), numbers(series["y"])
    known = np.isfinite(x) & np.isfinite(y)
    x, y, error = x[known], y[known], np.nan_to_num(numbers(series["standard_error"])[known])
    colour = legend.colour(series["label"])
    if len(x) > MANY:
        axes.fill_between(x, y - 2 * error, y + 2 * error, color=colour, alpha=0.25, linewidth=0)
        drawn, = axes.plot(x, y, "o", color=colour, markersize=2)
    else:
        drawn = points(axes, x, y, error, color=colour, capsize=0, markersize=5 if len(x) <= 12 else 3.6)
    legend.add(series["label"], "points", drawn)


def draw_curves(axes, panel, legend):
    """One theory is black; of several each has the colour of the points that it is about."""
    theories = [curve["label"] for curve in panel["curves"] if curve["role"] == "theory"]
    about = dict(zip(theories, [series["label"] for series in panel["points"]]))
    dashes = cycle(DASHES)
    for curve in panel["curves"]:
        label, look = curve["label"], {"color": THEORY, "zorder": 4}
        if curve["role"] == "reference":
            look = {"color": REFERENCE, "linestyle": next(dashes)}
        elif curve["role"] != "theory" or len(theories) > 1:
            look["color"] = legend.colour(label, about.get(label))
        line, = axes.plot(numbers(curve["x"]), numbers(curve["y"]), linewidth=1.2, **look)
        legend.add(label, "line", line)


def draw_lines(axes, panel, legend):
    """Straight across the panel; levels are dotted, unless they are all of its theory."""
    alone = not any(curve["role"] == "theory" for curve in panel["curves"])
    for line in panel["lines"]:
        if "y" in line:
            drawn = axes.axhline(line["y"], color=THEORY, linewidth=1, linestyle="-" if alone else ":", zorder=3.5)
        else:
            drawn = axes.axvline(line["x"], color=THEORY, linewidth=1, linestyle=DASHES[2], zorder=3.5)
        legend.add(line["label"], "line", drawn)


def set_scale(axes, axis, panel):
    """linear, log, or one that is linear near 0 and logarithmic far away."""
    scale, options, near, far = panel[f"{axis}scale"], {}, panel.get("linthresh", 1.0), farthest(axis, panel)
    if scale in ("symlog", "asinh") and far <= near:
        scale = "linear"
    elif scale == "symlog":
        options = {"linthresh": near, "linscale": max(1.0, log10(far / near) / 2)}
    elif scale == "asinh":
        options = {"linear_width": near}
    getattr(axes, f"set_{axis}scale")(scale, **options)


def farthest(axis, panel):
    """Largest distance from 0 on this axis."""
    if panel.get(f"{axis}lim"):
        return max(map(abs, panel[f"{axis}lim"]))
    seen = [numbers(series[axis]) for series in panel["curves"] + panel["points"]]
    return max((np.nanmax(np.abs(values)) for values in seen if np.isfinite(values).any()), default=1.0)


def set_limits(axes, panel):
    """As given; else a logarithmic height follows the points, since a curve or a bar may fall to nothing."""
    if panel.get("xlim"):
        axes.set_xlim(panel["xlim"])
    if panel.get("ylim"):
        axes.set_ylim(panel["ylim"])
    elif panel["yscale"] == "log":
        heights = np.concatenate([[], *(numbers(series["y"]) for series in panel["points"])])
        if (heights > 0).any():
            axes.set_ylim(bottom=heights[heights > 0].min() / 3)


def readable_ticks(axis, label, limits):
    """Powers of ten stand in the label where the axis is linear, and are few where it is logarithmic both ways."""
    if axis.get_scale() in ("symlog", "asinh"):
        two_way_ticks(axis, limits)
    if axis.get_scale() == "linear":
        largest = max(map(abs, limits))
        power = 0 if 2e-3 <= largest < 1e5 else floor(log10(largest))
        axis.set_major_formatter(lambda value, _: shown(round(value / 10.0**power, 9), ".6g"))
        label = in_powers(label, power) if power else label
    axis.set_label_text(label)


def in_powers(label, power):
    """'x  (length)' becomes 'x  (10⁻⁴ length)'."""
    name, _, unit = label.partition("  (")
    return f"{name}  ({power_of_ten(power)} {unit}" if unit else f"{label}  ({power_of_ten(power)})"


def two_way_ticks(axis, limits):
    """0 and those powers of ten on either side that stand well apart."""
    place = axis.get_transform().transform
    near, (low, high) = closest_power(axis.get_transform()), place(np.array(limits, dtype=float))
    chosen = [0.0]
    for tick in 10.0 ** np.arange(near, ceil(log10(max(map(abs, limits)))) + 1):
        if place(tick) - place(chosen[-1]) > 0.13 * (high - low):
            chosen.append(tick)
    if len(chosen) > 1:
        axis.set_ticks([tick for tick in [-tick for tick in chosen[:0:-1]] + chosen if limits[0] <= tick <= limits[1]])
        axis.set_ticks([], minor=True)
        axis.set_major_formatter(lambda value, _: power_shown(value))


def closest_power(transform):
    """Of the powers of ten where the axis is logarithmic, that next to 0."""
    return ceil(log10(getattr(transform, "linthresh", None) or transform.linear_width))


def power_shown(value):
    """As it is, if that is short."""
    if 1e-3 <= abs(value) <= 100 or value == 0:
        return shown(value)
    return ("−" if value < 0 else "") + power_of_ten(round(log10(abs(value))))


def tell_hidden(axes, measured):
    """No point is left out unseen: what has no place on the axes is counted below them."""
    total = sum(len(series["x"]) for series in measured)
    hidden = total - sum(np.count_nonzero(inside(axes, series)) for series in measured)
    if hidden:
        axes.set_xlabel(f"{axes.get_xlabel()}\n{hidden} of {counted(total, 'point')} outside the axes")


def inside(axes, series):
    (left, right), (bottom, top) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    x, y = numbers(series["x"]), numbers(series["y"])
    return (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
