"""A few paths of one run, |x| on a logarithmic axis and x on a plain one."""

import numpy as np

from ..data import counted, numbers
from ..style import SERIES, new_figure


def draw(data):
    figure = new_figure(8.2, 3.6)
    plain, logarithmic = figure.subplots(1, 2)
    time = numbers(data["paths"]["t"])
    for k, path in enumerate(data["paths"]["x"]):
        x, look = numbers(path), {"color": SERIES[k % len(SERIES)], "linewidth": 0.9}
        plain.plot(time, x, **look)
        logarithmic.plot(time, np.where(x == 0, np.nan, np.abs(x)), **look)
    clock = "time t" if data["formulation"] == "sde" else "step n"
    plain.set(xlabel=clock, ylabel="x  (length)", xlim=(time[0], time[-1]))
    logarithmic.set(xlabel=clock, ylabel="|x|  (length)", xlim=(time[0], time[-1]))
    if any((numbers(path) != 0).any() for path in data["paths"]["x"]):
        logarithmic.set_yscale("log")
    return figure


def caption(data):
    return f"""
        The first {counted(len(data['paths']['x']), 'path')} of the run from start to end: left *x* itself, which the
        farthest excursion rules, right its size, where every factor counts alike."""
