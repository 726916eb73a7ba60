"""The page of `noisetrap sweep`: phase diagrams. Also the same figures, for other pages."""

from html import escape

from . import crossings
from .data import InputError, counted, explained, grouped, percent, shown, with_error
from .figures import Entry, cuts, maps, measured_boundary, phase_map, render_all
from .figures.contenders import word
from .figures.plane import Grid, slug, symbol
from .page import cell, figure, filled, number, page, row, typeset

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
        axes = "\n".join(map(axis_row, results["axes"], grid.axes, PLACES))
    with explained("the header"):
        parts = {"terms": what_was_swept(results, grid), "footer": run_facts(results), "caption": introduction(results)}
    with explained("the phases and the boundary"):
        words = {"verdict": verdict(results), "reading": reading(results), "boundary": boundary_table(results)}
    drawings = render_entries(entries(results), results)
    return page("sweep", f"noisetrap: {title(results)}", axes=axes, heading=typeset(title(results)),
                figures="\n".join(map(figure, drawings)), **parts, **words), drawings


def sections(results, prefix):
    """A sweep inside another page: what was swept, and its main figures; names of figures begin with the prefix."""
    with explained(f"the sweep of '{prefix}'"):
        start = f"<h3>{typeset(title(results))}</h3>\n{introduction(results)}\n<p>{verdict(results)}</p>"
        chosen = main_entries(results, prefix)
    drawings = render_entries(chosen, results)
    return "\n".join([start, *map(smaller, drawings)]), drawings


def smaller(drawing):
    """A figure below a heading of the size that figures have elsewhere."""
    return figure(drawing).replace("h3>", "h4>", 2)


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
    """Phases where there are some, else maps; and cuts of the first observable."""
    observables = range(len(results["observables"]))
    found = overview(results, prefix)
    if not found and len(results["axes"]) > 1:
        found = [map_of(results, k, prefix) for k in observables]
    return found + [cuts_of(results, k, prefix) for k in observables[:1]]


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


def introduction(results):
    return f"<p>{typeset(results['caption'])}</p>" if results["caption"] else ""


def what_was_swept(results, grid):
    """Model, method, what was kept, and how much was done at a point."""
    model = results["model"]
    kept = ", ".join(f"{escape(key)} = {escape(word(value))}" for key, value in model["parameters"].items())
    method = f", stepped by {escape(model['method'])}" if model["method"] else ""
    if method and model["method_equation"]:
        method += f", <code>{escape(model['method_equation'])}</code>"
    size = 1
    for axis in grid.axes:
        size *= len(axis)
    each = f"{counted(results['paths'], 'path')}{steps(results)} at each of {counted(size, 'point')}"
    return (f"{escape(model['name'])}, <code>{escape(model['equation'])}</code>{method}"
            f"{f', with {kept}' if kept else ''}: {each}.")


def steps(results):
    """Of one path; null where points differ."""
    return "" if results["steps"] is None else f" of {counted(results['steps'], 'step')}"


def axis_row(axis, places, drawn):
    key, meaning = f"<code>{escape(axis['key'])}</code>", escape(axis["meaning"])
    unit = f" ({escape(axis['unit'])})" if axis["unit"] else ""
    return row(cell(key), cell(meaning + unit), cell(escape(extent(places))), number(len(axis["values"])),
               cell(escape(axis["scale"])), cell(drawn))


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
        words = [f"{counted(len(results['observables']), 'observable')} measured."]
    if results["failed"]:
        words.append(f"{counted(results['failed'], 'path')} failed.")
    return escape(" ".join(filter(None, words)))


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
    """What phases and lines mean, and how sure they are."""
    words = []
    if results["phases"] is not None:
        words.append(phases_in_words(results["phases"]))
    words.append(theories_in_words(results))
    if results["boundary"] is not None:
        words.append(sureness(results["boundary"]))
    return typeset(" ".join(filter(None, [*words, "Bars are two standard errors."])))


def phases_in_words(phases):
    """Of those that occur."""
    occurring = set(phases["measured"]) | set(phases["exact"] or [])
    told = [f"*{name}*, {PHASES[name]}" for n, name in enumerate(phases["names"]) if n in occurring and name in PHASES]
    return f"Phases: {'; '.join(told)}." if told else ""


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
    """Every point of the boundary."""
    boundary = results["boundary"]
    if boundary is None or not boundary["curves"]:
        return ""
    grid, name = Grid(results), measured_boundary.reference(boundary)
    across, up = (symbol(axis.name) for axis in grid.axes[:2])
    columns = [("panel", "")] if grid.third else []
    columns += [(across, "number"), (f"{boundary['observable']} with {up}", ""), (f"{up} ± s.e.", "number"),
                ("from", "number"), ("to", "number")] + ([(name, "number"), ("difference", "number")] if name else [])
    heads = "".join(f'<th class="{kind}">{escape(words)}</th>' if kind else f"<th>{escape(words)}</th>"
                    for words, kind in columns)
    rows = "\n".join(boundary_row(point, grid.third is not None, name) for point in measured_boundary.rows(results))
    return filled("boundary.html", heads=heads, rows=rows, reading=escape(sureness(boundary)))


def boundary_row(point, with_panel, name):
    panel, x, edge, y, error, low, high, exact = point
    cells = [cell(escape(panel))] if with_panel else []
    cells += [number(escape(x)), cell(edge), number(with_error(y, error)), number(shown(low, ".5g")),
              number(shown(high, ".5g"))]
    if name:
        known = exact is not None and None not in (y, low, high)
        cells += [number(shown(exact, ".5g")),
                  number(shown(y - exact, "+.2g") if known else "–", far=known and not low <= exact <= high)]
    return row(*cells)


def run_facts(results):
    """Where the numbers come from; nothing that differs between two runs of the same."""
    return (f"noisetrap {escape(str(results['noisetrap']))}, revision {escape(str(results['revision']))}, seed "
            f"{results['seed']}, {escape(results['precision'])} precision: {results['path_steps']:,} path-steps.")


def embedded(sweeps):
    """The section of all sweeps of a page, and their drawings."""
    if not sweeps:
        return "", []
    parts = []
    for results in sweeps:
        name = results["name"]
        if slug(name) != name or [other["name"] for other in sweeps].count(name) > 1:
            raise InputError(f"cannot be used: '{name}' cannot name a sweep")
        parts.append(sections(results, f"sweep-{name}-"))
    html = "\n".join(words for words, _ in parts)
    return filled("sweeps.html", sweeps=html), [drawing for _, drawings in parts for drawing in drawings]
