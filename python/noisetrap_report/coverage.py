"""The page of `noisetrap validate --coverage`: figures first, the counts folded away."""

import re

from .data import by_section, counted, shown
from .page import origin, page

NOMINAL = ("0.683", "0.954", "0.997")
WITHIN = re.compile(r" within (\d) s\.e\.(.*)")


def render(results, drawings):
    """The page; the figures are those of the run."""
    tables = [(name, [estimate_row(claims[i:i + 3]) for i in range(0, len(claims), 3)])
              for name, claims in by_section(results["claims"]).items()]
    failing = [claim for claim in results["claims"] if claim["verdict"] != "holds"]
    return page("coverage", failing=failing, count=len(results["claims"]), runs=results["coverage"], nominal=NOMINAL,
                reading=reading(results), footer=facts(results), drawings=drawings, tables=tables)


def reading(results):
    return ("A share is wrong where the binomial law of so many runs leaves no room for it, at the level "
            f"{shown(results['level'], '.2g')} for each, beyond an allowance of 3, 1.5 and 0.55 percentage points. The "
            "errors of some estimates are wide on purpose, where they have to hold for any law, or hold a bias too: "
            "their shares may be larger.")


def facts(results):
    cut = "" if results.get("complete", True) else " It was interrupted: what is missing here was not run."
    return f"{origin(results)} Seed {results['seed']}, backend {results['backend']}.{cut}"


def estimate_row(claims):
    """One estimate, which has three claims."""
    quantity, promise = WITHIN.sub("", claims[0]["claim"]), WITHIN.search(claims[0]["claim"]).group(2).strip(", ")
    return {"quantity": quantity, "parameters": claims[0]["parameters"], "claims": claims,
            "promise": promise or "as often"}
