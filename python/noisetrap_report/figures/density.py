"""Density of eigenvalues, its negative part marked, over the exact ones where they are known."""

from ..data import counted, numbers, shown
from ..style import BLUE, THEORY, VERMILION, legend_strip, new_figure

FEW = 400  # exact eigenvalues, beyond which their ticks would merge


def draw(results):
    x, density = numbers(results["x"]), numbers(results["density"])
    figure = new_figure(height=4.8)
    axes = figure.subplots()
    axes.plot(x, density, color=BLUE, label="density by Lanczos quadrature")
    axes.fill_between(x, density, where=x <= 0, color=VERMILION, alpha=0.35, linewidth=0, label="negative part")
    exact = results["exact_spectrum"]
    if exact is not None and len(exact) <= FEW:
        axes.plot(exact, [0] * len(exact), "|", color=THEORY, markersize=14, markeredgewidth=1.1, label="exact eigenvalues",
                  zorder=4, clip_on=False)
    elif exact is not None:
        axes.hist(exact, bins=80, density=True, histtype="step", color=THEORY, label="exact eigenvalues")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(xlabel="eigenvalue of the Hessian", ylabel="share per unit of length",
             title=f"Smallest eigenvalue: {shown(results['smallest']['value'], '.6g')}", ylim=(0, None))
    legend_strip(figure, *axes.get_legend_handles_labels())
    return figure


def caption(results):
    return f"""
        The mean over {counted(results['probes'], 'random vector')}, each node of the quadrature spread over a normal of width
        {shown(results['width'], '.2g')}, about the distance of the nodes: peaks are no sharper than that, and eigenvalues of zero
        lie on both sides of it. What is negative is coloured: there the loss falls."""
