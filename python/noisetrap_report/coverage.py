"""The page of `noisetrap validate --coverage`: figures first, the counts folded away."""

import re
from html import escape

from .data import by_section, counted, shown
from .page import cell, figure, number, origin, page, row

NOMINAL = ("0.683", "0.954", "0.997")
WITHIN = re.compile(r" within (\d) s\.e\.(.*)")


def render(results, drawings):
    """The page; the figures are those of the run."""
    sections = by_section(results["claims"])
    contents = "".join(f'<li><a href="#{drawing.name}">{escape(drawing.title)}</a></li>\n' for drawing in drawings)
    return page("coverage", "noisetrap: coverage", verdict=verdict(results), runs=results["coverage"],
                reading=reading(results), facts=facts(results), contents=f"<ul>\n{contents}</ul>\n",
                figures="\n".join(figure(drawing) for drawing in drawings),
                tables="\n".join(table(name, claims) for name, claims in sections.items()))


def verdict(results):
    """How many of the shares are as they should be, and which are not."""
    failing = [claim for claim in results["claims"] if claim["verdict"] != "holds"]
    words = f"{len(results['claims']) - len(failing)} of {counted(len(results['claims']), 'share')} as they should be."
    if failing:
        words += " Not so: " + ", ".join(f'<a href="#{claim["id"]}">{escape(claim["claim"])}</a>' for claim in failing)
        words += "."
    return f'<p class="verdict {"bad" if failing else "good"}">{words}</p>'


def reading(results):
    return ("A share is wrong where the binomial law of so many runs leaves no room for it, at the level "
            f"{shown(results['level'], '.2g')} for each, beyond an allowance of 3, 1.5 and 0.55 percentage points. The "
            "errors of some estimates are wide on purpose, where they have to hold for any law, or hold a bias too: "
            "their shares may be larger.")


def facts(results):
    cut = "" if results.get("complete", True) else " It was interrupted: what is missing here was not run."
    return f"{origin(results)} Seed {results['seed']}, backend {escape(results['backend'])}.{cut}"


def table(name, claims):
    """One row for each estimate, which has three claims."""
    heads = "".join(f'<th class="number">within {k}: {nominal}</th>' for k, nominal in enumerate(NOMINAL, 1))
    rows = "\n".join(estimate_row(claims[i:i + 3]) for i in range(0, len(claims), 3))
    return (f'<h3>{escape(name)}</h3>\n<div class="scroll">\n<table class="claims">\n'
            f"<thead><tr><th>estimate</th><th>parameters</th>{heads}<th>promise</th></tr></thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>")


def estimate_row(claims):
    quantity, promise = WITHIN.sub("", claims[0]["claim"]), WITHIN.search(claims[0]["claim"]).group(2).strip(", ")
    shares = [number(f'<span id="{claim["id"]}">{shown(claim["estimate"], ".4g")}</span>', claim["verdict"] != "holds")
              for claim in claims]
    return row(cell(escape(quantity)), cell(escape(claims[0]["parameters"])), *shares,
               cell(escape(promise or "as often")))
