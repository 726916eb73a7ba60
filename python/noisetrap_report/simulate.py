"""The page of `noisetrap simulate`: trapped or not, stationary or not yet, and the pictures that show it."""

from .data import counted, explained, shown
from .figures import Entry, growth_of_run, law_of_run, render_all, sample_paths
from .figures.contenders import word
from .page import origin, page

ENTRIES = (Entry("paths", "paths", "A few paths", sample_paths.draw, sample_paths.caption),
           Entry("law", "law", "Where the paths are at the end", law_of_run.draw, law_of_run.caption),
           Entry("growth", "growth", "The growth rate on its curve", growth_of_run.draw, growth_of_run.caption))


def render(results):
    """The page and its drawings."""
    summary = results["summary"]
    with explained("the summary"):
        times = [time_rows(at, results) for at in summary["times"]]
        growth = growth_rows(summary["growth_rate"]) if summary["growth_rate"] else []
        parts = {"columns": columns(results), "growth": growth, "times": times, "passage": summary["first_passage"],
                 "footer": f"{origin(summary)} Seed {summary['seed']}, backend {summary['backend']}.",
                 "rare": rare_of(summary), "size": size_of(summary),
                 "input": [(key, word_of(value)) for key, value in summary["input"].items()]}
    drawn = [entry for entry in ENTRIES if results[entry.source] is not None]
    drawings = render_all(drawn, {entry.source: results for entry in drawn})
    return page("simulate", summary=summary, results=results, drawings=drawings, **parts), drawings


def size_of(summary):
    if rare := summary.get("rare"):
        return (f"{rare['families']} families of {counted(rare['walks'], 'walk')}, "
                f"each of {counted(summary['steps'], 'step')} at most")
    return f"{counted(summary['paths'], 'path')} of {counted(summary['steps'], 'step')}"


def rare_of(summary):
    """What the odds are of, and rows (what, number)."""
    rare = summary.get("rare")
    if not rare:
        return None
    event = f"{rare['coordinate']} comes to {shown(rare['level'])}"
    if rare["back"] is not None:
        event += f" before it comes back to {shown(rare['back'])}"
    spread, plain = rare["deviation_of_family"], rare["plain_paths"]
    return {"event": f"{event}, by t = {shown(rare['t_end'])}", "odds": rare["odds"],
            "rows": [("spread of one family, in the odds", "" if spread is None else shown(spread)),
                     ("families that lost all their walks on the way", str(rare["empty_families"])),
                     ("plain paths for an error as small", "" if plain is None else shown(plain))]}


def word_of(value):
    return ", ".join(map(word, value)) if isinstance(value, list) else word(value)


def columns(results):
    """(heading, key) of what stands beside an estimate: for a recursion what is exact for its steps comes first."""
    exact, small = "theory_scheme", "theory"
    if results["formulation"] == "sde":
        return [("theory", small), ("this scheme", exact), ("stationary", "theory_stationary")]
    return [("exact", exact), ("small-step SDE", small), ("stationary", "theory_stationary")]


def growth_rows(growth):
    rows = [("growth rate", growth, False)]
    return rows + ([("  without control variates", growth["plain"], False)] if growth["controlled"] else [])


def time_rows(at, results):
    """(time, rows): (name, finding, whether it means nothing, since the law has no such number)."""
    idle = results["mean_is_idle"]
    rows = [("mean", at["mean"], idle), ("variance", at["variance"], idle), ("mean of log |x|", at["mean_log_abs"], False)]
    rows += [(f"{p} quantile", finding, False) for p, finding in at["quantiles"].items()]
    rows += [(f"P(x ≤ {shown(finding['x'])})", finding, False) for finding in at["cdf"]]
    return at["t"], rows
