"""Index against loss: points that were found, on the marks that theory makes."""

from math import sqrt

from ..data import counted
from ..style import BLUE, THEORY, VERMILION, legend_strip, new_figure

NAMED = 30  # marks, beyond which names would cover each other


def draw(results):
    figure = new_figure(height=5.4)
    axes = figure.subplots()
    draw_known(axes, results["known"])
    draw_found(axes, [point for point in results["points"] if point["known"] is not None], BLUE, "found")
    draw_found(axes, [point for point in results["points"] if point["known"] is None], VERMILION,
               "found, not on theory's list" if results["known"] else "found")
    axes.set(xlabel="loss", ylabel="index: directions that lead down", title="Each mark is a critical point")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.margins(0.08)
    handles, labels = axes.get_legend_handles_labels()
    legend_strip(figure, handles, labels)
    return figure


def draw_known(axes, known):
    if not known:
        return
    losses, indices = [point["loss"] for point in known], [point["index"] for point in known]
    axes.plot(losses, indices, "o", markersize=11, markerfacecolor="none", markeredgecolor=THEORY, markeredgewidth=1.1,
              label="exact")
    if len(known) <= NAMED:
        for point in known:
            axes.annotate(point["name"], (point["loss"], point["index"]), xytext=(9, 4), textcoords="offset points",
                          fontsize=8)


def draw_found(axes, points, colour, label):
    """The more starts, the larger the dot."""
    if not points:
        return
    most = max(point["found"] for point in points)
    sizes = [12 + 44 * sqrt(point["found"] / most) for point in points]
    axes.scatter([point["loss"] for point in points], [point["index"] for point in points], s=sizes, color=colour,
                 zorder=3, label=label)


def caption(results):
    known, points = results["known"], results["points"]
    exact = [point for point in points if point["known"] is not None and point["index_is_exact"]]
    right = sum(known[point["known"]]["index"] == point["index"] for point in exact)
    words = f"""
        {counted(len(points), 'point')} found, the larger the dot the more starts led there."""
    if known:
        words += f"""
        Rings are the {counted(len(known), 'critical point')} that theory lists; {right} of {len(exact)} found on the list have
        the index of their ring."""
    return words + " A ring without a dot was not found; higher losses do not always have higher indices."
