"""The page of `noisetrap validate`."""

from . import coverage
from .data import InputError, by_section, counted, explained, shown
from .figures import Entry, from_panels, render_all, scores
from .page import origin, page

SCORES = Entry("z-scores", "all claims", "All claims at a glance", scores.draw, scores.caption)


def render(results):
    """The page and its drawings."""
    claims = results["claims"]
    if results.get("coverage"):
        with explained("the counts"):
            drawings = render_all(from_panels(results["figures"]), results["figures"])
            return coverage.render(results, drawings), drawings
    with explained("the list of claims"):
        entries = from_panels(results["figures"], taken=[SCORES.name])
        check_references(claims, results["figures"])
        sections = [(name, [claim_words(claim, results["self_test"]) for claim in members])
                    for name, members in by_section(claims).items()]
        shown_by = {name: [claim_words(claim, False) for claim in claims if claim["figure"] == name]
                    for name in results["figures"]}
        words = {"verdict": verdict(results), "reading": reading(results), "odds": odds(results),
                 "failing": [claim_words(claim, False) for claim in claims if not holds(claim)]}
    with explained("the header"):
        facts = run_facts(results)
    drawings = draw_all(results, entries)
    pictures = drawings[1:] if claims else drawings
    return page("validation", glance=drawings[0] if claims else None, pictures=pictures, sections=sections,
                shown_by=shown_by, footer=facts, **words), drawings


def draw_all(results, entries):
    """The scores first, then the figures of the run."""
    with_scores = [SCORES] if results["claims"] else []
    return render_all(with_scores + entries, results["figures"] | {SCORES.source: results})


def check_references(claims, figures):
    """Figures that claims name are there."""
    for claim in claims:
        if claim["figure"] is not None and claim["figure"] not in figures:
            raise InputError(f"cannot be used: claim '{claim['id']}' names the figure '{claim['figure']}', which is "
                             "not there")


def holds(claim):
    return claim["verdict"] == "holds"


def verdict(results):
    """How many claims hold."""
    claims = results["claims"]
    words = f"{sum(map(holds, claims))} of {counted(len(claims), 'claim')} hold."
    fails = len(claims) - sum(map(holds, claims))
    return {"words": words, "fails": f"{fails} fail{'s' if fails == 1 else ''}" if fails else "",
            "self_test": self_test(results) if results["self_test"] else ""}


def self_test(results):
    """How many of the moved answers were found out."""
    noticed = [sum(claim["self_test"].values()) for claim in results["claims"]]
    moves, missed = 2 * len(noticed), 2 * len(noticed) - sum(noticed)
    return (f"Self-test: each exact answer was moved by what its claim notices, once up and once down; {missed} of "
            f"{counted(moves, 'move')} went unseen, where {moves * (1 - results['power']):.1f} are expected to, and "
            f"{counted(noticed.count(0), 'claim')} missed both.")


def reading(results):
    """What a verdict is worth."""
    return (
        f"Each claim is a test of its own at the level {shown(results['level'], '.2g')}: it fails where |*z*| > "
        f"{results['critical_z']:.2f}. Were all claims true, the odds that any of them fails in a run like this one "
        f"would be at most {shown(results['family_wise_level'])}. A deviation from the exact answer of the size in the "
        f"column *notices* makes a claim fail with odds of {odds(results)}; a smaller one may pass unseen, so that a claim "
        "which holds bounds the error by about that size and says no more.")


def odds(results):
    return f"{100 * results['power']:g} %"


def run_facts(results):
    """Where the numbers come from, and how much of the whole they are."""
    extent = "Quick run" if results["quick"] else "Full run"
    only = f", only of what matches '{results['only']}'" if results.get("only") else ""
    cut = "" if results.get("complete", True) else " It was interrupted: what is missing here was not run."
    return (f"{origin(results)} {extent}{only}, numbers of paths × {shown(results['paths_factor'])}, seed "
            f"{results['seed']}, backend {results['backend']}.{cut}")


def claim_words(claim, self_test):
    """The claim with what its row says beside its numbers."""
    outcome = claim["verdict"] + (f", {noticed(claim)}" if self_test else "")
    return {"claim": claim, "fails": not holds(claim), "score": score(claim), "link": scores.link(claim),
            "outcome": outcome}


def noticed(claim):
    """Of the two moves of its exact answer in a self-test."""
    return ("missed", "one side noticed", "noticed")[sum(claim["self_test"].values())]


def score(claim):
    """That of a distance has no sign."""
    form = ".3g" if abs(claim["z"] or 0) >= 1000 else ".2f"
    return shown(claim["z"], f"+{form}" if claim["kind"] == "value" else form)
