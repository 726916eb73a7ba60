"""A page.json of `simulate`: right in form, and the stationary law is Cauchy's."""

from math import atan, pi

import numpy as np


def estimate(value, error=0.01, **theory):
    return {"value": value, "standard_error": error, "theory": None, "theory_scheme": None} | theory


def density(stationary):
    edges = np.linspace(-2, 2, 21)
    exact = [(atan(b) - atan(a)) / pi / (b - a) for a, b in zip(edges, edges[1:])]
    return {"lower": list(edges[:-1]), "upper": list(edges[1:]), "value": exact, "standard_error": [0.01] * 20,
            "stationary": exact if stationary else [None] * 20}


def tail(stationary):
    r = np.geomspace(0.1, 100, 12)
    exact = list(1 - 2 * np.arctan(r) / pi)
    return {"r": list(r), "value": exact, "standard_error": [0.001] * 12,
            "stationary": exact if stationary else [None] * 12}


def growth(measured=-0.2):
    strength = np.linspace(0.05, 2, 20)
    return {"parameter": "sigma", "here": 1.0, "strength": list(strength), "exact": [*(0.3 - strength[:19]**2 / 2.1), None],
            "small_step": list(0.3 - strength**2 / 2)}


def results(recursion=False, known=True, **changes):
    at = {"t": 10.0, "finite": 100, "non_finite": 0, "out_of_range": 0, "zero": 0,
          "mean": estimate(15.2, 1.1, theory=20.1), "variance": estimate(None, None), "variance_log_abs": estimate(1),
          "mean_log_abs": estimate(0.2), "quantiles": {"0.5": estimate(0.1, theory_stationary=0.12)},
          "cdf": [{"x": -1.0} | estimate(0.25)]}
    rate = estimate(-0.208, 1e-5, theory=-0.2, theory_scheme=-0.2081962)
    summary = {"noisetrap": "0.1.0", "revision": "abc", "device": "a <machine>", "threads": 2, "precision": "mixed",
               "model": "noisy-saddle" if recursion else "linear-sde", "method": "sgd" if recursion else "euler-maruyama",
               "input": {"model.a": 0.3, "observe.times": [10.0], "model.law": "<gaussian>"}, "seed": 1, "paths": 100,
               "steps": 640, "dt": 1 if recursion else 0.015625, "backend": "omp", "wall_seconds": 1.5, "path_steps": 1e9,
               "growth_rate": rate | {"controlled": True, "plain": estimate(-0.21, 0.001)}, "times": [at],
               "first_passage": {"radius": 2.0, "exited": 3, "upper": 1, "lower": 2, "mean_time": estimate(4.0, 0.5)}}
    return {"summary": summary, "formulation": "recursion" if recursion else "sde", "equation": "dx = a x dt + sigma x dW",
            "method_equation": "", "trapped": "trapped: log|dx| falls by 0.2082 a unit of time",
            "stationary": "not stationary yet: at t = 10 the 0.5 quantile lies 25 standard errors from its limit",
            "mean_is_idle": True, "probabilities": [0.5], "paths": {"t": [0, 1, 2], "x": [[1.0, -0.5, 2.0], [1.0, None, 0.0]]},
            "law": {"t": 10.0, "density": density(known), "tail": tail(known), "tail_index": 0.4},
            "growth": growth()} | changes
