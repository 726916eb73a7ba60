"""The measured growth rate on the exact curve over the strength of the attractive noise."""

import numpy as np

from ..data import numbers
from ..style import BLUE, SKY, THEORY, VERMILION, new_figure, note, points
from ..symbols import GREEK

DASHES = (0, (4, 3))


def draw(data):
    growth, measured = data["growth"], data["summary"]["growth_rate"]
    figure = new_figure(5.6, 3.8)
    axes = figure.subplots()
    strength, exact, small = (numbers(growth[name]) for name in ("strength", "exact", "small_step"))
    exact_name, small_name = names(data)
    if np.isfinite(exact).any():
        axes.plot(strength, exact, color=THEORY, label=exact_name)
    if np.isfinite(small).any():
        axes.plot(strength, small, color=BLUE, linestyle=DASHES, linewidth=1.1, label=small_name)
    axes.axhline(0, color="black", linewidth=0.9)
    if measured["value"] is not None:
        points(axes, [growth["here"]], [measured["value"]], numbers([measured["standard_error"]]), color=VERMILION,
               markersize=7, label="this run")
    low, high = heights(exact, small, measured["value"])
    axes.axhspan(low, 0, color=SKY, alpha=0.18, linewidth=0)
    note(axes, 0.02, 0.03, "trapped", color=BLUE, weight="bold")
    axes.set(xlim=(0, strength[-1]), ylim=(low, high), xlabel=f"attractive noise {GREEK[growth['parameter']]}",
             ylabel="growth rate  (1/time)" if data["formulation"] == "sde" else "growth rate  (1/step)")
    axes.legend(loc="upper right")
    return figure


def names(data):
    """Of the two curves."""
    if data["formulation"] == "sde":
        return f"this scheme, dt = {data['summary']['dt']:g}", "theory"
    return "exact", "small-step SDE"


def heights(exact, small, measured):
    """As high as the curves go, and as deep as the run lies; a curve may fall to minus infinity."""
    seen = np.concatenate([exact, small])
    seen = seen[np.isfinite(seen)]
    top = max([*seen, measured or 0, 0])
    depth = min([measured or 0, -0.6 * top, *[-abs(value) for value in seen[:1]]])
    room = 0.15 * (top - depth) or 1.0
    return depth - room, top + room


def caption(data):
    exact_name, small_name = names(data)
    return f"""
        Growth rate of log|d*x*| over the strength of the noise, all else as in the run; the mark is what the run measured,
        with a bar of two standard errors. The solid line is {exact_name}, the dashed one is {small_name}. Below zero is
        trapped."""
