"""A validation.json as small or as large as a test needs: right in form, true by construction unless told to fail."""

from math import erfc, sqrt
from statistics import NormalDist

import numpy as np

CRITICAL = 4.62
SECTIONS = ("recursion: growth rate", "recursion: attractive noise", "SDE: growth rate", "SDE: log-normal law",
            "stationary law", "schemes: orders and step limits", "exit times", "quartic well")


def scattered(count):
    """The normal law's quantiles in an order that looks like chance, the same every time."""
    normal = NormalDist()
    return [normal.inv_cdf(((37 * k + 11) % count + 0.5) / count) for k in range(count)]


def claim(section, number, z, figure=None, kind="value", **others):
    """Every third one has a time step."""
    distance, error = kind == "distance", 0.00046 * (1 + number % 7)
    z = abs(z) if distance else z
    return {"id": f"{section.split(':')[0].replace(' ', '-')}/{section[-4:].strip()}/{number}", "section": section,
            "claim": "Pearson IV: whole law" if distance else "E log|1 + a + xi| per step",
            "parameters": f"gaussian, a = 0.02, sigma = {0.1 * (number + 1):g}, tau = 0.5, rho = {number % 3 - 1}",
            "kind": kind, "estimate": 4.2e-4 * (1 + z) if distance else 0.6904 + z * error,
            "standard_error": None if distance else error, "discretisation": -3.1e-4 if number % 3 == 0 else None,
            "theory": 0 if distance else 0.6904, "z": z, "p_value": erfc(abs(z) / sqrt(2)), "notices": 7 * error,
            "verdict": "fails" if abs(z) > CRITICAL else "holds", "figure": figure} | others


def panel(title, xlabel, ylabel, **others):
    return {"title": title, "xlabel": xlabel, "ylabel": ylabel, "xscale": "linear", "yscale": "linear",
            "curves": [], "points": [], "bands": [], "lines": []} | others


def curve(label, x, y, role="theory"):
    return {"label": label, "x": list(x), "y": list(y), "role": role}


def measured(label, x, y, error):
    return {"label": label, "x": list(x), "y": list(y), "standard_error": list(error)}


def law_panels(title, paths=1 << 21):
    """Cauchy's law: distribution function, what is left of it, and its tail."""
    p = (np.arange(60) + 0.5) / 60
    x, error = np.tan(np.pi * (p - 0.5)), np.sqrt(p * (1 - p) / paths)
    noise = error * np.cumsum(scattered(60)) / 3
    r, far = np.geomspace(1, 1e5, 12), np.geomspace(0.1, 1e7, 100)
    tail = 2 / np.pi * np.arctan(1 / r)
    symlog = {"xscale": "symlog", "linthresh": 2.0, "xlim": [-1e4, 1e4]}
    band = {"label": "Kolmogorov–Smirnov band", "x": [x[0], x[-1]], "low": [-1.9e-3] * 2, "high": [1.9e-3] * 2}
    return [panel(title, "x  (length)", "P(X ≤ x)", **symlog, curves=[curve("exact", x, p)],
                  points=[measured("measured", x[::4], (p + noise)[::4], error[::4])]),
            panel(title, "x  (length)", "measured − exact", **symlog, bands=[band],
                  points=[measured("measured", x, noise, error)], lines=[{"label": "exact", "y": 0}]),
            panel(title, "r  (length)", "P(|x| > r)", xscale="log", yscale="log",
                  curves=[curve("exact", far, 2 / np.pi * np.arctan(1 / far))],
                  points=[measured("measured", r, tail, np.sqrt(tail * (1 - tail) / paths))])]


def convergence_panel():
    dt = [2.0**-k for k in range(3, 9)]
    series = {"Euler–Maruyama": (0.5, 0.4), "Milstein": (1, 0.3), "splitting": (2, 0.5)}
    return panel("strong error at t = 1", "time step dt  (time)", "E|x − exact|  (length)", xscale="log", yscale="log",
                 curves=[curve(f"order {order}", dt, [c * h**order for h in dt], "reference")
                         for order, c in series.values()],
                 points=[measured(label, dt, [c * h**order for h in dt], [0.03 * c * h**order for h in dt])
                         for label, (order, c) in series.items()])


def growth_panel():
    """Null where the exact rate is minus infinity."""
    sigma = [0.05 * k for k in range(1, 36)]
    laws = {"gaussian": 1.0, "uniform": 1.3, "two-point": 1.6}
    return panel("a = 0.02, τ = 0", "attractive noise σ  (1/step)", "growth rate γ  (1/step)", ylim=[-0.5, 0.25],
                 curves=[curve(law, sigma, [None if k == 20 else 0.02 - c * s * s / 4 for k, s in enumerate(sigma)])
                         for law, c in laws.items()],
                 points=[measured(law, sigma[4::8], [0.02 - c * s * s / 4 for s in sigma[4::8]], [1e-3] * 4)
                         for law, c in laws.items()],
                 lines=[{"label": "trapped below", "y": 0}, {"label": "window's edge", "x": 0.2}])


def figures():
    laws = ("Student t, ρ = 0", "Pearson IV, ρ = 0.95", "inverse gamma, ρ = 1")
    return {
        "growth": {"title": "Growth rate of the recursion", "panels": [growth_panel()],
                   "caption": "Measured growth rates of |*x*| on the exact ones; *all three* laws are trapped."},
        "pairs": {"title": "Log-normal law", "caption": "Top: distribution functions; bottom: measured less exact.",
                  "panels": [p for t in (0.5, 1, 4) for p in law_panels(f"t = {t}")[:2]]},
        "laws": {"title": "Stationary laws, a = 0.1", "caption": "Rows: Student t, Pearson IV, inverse gamma.",
                 "panels": [p for law in laws for p in law_panels(law)]},
        "orders": {"title": "Strong order", "caption": "Errors along the same Brownian path.",
                   "panels": [convergence_panel(), law_panels("Student t")[2]]}}


def results(per_section=4, sections=SECTIONS, failing=0):
    """The first claims of the last sections fail, if any are to."""
    z, names = scattered(per_section * len(sections)), [*figures(), None]
    claims = [claim(section, k, z[s * per_section + k], names[s % len(names)], "distance" if k % 4 == 1 else "value")
              for s, section in enumerate(sections) for k in range(per_section)]
    for k in range(failing):
        place = -1 - 3 * k
        claims[place] |= {"z": (6.1 + 9.0 * k) * (-1) ** k, "verdict": "fails", "kind": "value"}
    return {"noisetrap": "0.1.0", "revision": "abc", "seed": 1, "quick": False, "paths_factor": 1.0,
            "self_test": False, "family_wise_level": 1e-3, "level": 1e-3 / 384, "critical_z": CRITICAL, "power": 0.99,
            "device": "a <machine>", "backend": "omp", "threads": 2, "precision": "mixed", "wall_seconds": 310.2,
            "path_steps": 3.1e11, "passed": len(claims) - failing, "failed": failing, "claims": claims,
            "figures": figures()}
