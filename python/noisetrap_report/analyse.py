"""The page of `noisetrap analyse`: a training run, and the saddles that it came near."""

from .data import counted, explained, shown
from .figures import Entry, render_all, run_course
from .landscape import given, index_in_words
from .page import page

COURSE = Entry("course", "course", "The course of the run", run_course.draw, run_course.caption)


def render(results):
    """The page and its drawings."""
    with explained("the list of points"):
        rows = [visit_row(visit) for visit in results["visits"]]
        words = {"verdict": verdict(results)}
    with explained("the header"):
        header = {"terms": what_was_read(results), "footer": run_facts(results), "loss": results["landscape"]}
    drawings = render_all([COURSE], {COURSE.source: results})
    return page("analyse", rows=rows, reading=reading(results), formula=results["formula"], drawings=drawings, **words,
                **header), drawings


def verdict(results):
    """What the run came near, in its order."""
    if not results["visits"]:
        return "The run came near no critical point that searches could find."
    names = [f"{visit['name']} (a {visit['kind']}, {shown(visit['steps'])} steps)" for visit in results["visits"]]
    return f"The run came near {', then '.join(names[:6])}{', …' if len(names) > 6 else ''}."


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
