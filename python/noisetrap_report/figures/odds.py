"""Odds of escape within the budget: every setting of every optimiser."""

from textwrap import wrap

from ..data import columns, counted, gradients, percent
from ..style import new_figure
from .contenders import Rows, add_legend, beside, groups, mark, other_handles, role_handles, settings, small_dot

WIDTH = 46  # letters beside the axes


def draw(results):
    ranking = groups(results)
    words = [words_beside(group) for group in ranking]
    rows = Rows(ranking, [sum(len(lines) for _, lines in group) for group in words])
    figure = new_figure(height=1.5 + rows.inches)
    axes = figure.subplots()
    rows.draw(axes)
    for row, group in enumerate(ranking):
        draw_dots(axes, rows, row, group)
        write(axes, rows, row, group, words[row])
    axes.set(title="Farther right is better: share of paths that escape before the budget is spent",
             xlim=(-0.015, 1.015), xlabel=f"odds of escape within {gradients(results['budget'])} of single samples")
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    add_legend(figure, role_handles(ranking) + other_handles(ranking))
    return figure


def draw_dots(axes, rows, row, group):
    """All settings, the best at the top of the row; those that have a name lie above the others."""
    heights = rows.spread(row, len(group.members))
    value, low, high = columns([member["odds"] for member in group.members], "value", "low", "high")
    axes.errorbar(value, heights, xerr=[(value - low).clip(0), (high - value).clip(0)], zorder=3, **small_dot(group))
    places = {id(member): place for member, place in zip(group.members, zip(value, heights))}
    for role, member in reversed(group.marked()):
        x, y = places[id(member)]
        axes.plot([x], [y], clip_on=False, **mark(group, role))


def words_beside(group):
    """(role, lines) of each setting that has a name."""
    return [(role, wrap(f"{percent(member['odds']['value'])}:  {settings(member['varied']) or f'{role} setting'}",
                        WIDTH)) for role, member in group.marked()]


def write(axes, rows, row, group, words):
    count, k = sum(len(lines) for _, lines in words), 0
    for role, lines in words:
        beside(axes, rows.line(row, k, count), lines[0], group, role)
        for line in lines[1:]:
            k += 1
            beside(axes, rows.line(row, k, count), line)
        k += 1


def caption(results):
    ranking = groups(results)
    first = ranking[0]
    return f"""
        Each dot is one of {counted(len(results['contenders']), 'setting')}: the share of {results['paths']:,} paths
        that come from {results['x0']:g} to a distance of {results['exit_radius']:g} before they have spent
        {gradients(results['budget'])} of single samples, with its 95 % interval where that is wider than the dot.
        Within a row the better settings lie higher; a wide row is an optimiser whose parameters matter.
        Most paths escape with {first.label} at its best: {percent(first.best['odds']['value'])}."""
