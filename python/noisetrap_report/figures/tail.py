"""The law in which trapped paths come to rest: a peak at the saddle, and a tail that has no mean."""

from ..data import numbers, shown
from ..style import BLUE, THEORY, new_figure, note, points


def draw(data):
    figure = new_figure(5.0, 3.9)
    density, tail = figure.subplots(2, 1)
    panel = of_data(data)
    last = panel["times"][-1]
    lower, upper, value, error = (numbers(last["density"][name]) for name in
                                  ("lower", "upper", "value", "standard_error"))
    density.fill_between((lower + upper) / 2, value - 2 * error, value + 2 * error, color=BLUE, alpha=0.5, linewidth=0,
                         label=f"measured, t = {last['t']:g}")
    density.plot(numbers(panel["density"]["x"]), numbers(panel["density"]["theory"]), color=THEORY, linewidth=1.1,
                 label="stationary theory")
    density.set(xlim=(lower[0], upper[-1]), ylim=(0, None), xlabel="x", ylabel="density")
    density.legend(loc="upper right", handlelength=1.2)
    r, share, error = (numbers(last["survival"][name]) for name in ("r", "value", "standard_error"))
    floor = 0.5 / data["paths"]
    seen = share > 0
    points(tail, r[seen], share[seen], error[seen], color=BLUE, capsize=0)
    tail.loglog(numbers(panel["survival"]["r"]), numbers(panel["survival"]["theory"]), color=THEORY, linewidth=1.1)
    shown_range = r[share > 20 * floor]
    tail.set(xlim=(r[0], shown_range[-1] * 3), ylim=(floor * 10, 2), xlabel="r", ylabel="P(|x| > r)")
    note(tail, 0.04, 0.07, f"tail $r^{{-{panel['tail_index']:.3g}}}$: no mean")
    return figure


def of_data(data):
    """A repulsive point without correlation."""
    found = [panel for panel in data["panels"] if panel["a"] > 0 and panel["rho"] == 0]
    if not found:
        raise ValueError("no panel with a > 0 and rho = 0")
    return found[0]


def caption(data):
    panel = of_data(data)
    return f"""
        {data['paths']:,} paths of the SDE at a saddle (*a* = {shown(panel['a'])}, σ = {data['sigma']:g}, τ =
        {data['tau']:g}, ρ = 0) at *t* = {panel['times'][-1]['t']:g}, and the stationary law: its density near the saddle,
        and the odds of being farther out than *r*. Its tail exponent 1 − 2*a*/σ² = {panel['tail_index']:.3g} is less than
        1: the law has no mean, so judge by quantiles."""
