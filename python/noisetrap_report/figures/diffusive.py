"""Purely diffusive noise: x <- x + eta, so that x[N] - x[0] has mean 0 and deviation tau sqrt(N)."""

import numpy as np

from ..data import numbers
from ..style import BLUE, THEORY, VERMILION, new_figure, points


def draw(data):
    figure = new_figure(width=8.5, height=6.2)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    draw_deviation(above, data)
    draw_residuals(below, data)
    return figure


def deviation(data):
    """The theory."""
    return data["tau"] * np.sqrt(numbers(data["steps"]))


def residuals(data):
    """(name, value, standard error) in units of the theoretical deviation."""
    scale = deviation(data)
    yield ("standard deviation / (τ √N) − 1", numbers(data["deviation"]) / scale - 1,
           numbers(data["deviation_standard_error"]) / scale)
    yield "mean / (τ √N)", numbers(data["mean"]) / scale, numbers(data["mean_standard_error"]) / scale


def draw_deviation(axes, data):
    steps = numbers(data["steps"])
    axes.loglog(steps, deviation(data), color=THEORY, label="theory, τ √N")
    points(axes, steps, numbers(data["deviation"]), numbers(data["deviation_standard_error"]), color=BLUE,
           markersize=5, label="simulated")
    axes.set_ylabel("standard deviation of\nx[N] − x[0]  (length)")
    axes.legend(loc="upper left")


def draw_residuals(axes, data):
    """Both residuals side by side at each N."""
    axes.axhline(0, color=THEORY)
    for (name, value, error), shift, colour in zip(residuals(data), (0.95, 1.05), (BLUE, VERMILION)):
        points(axes, shift * numbers(data["steps"]), value, error, color=colour, label=name)
    axes.margins(y=0.35)
    axes.set(xlabel="number of steps N", ylabel="residual ± 2 s.e.")
    axes.legend(loc="upper left", ncol=2)


def caption(data):
    close = np.concatenate([np.abs(value) <= 2 * error for _, value, error in residuals(data)])
    return f"""
        Standard deviation of the displacement after *N* steps of additive noise alone (*τ* = {data['tau']:g},
        {data['paths']:,} paths) against the line *τ* √*N*; below, what is left of deviation and mean after the
        theory is taken away.
        Of these {len(close)} residuals {close.sum()} lie within two standard errors of zero (19 in 20 are
        expected to).
        Diffusive noise spreads the paths evenly, prefers no direction and traps nothing."""
