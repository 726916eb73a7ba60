"""A small reproduce.json: right in form, and in value where that is cheap."""

from math import comb, log

import numpy as np


def attractive_panel(n, sigma=0.1):
    """Exact atoms of n steps of x <- x (1 + sigma) or x (1 - sigma)."""
    ratio = [k * log(1 + sigma) + (n - k) * log(1 - sigma) for k in range(n + 1)]
    odds = [comb(n, k) / 2**n for k in range(n + 1)]
    names = ("log_ratio", "probability", "frequency", "standard_error")
    atoms = [dict(zip(names, (r, p, p, 1e-3))) for r, p in zip(ratio, odds)]
    return {"n": n, "odds_inside": sum(p for r, p in zip(ratio, odds) if r < 0), "atoms": atoms}


def diffusive(steps=(1, 4, 16)):
    deviation = [n**0.5 for n in steps]
    return {"tau": 1.0, "paths": 1000, "steps": list(steps),
            "deviation": deviation, "deviation_standard_error": [0.02 * d for d in deviation],
            "mean": [0.0] * len(steps), "mean_standard_error": [0.03 * d for d in deviation]}


def growth_panel(formulation, law, dt):
    """Two-point noise: log|mu^2 - sigma^2| / 2, minus infinity (null) where a factor is zero."""
    curves = []
    for a in (0.0, 0.25):
        sigma = [0.25 * k for k in range(8)]
        exact = [0.5 * log(abs((1 + a) ** 2 - s * s)) if s != 1 + a else None for s in sigma]
        points = {"sigma": sigma, "value": exact, "standard_error": [0.01] * len(sigma)}
        curves.append({"a": a, "sigma": sigma, "exact": exact, "sde": [a - s * s / 2 for s in sigma], "points": points})
    return {"formulation": formulation, "law": law, "dt": dt, "curves": curves}


def stationary_panel(a, rho):
    """Cauchy's law stands in for all: the report draws what it is given."""
    x, r = np.linspace(-2, 2, 21), np.geomspace(0.1, 100, 10)
    density, tail = 1 / (np.pi * (1 + x**2)), 1 - 2 * np.arctan(r) / np.pi
    middle = (density[1:] + density[:-1]) / 2
    measured = {
        "density": {"lower": list(x[:-1]), "upper": list(x[1:]), "value": list(middle), "standard_error": [0.01] * 20},
        "survival": {"r": list(r), "value": list(tail), "standard_error": list(tail / 10)}}
    times = [measured | {"t": t} for t in (1, 4)]
    return {"a": a, "rho": rho, "law": "student-t", "tail_index": 1.0, "times": times,
            "density": {"x": list(x), "theory": list(density)}, "survival": {"r": list(r), "theory": list(tail)}}


def trap():
    """Paths on straight lines: away from the saddle, and into it."""
    panels = [{"sigma": sigma, "growth": growth, "log10_abs": [[n * growth for n in range(5)]] * 2}
              for sigma, growth in ((0.2, 0.03), (0.4, -0.05))]
    return {"a": 0.05, "steps": list(range(5)), "panels": panels}


def kinds():
    """Two groups of noises, of which the second lets go."""
    rows = [{"group": group, "name": f"noise {name}", "growth": {"value": 1.1 * rate, "standard_error": 0.002}, "exact": rate,
             "log10_abs": [[n * rate for n in range(5)]] * 2}
            for group, name, rate in (("tails", "α", -0.05), ("tails", "β", -0.02), ("memory", "γ", 0.04))]
    return {"a": 0.1, "steps": list(range(5)), "rows": rows}


def results():
    claim = {"section": "growth & trap", "claim": "P(|x[n]| < |x[0]|), sigma^2 = 2a - tau", "parameters": "<b>n = 10</b>",
             "estimate": 0.6234, "standard_error": 0.0005, "discretisation": None, "theory": 0.623, "z": 0.8}
    walk = np.cumsum(np.sin(np.arange(50.0)))
    return {
        "noisetrap": "0.1.0", "revision": "abc", "device": "a <machine>", "threads": 2, "precision": "mixed",
        "wall_seconds": 1.5, "path_steps": 1e9,
        "claims": [claim, claim | {"estimate": None, "standard_error": None, "z": None}, claim | {"z": -4.5}],
        "figures": {
            "trap": trap(),
            "attractive": {"sigma": 0.1, "paths": 1000, "panels": [attractive_panel(n) for n in (10, 20, 100, 1000)]},
            "diffusive": diffusive(),
            "growth": {"panels": [growth_panel("recursion", "two-point", 1), growth_panel("recursion", "gaussian", 1),
                                  growth_panel("sde", "gaussian", 0.0156)]},
            "stationary": {"sigma": 1, "tau": 0.5, "paths": 1000, "dt": 0.0156,
                           "panels": [stationary_panel(a, rho) for a in (0.1, -0.3) for rho in (0, 0.95, 1, -1)]},
            "paths": {"a": 0.5, "sigma": 1.2, "tau": 0.1, "rho": 0, "t": list(range(50)),
                      "x": [list(walk), list(-walk)]}}}


def remedies():
    """Two ways to escape; one has a figure."""
    return [
        {"remedy": "larger batch of <b>", "changes": "*σ* → *σ*/√*b*, *τ* → *τ*/√*b*", "figure": "batches",
         "theory": "Escapes if and only if *b* > *σ*²/(2*a*) = 4.5.",
         "measured": "Growth rate −0.0031 ± 0.0004 at *b* = 4, 0.0020 ± 0.0004 at *b* = 5.",
         "cost": "*b* gradients a step.", "section": "remedy: larger batches"},
        {"remedy": "perturbed SGD", "changes": "*τ* → *cτ*", "figure": None, "theory": "The law is wider by *c*.",
         "measured": "P(|*x*| < 1) falls from 0.71 to 0.09 at *c* = 10.", "cost": "None: a random number a step.",
         "section": "growth & trap"}]


def part():
    """What `reproduce --only` writes of one experiment."""
    whole = results()
    return whole | {"only": "<part>", "paths_factor": 10, "claims": [],
                    "figures": {"diffusive": whole["figures"]["diffusive"]}}
