"""What a formula is near a fixed point."""

import math

from . import _core
from ._errors import InputError
from ._models import Loss, Noise, Sde, models
from ._request import asked, configuration


def _near(x, at):
    return math.isclose(x, at, rel_tol=1e-6, abs_tol=1e-9)


def fixed_points(model):
    """[{x, a, sigma, tau, rho, growth}, ...] in rising order, not a number where there is no linearisation."""
    steps = "sgd" if isinstance(model, Loss) else None
    request = configuration("linearised", "simulate", model, steps, {"optimiser.learning_rate": 1.0} if steps else None)
    return asked(_core.fixed_points, request.request)


def _point(model, at):
    points = fixed_points(model)
    for point in points:
        if _near(point["x"], at):
            if math.isnan(point["a"]):
                raise InputError(f"{model.name} has a kink, a jump or a root at x = {at:g}, and no linear model there")
            return point
    known = ", ".join(f"{point['x']:g}" for point in points)
    raise InputError(f"{model.name} has no fixed point at x = {at:g}" +
                     (f"; it has them at x = {known}" if known else ", and none is known of it"))


def linearised(model, at):
    point = _point(model, at)
    numbers = {key: point[key] for key in ("a", "sigma", "tau", "rho")}
    if isinstance(model, Sde):
        return models["linear-sde"](**numbers)
    for key in ("a", "sigma"):  # differences of slopes near 1 have no digits below 1e-15
        numbers[key] = round(numbers[key], 15)
    return models["noisy-saddle"](**numbers, **_laws(model, at))


def _laws(model, at):
    """Sums of normal noises are normal. Of other laws one noise may multiply x, and one, the same or another, may be
    added to it."""
    if all(noise.law == "gaussian" for noise in model.noises.values()):
        return {}
    for name, noise in model.noises.items():
        if set(noise.given) - {"law", "sd"}:
            raise InputError(f"{model.name} has the noise {name} = {noise!r}, and linear models are made of normal, uniform "
                             "and two-point noise alone")
    laws = {"sigma": [], "tau": []}
    for name, noise in model.noises.items():
        others = {key: Noise(other.law, 0.0) for key, other in model.noises.items() if key != name}
        alone = _point(model.replace(**others), at)
        for part, found in laws.items():
            if alone[part] != 0:
                found.append(noise.law)
    if max(map(len, laws.values())) > 1:
        raise InputError(f"{model.name} adds up noises that are not all normal, and no model that is built in has their "
                         "sum")
    named = {"law": laws["sigma"] or laws["tau"], "eta_law": laws["tau"]}
    return {key: found[0] for key, found in named.items() if found}
