"""The page of `noisetrap escape`: the noise of a network at a saddle, what theory makes of it, and what paths did."""

from .data import counted, explained, percent, shown, with_error
from .figures import from_panels, render_all
from .page import page

CERTAIN = 4  # standard errors

MEANINGS = (
    ("a", "*a*", "gradient descent multiplies the distance by 1 + *l* *a* at each step"),
    ("sigma", "σ", "attractive noise: deviation of the samples' curvature along the way out"),
    ("tau", "τ", "diffusive noise: deviation of the samples' push at the point itself"),
    ("rho", "ρ", "correlation of the two"))


def render(results):
    """The page and its drawings."""
    with explained("the header"):
        words = {"title": results["input"]["escape.title"] or "Does this network leave its saddle?",
                 "caption": results["input"]["escape.caption"], "lead": lead(results), "verdict": verdict(results),
                 "footer": run_facts(results), "reasons": reasons(results)}
    with explained("the measured numbers"):
        numbers = list(number_rows(results))
    with explained("the list of runs"):
        rows = [run_row(run) for run in results["runs"]]
    drawings = render_all(from_panels(results["figures"]), results["figures"])
    return page("escape", numbers=numbers, rows=rows, drawings=drawings, **words), drawings


def lead(results):
    given = results["input"]
    return (f"{results['network'].capitalize()}: {counted(results['parameters'], 'parameter')}, "
            f"{counted(results['samples'], 'sample')}. At the saddle the Hessian of the loss has "
            f"{results['index']} negative and {results['flat']} zero eigenvalues. {given['escape.paths']:,} paths of {given['optimiser.name']} start "
            f"at a distance of {shown(given['escape.start'])} for each learning rate and batch size, and are followed "
            f"until they are {shown(given['escape.far'])} away"
            + (f" or within {shown(given['escape.near'])}." if given["escape.near"] else "."))


def verdict(results):
    """What was seen, and how far it lies from what was predicted."""
    runs = results["runs"]
    shares = [run["odds"]["value"] for run in runs]
    words = f"{percent(min(shares))} to {percent(max(shares))} of the paths leave." if min(shares) < max(shares) else (
        f"{percent(shares[0])} of the paths leave.")
    distances = [found["predicted"]["z"] for run in runs for found in (run["odds"], run["growth"])
                 if found and found["predicted"]["z"] is not None]
    if not distances:
        return words
    farthest = max(map(abs, distances))
    return (f"{words} {counted(len(distances), 'number')} beside a prediction: the farthest lies "
            f"{shown(farthest, '.2g')} standard errors from it"
            + (", farther than chance goes." if farthest > CERTAIN else "."))


def reasons(results):
    """Why something is missing."""
    pairs = (("No growth is measured", results["no_growth"]), ("Nothing is predicted", results["no_prediction"]))
    return [f"{what}: {why}." for what, why in pairs if why]


def number_rows(results):
    for key, symbol, meaning in MEANINGS:
        if key != "rho" or results["tau"]["value"]:
            yield symbol, with_error(results[key]["value"], results[key]["standard_error"]), meaning
    if results["noise_dimension"] is not None:
        yield "*d*", shown(results["noise_dimension"], ".4g"), ("matrices' worth of noise; where it is 1, theory of one "
                                                                "axis is exact")
    for at in results["critical_learning_rates"]:
        yield "*l* critical", shown(at["exact"], ".6g"), (
            f"learning rate from which on one axis is trapped, *b* = {at['batch_size']}; the SDE's is "
            f"{shown(at['sde'], '.6g')}")


def run_row(run):
    odds, time, growth = run["odds"], run["exit_time"], run["growth"]
    far = odds["predicted"]["z"] is not None and abs(odds["predicted"]["z"]) > CERTAIN
    return {"far": far, "cells": [
        shown(run["learning_rate"], ".5g"), run["batch_size"], with_error(odds["value"], odds["standard_error"]),
        shown(odds["predicted"]["value"], ".4f"), with_error(time["mean"], time["standard_error"]),
        shown(time["predicted"]["value"], ".5g"), with_error(*(growth["value"], growth["standard_error"]) if growth else (None, None)),
        shown(growth and growth["predicted"]["value"] and round(growth["predicted"]["value"], 9) + 0.0, ".4g")]}


def run_facts(results):
    return (f"noisetrap {results['noisetrap']}, revision {results['revision']}, seed {results['input']['escape.seed']}: "
            f"{results['path_steps']:,} path-steps in {results['seconds']:.3g} seconds with "
            f"{counted(results['threads'], 'thread')}.")
