"""Purely attractive noise: x <- x (1 + xi), xi = +sigma or -sigma at equal odds."""

from ..data import columns
from ..style import INSIDE, OUTSIDE, new_figure, legend_above, note, points

NEGLIGIBLE = 1e-6  # atoms rarer than this share of the likeliest one are left out


def draw(data):
    figure = new_figure(height=6.6)
    panels = figure.subplots(2, (len(data["panels"]) + 1) // 2, squeeze=False).flat
    for axes, panel in zip(panels, data["panels"]):
        draw_panel(axes, panel)
    legend_above(figure, panels[0])
    return figure


def draw_panel(axes, panel):
    """Exact probabilities as bars, simulated frequencies as points."""
    ratio, probability, frequency, error = columns(
        panel["atoms"], "log_ratio", "probability", "frequency", "standard_error")
    kept = probability > NEGLIGIBLE * probability.max()
    spacing = (ratio.max() - ratio.min()) / (len(ratio) - 1)
    for side, colour, label in sides(ratio):
        axes.bar(ratio[kept & side], probability[kept & side], 0.8 * spacing, color=colour, label=label)
    points(axes, ratio[kept], frequency[kept], error[kept], color="black", capsize=0,
           markersize=1.4 if kept.sum() > 60 else 2.6, label="simulated frequency ± 2 s.e.")
    axes.axvline(0, ymax=0.85, color="black", linewidth=0.8, linestyle=":")
    axes.set(title=f"n = {panel['n']} steps", xlabel="log( |x[n]| / |x[0]| )", ylabel="probability",
             ylim=(0, 1.18 * probability.max()))
    note(axes, 0.985, 0.97, f"P( |x[n]| < |x[0]| ) = {panel['odds_inside']:.4f}", color=INSIDE, weight="bold")


def sides(ratio):
    """(which atoms, colour, label): nearer to the critical point than at the start, or farther."""
    yield ratio <= 0, INSIDE, "exact, |x[n]| ≤ |x[0]|: nearer"
    yield ratio > 0, OUTSIDE, "exact, |x[n]| > |x[0]|: farther"


def caption(data):
    first, last = data["panels"][0], data["panels"][-1]
    return f"""
        Each bar is one value that |*x*[*n*]| can take when every step multiplies *x* by 1 + *σ* or 1 − *σ* at
        equal odds (*σ* = {data['sigma']:g}, *a* = 0); points are frequencies among {data['paths']:,} simulated
        paths, with bars of two standard errors.
        The mean of *x*[*n*] never changes, yet the odds of being nearer to the critical point than at the start
        grow from {first['odds_inside']:.3f} after {first['n']} steps to {last['odds_inside']:.3f} after
        {last['n']}.
        Noise that multiplies *x* thus attracts with no gradient at all: the mean is held up by ever fewer paths
        ever farther to the right."""
