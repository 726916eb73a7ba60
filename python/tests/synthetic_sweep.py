"""A sweep.json of the noisy saddle x <- x (1 + a + xi): exact growth, noise about it, phases and a boundary."""

from math import log

import numpy as np

EULER = 0.5772156649015329
LAWS = ("gaussian", "uniform", "two-point")
NAMES = ["undecided", "escapes", "trapped", "trapped in mean square", "overshoots"]
UNDECIDED, ESCAPES, TRAPPED, MEAN_SQUARE, OVERSHOOTS = range(5)
PATHS, STEPS = 1000, 1000


def gaussian_growth(mu, s):
    """E log|mu + s Z| = log s + (log 2 + E psi(1/2 + J)) / 2, J Poisson of mean (mu/s)^2 / 2."""
    mean = (mu / s) ** 2 / 2
    terms = int(np.max(mean) + 12 * np.sqrt(np.max(mean)) + 30)
    psi, weight, total = -EULER - 2 * log(2), np.exp(-mean), 0.0
    for j in range(terms):
        total, psi, weight = total + weight * psi, psi + 1 / (j + 0.5), weight * mean / (j + 1)
    return np.where(mean > 500, np.log(mu) - s**2 / (2 * mu**2), np.log(s) + (log(2) + total) / 2)


def uniform_growth(mu, s):
    """[F(mu + w) - F(mu - w)] / (2 w) with F(u) = u log|u| - u and w = sqrt(3) s."""
    w = np.sqrt(3) * s
    high, low = ((u * np.log(np.abs(u)) - u for u in (mu + w, mu - w)))
    return (high - low) / (2 * w)


def two_point_growth(mu, s):
    """log|mu^2 - s^2| / 2: minus infinity at s = mu."""
    with np.errstate(divide="ignore"):
        return np.log(np.abs(mu**2 - s**2)) / 2


GROWTH = dict(zip(LAWS, (gaussian_growth, uniform_growth, two_point_growth)))


def plain(field):
    """Flat, with null for what is not finite."""
    return [float(value) if np.isfinite(value) else None for value in np.ravel(field)]


def axis(key, values, scale="linear", unit="1/step", meaning=""):
    return {"key": key, "name": key.split(".")[1], "unit": unit, "meaning": meaning, "scale": scale,
            "values": list(values)}


def axis_sigma(count=12, low=0.05, high=2.2):
    return axis("model.sigma", np.geomspace(low, high, count), "log", meaning="attractive (multiplicative) noise")


def axis_a(count=10, low=-0.1, high=0.5):
    return axis("model.a", np.linspace(low, high, count), meaning="deterministic rate; a > 0 repels")


def axis_law(laws=LAWS):
    return axis("model.law", laws, "words", "", "law of xi")


def observable(name, kind, meaning, value, error, unit="", level=None, **theory):
    return {"name": name, "kind": kind, "meaning": meaning, "unit": unit, "level": level, "value": plain(value),
            "standard_error": plain(error),
            "theory": [{"name": key, "value": plain(field)} for key, field in theory.items()]}


class Points:
    """a, sigma and law at every point; what is no axis has a usual value."""

    def __init__(self, axes):
        usual = {"a": 0.05, "sigma": 0.5, "law": "gaussian"}
        grids = np.meshgrid(*(np.array(one["values"], dtype=object) for one in axes), indexing="ij")
        places = dict(zip((one["name"] for one in axes), grids))
        self.shape = grids[0].shape
        self.a, self.sigma = (np.array(places.get(name, np.full(self.shape, usual[name])), dtype=float)
                              for name in ("a", "sigma"))
        self.law = places.get("law", np.full(self.shape, usual["law"], dtype=object))

    def by_law(self, functions, *values):
        found = np.zeros(self.shape)
        for law in set(self.law.flat):
            chosen = self.law == law
            found[chosen] = functions[law](*(value[chosen] for value in values))
        return found

    def growth(self):
        return self.by_law(GROWTH, 1 + self.a, self.sigma)


def exact_phases(points, growth):
    small, square = points.a - points.sigma**2 / 2, np.log((1 + points.a) ** 2 + points.sigma**2)
    return np.select([(growth > 0) & (small < 0), growth > 0, square < 0], [OVERSHOOTS, ESCAPES, MEAN_SQUARE], TRAPPED)


def phases(points, growth, value, error, exact=True):
    measured = np.where(np.isfinite(value), exact_phases(points, np.nan_to_num(value, neginf=-9)), UNDECIDED)
    measured[np.abs(value) < 3.3 * error] = UNDECIDED
    true = exact_phases(points, growth)
    return {"names": NAMES, "measured": [int(n) for n in measured.flat],
            "exact": [int(n) for n in true.flat] if exact else None,
            "disagree": int(((measured != true) & (measured != UNDECIDED)).sum()) if exact else 0,
            "undecided": int((measured == UNDECIDED).sum())}


def lower_edge(law, a):
    """Smallest sigma with growth 0."""
    low, high = 1e-3, {"gaussian": 1.0, "uniform": 1.2, "two-point": 1.0}[law]
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if GROWTH[law](np.float64(1 + a), np.float64(middle)) > 0 else (low, middle)
    return low


