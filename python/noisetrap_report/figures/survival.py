"""Share of paths that are still inside, against the gradients that they have spent."""


from ..data import grouped, numbers
from ..style import new_figure
from .contenders import BEST, TYPICAL, groups
from .scores import apart

TITLES = {BEST: "Best setting of each optimiser", TYPICAL: "Typical setting of each optimiser"}
LINES = {BEST: "-", TYPICAL: (0, (5, 2))}
HEIGHT, ROOM = 5.2, 0.047  # inches; the least distance of two names, as a share


def draw(results):
    ranking = groups(results)
    kinds = [BEST, TYPICAL] if any(group.typical is not group.best for group in ranking) else [BEST]
    figure = new_figure(width=11.0 if len(kinds) == 2 else 7.5, height=max(HEIGHT, 1.2 + 0.22 * len(ranking)))
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for axes, kind in zip(panels, kinds):
        draw_panel(axes, ranking, kind, results["budget"])
        axes.set_title(TITLES[kind])
    panels[0].set_ylabel("share of paths still inside  (lower is better)")
    return figure


def draw_panel(axes, ranking, kind, budget):
    ends = [draw_curve(axes, group, getattr(group, kind)["survival"], LINES[kind], k / len(ranking))
            for k, group in enumerate(ranking)]
    axes.set(xlim=(0, budget), ylim=(-0.02, 1.02), xlabel="gradients of single samples spent by a path")
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    axes.xaxis.set_major_formatter(lambda cost, _: grouped(cost))
    axes.locator_params(axis="x", nbins=5)
    name_curves(axes, ranking, ends)


def draw_curve(axes, group, survival, dashes, shift):
    """Band and line, where the line ends, and its mean; marks lie apart from those of other curves."""
    cost, inside, low, high = (numbers(survival[name]) for name in ("cost", "inside", "low", "high"))
    axes.fill_between(cost, low, high, color=group.colour, alpha=0.22, linewidth=0)
    gap = max(1, len(cost) // 7)
    axes.plot(cost, inside, color=group.colour, linestyle=dashes, linewidth=1.7, marker=group.marker, markersize=4.5,
              markevery=(int(shift * gap), gap), zorder=3)
    return cost[-1], inside[-1], inside.mean()


def name_curves(axes, ranking, ends):
    """At the right edge, a line from the end of each curve to its name; of curves that end together the slower is
    higher."""
    order = sorted(range(len(ranking)), key=lambda k: (round(ends[k][1] / ROOM), ends[k][2]))
    heights = apart(sorted(ends[k][1] for k in order), ROOM, 1 + ROOM)
    for k, height in zip(order, heights):
        group = ranking[k]
        axes.annotate(group.label, xy=ends[k][:2], xytext=(1.06, height), textcoords=axes.get_yaxis_transform(),
                      va="center", color=group.colour, weight="bold", annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": group.colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 0,
                                  "relpos": (0, 0.5)})


def caption(results):
    ranking = groups(results)
    stuck = [group.label for group in ranking if group.best["survival"]["inside"][-1] > 0.5]
    words = "At its best setting every optimiser frees at least half of the paths."
    if stuck:
        words = f"Even the best settings of {', '.join(stuck)} hold more than half of the paths to the end."
    return f"""
        A curve that falls early belongs to an optimiser that leaves the critical point cheaply; one that stays at
        the top is held. A curve begins at 100 % and ends where the budget is spent; bands are 95 %
        intervals. {words}"""
