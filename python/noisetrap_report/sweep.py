"""The page of `noisetrap sweep`: phase diagrams. Also the same figures, for other pages."""

from typing import NamedTuple

from . import crossings, explorer
from .data import InputError, counted, explained, grouped, percent, shown, with_error
from .figures import Entry, cuts, maps, measured_boundary, phase_map, render_all
from .figures.contenders import word
from .figures.plane import Grid, slug, symbol
from .page import page

PHASES = {
    "undecided": "the paths of the point do not tell which",
    "escapes": "log|*x*| of almost every path grows",
    "trapped": "log|*x*| of almost every path falls",
    "trapped in mean square": "that of almost every path falls, and the mean of *x*² too",
    "overshoots": "log|*x*| grows, but only since steps are large: small ones would trap"}
THEORIES = {"exact": "solid where it is exact for the steps that were taken",
            "SDE": "dashed for the stochastic differential equation, their limit of small steps"}
PLACES = ("across", "up", "one panel each")


def render(results):
    """The page and its drawings."""
    results = crossings.in_words(results)
    with explained("the axes"):
        grid = Grid(results)
        axes = [axis_words(*axis) for axis in zip(results["axes"], grid.axes, PLACES)]
    with explained("the header"):
        parts = {"terms": what_was_swept(results, grid), "kept": results["model"]["parameters"], "model": results["model"],
                 "footer": run_facts(results), "caption": results["caption"]}
    with explained("the phases and the boundary"):
        words = {"verdict": verdict(results), "phases": phases_in_words(results), "reading": reading(results),
                 "boundary": boundary_table(results)}
    drawings = render_entries(entries(results), results)
    with explained("the explorer"):
        explored = explorer.data_of(results)
    return page("sweep", explorer=explored, axes=axes, heading=title(results), drawings=drawings, word=word, **parts, **words), drawings


class Embedded(NamedTuple):
    """A sweep inside another page: what was swept, and its maps."""
    name: str
    title: str
    caption: str
    verdict: str
    drawings: list


def embed(results):
    """Names of figures begin with that of the sweep."""
    name = results["name"]
    with explained(f"the sweep '{name}'"):
        words = title(results), results["caption"], verdict(results)
        chosen = main_entries(results, f"sweep-{name}-")
    return Embedded(name, *words, render_entries(chosen, results))


def render_entries(chosen, results):
    return render_all(chosen, {entry.source: results for entry in chosen})


def entries(results, prefix=""):
    """All figures: phases, observables over the plane and along cuts, and the boundary beside theory's."""
    with explained("the list of figures"):
        observables = range(len(results["observables"]))
        found = overview(results, prefix)
        found += [map_of(results, k, prefix) for k in observables if len(results["axes"]) > 1]
        found += [cuts_of(results, k, prefix) for k in observables] + deviation(results, prefix)
        names = [entry.name for entry in found]
        if len(set(names)) < len(names):
            raise ValueError("two observables have the same name")
        if not found:
            raise ValueError("it has neither observables nor phases nor a boundary")
    return found


def main_entries(results, prefix):
    """Phases where there are some, else maps; along one axis the first observable."""
    observables = range(len(results["observables"]))
    found = overview(results, prefix)
    if not found and len(results["axes"]) > 1:
        found = [map_of(results, k, prefix) for k in observables]
    return found or [cuts_of(results, k, prefix) for k in observables[:1]]


def entry(name, heading, module, *which):
    """Of a module's drawing of a part of the results."""
    return Entry(name, name, heading, lambda results: module.draw(results, *which),
                 lambda results: module.caption(results, *which))


def overview(results, prefix):
    """Phases; or the boundary alone, where no map of its observable holds it."""
    if results["phases"] is not None:
        return [entry(f"{prefix}phases", "Phases", phase_map)]
    boundary, mapped = results["boundary"], [one["name"] for one in results["observables"]]
    if boundary is None or boundary["observable"] in mapped:
        return []
    return [entry(f"{prefix}boundary", "The boundary", phase_map)]


def map_of(results, k, prefix):
    observable = results["observables"][k]
    return entry(f"{prefix}map-{slug(observable['name'])}", first_up(observable["meaning"]), maps, k)


def cuts_of(results, k, prefix):
    observable = results["observables"][k]
    way = "along cuts" if len(results["axes"]) > 1 else f"over {symbol(results['axes'][0]['name'])}"
    return entry(f"{prefix}cuts-{slug(observable['name'])}", f"{first_up(observable['meaning'])} {way}", cuts, k)


def deviation(results, prefix):
    boundary = results["boundary"]
    if boundary is None or not boundary["curves"] or not boundary["theory"]:
        return []
    return [entry(f"{prefix}deviation", "Measured boundary beside theory's", measured_boundary)]


def first_up(words):
    return words[:1].upper() + words[1:]


def title(results):
    return results["title"] or f"Sweep of {results['model']['name']}"


def what_was_swept(results, grid):
    """How much was done at a point."""
    size = 1
    for axis in grid.axes:
        size *= len(axis)
    return f"{counted(results['paths'], 'path')}{steps(results)} at each of {counted(size, 'point')}"


def steps(results):
    """Of one path; null where points differ."""
    return "" if results["steps"] is None else f" of {counted(results['steps'], 'step')}"


def axis_words(axis, places, drawn):
    return {"key": axis["key"], "meaning": axis["meaning"], "unit": axis["unit"], "values": extent(places),
            "count": len(axis["values"]), "scale": axis["scale"], "drawn": drawn}


def extent(axis):
    """All of few values, both ends of many."""
    if len(axis) <= 8 or axis.words:
        return ", ".join(axis.word(k) for k in range(len(axis)))
    return f"{axis.word(0)} to {axis.word(-1)}"


