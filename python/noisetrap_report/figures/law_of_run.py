"""The law of x at the last time that was observed, beside the stationary one: density, and the tail on both sides."""

import numpy as np

from ..data import numbers, shown
from ..style import BLUE, THEORY, legend_strip, new_figure, note, points


WIDE = 1e6  # farthest over nearest |x|, beyond which a density without a law to compare it with shows a spike alone


def draw(data):
    law = data["law"]
    drawn = parts(law)
    figure = new_figure(8.2 if len(drawn) > 1 else 5.6, 3.8)
    panels = figure.subplots(1, len(drawn), squeeze=False)[0]
    for axes, part in zip(panels, drawn):
        if part == "density":
            draw_density(axes, law["density"])
        else:
            draw_tail(axes, law["tail"], law["tail_index"])
    handles, labels = panels[0].get_legend_handles_labels()
    legend_strip(figure, handles, labels)
    return figure


def parts(law):
    """What of it is drawn."""
    tail = law["tail"]
    spike = tail and not known(law) and tail["r"][-1] > WIDE * tail["r"][0]
    return ([] if spike else ["density"]) + (["tail"] if tail else [])


def known(law):
    return any(value is not None for value in law["density"]["stationary"])


def draw_density(axes, density):
    """Steps, since each value is the mean over its bin."""
    edges = np.append(numbers(density["lower"]), density["upper"][-1:])
    value, error, stationary = (numbers(density[name]) for name in ("value", "standard_error", "stationary"))
    centre = (edges[1:] + edges[:-1]) / 2
    axes.stairs(value, edges, color=BLUE, alpha=0.35, fill=True, label="measured")
    points(axes, centre, value, error, color=BLUE, fmt="none", capsize=0)
    if np.isfinite(stationary).any():
        axes.plot(centre, stationary, color=THEORY, label="stationary law")
    highest = np.nanmax(np.concatenate([value, stationary]))
    axes.set(xlabel="x  (length)", ylabel="density  (1/length)", ylim=(0, 1.08 * highest))
    axes.margins(x=0)


def draw_tail(axes, tail, index):
    r, value, error, stationary = (numbers(tail[name]) for name in ("r", "value", "standard_error", "stationary"))
    points(axes, r, value, error, color=BLUE, capsize=0, label="measured")
    if np.isfinite(stationary).any():
        axes.plot(r, stationary, color=THEORY)
    axes.set(xscale="log", yscale="log", xlabel="r  (length)", ylabel="P(|x| > r)",
             ylim=(value[value > 0].min() / 2, 1.5))
    if index is not None:
        note(axes, 0.04, 0.05, f"tail $r^{{-{index:.3g}}}${': no mean' if index <= 1 else ''}")


def caption(data):
    law, words = data["law"], "Bars are two standard errors. "
    if known(law):
        words += "The line is the law to which *x* comes as time goes on. "
    else:
        words += "No stationary law is known here. "
    if law["tail_index"] is not None:
        words += f"The tail of the law falls like *r* to the power −{shown(law['tail_index'], '.3g')}. "
    if parts(law) == ["tail"]:
        return f"{words}The paths are shown by their distance from 0, which spans many decades."
    return f"{words}Left are the middle eight tenths of the paths, right all of them by their distance from 0."
