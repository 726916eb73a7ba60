"""The page of `noisetrap analyse`: a training run, and the saddles that it came near."""

from .data import counted, explained, percent, shown, with_error
from .figures import Entry, feature_maps, render_all, run_course
from .landscape import given, index_in_words
from .page import page

COURSE = Entry("course", "course", "The course of the run", run_course.draw, run_course.caption)
FEATURES = Entry("features", "features", "Which features are switched off", feature_maps.draw, feature_maps.caption)


def render(results):
    """The page and its drawings."""
    with explained("the list of points"):
        rows = [visit_row(visit) for visit in results["visits"]]
        words = {"verdict": verdict(results)}
    with explained("the header"):
        header = {"terms": what_was_read(results), "footer": run_facts(results), "loss": results["landscape"]}
    with explained("the list of plateaus"):
        plateaus = [plateau_row(results, plateau) for plateau in results["plateaus"]]
    entries = ([FEATURES] if results["features"] else []) + [COURSE]
    drawings = render_all(entries, {COURSE.source: results, FEATURES.source: results["features"]})
    return page("analyse", rows=rows, reading=reading(results), formula=results["formula"], drawings=drawings,
                plateaus=plateaus, title=results["title"], caption=results["caption"], **words, **header), drawings


def verdict(results):
    """What has become of the features; or what the run came near, in its order."""
    if results["features"]:
        return feature_maps.verdict(results["features"])
    return f"{what_was_near(results)} {plateaus_in_words(results)}"


def what_was_near(results):
    if not results["visits"]:
        return "The run came near no critical point that searches could find."
    names = [f"{visit['name']} (a {visit['kind']}, {shown(visit['steps'])} steps)" for visit in results["visits"]]
    return f"The run came near {', then '.join(names[:6])}{', …' if len(names) > 6 else ''}."


def plateaus_in_words(results):
    """Where the loss stood still before the end, and what noise did there."""
    told = [f"from step {shown(plateau['from'])} to {shown(plateau['to'])}"
            + (f", where {plateau['verdict']}" if plateau["verdict"] else "")
            for plateau in results["plateaus"] if not plateau["is_end"]]
    if not told:
        return "Before its end it had no plateau."
    return f"The loss stood still {'; '.join(told)}."


def plateau_row(results, plateau):
    """Where it was, what was near, the noise along the way out, and what that does."""
    noise, k = results["noise"], plateau["checkpoint"]
    near = results["visits"][plateau["visit"]]["name"] if plateau["visit"] is not None else "–"
    bends = bool(noise) and noise["a"][k] is not None and noise["a"][k] > 0
    along = [shown(noise[name][k] if bends else None, ".3g") for name in ("a", "sigma", "tau", "noise_over_signal", "ratio")
             ] if noise else ["–"] * 5
    matrix = plateau["matrix_ratio"]
    return [f"{shown(plateau['from'])} to {shown(plateau['to'])}{' (the end)' if plateau['is_end'] else ''}",
            shown(plateau["loss"], ".5g"), index_in_words(plateau), near, *along,
            with_error(matrix["value"], matrix["standard_error"]) if matrix else "–",
            plateau["verdict"] or ("" if bends else "the loss bends down nowhere, within rounding")]


def what_was_read(results):
    return (f"{given(results)}: {counted(results['size'], 'parameter')}, {counted(results['checkpoints'], 'checkpoint')} from "
            f"step {shown(results['step'][0])} to {shown(results['step'][-1])}.")


def visit_row(visit):
    return [visit["name"], visit["kind"], shown(visit["loss"], ".8g"), index_in_words(visit), shown(visit["flat"]),
            shown(visit["by_symmetry"]), f"{visit['checkpoints']:,}", shown(visit["steps"]), shown(visit["from"]),
            shown(visit["to"]), shown(visit["closest"], ".2g")]


def reading(results):
    return (f"A checkpoint x is near a critical point where it lies within {results['near']:g} (1 + |point|) of it. "
            f"Points were found by searches from {counted(results['searches'], 'checkpoint')}, "
            f"those of smallest gradient first; {results['searches_elsewhere']} ended farther away, or at no "
            "point. Every checkpoint stands for half the steps to each of its neighbours.")


def run_facts(results):
    return f"noisetrap {results['noisetrap']}, revision {results['revision']}. Theory: {results['source']}."
