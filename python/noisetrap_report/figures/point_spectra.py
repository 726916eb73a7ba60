"""Spectra of the Hessian at the points that were found, one row each, the negative part marked."""

from math import ceil, floor, log10

from ..data import counted
from ..style import BLUE, VERMILION, legend_strip, new_figure

MOST = 30  # rows
FLAT = "#8a8a8a"


def with_spectra(results):
    return [point for point in results["points"] if point["spectrum"] is not None]


def chosen(results):
    """All points, or of many as many as there is room for, evenly over the losses."""
    points = with_spectra(results)
    if len(points) <= MOST:
        return points
    return [points[round(k * (len(points) - 1) / (MOST - 1))] for k in range(MOST)]


def draw(results):
    points = chosen(results)
    figure = new_figure(height=1.5 + 0.27 * len(points))
    axes = figure.subplots()
    for place, point in enumerate(points):
        draw_row(axes, place, point)
    axes.axvline(0, color="black", linewidth=0.8, zorder=1)
    axes.set_yticks(range(len(points)), [words(point) for point in points])
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.set(ylim=(-0.7, len(points) - 0.3), xlabel="eigenvalue of the Hessian", title="Lowest loss at the bottom")
    spread_out(axes, points)
    by_label = dict(zip(*reversed(axes.get_legend_handles_labels())))
    legend_strip(figure, list(by_label.values()), list(by_label))
    return figure


def words(point):
    index = f"index {point['index']}" if point["index_is_exact"] else f"index ≥ {point['index']}"
    return f"{point['name']}: {index}"


def draw_row(axes, place, point):
    zero = point["threshold"]
    parts = (("negative", VERMILION, [v for v in point["spectrum"] if v < -zero]),
             ("flat", FLAT, [v for v in point["spectrum"] if abs(v) <= zero]),
             ("positive", BLUE, [v for v in point["spectrum"] if v > zero]))
    for label, colour, values in parts:
        if values:
            axes.plot(values, [place] * len(values), "|", color=colour, markersize=13, markeredgewidth=1.6, label=label,
                      zorder=3)


def spread_out(axes, points):
    """Logarithmic both ways where eigenvalues differ much in size; ticks at powers of ten that the linear part leaves."""
    sizes = sorted(abs(v) for point in points for v in point["spectrum"] if abs(v) > point["threshold"])
    if not sizes or sizes[-1] <= 30 * sizes[len(sizes) // 2]:
        return
    linear, lowest, highest = sizes[len(sizes) // 4], *axes.get_xlim()
    axes.set_xscale("symlog", linthresh=linear)
    powers = [10.0**k for k in range(ceil(log10(linear)), floor(log10(sizes[-1])) + 1)]
    axes.set_xticks([*(-power for power in reversed(powers) if lowest <= -power), 0,
                     *(power for power in powers if power <= highest)])


def caption(results):
    points, rows = with_spectra(results), chosen(results)
    few = f" {len(rows)} of {counted(len(points), 'point')} are shown." if len(rows) < len(points) else ""
    partial = any(not point["index_is_exact"] for point in rows)
    seen = " Ticks are Ritz values: Lanczos has seen the ends of the spectrum, not all of it." if partial else ""
    return f"""
        Each tick is an eigenvalue; as many lie left of zero as the index says. Where a symmetry makes a family of points,
        the spectrum is that of the one which was found: the index is common to all, the sizes need not be.{few}{seen}"""
