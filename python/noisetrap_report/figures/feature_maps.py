"""Which gates noise has switched off: seen, predicted from the errors of the other gates, and predicted from those at zero."""

import numpy as np

from ..data import percent
from ..style import BLUE, VERMILION, new_figure

VIEWS = (("off", "seen"), ("predicted", "predicted, the other gates at work"), ("by_origin", "predicted from zero"))


def draw(features):
    figure = new_figure(height=4.4)
    places = figure.subplots(1, len(VIEWS))
    for axes, (key, title) in zip(places, VIEWS):
        axes.set_title(title, fontsize=10)
        if features["side"]:
            drawn = draw_map(axes, features, key)
        else:
            drawn = draw_bars(axes, features, key)
    if features["side"]:
        figure.colorbar(drawn, ax=places, shrink=0.8, label="share of runs in which the pixel is switched off")
    return figure


def draw_map(axes, features, key):
    """Pixels that no gate sees stay empty."""
    side = features["side"]
    field = np.full(side * side, np.nan)
    field[features["columns"]] = features[key]
    drawn = axes.pcolormesh(field.reshape(side, side), cmap="cividis_r", vmin=0, vmax=1, edgecolors="#bbbbbb", linewidth=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.invert_yaxis()
    axes.grid(False)
    return drawn


def draw_bars(axes, features, key):
    axes.bar(features["columns"], features[key], color=BLUE if key == "off" else VERMILION)
    axes.set(xlabel="input", ylim=(0, 1.03))


def verdict(features):
    return (f"{percent(features['off_share'])} of the gates are switched off. The errors of the other gates tell which in "
            f"{percent(features['right'] / features['pairs'])} of {features['pairs']:,} cases, those at zero in "
            f"{percent(features['right_by_origin'] / features['pairs'])}.")


def caption(features):
    return f"""
        A gate is off where its two weights are shorter than {features['off_below']:g} at the end, in shares of
        {features['paths']} runs that differ in their batches alone; {features['all_or_none']} of {len(features['off'])} gates
        do the same in nine tenths of the runs. Predicted: E log|1 ∓ *l* *g* *x*| < 0 for both signs, *x* the gate's input and
        *g* the error of the network without this gate, over all samples and the second half of each run. From zero: *g* is
        the error of a network that answers nothing, which leaves out that the gates that wake first take the signal of the
        others."""
