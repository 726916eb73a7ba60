"""Growth rate of log|dx| per gradient: its sign says whether neighbouring paths leave or are led back."""

from ..data import columns, numbers
from ..style import INSIDE, SKY, VERMILION, new_figure, note, points
from .contenders import add_legend, colour_ticks, groups, mark, other_handles, role_handles, small_dot
from .panels import readable_ticks

WIDE = 30  # times the median size; where rates reach farther the axis is logarithmic both ways


def draw(results):
    ranking = groups(results)
    figure = new_figure(height=5.6)
    axes = figure.subplots()
    for place, group in enumerate(ranking):
        draw_column(axes, place, group)
        axes.axvline(place + 0.5, color="#d0d0d0", linewidth=0.6, zorder=1)
    axes.axhline(0, color="black", linewidth=1.2, zorder=2)
    axes.set(title="Above zero neighbouring paths part; below zero they are drawn together: trapped, unless kicked out",
             xlim=(-0.5, len(ranking) - 0.5))
    name_columns(axes, ranking)
    finish_heights(axes, known(results["contenders"]))
    add_legend(figure, role_handles(ranking) + other_handles(ranking))
    return figure


def known(contenders):
    return [contender["growth_per_gradient"] for contender in contenders if has_rate(contender)]


def has_rate(contender):
    growth = contender["growth_per_gradient"]
    return growth is not None and growth["value"] is not None


def draw_column(axes, place, group):
    """All settings side by side, by rank."""
    seen = [(place + shift, member) for shift, member in zip(shifts(len(group.members)), group.members)
            if has_rate(member)]
    if seen:
        x, members = zip(*seen)
        points(axes, x, *columns(known(members), "value", "standard_error"), **small_dot(group))
    for role, member in reversed(group.marked()):
        for x in [x for x, other in seen if other is member]:
            points(axes, [x], *columns(known([member]), "value", "standard_error"), fmt="none", ecolor=group.colour)
            axes.plot([x], member["growth_per_gradient"]["value"], **mark(group, role))


def shifts(count):
    """Places of so many settings in a column."""
    return numbers([0.0] if count == 1 else [0.66 * (k / (count - 1) - 0.5) for k in range(count)])


def name_columns(axes, ranking):
    """Slanted where they would touch."""
    slanted = sum(len(group.label) + 2 for group in ranking) > 100
    axes.set_xticks(range(len(ranking)), [group.label for group in ranking],
                    **({"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if slanted else {}))
    colour_ticks(axes.get_xticklabels(), ranking)
    axes.tick_params(axis="x", length=0)
    axes.grid(False, axis="x")


def finish_heights(axes, rates):
    """Scale, ticks, and the two halves."""
    sizes = sorted(abs(rate["value"]) for rate in rates if rate["value"])
    if sizes and sizes[-1] > WIDE * sizes[len(sizes) // 2]:
        axes.set_yscale("symlog", linthresh=sizes[len(sizes) // 4], linscale=1.0)
    axes.margins(y=0.12)
    low, high = axes.get_ylim()
    axes.axhspan(low, 0, color=SKY, alpha=0.18, linewidth=0, zorder=0)
    axes.set_ylim(low, high)
    readable_ticks(axes.yaxis, "growth rate of log|dx|\nper gradient of a single sample", (low, high))
    note(axes, 0.99, 0.97, "paths part", color=VERMILION, weight="bold", fontsize=12)
    note(axes, 0.01, 0.03, "paths draw together", color=INSIDE, weight="bold", fontsize=12)


def caption(results):
    rates = known(results["contenders"])
    up = sum(rate["value"] > 2 * rate["standard_error"] for rate in rates)
    down = sum(rate["value"] < -2 * rate["standard_error"] for rate in rates)
    return f"""
        Two paths that start next to each other and see the same samples are d*x* apart; log|d*x*| grows at this
        rate, divided by what a step costs. Bars are two standard errors, small dots the other settings, by rank
        from left to right.
        Of {len(rates)} rates {up} lie above zero and {down} below it by more than that."""
