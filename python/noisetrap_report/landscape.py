"""The page of `noisetrap landscape`: critical points that were found, beside those that theory lists."""

from .data import counted, explained, percent, shown
from .figures import Entry, index_loss, point_spectra, render_all
from .page import page

INDEX = Entry("index", "index", "Index against loss", index_loss.draw, index_loss.caption)
SPECTRA = Entry("spectra", "spectra", "Spectra of the Hessian, and their negative parts", point_spectra.draw,
                point_spectra.caption)

READING = (
    "The index is the number of directions in which the loss falls: 0 at a minimum, all of them at a maximum. Flat are "
    "eigenvalues too small to be told from zero; a symmetry of the loss explains as many as the next column says. "
    "A point is counted once, however many points a symmetry makes of it.")


def render(results):
    """The page and its drawings."""
    with explained("the list of points"):
        rows = [point_row(point, results["known"]) for point in results["points"]]
        words = {"verdict": verdict(results), "missed": missed(results)}
    with explained("the header"):
        header = {"terms": what_was_searched(results), "footer": run_facts(results), "loss": results["landscape"]}
    entries = [INDEX] if results["points"] or results["known"] else []
    entries += [SPECTRA] if point_spectra.with_spectra(results) else []
    drawings = render_all(entries, {entry.source: results for entry in entries})
    return page("landscape", rows=rows, reading=READING, formula=results["formula"], drawings=drawings, **words,
                **header), drawings


def what_was_searched(results):
    """The loss, its parameters, and the search."""
    words = f"{given(results)}: {counted(results['size'], 'parameter')}."
    if results["method"] == "one point":
        return f"{words} One point was given, and is classified."
    return (f"{words} {counted(results['starts'], 'start')}, normal with standard deviation {shown(results['spread'])}, "
            f"followed by {results['method']} with at most {results['budget']:,} gradients each.")


def given(results):
    """The parameters, as the rest of a sentence."""
    words = ", ".join(f"{key} = {value_in_words(value)}" for key, value in results["parameters"].items())
    return f", with {words}" if words else ""


def value_in_words(value):
    return f"[{', '.join(shown(one) for one in value)}]" if isinstance(value, list) else shown(value)


def verdict(results):
    """How searches ended, and whether theory's indices came out."""
    words = []
    if results["method"] != "one point":
        outcomes, starts = results["outcomes"], results["starts"]
        words.append(f"{percent(outcomes['converged'] / starts)} of the starts converged, "
                     f"{percent(outcomes['gradient_flat'] / starts)} ended where the gradient is flat and not zero, "
                     f"{percent(outcomes['budget'] / starts)} ended neither way within their budget.")
    return " ".join([*words, agreement(results)])


def agreement(results):
    """Found points against theory's list."""
    points, known = results["points"], results["known"]
    if not known:
        told = results["law"] or "theory's list would be too long to make"
        return f"{counted(len(points), 'different point')} found; {told}."
    recognised = [point for point in points if point["known"] is not None]
    words = f"{counted(len(points), 'different point')} found"
    if results["method"] != "one point":
        seen = sum(one["found"] > 0 for one in known)
        words += f", {seen} of the {len(known)} that theory lists"
    wrong = [point for point in recognised if point["index_is_exact"] and point["index"] != known[point["known"]]["index"]]
    foreign = len(points) - len(recognised)
    words += f"; {foreign} not on the list" if foreign else ""
    if not recognised:
        return words + "."
    return words + (f"; the index is not theory's at {len(wrong)}." if wrong else "; each has theory's index.")


def index_in_words(point):
    """Lanczos counts some of the negative eigenvalues, and there may be more."""
    return f"{point['index']}" if point["index_is_exact"] else f"≥ {point['index']}"


def point_row(point, known):
    exact = known[point["known"]] if point["known"] is not None else None
    wrong = exact is not None and point["index_is_exact"] and point["index"] != exact["index"]
    return {"name": point["name"], "kind": point["kind"], "far": wrong, "index": index_in_words(point), "before": [
        point["found"], shown(point["loss"], ".8g")], "after": [
        shown(point["flat"]), shown(point["by_symmetry"]), shown(point["smallest"], ".4g"), shown(point["largest"], ".4g"),
        shown(exact and exact["loss"], ".8g"), shown(exact and exact["index"])]}


def missed(results):
    """Known points that no start has led to."""
    names = [one["name"] for one in results["known"] if one["found"] == 0]
    if not names or results["method"] == "one point":
        return ""
    shown_names = ", ".join(names[:40]) + (", …" if len(names) > 40 else "")
    return f"No start has led to {shown_names}."


def run_facts(results):
    work = results["gradients"] + 2 * results["products"]
    return (f"noisetrap {results['noisetrap']}, revision {results['revision']}, seed "
            f"{results['seed']}: {results['gradients']:,} gradients and {results['products']:,} Hessian-vector products, "
            f"together {work:,} gradients' worth. Theory: {results['source']}.")
