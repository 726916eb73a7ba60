"""The z-scores of all claims, in the order of the tables, beside the law that chance gives them."""

from html import escape
from math import pi, sqrt
from statistics import NormalDist
from textwrap import wrap
from urllib.parse import quote

import numpy as np

from ..data import by_section, counted, numbers, shown
from ..style import BLUE, GREEN, THEORY, VERMILION, legend_strip, new_figure

ROW, LEAST = 0.045, 5.2  # inches for one claim, and for all of them
LEAST_ROWS = 7  # of a section, so that its name fits
MOST_NAMES = 12  # of failing claims
FARTHEST = 100.0  # |z|; what is farther is drawn there
TWO = 2.0  # |z| beyond which chance leaves 1 claim in 22
KINDS = {"value": ("o", BLUE, "value, estimate ± s.e."), "distance": ("D", GREEN, "distance of a whole law, z ≥ 0")}
NORMAL = NormalDist()


def draw(data):
    claims, critical = data["claims"], data["critical_z"]
    strips = Strips(claims)
    figure = new_figure(height=1.2 + strips.inches * strips.rows)
    panels = figure.subplot_mosaic([["strips", "counts"], ["strips", "quantiles"]], width_ratios=(2.3, 1))
    draw_strips(panels["strips"], strips, critical)
    draw_counts(panels["counts"], claims)
    draw_quantiles(panels["quantiles"], claims, critical)
    handles, labels = panels["strips"].get_legend_handles_labels()
    legend_strip(figure, handles, labels)
    return figure


class Strips:
    """Where each claim has its row: sections from top to bottom, in the order of the file."""

    def __init__(self, claims):
        self.rows, self.sections, self.claims, self.height = 0, [], [], []
        for section, members in by_section(claims).items():
            share = max(len(members), LEAST_ROWS)
            self.sections.append((section, self.rows, self.rows + share))
            self.claims += members
            self.height += [self.rows + share * (k + 0.5) / len(members) for k in range(len(members))]
            self.rows += share
        self.score, self.height = scores(self.claims), numbers(self.height)
        self.inches = max(ROW, LEAST / self.rows)


def scores(claims):
    return np.clip(numbers([claim["z"] for claim in claims]), -FARTHEST, FARTHEST)


def failing(claims):
    return np.array([claim["verdict"] != "holds" for claim in claims], dtype=bool)


def of_kind(claims, kind):
    return np.array([claim["kind"] == kind for claim in claims], dtype=bool)


def draw_strips(axes, strips, critical):
    for k, (_, top, bottom) in enumerate(strips.sections):
        axes.axhspan(top, bottom, color="#000000", alpha=0.045 if k % 2 == 0 else 0, linewidth=0)
    fails = failing(strips.claims)
    for kind, (marker, colour, label) in KINDS.items():
        chosen = of_kind(strips.claims, kind)
        dots(axes, strips, chosen & ~fails, marker, 15, colour, label)
        dots(axes, strips, chosen & fails, marker, 30, VERMILION, f"fails ({kind})")
    critical_lines(axes, critical)
    score_axis(axes, "x", strips.score, critical)
    axes.set(xlabel="z = (estimate − exact) / standard error", ylim=(1.008 * strips.rows, -0.008 * strips.rows))
    axes.set_yticks([(top + bottom) / 2 for _, top, bottom in strips.sections], map(section_name, strips.sections))
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    name_failing(axes, strips, np.flatnonzero(fails & np.isfinite(strips.score)))


def section_name(section):
    return "\n".join(wrap(section[0], 22))


def dots(axes, strips, chosen, marker, size, colour, label):
    """Each leads to the claim's row in the tables."""
    if chosen.any():
        drawn = axes.scatter(strips.score[chosen], strips.height[chosen], s=size, marker=marker,
                             color=colour, linewidths=0, zorder=3, label=label)
        drawn.set_urls([link(strips.claims[k]) for k in np.flatnonzero(chosen)])


def link(claim):
    """To the claim's row."""
    return "#" + escape(quote(claim["id"]))


def critical_lines(axes, critical):
    for place, label in ((-critical, None), (critical, f"critical, |z| = {critical:.2f}")):
        axes.axvline(place, color=THEORY, linewidth=1, linestyle="--", label=label)


def score_axis(axes, axis, score, critical):
    """Linear and symmetric; logarithmic beyond twice the critical value, if anything lies there."""
    largest, usual = np.nanmax(np.abs(score), initial=0), 1.25 * critical
    limit, edge = max(usual, 1.08 * largest), 2 * critical
    if limit > edge:
        getattr(axes, f"set_{axis}scale")("symlog", linthresh=edge, linscale=1.5)
        limit = 1.5 * largest
        ticks = [tick for tick in (5, 10, 30, 100) if tick < limit]
        getattr(axes, f"set_{axis}ticks")([0, *ticks, *(-tick for tick in ticks)])
        getattr(axes, f"{axis}axis").set_ticks([], minor=True)
    getattr(axes, f"{axis}axis").set_major_formatter(lambda value, _: shown(value, ".4g"))
    getattr(axes, f"set_{axis}lim")(-limit, limit)


