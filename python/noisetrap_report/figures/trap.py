"""The same saddle under weak and under strong attractive noise: the paths leave, or they sink."""

from matplotlib.ticker import LogLocator

from ..data import numbers, shown
from ..style import BLUE, ORANGE, new_figure, note

LOOKS = ({"color": ORANGE}, {"color": BLUE})  # of the weaker noise and of the stronger one


def draw(data):
    figure = new_figure(5.0, 3.9)
    axes = figure.subplots()
    for panel, look in zip(data["panels"], LOOKS):
        for path in panel["log10_abs"]:
            axes.plot(numbers(data["steps"]), 10 ** numbers(path), linewidth=1.0, **look)
        side = {"y": 0.97} if panel["growth"] > 0 else {"y": 0.03}
        note(axes, 0.03, side["y"], told(panel), weight="bold", **look)
    axes.axhline(1, color="black", linewidth=0.9, linestyle=":")
    axes.set(yscale="log", xlim=(0, data["steps"][-1]), xlabel="step n", ylabel="|x[n]| / |x[0]|")
    axes.yaxis.set_major_locator(LogLocator(1e5))
    axes.yaxis.set_minor_locator(LogLocator(1e5, subs=()))
    return figure


def told(panel):
    word = "free" if panel["growth"] > 0 else "trapped"
    return f"σ = {shown(panel['sigma'])}: {word}"


def caption(data):
    weak, strong = data["panels"]
    return f"""
        {len(weak['log10_abs'])} paths each of *x* ← (1 + *a* + *ξ*) *x* at a saddle with *a* = {shown(data['a'])}, with
        Gaussian noise of σ = {shown(weak['sigma'])} and of σ = {shown(strong['sigma'])}; it is the very same noise, and
        nothing but its strength differs. Their growth rates are {shown(weak['growth'], '.2g')} and
        {shown(strong['growth'], '.2g')} a step."""
