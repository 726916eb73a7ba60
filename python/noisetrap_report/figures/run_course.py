"""A training run: loss and gradient over steps, and the critical points that it came near."""

from ..data import counted, numbers
from ..style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, legend_strip, new_figure

SHADES = (ORANGE, SKY, GREEN, PURPLE, VERMILION, BLUE)
FLAT = "#8a8a8a"


def draw(results):
    with_noise = shows_noise(results)
    figure = new_figure(height=8.0 if with_noise else 6.4)
    panels = figure.subplots(4 if with_noise else 3, sharex=True, height_ratios=(1, 1, 1.2, 1.2)[:4 if with_noise else 3])
    loss, gradient, curvature = panels[:3]
    step = numbers(results["step"])
    for axes in panels:
        shade_visits(axes, results, step)
    mark_plateaus(loss, results)
    loss.plot(step, numbers(results["loss"]), color=BLUE)
    loss.set(ylabel="loss")
    draw_gradient(gradient, step, numbers(results["gradient"]))
    draw_curvature(curvature, results, step)
    if with_noise:
        draw_noise(panels[3], results, step)
    panels[-1].set_xlabel("step")
    name_visits(loss, results, step)
    handles, labels = (sum(both, []) for both in zip(*(axes.get_legend_handles_labels() for axes in panels)))
    legend_strip(figure, handles, labels)
    return figure


def draw_gradient(axes, step, gradient):
    """Logarithmic, but for gradients that are exactly 0."""
    if (gradient > 0).any():
        axes.set_yscale("log")
    gradient[gradient <= 0] = float("nan")
    axes.plot(step, gradient, color=BLUE)
    axes.set(ylabel="|gradient|")


def draw_curvature(axes, results, step):
    smallest, bound = numbers(results["smallest"]), numbers(results["bound"])
    axes.axhline(0, color="black", linewidth=0.8)
    axes.plot(step, smallest, color=VERMILION, label="smallest eigenvalue of the Hessian")
    if bound.any():
        axes.fill_between(step, smallest - bound, smallest + bound, color=VERMILION, alpha=0.2, linewidth=0,
                          label="an eigenvalue lies within")
    axes.set(ylabel="eigenvalue")
    index = axes.twinx()
    index.step(step, numbers(results["index"]), where="mid", color=FLAT, linewidth=1)
    index.set_ylabel("index" if all(results["index_is_exact"]) else "index, at least", color="#555555")
    index.yaxis.get_major_locator().set_params(integer=True)
    index.spines["right"].set_visible(True)
    index.grid(False)
    axes.plot([], [], color=FLAT, linewidth=1, label="index: directions that lead down")


def shows_noise(results):
    """Of a network whose steps are known, where the loss bends down somewhere."""
    return bool(results["noise"]) and any(value is not None for value in results["noise"]["noise_over_signal"])


def draw_noise(axes, results, step):
    """Where the loss bends down along no direction there is nothing to be trapped at."""
    ratio = numbers(results["noise"]["noise_over_signal"])
    axes.axhline(1, color="black", linewidth=0.8)
    axes.plot(step, ratio, color=PURPLE, marker=".", markersize=3, label="noise over signal along the way out, lσ²/(2ab)")
    axes.set_yscale("log")
    axes.set(ylabel="noise over signal")


def mark_plateaus(axes, results):
    for number, plateau in enumerate(results["plateaus"]):
        axes.hlines(plateau["loss"], plateau["from"], plateau["to"], color=FLAT, alpha=0.55, linewidth=7, zorder=1.5,
                    label=None if number else "plateau")


def stays(results, step):
    """(visit, begin, end) of each stretch of checkpoints near one point, half the way to its neighbours."""
    visit, k = results["visit"], 0
    while k < len(visit):
        last = k
        while last + 1 < len(visit) and visit[last + 1] == visit[k]:
            last += 1
        if visit[k] is not None:
            before, after = step[max(k - 1, 0)], step[min(last + 1, len(step) - 1)]
            yield visit[k], (before + step[k]) / 2, (step[last] + after) / 2
        k = last + 1


def shade_visits(axes, results, step):
    for visit, begin, end in stays(results, step):
        axes.axvspan(begin, end, color=SHADES[visit % len(SHADES)], alpha=0.25, linewidth=0)


def name_visits(axes, results, step):
    """The longest stay of each point carries its name."""
    longest = {}
    for visit, begin, end in stays(results, step):
        if visit not in longest or end - begin > longest[visit][1] - longest[visit][0]:
            longest[visit] = begin, end
    for visit, (begin, end) in longest.items():
        point = results["visits"][visit]
        axes.annotate(f"{point['name']}\nindex {point['index']}", ((begin + end) / 2, 1), xycoords=("data", "axes fraction"),
                      ha="center", va="bottom", fontsize=8)


def caption(results):
    visits = results["visits"]
    exact = all(results["index_is_exact"])
    certain = "The index is exact." if exact else (
        "The index is a bound from below: Lanczos has seen a part of each spectrum; an eigenvalue lies within the band about "
        "the smallest one, and none is known to lie below it.")
    return f"""
        {counted(results['checkpoints'], 'checkpoint')}. Shaded are the stretches in which the run was near a critical point,
        within {results['near']:g} (1 + |x|) of it; it came near {len(visits) or 'none'} of them.
        {certain}{of_noise(results)}"""


def of_noise(results):
    if not shows_noise(results):
        return ""
    return """ Below: how large the noise of the samples is beside the signal, along the direction in which the loss bends down most.
        Above the line the SDE of one axis is trapped there; where the loss bends down along no direction nothing stands."""
