"""The page of `noisetrap compare`."""

from .data import counted, explained, gradients, grouped, percent, shown, with_error
from .figures import Entry, escape_cost, odds, rates, render_all, survival
from .figures.contenders import groups, middle, quantile, settings, word
from .page import origin, page

ODDS = Entry("odds", "odds", "Odds of escape within the budget", odds.draw, odds.caption)
SURVIVAL = Entry("survival", "survival", "Who is still inside, and for how long", survival.draw, survival.caption)
RATES = Entry("growth", "growth", "Growth per gradient: whether neighbours part", rates.draw, rates.caption)
COST = Entry("cost", "cost", "What escaping costs", escape_cost.draw, escape_cost.caption)


def render(results):
    """The page and its drawings."""
    with explained("the list of contenders"):
        ranking = groups(results)
        tables = {"groups": [group_words(group, results) for group in ranking],
                  "grid": [grid_row(member, results) for group in ranking for member in group.members]}
        words = {"verdict": verdict(ranking), "reading": reading(results), "centre": centre(results),
                 "count": counted(len(results["contenders"]), "setting")}
    with explained("the header"):
        model = results["model"]
        given = [(key, word(value)) for key, value in model["parameters"].items()]
        terms, footer = what_was_compared(results), run_facts(results)
        who = f"{counted(len(ranking), 'optimiser')} in {words['count']}"
    drawings = draw_all(results)
    return page("compare", model=model, given=given, who=who, terms=terms, footer=footer, drawings=drawings, **words,
                **tables), drawings


def draw_all(results):
    """Survival first; without the growth rates where the loss has none."""
    entries = [SURVIVAL, ODDS, *([RATES] if rates.known(results["contenders"]) else []), COST]
    return render_all(entries, {entry.source: results for entry in entries})


def what_was_compared(results):
    """The rules, and why the comparison is fair."""
    return (f"Each of {counted(results['paths'], 'path')} starts at *x* = {shown(results['x0'])} and may spend "
            f"{gradients(results['budget'])} of single samples; it has escaped once |*x*| ≥ "
            f"{shown(results['exit_radius'])}, also where it diverges. The noise is common: at the same step of the same "
            "path every optimiser sees the same samples, so that what differs is the optimiser and not its luck.")


def verdict(ranking):
    """How many free most paths, and who does it best."""
    free = [sum(member["odds"]["value"] >= 0.5 for member in members)
            for members in ([group.best for group in ranking], [group.typical for group in ranking])]
    first = ranking[0]
    chosen = f" ({settings(first.best['varied'])})" if first.best["varied"] else ""
    return (f"At their best settings {free[0]} of {counted(len(ranking), 'optimiser')} free at least half of the paths, "
            f"at typical ones {free[1]}. First is {first.label}{chosen}, with "
            f"{percent(first.best['odds']['value'])}.")


def reading(results):
    """What the columns mean."""
    return (
        "The best setting of an optimiser is the one from which most paths escape, and of equals the one with the "
        "lowest median cost; the typical one is in the middle of that order. Parameters that were varied are in bold. "
        f"Costs are gradients of single samples; > {grouped(results['budget'])} stands where too few paths escape within "
        "the budget. Growth is that of log|d*x*|: paths part and escape where it is above zero.")


def centre(results):
    return escape_cost.named(middle(results))


def group_words(group, results):
    """Heading and rows of one label."""
    other = group.best["optimiser"]
    return {"name": group.label if other == group.label else f"{group.label} ({other})",
            "equation": group.best["equation"],
            "rows": [{"role": role, "parameters": parameters(member), "cost": cost_in_words(member["cost"]),
                      "outcome": outcome(member, results)} for role, member in group.marked()]}


def grid_row(member, results):
    role = "".join(f", {role}" for role in ("best", "typical") if member[role])
    counts = [grouped(member[name]) for name in ("steps", "evaluations", "escaped", "failed")]
    return {"name": member["label"] + role, "rank": member["rank"], "varied": settings(member["varied"]) or "–",
            "numbers": [*counts, *outcome(member, results)]}


def parameters(member):
    """(words, whether they vary) of a setting, none of them to be broken in two."""
    return [(f"{key}\N{NO-BREAK SPACE}{word(value)}", key in member["varied"])
            for key, value in member["parameters"].items()]


def cost_in_words(cost):
    """2 gradients, 1,000 more every 100 steps."""
    each, landmark, interval = cost["per_step"], cost["landmark"], cost["interval"]
    if not landmark or interval == 1:
        return gradients(each + landmark)
    return f"{gradients(each)}, {grouped(landmark)} more every {counted(interval, 'step')}"


def outcome(member, results):
    """Odds, cost and growth."""
    growth = member["growth_per_gradient"] or {"value": None, "standard_error": None}
    return odds_in_words(member["odds"]), cost_of_escape(member, results), with_error(*growth.values())


def odds_in_words(share):
    low, high = (percent(share[name]).removesuffix(" %") for name in ("low", "high"))
    return f"{percent(share['value'])} ({low} – {high})"


def cost_of_escape(member, results):
    cost = quantile(member, middle(results))
    if cost["value"] is None:
        return "never" if not member["escaped"] else f"> {grouped(results['budget'])}"
    return with_error(cost["value"], cost["standard_error"])


def run_facts(results):
    return f"{origin(results)} Backend {results['backend']}, seed {results['seed']}."
