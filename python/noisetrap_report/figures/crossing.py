"""Growth rates of all saddles on one line: they cross zero where sigma^2 = 2 a."""

import numpy as np

from ..data import numbers
from ..style import BLUE, GREEN, SKY, THEORY, VERMILION, new_figure, note, points

FARTHEST = 2.5  # sigma^2/(2 a) that is drawn
SHORT, LONG = 0.02, 0.15  # rates a of the recursions that are drawn


def draw(data):
    figure = new_figure(5.0, 3.9)
    axes = figure.subplots()
    axes.axhspan(-9, 0, color=SKY, alpha=0.18, linewidth=0)
    axes.axhline(0, color="black", linewidth=1)
    axes.plot([0, FARTHEST], [1, 1 - FARTHEST], color=THEORY, linewidth=1.3, label="theory of the SDE, a − σ²/2")
    for panel, curve, colour, marker, label in series(data):
        sigma, value, error = (numbers(curve["points"][name]) for name in ("sigma", "value", "standard_error"))
        if panel["formulation"] == "recursion":
            x, exact = ratio(numbers(curve["sigma"]), curve["a"]), numbers(curve["exact"]) / curve["a"]
            axes.plot(x, exact, color=colour, linewidth=1.1)
        kept = ratio(sigma, curve["a"]) <= FARTHEST
        points(axes, ratio(sigma, curve["a"])[kept], (value / curve["a"])[kept], (error / curve["a"])[kept],
               color=colour, fmt=marker, markersize=4.5, capsize=0, label=label)
    axes.set(xlim=(0, FARTHEST), ylim=(1 - FARTHEST - 0.15, 1.15), xlabel="σ² / 2a", ylabel="growth rate / a")
    axes.legend(loc="upper right", handlelength=1.2)
    note(axes, 0.03, 0.03, "trapped", color=BLUE, weight="bold")
    return figure


def ratio(sigma, a):
    return sigma ** 2 / (2 * a)


def series(data):
    """The SDE's curves in one colour, and those of the Gaussian recursion for a short and for a long step."""
    told = set()
    for panel in data["panels"]:
        for curve in panel["curves"]:
            if curve["a"] <= 0 or np.isclose(curve["a"], SHORT) and panel["formulation"] == "sde":
                continue
            if panel["formulation"] == "sde":
                label = "_" if "sde" in told else "SDE, small steps"
                told.add("sde")
                yield panel, curve, BLUE, "o", label
            elif panel["law"] == "gaussian" and curve["a"] in (SHORT, LONG):
                colour = VERMILION if curve["a"] == SHORT else GREEN
                yield panel, curve, colour, "D" if curve["a"] == SHORT else "s", f"recursion, a = {curve['a']:g}"


def caption(_):
    return """
        Growth rate of log|*x*| without diffusive noise, over the strength of the attractive noise, both in units of the
        repulsion *a* > 0. The SDE crosses zero at σ² = 2*a* whatever *a* is; a recursion does so in the limit of short
        steps, and its curve bends away as *a* grows. Bars are two standard errors."""
