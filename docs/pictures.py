"""Draws the pictures of docs/images that come from runs.

    PYTHONPATH=build/release/python build/python-venv/bin/python docs/pictures.py [NAME ...]

The bytes depend on the version of matplotlib; those in docs/images are of Debian 12's.
"""

import sys
from pathlib import Path

import numpy as np
from noisetrap_report import style

import noisetrap as nt

IMAGES = Path(__file__).resolve().parent / "images"
HELD, FREE = style.BLUE, style.ORANGE


def saddle(sigma, a=0.05):
    return nt.NoisySaddle(a=a, sigma=sigma, tau=0)


def decades(model, steps, paths, points=251):
    """Steps, and the decimal logarithm of |x| there, path by path."""
    times = sorted({round(n) for n in np.linspace(1, steps, points)})
    rows = nt.collect(model, steps=steps, times=[float(n) for n in times], paths=paths)
    return np.array([0, *times]), np.vstack([np.zeros(paths), rows.log_abs / np.log(10)])


def power_axis(axes, label="|x|"):
    axes.yaxis.set_major_formatter(lambda y, _: f"$10^{{{y:.0f}}}$")
    axes.set(xlabel="steps", ylabel=label)


def five_paths(axes):
    for sigma, colour, words in ((0.2, FREE, "σ = 0.2"), (0.4, HELD, "σ = 0.4")):
        steps, log_abs = decades(saddle(sigma), 1000, 5)
        axes.plot(steps, log_abs, color=colour, lw=0.9)
        axes.text(1010, float(np.median(log_abs[-1])), words, color=colour, va="center")
    axes.set(xlim=(0, 1000))
    power_axis(axes)


def paths():
    figure = style.new_figure(8.0, 3.6)
    five_paths(figure.subplots())
    return figure


def phase_map(axes, d, places, x, y):
    """Phases as areas with their names in them, and the measured border."""
    names = list(dict.fromkeys(d.phases.ravel().tolist()))
    colours = {"escapes": "#fbe3b3", "trapped": "#9ecae1", "trapped in mean square": "#4f94c4", "undecided": "#dddddd",
               "overshoots": "#f4b183"}
    field = np.vectorize(names.index)(d.phases)
    from matplotlib.colors import ListedColormap

    axes.grid(False)
    axes.pcolormesh(*d.axes.values(), field.T, shading="nearest", cmap=ListedColormap([colours[n] for n in names]),
                    vmin=-0.5, vmax=len(names) - 0.5, rasterized=True)
    for curve in d.boundary:
        axes.plot(curve["x"], curve["y"], "o", color="black", ms=2.2)
    for words, place in places.items():
        axes.text(*place, words, ha="center", va="center")
    axes.set(xlabel=x, ylabel=y)


def trap():
    figure = style.new_figure(9.4, 4.0, dpi=120)
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    five_paths(left)
    left.set_title("Five paths with weak and five with strong noise")
    d = nt.sweep(str(IMAGES.parent / "sweep.toml"))
    phase_map(right, d, {"lets go": (0.25, 0.3), "traps": (0.09, 0.95), "steps overshoot": (0.2, 1.75),
                         "minimum": (-0.17, 0.3)}, "a, how steeply the loss falls", "σ, noise of the curvature")
    right.plot([0.05, 0.05], [0.2, 0.4], ls="", marker="x", color=style.VERMILION, ms=7, mew=2)
    right.axvline(0, color="black", lw=0.6, ls=":")
    right.set_title("Where noise traps")
    return figure


