"""The page of `noisetrap validate`."""

import re
from html import escape

from . import coverage
from .data import InputError, by_section, counted, explained, shown
from .figures import Entry, from_panels, render_all, scores
from .page import cell, figure, measured, number, origin, page, row, typeset

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
        tables = "\n".join(section_table(name, members, results) for name, members in by_section(claims).items())
        parts = {"verdict": verdict(results), "reading": reading(results), "contents": contents(results)}
    with explained("the header"):
        facts = run_facts(results)
    drawings = draw_all(results, entries)
    pictures = [figure(drawing, shown_by(drawing.name, claims)) for drawing in drawings]
    glance = pictures.pop(0) if claims else "<p>There are no claims in this run.</p>"
    return page("validation", "noisetrap: validation", **parts, facts=facts, glance=glance, tables=tables,
                figures="\n".join(pictures) or "<p>There are none in this run.</p>"), drawings


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
    """How many claims hold, and which do not."""
    claims = results["claims"]
    failing = [claim for claim in claims if not holds(claim)]
    links = [f'<a href="{scores.link(claim)}">{escape(claim["id"])}</a> (z = {score(claim)})' for claim in failing]
    words = [f"{len(claims) - len(failing)} of {counted(len(claims), 'claim')} hold."]
    words += [f"{len(failing)} fail{'s' if len(failing) == 1 else ''}: {', '.join(links)}."] if failing else []
    words += [self_test(results)] if results["self_test"] else []
    return f'<p class="verdict {"bad" if failing else "good"}">{" ".join(words)}</p>'


def self_test(results):
    """How many of the moved answers were found out."""
    noticed = [sum(claim["self_test"].values()) for claim in results["claims"]]
    moves, missed = 2 * len(noticed), 2 * len(noticed) - sum(noticed)
    return (f"Self-test: each exact answer was moved by what its claim notices, once up and once down; {missed} of "
            f"{counted(moves, 'move')} went unseen, where {moves * (1 - results['power']):.1f} are expected to, and "
            f"{counted(noticed.count(0), 'claim')} missed both.")


def reading(results):
    """What a verdict is worth."""
    return typeset(
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
    only = f", only of what matches '{escape(results['only'])}'" if results.get("only") else ""
    cut = "" if results.get("complete", True) else " It was interrupted: what is missing here was not run."
    return (f"{origin(results)} {extent}{only}, numbers of paths × {shown(results['paths_factor'])}, seed "
            f"{results['seed']}, backend {escape(results['backend'])}.{cut}")


def contents(results):
    """Links to the sections, with how they fared, and to the figures."""
    sections = [f'<a href="#{anchor(name)}">{escape(name)}</a> {fared(members)}'
                for name, members in by_section(results["claims"]).items()]
    figures = [f'<a href="#{name}">{escape(data["title"])}</a>' for name, data in results["figures"].items()]
    return "".join(f"<h3>{title}</h3>\n{listed(items)}\n"
                   for title, items in (("Claims", sections), ("Figures", figures)) if items)


def listed(items):
    return "\n".join(["<ul>", *(f"<li>{item}</li>" for item in items), "</ul>"])


def fared(claims):
    fails = sum(not holds(claim) for claim in claims)
    words = f' <span class="far">{fails} fail{"s" if fails == 1 else ""}</span>'
    return f"({counted(len(claims), 'claim')}){words if fails else ''}"


def anchor(section):
    return "section-" + re.sub(r"\W+", "-", section)


def section_table(name, claims, results):
    """One section's claims under a heading."""
    heads = ("estimate ± s.e.", "time-step effect", "exact", "z", f"notices at {odds(results)}")
    head = "".join(f'<th class="number">{words}</th>' for words in heads)
    rows = "\n".join(claim_row(claim, results["self_test"]) for claim in claims)
    return (f'<h3 id="{anchor(name)}">{escape(name)}</h3>\n<div class="scroll">\n<table class="claims">\n'
            f"<thead><tr><th>claim</th><th>parameters</th>{head}<th>verdict</th></tr></thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>")


def claim_row(claim, self_test):
    name, fails = escape(claim["claim"]), not holds(claim)
    if claim["figure"]:
        name = f'<a href="#{claim["figure"]}">{name}</a>'
    outcome = escape(claim["verdict"]) + (f", {noticed(claim)}" if self_test else "")
    return row(cell(name), cell(escape(claim["parameters"])), *map(number, measured(claim)),
               number(score(claim), fails), number(shown(claim["notices"], ".2g")),
               cell(outcome, "far" if fails else ""), name=claim["id"])


def noticed(claim):
    """Of the two moves of its exact answer in a self-test."""
    return ("missed", "one side noticed", "noticed")[sum(claim["self_test"].values())]


def score(claim):
    """That of a distance has no sign."""
    form = ".3g" if abs(claim["z"] or 0) >= 1000 else ".2f"
    return shown(claim["z"], f"+{form}" if claim["kind"] == "value" else form)


def shown_by(name, claims):
    """The claims that a figure shows."""
    items = [f'<a href="{scores.link(claim)}">{escape(claim["claim"])}</a>, {escape(claim["parameters"])}: '
             f'<span class="{"score" if holds(claim) else "score far"}"><var>z</var> = {score(claim)}</span>'
             for claim in claims if claim["figure"] == name]
    return f'\n<div class="shown">\n{listed(items)}\n</div>' if items else ""