def boundary(axes, noise=0.004):
    """The lower edge of the trap, for every a that has one, with and without noise; for axes a, sigma[, law]."""
    law_axis = axes[2]["values"] if len(axes) == 3 else ["gaussian"]
    random, curves, theory = np.random.default_rng(2), [], []
    for k, law in enumerate(law_axis):
        a = [a for a in axes[0]["values"] if 0.004 < a < 0.22]
        edge = np.array([lower_edge(law, value) for value in a])
        y = edge + noise * random.standard_normal(len(a))
        place = {"panel": k if len(axes) == 3 else None, "rising": False, "x": a}
        curves.append(place | {"y": list(y), "low": list(y - 2.6 * noise), "high": list(y + 2.6 * noise),
                               "standard_error": [noise] * len(a)})
        theory += [place | {"name": "exact", "y": list(edge)},
                   place | {"name": "SDE", "y": list((2 * np.array(a))**0.5)}]
    return {"observable": "growth", "level": 0, "error": 0.01, "accuracy": 0.01, "curves": curves, "theory": theory,
            "points": 123, "paths": 456789}


def results(axes=None, observables=("growth", "mean_square", "exit_time", "tail_index"), theory=True, searched=True,
            with_phases=True, **changes):
    axes = axes or [axis_a(), axis_sigma(), axis_law()]
    points, random = Points(axes), np.random.default_rng(1)
    growth, square = points.growth(), np.log((1 + points.a) ** 2 + points.sigma**2)
    error = np.minimum(points.sigma, 1.1) / np.sqrt(PATHS * STEPS) * 12
    value = growth + error * random.standard_normal(points.shape)
    sde = points.a - points.sigma**2 / 2
    time = np.where(growth > 0, 3 / np.maximum(growth, 1e-9), np.nan)
    time *= np.exp(0.05 * random.standard_normal(points.shape))
    tail = np.where(sde < 0, 1 - 2 * points.a / points.sigma**2, np.nan)
    known = {
        "growth": observable("growth", "growth", "growth rate of |x|", value, error, "1/step", 0, SDE=sde,
                             exact=growth),
        "mean_square": observable("mean_square", "mean_square", "growth rate of the mean of x²", square + 3 * error *
                                  random.standard_normal(points.shape), 3 * error, "1/step", 0, exact=square),
        "escaped": observable("escaped", "escaped", "odds of escape", 1 / (1 + np.exp(-60 * value)),
                              np.full(points.shape, 0.01), "", 0.5),
        "exit_time": observable("exit_time:0.5", "exit_time", "median time to escape", time, 0.05 * time, "steps"),
        "tail_index": observable("tail_index", "tail_index", "tail index of |x|", tail, 0.1 * np.abs(tail), "",
                                 stationary=tail)}
    told = [known[name] for name in observables]
    if not theory:
        told = [one | {"theory": []} for one in told]
    plane = [one["name"] for one in axes[:2]] == ["a", "sigma"]
    return {
        "noisetrap": "0.1.0", "revision": "abc", "precision": "mixed", "seed": 1, "paths": PATHS, "steps": STEPS,
        "path_steps": PATHS * STEPS * int(np.prod(points.shape)), "failed": 0,
        "title": "Where attractive noise traps", "caption": "Rate *a* against noise *σ*, for three <laws>.",
        "model": {"name": "noisy-saddle", "equation": "f(x) = -(a + xi) x^2/2 - eta x,  sd(xi) = sigma, sd(eta) = tau",
                  "method": "sgd", "method_equation": "x <- x - learning_rate f'(x; <sample>)",
                  "parameters": {"model.tau": 0, "method.learning_rate": 1.0, "integrator.dt": 1}},
        "axes": axes, "observables": told,
        "phases": phases(points, growth, value, error, theory) if with_phases else None,
        "boundary": boundary(axes) if searched and plane else None} | changes


def structures(**changes):
    """Dimension against a structure in words: Lyapunov exponents of the SDE with isotropic noise."""
    axes = [axis("model.dimension", [1, 2, 3, 4, 6, 8], "list", "", "number of coordinates"),
            axis("model.structure", ["dense", "symmetric", "low rank", "commuting"], "words", "", "structure of noise")]
    d = np.array(axes[0]["values"], dtype=float)[:, None]
    sde = 0.05 + np.hstack([0.25 * (d - 2) / 2, 0.25 * (d - 3) / 4, 0.02 * d - 0.125 / d, 0 * d - 0.125])
    error = np.full(sde.shape, 0.01)
    value = sde + error * np.random.default_rng(3).standard_normal(sde.shape)
    told = observable("growth", "exponent", "top Lyapunov exponent", value, error, "1/time", 0, SDE=sde)
    decided = [ESCAPES if one > 0 else TRAPPED for one in value.flat]
    return results([axis_a(3)], observables=(), with_phases=False) | {
        "axes": axes, "observables": [told], "title": "", "caption": "",
        "phases": {"names": NAMES, "measured": decided, "exact": None, "disagree": 0, "undecided": 0}} | changes
