"""The page of `noisetrap reproduce`."""

from html import escape

from .data import InputError, by_section, explained, shown
from .figures import FIGURES, from_panels, render_all
from .page import cell, figure, filled, measured, number, origin, page, row, typeset
from .sweep import embedded

FAR = 4  # standard errors beyond which a claim is highlighted; chance alone: 1 in 16 000


def render(results):
    """The page and its drawings."""
    entries = entries_for(results["figures"])
    with explained("the list of claims"):
        verdict, claims = verdict_of(results["claims"]), claim_groups(results["claims"])
    with explained("the list of remedies"):
        remedies = remedy_section(results.get("remedies"), [entry.name for entry in entries])
    with explained("the list of sweeps"):
        sweeps, diagrams = embedded(results.get("sweeps"))
    with explained("the header"):
        footer = origin(results)
    drawings = render_all(entries, results["figures"])
    return page("reproduce", "noisetrap: attractive noise at saddle points", verdict=verdict, claims=claims,
                remedies=remedies, sweeps=sweeps, footer=footer,
                figures="\n".join(map(figure, drawings))), drawings + diagrams


def entries_for(figures):
    """Those of the registry first, then any others that come as panels."""
    entries = [entry for entry in FIGURES if not entry.optional or entry.source in figures]
    known = {entry.source for entry in FIGURES}
    with explained("the list of figures"):
        others = [name for name, data in figures.items() if name not in known and "panels" in data]
    return entries + from_panels(others, taken=[entry.name for entry in FIGURES])


def remedy_section(remedies, figures):
    """A table of ways to escape, where there are any."""
    if not remedies:
        return ""
    return filled("remedies.html", rows="\n".join(remedy_row(remedy, figures) for remedy in remedies))


def remedy_row(remedy, figures):
    """Its name leads to its figure."""
    name, target = typeset(remedy["remedy"]), remedy["figure"]
    if target is not None and target not in figures:
        raise InputError(f"cannot be used: remedy '{remedy['remedy']}' names the figure '{target}', which is not there")
    words = [typeset(remedy[part]) for part in ("changes", "theory", "measured", "cost")]
    return row(cell(f'<a href="#{target}">{name}</a>' if target else name), *map(cell, words))


def verdict_of(claims):
    """How many claims agree, in a sentence."""
    scores = [abs(claim["z"]) for claim in claims if claim["z"] is not None]
    far = sum(score > FAR for score in scores)
    return typeset(f"{len(claims)} claims; largest |*z*| = {max(scores, default=0):.2f}, {far or 'none'} beyond {FAR}. "
                   "Here *z* is the distance between estimate and theory in standard errors. Discretisation is the change "
                   "from the time step to its half, which extrapolation has taken out of the estimate.")


def claim_groups(claims):
    """One table body for each section."""
    return "\n".join(claim_group(section, rows) for section, rows in by_section(claims).items())


def claim_group(section, claims):
    heading = f'<tr><th colspan="6">{escape(section)}</th></tr>'
    return "\n".join(["<tbody>", heading, *map(claim_row, claims), "</tbody>"])


def claim_row(claim):
    words = [cell(escape(claim[name])) for name in ("claim", "parameters")]
    far = claim["z"] is not None and abs(claim["z"]) > FAR
    return row(*words, *map(number, measured(claim)), number(shown(claim["z"], "+.2f"), far))
