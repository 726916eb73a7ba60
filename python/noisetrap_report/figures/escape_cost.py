"""What escaping costs: median and range of the gradients that a path spends, where enough paths escape."""

from math import log10

from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from ..data import gradients, grouped, percent, power_of_ten
from ..style import new_figure
from .contenders import GREY, Rows, add_legend, beside, groups, mark, middle, quantile, role_handles

BEYOND = 1.35  # times the budget: where the arrows end


def draw(results):
    ranking = groups(results)
    rows = Rows(ranking, [len(group.marked()) for group in ranking])
    figure = new_figure(height=1.6 + rows.inches)
    axes = figure.subplots()
    rows.draw(axes)
    axes.set_xscale("log")
    for row, group in enumerate(ranking):
        marked = group.marked()
        for k, (role, member) in enumerate(marked):
            height = rows.line(row, k, len(marked))
            draw_range(axes, height, group, role, member, results)
            beside(axes, height, told(member, results), group, role)
    axes.axvline(results["budget"], color="black", linewidth=1, linestyle="--", zorder=2)
    axes.set(title="Farther left is cheaper: gradients that a path spends until it escapes",
             xlim=(cheapest(ranking, results) / 1.6, results["budget"] * BEYOND * 1.05),
             xlabel="cost of escape  (gradients of single samples)")
    beside(axes, -0.4, named(middle(results)), weight="bold")
    cost_ticks(axes.xaxis)
    add_legend(figure, role_handles(ranking) + range_handles(results))
    return figure


def cheapest(ranking, results):
    """The smallest cost that is drawn."""
    lowest = [quantile(member, min(results["quantiles"]))["value"] for group in ranking for _, member in group.marked()]
    return max(1, min([cost for cost in lowest if cost], default=results["budget"] / 10))


def draw_range(axes, height, group, role, member, results):
    """A bar from the lowest to the highest quantile, an arrow where that is not reached, a mark at the median."""
    low, centre, high = (quantile(member, p)["value"] for p in ends(results))
    if high is None:
        start = results["budget"] if low is None else low
        look = {"arrowstyle": "-|>", "color": group.colour, "alpha": 0.55, "linewidth": 2.6, "mutation_scale": 13}
        axes.annotate("", xy=(results["budget"] * BEYOND, height), xytext=(start, height), zorder=3,
                      arrowprops=look | {"shrinkA": 0, "shrinkB": 0})
    else:
        axes.plot([low, high], [height, height], color=group.colour, linewidth=2.6, solid_capstyle="butt", alpha=0.55,
                  zorder=3)
    if centre is not None:
        axes.plot([centre], [height], **mark(group, role))


def ends(results):
    """Lowest, middle and highest of the quantiles that were asked for."""
    return min(results["quantiles"]), middle(results), max(results["quantiles"])


def told(member, results):
    """The median in words."""
    value = quantile(member, middle(results))["value"]
    if value is not None:
        return grouped(value)
    return f"only {percent(member['odds']['value'])} escape" if member["escaped"] else "never"


def cost_ticks(axis):
    """Of a logarithmic axis: powers of ten, and 2 and 5 between them where there is room."""
    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 1000 * low else (1,)))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(lambda cost, _: grouped(cost) if cost < 1e6 else power_of_ten(round(log10(cost))))


def named(p):
    return "median" if p == 0.5 else f"{100 * p:g} %"


def range_handles(results):
    low, centre, high = ends(results)
    return [Line2D([], [], color=GREY, alpha=0.55, linewidth=2.6,
                   label=f"from {100 * low:g} to {100 * high:g} % of the paths, mark at the {named(centre)}"),
            Line2D([], [], color="black", linewidth=1, linestyle="--", label="budget")]


def caption(results):
    low, centre, high = ends(results)
    medians = [(quantile(group.best, centre)["value"], group.label) for group in groups(results)]
    reached = [pair for pair in medians if pair[0] is not None]
    words = (f"The lowest {named(centre)} is that of {min(reached)[1]}: {gradients(min(reached)[0])}."
             if reached else f"No optimiser reaches its {named(centre)}.")
    return f"""
        Bars reach from the cost by which {100 * low:g} % of all paths have escaped to that for {100 * high:g} %, the
        mark is the {named(centre)}. An arrow leaves the budget where fewer escape within it; it has no mark where the
        {named(centre)} is not reached. {words}"""