def window():
    figure = style.new_figure(8.0, 3.6)
    axes = figure.subplots()
    sigma = np.linspace(0.1, 1.7, 33)
    d = nt.sweep(nt.NoisySaddle(a=0.05, tau=0), over={"sigma": sigma}, observe=["growth"], paths=512, steps=400)
    axes.axhspan(-0.3, 0, color=HELD, alpha=0.12, lw=0)
    axes.plot(sigma, d.theory("growth")["exact"], color="black", label="exact, of the steps")
    axes.plot(sigma, 0.05 - sigma**2 / 2, color="black", ls="--", label="a − σ²/2, of small steps")
    style.points(axes, sigma, d.value("growth"), d.error("growth"), color=style.VERMILION, label="measured")
    axes.text(0.9, -0.05, "trapped", color=HELD, ha="center")
    axes.set(xlabel="σ", ylabel="growth rate per step", ylim=(-0.3, 0.08), xlim=(0.05, 1.75))
    axes.legend(loc="lower left")
    return figure


def mean_and_median():
    figure = style.new_figure(9.0, 3.5)
    for axes, sigma, colour in zip(figure.subplots(1, 2), (0.2, 0.4), (FREE, HELD)):
        steps, log_abs = decades(saddle(sigma), 400, 60, 81)
        axes.plot(steps, log_abs, color=colour, lw=0.5, alpha=0.4)
        axes.plot(steps, np.median(log_abs, axis=1), color=colour, lw=2.5, label="median path")
        axes.plot(steps, steps * np.log10(1.05), color="black", lw=2, label="mean of x")
        axes.set_title(f"σ = {sigma}")
        power_axis(axes)
        axes.legend(loc="upper left" if sigma < 0.3 else "lower left")
    return figure


def stationary():
    figure = style.new_figure(9.0, 3.4)
    left, right = figure.subplots(1, 2, width_ratios=[1.4, 1])
    model = nt.LinearSde(a=0.1, sigma=1.0, tau=0.5)
    t, x = nt.replay(nt.simulate(model, x0=0.0, t_end=400, scheme="splitting", paths=64), path=3)
    left.plot(t, x, color=HELD, lw=0.5)
    left.set(xlabel="time", ylabel="x", yscale="symlog")
    left.set_yticks([-1000, -100, -10, 0, 10, 100, 1000])
    law = model.stationary()
    r = np.logspace(-1, 3, 49)
    rows = nt.collect(model, x0=0.0, t_end=200, scheme="splitting", paths=100_000)
    beyond = np.array([np.mean(abs(rows.value[-1]) > at) for at in r])
    quartile = law.ppf(0.75)
    from statistics import NormalDist

    normal = NormalDist(0, quartile / NormalDist().inv_cdf(0.75))
    right.plot(r, 2 * law.sf(r), color="black", label=f"exact, falls as r^−{law.tail_index:.1f}")
    right.plot(r[beyond > 0], beyond[beyond > 0], "o", color=style.VERMILION, ms=3, label="measured")
    right.plot(r, [2 * (1 - normal.cdf(at)) for at in r], color=FREE, ls="--", label="normal, of the same quartiles")
    right.set(xscale="log", yscale="log", xlabel="r", ylabel="P(|x| > r)", ylim=(1e-3, 1.5))
    right.legend(loc="lower left")
    return figure


def tutorial_file(name):
    """A file that the tutorial has its reader save."""
    text = (IMAGES.parent / "tutorial.md").read_text(encoding="utf-8")
    return text[text.index(f"# {name}\n"):].split("```")[0]


def clipping():
    figure = style.new_figure(8.0, 3.8, dpi=120)
    axes = figure.subplots()
    phase_map(axes, nt.sweep(tutorial_file("diagram.toml")), {"trapped": (1.3, 0.7), "escapes": (1.3, 0.2)},
              "σ, noise of the curvature", "c, where it is clipped")
    axes.axhline(0.3202, color=style.VERMILION, ls="--", lw=1)
    axes.text(1.98, 0.27, "c² = a (2 + a)", color=style.VERMILION, ha="right", va="top")
    return figure


PICTURES = {"trap": trap, "paths": paths, "window": window, "mean-and-median": mean_and_median,
            "stationary": stationary, "clipping": clipping}

if __name__ == "__main__":
    for name in sys.argv[1:] or PICTURES:
        (IMAGES / f"{name}.svg").write_text(style.render_svg(name, PICTURES[name]), encoding="utf-8")
