"""The page of `noisetrap reproduce`."""

from html import escape

from .data import by_section, explained, shown
from .figures import FIGURES, render_all
from .page import cell, figure, measured, number, origin, page, row, typeset

FAR = 4  # standard errors beyond which a claim is highlighted; chance alone: 1 in 16 000


def render(results):
    """The page and its drawings."""
    drawings = render_all(FIGURES, results["figures"])
    with explained("the list of claims"):
        verdict, claims = verdict_of(results["claims"]), claim_groups(results["claims"])
    with explained("the header"):
        footer = origin(results)
    return page("reproduce", "noisetrap: attractive noise at saddle points", verdict=verdict, claims=claims,
                footer=footer, figures="\n".join(map(figure, drawings))), drawings


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
