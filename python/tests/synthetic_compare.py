"""A compare.json with up to twelve optimisers: right in form, and plausible."""

from math import exp, sqrt

BUDGET, PATHS, POINTS = 10000.0, 4096, 100
# label: values of each varied parameter, others, cost, growth per gradient of the best setting
OPTIMISERS = {
    "sgd": ({"learning_rate": (0.1, 0.2, 0.5, 1.0, 2.0)}, {}, (1, 0, 1), -2e-4),
    "sgd-batch-64": ({"learning_rate": (0.1, 0.3, 1.0)}, {}, (64, 0, 1), 1.1e-4),
    "annealed": ({"learning_rate": (0.3, 1.0), "horizon": (10, 100, 1000)}, {"schedule": "inverse"}, (1, 0, 1), 2e-4),
    "momentum": ({"learning_rate": (0.03, 0.1, 0.3, 1.0), "momentum": (0.5, 0.9, 0.99)}, {}, (1, 0, 1), 3e-4),
    "nesterov": ({"learning_rate": (0.03, 0.1, 0.3, 1.0), "momentum": (0.5, 0.9, 0.99)}, {}, (1, 0, 1), 4e-4),
    "perturbed": ({"radius": (0.01, 0.1, 1.0), "interval": (1, 10, 100)}, {"law": "gaussian"}, (1, 1, 10), 3e-5),
    "svrg": ({"learning_rate": (0.1, 0.3, 1.0), "interval": (10, 100, 1000)}, {"samples": 1000}, (2, 1000, 100), 9e-4),
    "normalised-sgd": ({"learning_rate": (0.001, 0.01, 0.1)}, {"epsilon": 1e-10}, (1, 0, 1), 0.0016),
    "gradient-descent": ({}, {"learning_rate": 1.0, "samples": 1000}, (1000, 0, 1), 2e-5),
    "rmsprop": ({"learning_rate": (1e-4, 1e-3, 1e-2), "decay": (0.9, 0.99, 0.999)}, {"epsilon": 1e-10}, (1, 0, 1),
                2.4e-3),
    "adam": ({"learning_rate": (1e-4, 1e-3, 1e-2), "beta2": (0.99, 0.999)}, {"beta1": 0.9}, (1, 0, 1), 1.2e-3),
    "amsgrad": ({"learning_rate": (1e-4, 1e-3, 1e-2), "beta2": (0.99, 0.999)}, {"beta1": 0.9}, (1, 0, 1), -9e-5)}


def grid(varied):
    """Every combination, as dictionaries."""
    points = [{}]
    for key, values in varied.items():
        points = [point | {key: value} for point in points for value in values]
    return points


def wilson(share, paths=PATHS, z=1.96):
    middle, room = share + z * z / (2 * paths), z * sqrt(share * (1 - share) / paths + z * z / (4 * paths**2))
    scale = 1 + z * z / paths
    return {"value": share, "low": max(0.0, (middle - room) / scale), "high": min(1.0, (middle + room) / scale)}


def inside(cost, rate):
    """Escape begins once a path had the time to grow, and then has a constant rate; trapped paths rarely escape."""
    if rate <= 0:
        return exp(-2e-6 * cost * exp(2e3 * rate))
    delay = 0.4 / rate
    return exp(-2.0 * rate * (cost - delay)) if cost > delay else 1.0


def contender(label, varied, rate, smooth):
    _, fixed, cost, _ = OPTIMISERS[label]
    costs = [BUDGET * k / POINTS for k in range(POINTS + 1)]
    shares = [round(PATHS * inside(c, rate)) / PATHS for c in costs]
    intervals = [wilson(share) for share in shares]
    escaped = round(PATHS * (1 - shares[-1]))
    reached = {p: next((c for c, share in zip(costs, shares) if 1 - share >= p), None) for p in (0.1, 0.5, 0.9)}
    per_step = cost[0] + cost[1] / cost[2]
    return {"label": label, "optimiser": label.removesuffix("-batch-64"),
            "equation": "x <- x - learning_rate f'(x; <sample>)", "parameters": fixed | varied, "varied": varied,
            "cost": dict(zip(("per_step", "landmark", "interval"), cost)), "steps": int(BUDGET / per_step),
            "evaluations": int(BUDGET / per_step) * per_step, "escaped": escaped, "failed": 0,
            "odds": wilson(escaped / PATHS),
            "cost_of_escape": {f"{p:g}": {"value": c, "standard_error": None if c is None else 0.02 * c}
                               for p, c in reached.items()},
            "growth_per_gradient": {"value": rate, "standard_error": 4e-6 + 0.02 * abs(rate)} if smooth else None,
            "survival": {"cost": costs, "inside": shares} | {
                side: [interval[side] for interval in intervals] for side in ("low", "high")}}


def contenders(label, smooth):
    """The grid of one label, ranked."""
    varied, _, _, rate = OPTIMISERS[label]
    points = grid(varied)
    rates = [rate * (1 - 1.3 * k / len(points)) - 4e-5 * k for k in range(len(points))]
    found = [contender(label, points[(5 * k + 2) % len(points)] if len(points) % 5 else points[k], rates[k], smooth)
             for k in range(len(points))]
    found.sort(key=lambda one: (-one["escaped"], one["cost_of_escape"]["0.5"]["value"] or 1e300))
    typical = (len(found) - 1) // 2
    return [one | {"rank": k + 1, "best": k == 0, "typical": k == typical} for k, one in enumerate(found)]


def results(labels=tuple(OPTIMISERS), smooth=True):
    found = [one for label in labels for one in contenders(label, smooth)]
    return {"noisetrap": "0.1.0", "revision": "abc", "device": "a <machine>", "backend": "omp", "threads": 2,
            "precision": "mixed", "wall_seconds": 12.5, "path_steps": 4.2e9, "seed": 1, "paths": PATHS, "x0": 0.1,
            "budget": BUDGET, "exit_radius": 10, "quantiles": [0.1, 0.5, 0.9],
            "model": {"name": "noisy-saddle",
                      "equation": "f(x) = -(a + xi) x^2/2 - eta x,  sd(xi) = sigma, sd(eta) = tau",
                      "parameters": {"a": 0.02, "sigma": 0.3, "tau": 0.01, "law": "gaussian"}},
            "contenders": found}
