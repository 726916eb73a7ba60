"""measure and escape: networks at saddles, predicted and run."""

import json
import os

from . import _core, _settings
from ._estimate import Estimate
from ._progress import Told
from ._request import Configuration, as_settings, asked, is_text


def _estimate(found, theory=None):
    value, error = found["value"], found["standard_error"]
    return Estimate(float("nan") if value is None else value, float("nan") if error is None else error, scheme=theory)


class _Frozen:
    __slots__ = ()

    def _set(self, **values):
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        raise AttributeError(f"what was found at a network's saddle is immutable, and {name} cannot be set")

    def __delattr__(self, name):
        self.__setattr__(name, None)


class Prediction(_Frozen):
    """What theory says of one learning rate and one batch size.

    axis_rate         growth of log distance a step along the way out alone
    descent_rate      that of gradient descent, log(1 + l a)
    product_rate      of whole matrices at the fixed point, an Estimate
    transverse_rate   beside a point that moves, an Estimate; or None
    ratio             R: the one that applies over gradient descent's; below 0 paths are trapped
    odds              of leaving, where one axis is exact; or None
    verdict           a sentence
    """

    __slots__ = ("learning_rate", "batch_size", "axis_rate", "descent_rate", "product_rate", "transverse_rate", "ratio",
                 "odds", "verdict")

    def __init__(self, found):
        transverse = found["transverse_rate"]
        self._set(learning_rate=found["learning_rate"], batch_size=found["batch_size"], axis_rate=found["axis_rate"],
                  descent_rate=found["descent_rate"], product_rate=_estimate(found["product_rate"]),
                  transverse_rate=transverse and _estimate(transverse), ratio=found["ratio"],
                  odds=found["escape_odds"], verdict=found["verdict"])

    def __repr__(self):
        ratio = "unknown" if self.ratio is None else f"{self.ratio:.3f}"
        return f"Prediction(l = {self.learning_rate:g}, b = {self.batch_size}: R {ratio}, {self.verdict})"


class EscapeRun(_Frozen):
    """The paths of one learning rate and one batch size.

    paths, left, fell_in, undecided, failed   how many there were, and what became of them
    odds          of leaving, an Estimate with theory's beside it; interval holds them with 95 %
    exit_time     mean steps of the paths that left, an Estimate with theory's beside it; median_exit is the median
    growth        of log distance a step, an Estimate with theory's beside it; or None
    """

    __slots__ = ("learning_rate", "batch_size", "paths", "left", "fell_in", "undecided", "failed", "odds", "interval",
                 "exit_time", "median_exit", "growth")

    def __init__(self, found):
        time, growth, odds = found["exit_time"], found["growth"], found["odds"]
        self._set(**{name: found[name] for name in self.__slots__[:7]}, odds=_estimate(odds, odds["predicted"]["value"]),
                  interval=tuple(odds["interval"]),
                  exit_time=_estimate({"value": time["mean"], **time}, time["predicted"]["value"]),
                  median_exit=time["median"],
                  growth=growth and _estimate(growth, growth["predicted"]["value"]))

    def __repr__(self):
        return f"EscapeRun(l = {self.learning_rate:g}, b = {self.batch_size}: odds {self.odds})"


class Saddle(_Frozen):
    """A network at a saddle, as its samples measure it. It prints as the table of the command line.

    a, sigma, tau, rho      the noise along the way out: Estimates, with errors where errors="population" was asked for
    eigenvalues             of the Hessian of the mean loss, rising; index counts those below 0, flat those that are 0
    noise_dimension         d_eff, or None; one axis is exact where it is 1
    predictions             a Prediction for each learning rate and batch size
    critical_learning_rates {batch size: learning rate from which on one axis is trapped, or None}
    critical_batches        {learning rate: batch size from which on paths leave, or None}
    point, way_out          arrays over the parameters
    curvature, push         arrays over the samples: h = e.H e and e.gradient of each
    """

    __slots__ = ("network", "samples", "parameters", "gradient", "index", "flat", "eigenvalues", "a", "sigma", "tau",
                 "rho", "noise_dimension", "predictions", "critical_learning_rates", "critical_batches", "_found",
                 "_done", "_asked")
    _command = "measure"

    def __init__(self, done, asked_for):
        found = json.loads(done.json)
        self._set(**{name: found[name] for name in ("network", "samples", "parameters", "gradient", "index", "flat")},
                  eigenvalues=tuple(found["eigenvalues"]), noise_dimension=found["noise_dimension"],
                  **{name: _estimate(found[name]) for name in ("a", "sigma", "tau", "rho")},
                  predictions=tuple(Prediction(p) for p in found.get("predictions", ())),
                  critical_learning_rates={at["batch_size"]: at["exact"] for at in found["critical_learning_rates"]},
                  critical_batches={at["learning_rate"]: at["exact"] for at in found.get("critical_batches", ())},
                  _found=found, _done=done, _asked=asked_for)

    @property
    def point(self):
        return self._done.point()

    @property
    def way_out(self):
        return self._done.way_out()

    @property
    def curvature(self):
        return self._done.curvature()

    @property
    def push(self):
        return self._done.push()

    @property
    def toml(self):
        return self._done.toml

    @property
    def json(self):
        """As `noisetrap measure --json -`, or `escape`, has it."""
        return self._done.json

    @property
    def command(self):
        return self._asked.command(self._command, self.toml)

    def __repr__(self):
        return self._done.table.rstrip("\n")


class Escape(Saddle):
    """What paths did at a saddle, beside what a Saddle says of it: `runs` has an EscapeRun for each learning rate and batch
    size, and survival, over runs and survival_steps, the share of paths that have neither left nor fallen in. no_growth
    and no_prediction say why there is none, or are empty."""

    __slots__ = ("runs", "no_growth", "no_prediction")
    _command = "escape"

    def __init__(self, done, asked_for):
        super().__init__(done, asked_for)
        self._set(runs=tuple(EscapeRun(run) for run in self._found["runs"]), no_growth=self._found["no_growth"],
                  no_prediction=self._found["no_prediction"])

    @property
    def survival_steps(self):
        return self._done.survival_steps()

    @property
    def survival(self):
        return self._done.survival()


def _request(network, changes):
    """A preset's name, a file, or the text of a configuration."""
    settings = as_settings({f"run.{key}": value for key, value in _settings.current().items()})
    settings += as_settings(changes or {})
    if network in network_presets:
        return Configuration(_core.Request(network_presets[network], f"preset {network}", settings))
    if is_text(network) or network == "":
        return Configuration(_core.Request(network, "the text", settings))
    file = os.fspath(network)
    return Configuration(_core.Request(_core.text_of_file(file), file, settings), file=file)


def measure(network, *, set=None, progress=None):
    """Measures the noise at a saddle of a network and says what theory makes of it: a Saddle.

    network   the name of an experiment (noisetrap.network_presets), a TOML file, or its text
    set       {dotted key: value}, as --set: {"measure.learning_rates": [0.1, 0.2]}
    """
    request = _request(network, set)
    with Told(progress, "measure", "chains") as tell:
        return Saddle(asked(_core.measure, request.request, tell), request)


def escape(network, *, set=None, progress=None):
    """Runs paths of a network from near a saddle until they have left or fallen in: an Escape. Arguments as of measure()."""
    request = _request(network, set)
    with Told(progress, "escape", "path-steps") as tell:
        return Escape(asked(_core.escape, request.request, tell), request)


network_presets = {name: toml for name, _, toml in _core.network_presets()}
