"""The page: page.html filled with the claims, the figures and where the numbers come from."""

import re
from html import escape
from itertools import groupby
from math import floor, log10
from pathlib import Path
from string import Template

from .data import explained, shown

FAR = 4  # standard errors beyond which a claim is highlighted; chance alone: 1 in 16 000


def render_page(results, drawings):
    template = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
    with explained("the list of claims"):
        verdict, claims = verdict_of(results["claims"]), claim_groups(results["claims"])
    with explained("the header"):
        footer = origin(results)
    return template.substitute(verdict=verdict, claims=claims, footer=footer,
                               figures="\n".join(map(figure, drawings)))


def verdict_of(claims):
    """How many claims agree, in a sentence."""
    scores = [abs(claim["z"]) for claim in claims if claim["z"] is not None]
    far = sum(score > FAR for score in scores)
    return typeset(f"{len(claims)} claims; largest |*z*| = {max(scores, default=0):.2f}, {far or 'none'} beyond {FAR}. "
                   "Here *z* is the distance between estimate and theory in standard errors. Discretisation is the change "
                   "from the time step to its half, which extrapolation has taken out of the estimate.")


def claim_groups(claims):
    """One table body for each section, in the order of the file."""
    sections = groupby(claims, key=lambda claim: claim["section"])
    return "\n".join(claim_group(section, rows) for section, rows in sections)


def claim_group(section, claims):
    heading = f'<tr><th colspan="6">{escape(section)}</th></tr>'
    return "\n".join(["<tbody>", heading, *map(claim_row, claims), "</tbody>"])


def claim_row(claim):
    words = "".join(f"<td>{escape(claim[name])}</td>" for name in ("claim", "parameters"))
    measured = with_error(claim["estimate"], claim["standard_error"])
    cells = (measured, shown(claim["discretisation"], ".2g"), shown(claim["theory"], ".6g"))
    far = claim["z"] is not None and abs(claim["z"]) > FAR
    score = f'<td class="number{" far" if far else ""}">{shown(claim["z"], "+.2f")}</td>'
    return "<tr>" + words + "".join(f'<td class="number">{cell}</td>' for cell in cells) + score + "</tr>"


def with_error(value, error):
    """Both to the second digit of the standard error: 0.69102 ± 0.00046."""
    if value is None or not error:
        return shown(value, ".6g")
    if abs(value) > 1e6 or error < 1e-8:
        return f"{shown(value, '.6g')} ± {shown(error, '.2g')}"
    digits = max(0, 1 - floor(log10(error)))
    return f"{shown(value, f'.{digits}f')} ± {shown(error, f'.{digits}f')}"


def figure(drawing):
    spoken = f'<svg role="img" aria-label="{escape(drawing.title)}"'
    svg = drawing.svg[drawing.svg.index("<svg"):].replace("<svg", spoken, 1)
    return (f'<figure id="{drawing.name}">\n<h3>{escape(drawing.title)}</h3>\n{svg}'
            f"<figcaption>{typeset(drawing.caption.strip())}</figcaption>\n</figure>")


def typeset(text):
    """Plain text with symbols written *x*."""
    return re.sub(r"\*(\w+)\*", r"<var>\1</var>", escape(text))


def origin(results):
    """Version, machine and cost of the run."""
    words = {name: escape(str(results[name])) for name in ("noisetrap", "revision", "device", "precision")}
    threads = f"{results['threads']} thread{'s' if results['threads'] != 1 else ''}"
    return (f"noisetrap {words['noisetrap']}, revision {words['revision']}. "
            f"Computed on {words['device']} with {threads}, {words['precision']} precision: "
            f"{results['path_steps'] / 1e9:.3g} billion path-steps in {results['wall_seconds']:.1f} seconds.")