def verdict(results):
    """What came out, in counts."""
    words = []
    if results["phases"] is not None:
        words += [phase_counts(results["phases"]), agreement(results["phases"])]
    if results["boundary"] is not None:
        words += [cost_of_boundary(results["boundary"]), boundary_agreement(results)]
    if not words:
        words = [f"{range_of(observable)}." for observable in results["observables"]]
    if results["failed"]:
        words.append(f"{counted(results['failed'], 'path')} failed.")
    return " ".join(filter(None, words))


def range_of(observable):
    """Smallest and largest value that was measured."""
    known = [value for value in observable["value"] if value is not None]
    name = first_up(observable["meaning"])
    return f"{name}: {shown(min(known), '.3g')} to {shown(max(known), '.3g')}" if known else f"{name}: not known"


def phase_counts(phases):
    """5,000 points: 2,000 escapes, 3,000 trapped."""
    measured, names = phases["measured"], phases["names"]
    order = sorted(range(len(names)), key=lambda n: names[n] == phase_map.UNDECIDED)
    counts = [(measured.count(n), names[n]) for n in order] + [(measured.count(None), "not measured")]
    told = ", ".join(f"{name} at {grouped(count)}" for count, name in counts if count)
    return f"Of {counted(len(measured), 'point')}: {told}."


def agreement(phases):
    """Decided points against the exact phases."""
    if phases["exact"] is None:
        return "Theory has no exact phases here."
    return phase_map.disagreement(phases)


def cost_of_boundary(boundary):
    return (f"The boundary {boundary['observable']} = {shown(boundary['level'])} took "
            f"{counted(boundary['points'], 'point')} and {counted(boundary['paths'], 'path')}.")


def boundary_agreement(results):
    """Bands against theory."""
    boundary = results["boundary"]
    name = measured_boundary.reference(boundary)
    if name is None:
        return ""
    known, outside = measured_boundary.compared(results)
    return f"Its bands miss the {name} boundary at {outside or 'none'} of {counted(known, 'place')}."


def reading(results):
    """What lines mean, and how sure they are."""
    words = [theories_in_words(results)]
    if results["boundary"] is not None:
        words.append(sureness(results["boundary"]))
    return " ".join(filter(None, [*words, "Bars are two standard errors."]))


def phases_in_words(results):
    """(name, meaning) of those that occur."""
    phases = results["phases"]
    if phases is None:
        return []
    occurring = set(phases["measured"]) | set(phases["exact"] or [])
    return [(name, PHASES[name]) for n, name in enumerate(phases["names"]) if n in occurring and name in PHASES]


def theories_in_words(results):
    """How their lines look."""
    told = [(theory["name"], one["kind"]) for one in results["observables"] for theory in one["theory"]]
    told += [(curve["name"], "") for curve in results["boundary"]["theory"]] if results["boundary"] else []
    names = {name for name, _ in told}
    words = [THEORIES[name] for name in THEORIES if name in names]
    words += [f"dash-dotted for the law that is called {name}" for name in sorted(names - set(THEORIES))]
    words += ["dotted on maps for the mean of *x*²"] if "mean_square" in [kind for _, kind in told] else []
    return f"Theory is drawn in lines: {', '.join(words)}." if words else ""


def sureness(boundary):
    """What the adaptive search promises."""
    return (f"The boundary was searched for by adding paths where its side was in doubt, until it lay "
            f"within {percent(boundary['accuracy'])} of the axis; the odds that a sign on which the search relied "
            f"is wrong are at most {percent(boundary['error'])}.")


def boundary_table(results):
    """Every point of the boundary; None where there is none."""
    boundary = results["boundary"]
    if boundary is None or not boundary["curves"]:
        return None
    grid, name = Grid(results), measured_boundary.reference(boundary)
    across, up = (symbol(axis.name) for axis in grid.axes[:2])
    columns = [("panel", "")] if grid.third else []
    columns += [(across, "number"), (f"{boundary['observable']} with {up}", ""), (f"{up} ± s.e.", "number"),
                ("from", "number"), ("to", "number")] + ([(name, "number"), ("difference", "number")] if name else [])
    rows = [boundary_row(point, grid.third is not None, name) for point in measured_boundary.rows(results)]
    return {"columns": columns, "rows": rows, "reading": sureness(boundary)}


def boundary_row(point, with_panel, name):
    """(words, class) of each cell."""
    panel, x, edge, y, error, low, high, exact = point
    cells = [(panel, "")] if with_panel else []
    cells += [(x, "number"), (edge, ""), (with_error(y, error), "number"), (shown(low, ".5g"), "number"),
              (shown(high, ".5g"), "number")]
    if name:
        known = exact is not None and None not in (y, low, high)
        far = known and not low <= exact <= high
        cells += [(shown(exact, ".5g"), "number"),
                  (shown(y - exact, "+.2g") if known else "–", "number far" if far else "number")]
    return cells


def run_facts(results):
    """Where the numbers come from; nothing that differs between two runs of the same."""
    return (f"noisetrap {results['noisetrap']}, revision {results['revision']}, seed {results['seed']}, "
            f"{results['precision']} precision: {results['path_steps']:,} path-steps.")


def embedded(sweeps):
    """All sweeps of a page, each with a name of its own."""
    sweeps = sweeps or []
    for results in sweeps:
        name = results["name"]
        if slug(name) != name or [other["name"] for other in sweeps].count(name) > 1:
            raise InputError(f"cannot be used: '{name}' cannot name a sweep")
    return [embed(results) for results in sweeps]