def name_failing(axes, strips, chosen):
    """At the right edge, a line from each dot to its name; the worst ones if there are many."""
    worst = sorted(chosen, key=lambda k: -abs(strips.claims[k]["z"]))[:MOST_NAMES]
    named = sorted(worst, key=lambda k: strips.height[k])
    for k, height in zip(named, apart(strips.height[named], 0.17 / strips.inches, strips.rows)):
        axes.annotate(f"{strips.claims[k]['id']}  {shown(strips.claims[k]['z'], '+.3g')}", color=VERMILION,
                      xy=(strips.score[k], strips.height[k]), xytext=(1.03, height), va="center",
                      textcoords=axes.get_yaxis_transform(), annotation_clip=False, fontsize=8.5,
                      arrowprops={"arrowstyle": "-", "color": VERMILION, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2})


def apart(heights, distance, end):
    """The same heights, moved as little as keeps them this far from each other and above the end."""
    placed = []
    for height in heights:
        placed.append(max(height, placed[-1] + distance if placed else distance / 2))
    limit = end - distance / 2
    for k in reversed(range(len(placed))):
        placed[k] = limit = min(placed[k], limit)
        limit -= distance
    return placed


def draw_counts(axes, claims):
    """Scores of values in steps of 1/2 beside the normal law; both ends hold what lies beyond."""
    score = scores(claims)[of_kind(claims, "value")]
    score = score[np.isfinite(score)]
    edges = np.arange(-4, 4.25, 0.5)
    counts, *_ = axes.hist(np.clip(score, -4, 4), edges, color=BLUE, alpha=0.45, label="seen")
    x = np.linspace(-4, 4, 121)
    axes.plot(x, 0.5 * len(score) * np.exp(-x * x / 2) / sqrt(2 * pi), color=THEORY, label="expected")
    axes.set(title=f"z of {counted(len(score), 'value')}, and N(0, 1)", xlabel="z  (ends: and beyond)", ylabel="claims",
             xlim=(-4, 4), ylim=(0, 1.4 * max(1, counts.max())))
    axes.legend(loc="upper right")


def draw_quantiles(axes, claims, critical):
    """Sorted scores over those that chance gives: a straight line if every claim is true."""
    top = 0.0
    for kind, (marker, colour, _) in KINDS.items():
        score = np.sort(scores(claims)[of_kind(claims, kind)])
        score = score[np.isfinite(score)]
        expected, spread = order_statistics(len(score), folded=kind == "distance")
        top = max(top, np.abs(expected).max(initial=0))
        if kind == "value":
            axes.fill_between(expected, expected - 2 * spread, expected + 2 * spread, color="#000000", alpha=0.1,
                              linewidth=0)
        colours = [VERMILION if abs(value) > critical else colour for value in score]
        axes.scatter(expected, score, s=12, marker=marker, c=colours, linewidths=0, zorder=3)
    axes.plot([-top, top], [-top, top], color=THEORY, linewidth=1)
    score_axis(axes, "y", scores(claims), critical)
    for place in (-critical, critical):
        axes.axhline(place, color=THEORY, linewidth=1, linestyle="--")
    axes.xaxis.set_major_formatter(lambda value, _: shown(value))
    axes.locator_params(axis="x", nbins=5)
    axes.set(title="sorted z against chance", xlabel="expected z", ylabel="z")


def order_statistics(count, folded):
    """Expected values and spreads of so many sorted scores; folded: of their absolute values."""
    odds = (np.arange(count) + 0.5) / max(count, 1)
    place = (1 + odds) / 2 if folded else odds
    expected = numbers([NORMAL.inv_cdf(p) for p in place])
    density = numbers([NORMAL.pdf(z) for z in expected]) * (2 if folded else 1)
    return expected, np.sqrt(odds * (1 - odds) / max(count, 1)) / density


def caption(data):
    claims = data["claims"]
    score = scores(claims)
    seen, far, expected = np.isfinite(score).sum(), (np.abs(score) > TWO).sum(), 2 * NORMAL.cdf(-TWO)
    return f"""
        Left: one dot for each claim, in the order of the tables below; a dot leads to its row. Right: the scores of
        values beside the normal law, and all scores in order beside those that chance gives (band: two standard
        errors, for values); a claim about a whole law has the score of its p-value, which is never negative.
        Beyond |*z*| = 2 lie {far} of {counted(seen, 'claim')}, where chance alone gives {expected * seen:.1f}; claims
        that share a simulation stray together. {not_shown(claims, score)}"""


def not_shown(claims, score):
    """Words for what the picture cannot show."""
    silent, edge = np.count_nonzero(~np.isfinite(score)), np.count_nonzero(np.abs(score) == FARTHEST)
    fails = np.count_nonzero(failing(claims) & np.isfinite(score))
    return " ".join(words for needed, words in (
        (silent, f"{counted(silent, 'claim')} without a finite *z* cannot be drawn."),
        (edge, f"{counted(edge, 'claim')} beyond |*z*| = {FARTHEST:g} are drawn there."),
        (fails > MOST_NAMES, f"Of {fails} failing claims the {MOST_NAMES} farthest are named.")) if needed)
