"""What the figures of `compare` share: who is compared, in which order, and how each looks."""

from typing import NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from ..data import InputError, shown
from ..style import SERIES, legend_strip

COLOURS = (*SERIES, "#003A5C", "#7A2F00", "#00523B", "#7F2F5C", "#805800", "#6B6B6B")
GREY, MARKERS = "#555555", "osD^vP"  # with the colours 36 different looks
LINE = 0.2  # inches for one line of words
BEST, TYPICAL, ONLY = "best", "typical", "only"
LEGEND = {BEST: "best setting, or the only one", TYPICAL: "typical setting (of middle rank)"}


class Group(NamedTuple):
    """The settings of one label, by rank."""
    label: str
    colour: str
    marker: str
    members: list
    best: dict
    typical: dict

    def marked(self):
        """(role, setting) of those that have a name."""
        return [(ONLY, self.best)] if len(self.members) == 1 else [(BEST, self.best), (TYPICAL, self.typical)]

    def others(self):
        return [member for member in self.members if member is not self.best and member is not self.typical]


def groups(results):
    """One for each label; the one from whose best setting most paths escape comes first."""
    labels = {}
    for contender in results["contenders"]:
        labels.setdefault(contender["label"], []).append(contender)
    if not labels:
        raise InputError("cannot be used: it has no contenders")
    ranked = [sorted(members, key=lambda member: member["rank"]) for members in labels.values()]
    ranked.sort(key=lambda members: merit(the(BEST, members), results))
    return [Group(members[0]["label"], COLOURS[k % len(COLOURS)], MARKERS[k // len(SERIES) % len(MARKERS)], members,
                  the(BEST, members), the(TYPICAL, members)) for k, members in enumerate(ranked)]


def the(role, members):
    """The one setting of a label with this role."""
    found = [member for member in members if member[role]]
    if len(found) != 1:
        raise InputError(f"cannot be used: of the settings of '{members[0]['label']}' {len(found)} are called {role}")
    return found[0]


def merit(contender, results):
    """Smaller is better: most escapes, then the lowest median cost."""
    median = quantile(contender, middle(results))["value"]
    return -contender["odds"]["value"], float("inf") if median is None else median


def middle(results):
    """Of the quantiles that were asked for, the one nearest to the median."""
    return min(results["quantiles"], key=lambda p: abs(p - 0.5))


def quantile(contender, p):
    """Of the cost of escape."""
    return contender["cost_of_escape"][f"{p:g}"]


def settings(parameters):
    """learning_rate 0.5, law gaussian."""
    return ", ".join(f"{key} {word(value)}" for key, value in parameters.items())


def word(value):
    return value if isinstance(value, str) else shown(value)


def mark(group, role):
    """A large mark for the best setting, a hollow one for the typical."""
    look = {"color": group.colour, "marker": group.marker, "linestyle": "none", "zorder": 4}
    if role == TYPICAL:
        return look | {"markersize": 7.5, "markerfacecolor": "white", "markeredgewidth": 1.8}
    return look | {"markersize": 9.5, "markeredgecolor": "white", "markeredgewidth": 0.8}


def small_dot(group):
    return {"color": group.colour, "markersize": 3, "elinewidth": 0.9, "capsize": 0, "alpha": 0.55, "fmt": "o"}


def role_handles(ranking):
    """For a legend: what the marks mean, whatever their colour and shape."""
    grey = Group("", GREY, "o", [], {}, {})
    roles = (BEST, TYPICAL) if any(len(group.members) > 1 for group in ranking) else (BEST,)
    return [Line2D([], [], label=LEGEND[role], **mark(grey, role)) for role in roles]


def other_handles(ranking):
    """For a legend: the small dots, where there are any."""
    if not any(group.others() for group in ranking):
        return []
    return [Line2D([], [], color=GREY, alpha=0.55, marker="o", markersize=3, linestyle="-", linewidth=0.9,
                   label="any other setting, with its 95 % interval")]


def add_legend(figure, handles):
    legend_strip(figure, handles, [handle.get_label() for handle in handles])


class Rows:
    """One band across the axes for each label, as high as its lines of words."""

    def __init__(self, ranking, lines):
        self.ranking, gap = ranking, 0.9
        self.edges = np.concatenate([[0], np.cumsum([count + gap for count in lines])])
        self.inches = LINE * self.edges[-1]

    def centres(self):
        return (self.edges[1:] + self.edges[:-1]) / 2

    def line(self, row, k, count):
        """Height of line k of so many."""
        return self.centres()[row] + k - (count - 1) / 2

    def spread(self, row, count):
        """Heights for so many dots, the best at the top."""
        room = 0.36 * (self.edges[row + 1] - self.edges[row])
        return self.centres()[row] + (np.linspace(-room, room, count) if count > 1 else np.zeros(count))

    def draw(self, axes):
        """Bands, names in the colour of the label, and the first row at the top."""
        for top, bottom in zip(self.edges[:-1:2], self.edges[1::2]):
            axes.axhspan(top, bottom, color="#000000", alpha=0.04, linewidth=0)
        axes.set_ylim(self.edges[-1], 0)
        axes.set_yticks(self.centres(), [group.label for group in self.ranking])
        colour_ticks(axes.get_yticklabels(), self.ranking)
        axes.tick_params(axis="y", length=0)
        axes.grid(False, axis="y")


def colour_ticks(ticks, ranking):
    for tick, group in zip(ticks, ranking):
        tick.set(color=group.colour, fontweight="bold", fontsize=10)


def beside(axes, height, words, group=None, role=None, **look):
    """Words to the right of the axes, behind the mark that they are about."""
    place = axes.get_yaxis_transform()
    if group:
        axes.plot([1.03], [height], transform=place, clip_on=False, **mark(group, role))
    axes.annotate(words, xy=(1.05, height), xycoords=place, va="center", annotation_clip=False, fontsize=9, **look)
