"""One path past a saddle of ten dimensions: along its way out and across it, and by the path's own principal components."""

from ..data import numbers, percent, shown
from ..style import BLUE, new_figure


def draw(data):
    figure = new_figure(height=4.6)
    left, right = figure.subplots(1, 2)
    draw_path(left, numbers(data["along"]), numbers(data["across"]))
    left.set(xlabel="along the escape direction", ylabel="distance across it", title="As the saddle is: in, and then out")
    draw_path(right, numbers(data["first"]), numbers(data["second"]))
    explained, cosines = data["explained"], data["cosines"]
    right.set(xlabel=f"first component: {percent(explained[0])} of the variance, cosine {shown(cosines[0], '.2g')} with the way out",
              ylabel=f"second: {percent(explained[1])}, cosine {shown(cosines[1], '.2g')}",
              title="By its own principal components")
    return figure


def draw_path(axes, x, y):
    axes.plot(x, y, "-o", color=BLUE, markersize=2.6, linewidth=1)
    axes.plot(x[:1], y[:1], "s", color="black", markersize=7)
    axes.annotate("start", (x[0], y[0]), xytext=(8, 4), textcoords="offset points", fontsize=9)
    axes.margins(0.08)


def caption(data):
    return """
        Gradient descent past a saddle with one way out among ten directions, a dot a step. Left the escape direction, an
        eigenvector of the Hessian, shows what happens. Right the two directions in which the path itself varies most: they
        mix the way in with the way out, and how much of the variance they explain says nothing of how near to the escape
        direction they are."""
