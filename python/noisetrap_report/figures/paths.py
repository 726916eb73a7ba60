"""Sample paths of the trapped SDE: on a linear scale they look quiet, on a logarithmic one they do not."""

import numpy as np

from ..data import numbers, shown
from ..style import SERIES, THEORY, new_figure


def draw(data):
    figure = new_figure(height=5.8)
    linear, logarithmic = figure.subplots(2, 1, sharex=True)
    time = numbers(data["t"])
    for k, path in enumerate(data["x"]):
        look = {"color": SERIES[k % len(SERIES)], "linewidth": 0.9}
        linear.plot(time, numbers(path), **look)
        logarithmic.semilogy(time, positive(np.abs(numbers(path))), **look)
    logarithmic.axhline(data["tau"] / data["sigma"], color=THEORY, linewidth=1, linestyle="--",
                        label="|x| = τ/σ, below which diffusive noise is the stronger")
    logarithmic.legend(loc="upper right")
    linear.set(ylabel="x  (length)", xlim=(time.min(), time.max()))
    logarithmic.set(ylabel="|x|  (length)", xlabel="time t")
    return figure


def positive(values):
    """Zero has no logarithm: a gap in the line."""
    return np.where(values > 0, values, np.nan)


def caption(data):
    rate = data["a"] - data["sigma"] ** 2 / 2
    return f"""
        {len(data['x'])} paths of the SDE with *a* = {data['a']:g}, *σ* = {data['sigma']:g}, *τ* =
        {data['tau']:g}, *ρ* = {data['rho']:g}, hence growth rate *a* − *σ*²/2 = {shown(rate, '.3g')}.
        On the linear scale they rest at the critical point and leave it in rare, tall spikes; the logarithmic
        scale shows that they wander over decades all the time and are led back again and again (downward
        needles are changes of sign).
        A trap of this kind does not hold a path still: it lets go on excursions of every size and brings it
        back."""
