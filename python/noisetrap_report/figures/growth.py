"""Growth rate gamma = E log|A| per unit of time against the strength sigma of attractive noise."""

from matplotlib.lines import Line2D

from ..data import numbers
from ..style import SERIES, SKY, legend_above, new_figure, note, points

LAWS = {"two-point": "two-point noise", "gaussian": "Gaussian noise"}


def draw(data):
    figure = new_figure(height=5.0)
    panels = figure.subplots(1, len(data["panels"]), squeeze=False).flat
    for axes, panel in zip(panels, data["panels"]):
        draw_panel(axes, panel)
    legend_above(figure, panels[0], extra=line_kinds())
    return figure


def draw_panel(axes, panel):
    for colour, curve in zip(SERIES, panel["curves"]):
        draw_curve(axes, curve, colour)
    low, high = readable_range(panel["curves"])
    axes.axhspan(low, 0, color=SKY, alpha=0.18, linewidth=0)
    axes.axhline(0, color="black", linewidth=1)
    note(axes, 0.03, 0.03, "trapped: γ < 0", color=SERIES[0], weight="bold")
    axes.set(ylim=(low, high), title=title(panel), **labels(panel))
    axes.margins(x=0)


def draw_curve(axes, curve, colour):
    """Exact curve of the simulated recursion, the SDE's formula, and what was measured."""
    sigma, measured = numbers(curve["sigma"]), curve["points"]
    axes.plot(sigma, numbers(curve["exact"]), color=colour)
    axes.plot(sigma, numbers(curve["sde"]), color=colour, linestyle=(0, (4, 3)), linewidth=1)
    points(axes, *(numbers(measured[name]) for name in ("sigma", "value", "standard_error")), color=colour,
           label=f"a = {curve['a']:g}")


def readable_range(curves):
    """The positive part in full and as much below zero; the exact curve may fall to minus infinity."""
    seen = numbers([value for curve in curves for value in curve["exact"] + curve["sde"]])
    top = max([value for value in seen if 0 < value < float("inf")], default=1.0)
    return -1.25 * top, 1.15 * top


def title(panel):
    if panel["formulation"] == "sde":
        return f"SDE, steps of {panel['dt']:.3g}"
    return f"recursion, {LAWS.get(panel['law'], panel['law'])}"


def labels(panel):
    noise, rate = ("1/√time", "1/time") if panel["formulation"] == "sde" else ("1/step", "1/step")
    return {"xlabel": f"attractive noise σ  ({noise})", "ylabel": f"growth rate γ  ({rate})"}


def line_kinds():
    return (Line2D([], [], color="grey", label="exact E log|A|"),
            Line2D([], [], color="grey", linestyle=(0, (4, 3)), linewidth=1, label="SDE, a − σ²/2"))


def caption(_):
    return """
        Points are measured growth rates of |*x*| without diffusive noise, with bars of two standard errors;
        solid curves are the exact rate of the recursion that is simulated, dashed ones the formula *a* − *σ*²/2
        of the SDE.
        In the shaded half paths shrink towards the critical point although the gradient drives them away from
        it (*a* > 0); curves enter it near *σ*² = 2*a*.
        At large *σ* the recursions overshoot and leave the trap again, Gaussian ones with *a* > 0.278 never
        enter it, and the two-point rate falls to minus infinity at *σ* = 1 + *a* (the axis is cut); the SDE
        knows only the lower edge."""
