"""Contours of a loss about a saddle, with the paths of steps that lead into it and of steps that lead out."""

from matplotlib.patheffects import withStroke

from ..data import numbers
from ..style import BLUE, GREEN, ORANGE, VERMILION, legend_strip, new_figure

INTO, OUT = (VERMILION, ORANGE), (BLUE, GREEN)


def draw(data):
    figure = new_figure(height=5.6)
    axes = figure.subplots()
    x, y, f = (numbers(data[name]) for name in ("x", "y", "f"))
    axes.contour(x, y, f, levels=28, colors="#b9b9b9", linewidths=0.7, linestyles="solid")
    colours = {True: iter(INTO), False: iter(OUT)}
    for path in data["paths"]:
        draw_path(axes, path, next(colours[path["into"]]))
    axes.plot([0], [0], "X", color="black", markersize=9, label="saddle", zorder=6)
    axes.plot([-1, 1], [0, 0], "o", markerfacecolor="none", markeredgecolor="black", markersize=10, label="minima", zorder=6)
    axes.plot(*[[value[0]] for value in (data["paths"][0]["x"], data["paths"][0]["y"])], "s", color="black", markersize=6,
              label="start", zorder=6)
    axes.set(xlabel="x", ylabel="y", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    axes.grid(False)
    legend_strip(figure, *axes.get_legend_handles_labels())
    return figure


def draw_path(axes, path, colour):
    axes.plot(numbers(path["x"]), numbers(path["y"]), "-o", color=colour, markersize=3.5, linewidth=1.5, zorder=4,
              label=f"{path['label']}: {'into the saddle' if path['into'] else 'out of it'}",
              path_effects=[withStroke(linewidth=3, foreground="white")])


def caption(data):
    return """
        All start at the same point beside the saddle; dots are steps. Newton's step solves *H s* = −*g* and leads to where the
        gradient is zero, whatever is there; so does Levenberg–Marquardt. With the sizes of the eigenvalues in place of the
        eigenvalues the same step leads out. The loss has three coordinates; its lowest height along the third is drawn."""
