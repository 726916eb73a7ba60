"""The page of `noisetrap spectrum`: the eigenvalues of one Hessian that was never made."""

from .data import counted, explained, shown, with_error
from .figures import Entry, density, render_all
from .landscape import given
from .page import page

DENSITY = Entry("density", "density", "Density of the eigenvalues", density.draw, density.caption)


def render(results):
    """The page and its drawings."""
    with explained("the header"):
        words = {"terms": what_was_measured(results), "footer": run_facts(results), "loss": results["landscape"]}
    with explained("the numbers"):
        rows = list(number_rows(results))
    drawings = render_all([DENSITY], {DENSITY.source: results})
    return page("spectrum", rows=rows, reading=reading(results), formula=results["formula"], drawings=drawings, verdict="",
                **words), drawings


def what_was_measured(results):
    place = f"at its critical point {results['point']}" if results["point"] else "at a point that was given"
    return (f"{given(results)}, {place}: {counted(results['size'], 'parameter')}, loss {shown(results['loss'], '.8g')}, "
            f"|gradient| {shown(results['gradient'], '.3g')}.")


def number_rows(results):
    lowest = results["smallest"]
    yield ("smallest eigenvalue: one lies within the bound",
           f"{shown(lowest['value'], '.10g')}, bound {shown(lowest['bound'], '.2g')}", shown(lowest["exact"], ".10g"))
    for name, meaning in (("trace", "sum of all"), ("negative_share", "share of negative ones")):
        found = results[name]
        yield meaning, with_error(found["value"], found["standard_error"]), shown(found["exact"], ".10g")


def reading(results):
    """How sure each number is."""
    enough = "" if results["smallest"]["reached"] else " The products that were allowed did not reach the tolerance."
    return (
        "No eigenvalue is proved to be the smallest: the first number is a bound from above, and an eigenvalue lies within "
        f"its bound. It took {counted(results['smallest']['products'], 'Hessian-vector product')}.{enough} Sum and share are "
        f"means over {counted(results['probes'], 'random vector')} of signs, with their standard errors; a share counts "
        f"eigenvalues to about {shown(results['width'], '.2g')} in their place, and is no index.")


def run_facts(results):
    return (f"noisetrap {results['noisetrap']}, revision {results['revision']}, seed "
            f"{results['seed']}: {counted(results['probes'], 'random vector')}, {counted(results['steps'], 'Lanczos step')} "
            f"from each. Theory: {results['source']}.")
