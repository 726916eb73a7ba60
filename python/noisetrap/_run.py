"""simulate, collect, replay and load."""

import functools
import math

from . import _core
from ._errors import InputError
from ._estimate import Estimate
from ._progress import Told
from ._request import asked, configuration


def _estimates(tuples):
    return tuple(Estimate(*t) for t in tuples)


class Moments:
    """What was found at one time: mean, variance, mean_log_abs, variance_log_abs as Estimates; the numbers of paths
    that are finite, non_finite, out_of_range, zero."""

    __slots__ = ("t", "mean", "variance", "mean_log_abs", "variance_log_abs", "finite", "non_finite", "out_of_range",
                 "zero")

    def __init__(self, found):
        for name in self.__slots__:
            x = found[name]
            object.__setattr__(self, name, Estimate(*x) if isinstance(x, tuple) else x)

    def __setattr__(self, name, value):
        raise AttributeError("what a run has found is immutable")

    def __repr__(self):
        return f"Moments(t = {self.t:g}, mean {self.mean}, mean log|x| {self.mean_log_abs})"


class Law:
    """Estimates at some probabilities, or places: law(0.5) is that at 0.5. It is a mapping, in rising order."""

    def __init__(self, at, estimates, what):
        self._found, self._what = dict(zip(at, estimates)), what

    def __call__(self, at):
        for key, estimate in self._found.items():
            if math.isclose(key, at, rel_tol=1e-12, abs_tol=0):
                return estimate
        known = ", ".join(f"{key:g}" for key in self._found) or "nothing"
        raise KeyError(f"{self._what} was estimated at {known}, not at {at:g}")

    __getitem__ = __call__

    def __iter__(self):
        return iter(self._found)

    def __len__(self):
        return len(self._found)

    def keys(self):
        return self._found.keys()

    def values(self):
        return self._found.values()

    def items(self):
        return self._found.items()

    def __repr__(self):
        return f"{self._what}: " + ", ".join(f"{key:g}: {e}" for key, e in self._found.items())


class FirstPassage:
    """When paths left |x| < radius: exited, upper, lower, not_exited count them; mean_time is of those that left, and
    restricted_mean_time of the smaller of that time and the run's end; upper_odds are those of the upper side among paths
    that left, inside_at_end those of no exit. survival is P(T > t) at survival_times, survival_theory that of the SDE."""

    def __init__(self, found, probabilities):
        for name in ("radius", "exited", "upper", "lower", "not_exited"):
            setattr(self, name, found[name])
        self.mean_time = Estimate(*found["mean_time"])
        self.restricted_mean_time = Estimate(*found["restricted_mean_time"])
        self.upper_odds, self.inside_at_end = Estimate(*found["upper_odds"]), Estimate(*found["inside_at_end"])
        self.quantile = Law(probabilities, _estimates(found["quantiles"]), "a quantile of the time")
        self._curve = found["survival_times"], found["survival"]

    @property
    def survival_times(self):
        return _array(self._curve[0])

    @property
    def survival(self):
        """P(T > t) at survival_times, as an array."""
        return _array([at[0] for at in self._curve[1]])

    @property
    def survival_error(self):
        return _array([at[1] for at in self._curve[1]])

    @property
    def survival_theory(self):
        """Not a number where it is not known."""
        return _array([at[2] for at in self._curve[1]])

    def __repr__(self):
        return f"FirstPassage(radius = {self.radius:g}, {self.exited} left, mean time {self.mean_time})"


class Largest:
    """The law of the largest |x| of each path: beyond(r) is P(largest > r)."""

    def __init__(self, found, probabilities):
        self.beyond = Law(found["radii"], _estimates(found["beyond"]), "P(largest |x| > r)")
        self.quantile = Law(probabilities, _estimates(found["quantiles"]), "a quantile of the largest |x|")


class Inside:
    """The law of the time with |x| < radius."""

    def __init__(self, found, probabilities):
        self.radius, self.mean_time = found["radius"], Estimate(*found["mean_time"])
        self.quantile = Law(probabilities, _estimates(found["quantiles"]), "a quantile of the time inside")


def _array(numbers):
    import numpy

    array = numpy.array(numbers, dtype=float)
    array.setflags(write=False)
    return array


class Rare:
    """Odds that plain paths hardly ever meet, by families of walks that split.

    odds                   that the coordinate comes to the level
    deviation_of_family    the spread of one family's estimate, in the odds
    empty_families         those that lost all their walks on the way
    plain_paths            that a plain share of paths would need for an error as small
    """

    def __init__(self, found):
        self.odds = Estimate(*found["odds"])
        self.deviation_of_family, self.plain_paths = found["deviation_of_family"], found["plain_paths"]
        self.empty_families = found["empty_families"]

    def __repr__(self):
        return f"Rare(odds = {self.odds})"


class Run:
    """What a run has found. It prints as the table of the command line.

    growth_rate    of log|dx(t)/dx(0)| per unit of time; None where it was not followed
    plain_growth_rate    its mean alone, without control variates; None where there are none
    times          at which x was summarised; moments(t), quantile(p, t) and cdf(x, t) are at the last unless t is given
    first_passage, largest, inside, rare    where they were asked for, else None
    rows           of the paths that rows=... asked for, as collect() has them; else None
    spectrum       all Lyapunov exponents, the largest first, and spectrum_sum; where they were asked for, else None
    toml           the resolved configuration, which gives this run again
    command        the same for the shell
    facts          backend, threads, wall_seconds, path_steps_per_second, ...
    """

    def __init__(self, found, done=None, asked_for=None, loaded=None):
        self._found, self._done, self._asked, self._loaded = found, done, asked_for, loaded
        growth = found.get("growth_rate")
        self.growth_rate = Estimate(*growth) if growth else None
        plain = found.get("plain_growth_rate")
        self.plain_growth_rate = Estimate(*plain) if plain else None
        p = found["probabilities"]
        self.first_passage = FirstPassage(found["first_passage"], p) if found.get("first_passage") else None
        self.largest = Largest(found["largest"], p) if found.get("largest") else None
        self.inside = Inside(found["inside"], p) if found.get("inside") else None
        self.rare = Rare(found["rare"]) if found.get("rare") else None
        self.spectrum = _estimates(found["spectrum"]) if found.get("spectrum") else None
        self.spectrum_sum = Estimate(*found["spectrum_sum"]) if found.get("spectrum") else None

    @property
    def times(self):
        return tuple(at["t"] for at in self._found["times"])

    @property
    def is_sde(self):
        """Whether the model is an SDE, else it is a recursion."""
        return self._done.is_sde if self._done else self._loaded["is_sde"]

    @property
    def non_finite(self):
        """Paths that stopped being numbers, and are left out of every average."""
        return self._found["non_finite"]

    def _at(self, t):
        found = self._found["times"]
        if not found:
            raise KeyError("x was summarised at no time: give times=[...]")
        if t is None:
            return found[-1]
        for at in found:
            if math.isclose(at["t"], t, rel_tol=1e-12, abs_tol=1e-300):
                return at
        raise KeyError(f"x was summarised at t = {', '.join(f'{at:g}' for at in self.times)}, not at {t:g}")

    def moments(self, t=None):
        """Mean and variance of x and of log|x| at time t."""
        return Moments(self._at(t))

    @property
    def mean(self):
        """E x at the last time."""
        return self.moments().mean

    def quantile(self, p, t=None):
        """The quantile of x at time t, one of those that were asked for (`quantiles=`)."""
        return Law(self._found["probabilities"], _estimates(self._at(t)["quantiles"]), "a quantile")(p)

    def quantiles(self, t=None):
        return Law(self._found["probabilities"], _estimates(self._at(t)["quantiles"]), "a quantile")

    def cdf(self, x=None, t=None):
        """P(X <= x) at time t, at one of the places that were asked for (`cdf_at=`); without x at all of them."""
        law = Law(self._found["places"], _estimates(self._at(t)["cdf"]), "P(X <= x)")
        return law if x is None else law(x)

    def histogram(self, t=None):
        """Edges, densities and their standard errors at time t, where histogram={...} was asked for."""
        histogram = self._still_here("the histogram").histogram()
        if histogram is None:
            raise InputError("there is no histogram: ask for one, as in histogram={'bins': 100, 'to': 5}")
        place = self._found["times"].index(self._at(t))
        return histogram[0], histogram[1][place], histogram[2][place]

    def replay(self, path, points=10000):
        """One path of the run once more, by its number: a Path with t and x."""
        return _path(self._still_here("a path"), path, points)

    @functools.cached_property
    def rows(self):
        """The Rows of the paths that `rows=` asked for, else None. In a folder they are in data.h5; of a run in memory
        these paths are stepped once more when this is first asked for."""
        if self._done is None:
            return self._loaded["rows"]()
        return Rows(asked(self._done.rows, None), self._asked) if self._done.rows_kept else None

    def _still_here(self, what):
        if self._done is None:
            raise InputError(f"{what} is not kept in a folder; simulate() the run's toml to have it")
        return self._done

    @property
    def toml(self):
        return self._done.toml() if self._done else self._loaded["toml"]

    @property
    def command(self):
        return self._asked.command("simulate", self.toml) if self._asked else \
            f"cat > run.toml <<'END'\n{self.toml}END\nnoisetrap simulate run.toml"

    @property
    def facts(self):
        return self._done.facts() if self._done else dict(self._loaded["facts"])

    @property
    def json(self):
        """The summary as text, as `noisetrap simulate --json -` prints it."""
        return self._done.json() if self._done else self._loaded["json"]

    def save(self, folder, fresh=False):
        """Writes config.toml, summary.json and data.h5 as `noisetrap simulate --out` does, and draws no page. Only the
        seconds in summary.json are those of this run. `fresh` replaces earlier results."""
        self._still_here("what is to be saved").save(str(folder), bool(fresh))

    def to_xarray(self):
        """The quantiles, moments and the distribution over time as an xarray.Dataset."""
        import xarray

        columns = {name: ("time", [at[name][0] for at in self._found["times"]])
                   for name in ("mean", "variance", "mean_log_abs", "variance_log_abs")}
        columns.update({f"{name}_error": ("time", [at[name][1] for at in self._found["times"]])
                        for name in ("mean", "variance", "mean_log_abs", "variance_log_abs")})
        coordinates = {"time": list(self.times)}
        for name, key, dimension in (("quantiles", "probabilities", "probability"), ("cdf", "places", "x")):
            if self._found[key]:
                coordinates[dimension] = self._found[key]
                data = [[e[:2] for e in at[name]] for at in self._found["times"]]
                label = "quantile" if name == "quantiles" else "cdf"
                columns[label] = (("time", dimension), [[v for v, _ in row] for row in data])
                columns[f"{label}_error"] = (("time", dimension), [[e for _, e in row] for row in data])
        return xarray.Dataset(columns, coordinates, {"toml": self.toml, "noisetrap": _core.version()})

    @property
    def variables(self):
        """The names of the model's variables: x, unless it is a formula that says otherwise."""
        return tuple(self._still_here("the model").variables)

    @property
    def t_end(self):
        return self._still_here("the model").t_end

    def rates(self, *states):
        """How fast each variable of a system moves without noise at t = 0, per unit of time or step, at the given values of
        all variables, arrays of one shape: an array for each variable."""
        import numpy

        arrays = numpy.broadcast_arrays(*(numpy.asarray(state, dtype=float) for state in states))
        found = asked(self._still_here("the model").rates, [numpy.ascontiguousarray(array.ravel()) for array in arrays])
        return tuple(_read_only(rate.reshape(arrays[0].shape)) for rate in found)

    def plot_plane(self, ax=None, paths=1, bins=60, **keywords):
        """Two variables against each other: where paths are at the end, some paths, and the lines on which a variable
        stands still without noise (nullclines)."""
        from ._plot import plot_plane

        return plot_plane(self, ax, paths, bins, **keywords)

    def plot(self, ax=None, **keywords):
        """The growth of quantiles over time, or the histogram where there is one."""
        from ._plot import plot_run

        return plot_run(self, ax, **keywords)

    def __repr__(self):
        return (self._done.table() if self._done else self._loaded["table"]).rstrip("\n")

    def _repr_html_(self):
        from ._html import run_html

        return run_html(self)


class Path:
    """One path: arrays t and x. It unpacks to them."""

    def __init__(self, t, x, number):
        self.t, self.x, self.number = t, x, number

    def __iter__(self):
        return iter((self.t, self.x))

    def plot(self, ax=None, **keywords):
        from ._plot import plot_path

        return plot_path(self, ax, **keywords)

    def __repr__(self):
        return f"Path(number = {self.number}, {len(self.t)} points to t = {self.t[-1]:g}, x = {self.x[-1]:.6g} there)"


class Rows:
    """What every path of a run wrote, as read-only arrays that share the engine's memory. Columns that were not asked
    for are None.

    value         [time, path]: x at each of `times`
    log_abs       [time, path]: log|x|, never out of range
    log_growth    [path]: log|dx/dx(0)| after the last step
    exit_time     [path]: when |x| >= exit_radius first; infinite where never, not a number where the path failed
    exit_side     [path]: 1 above, -1 below, 0 where it did not leave
    log_largest   [path]: log of the largest |x|
    log_stretches [exponent, path]: logs by which the linearised flow stretches
    time_inside   [path]: time with |x| < inside

    So are the other columns of the engine, by their names; `columns` has the meaning of each.
    """

    columns = {name: f"{meaning} [{unit}]" for name, unit, meaning in _core.columns()}

    def __init__(self, done, asked_for):
        self._done, self._asked = done, asked_for

    def __getattr__(self, name):
        if name in self.columns:
            return self._done.column(name)
        if name == "time_inside":
            steps = self._done.column("steps_inside")
            return None if steps is None else _read_only(steps * self._done.dt)
        if name in ("exit_time", "exit_side"):
            return self._exit(name)
        raise AttributeError(f"rows have no column '{name}'")

    def _exit(self, name):
        import numpy

        steps = self._done.column("exit_step")
        if steps is None:
            return None
        failed, stayed = numpy.isneginf(steps), steps == 0
        if name == "exit_side":
            return _read_only(numpy.where(failed, 0, numpy.sign(steps)).astype(int))
        time = numpy.where(stayed, numpy.inf, (numpy.abs(steps) + self._done.exit_offset) * self._done.dt)
        return _read_only(numpy.where(failed, numpy.nan, time))

    @property
    def times(self):
        return tuple(self._done.times)

    def __len__(self):
        return self._done.paths

    def dlpack(self, name):
        """The memory of a column for torch.from_dlpack and its like. It is that of the rows themselves, and must be
        left as it is."""
        tensor = self._done.tensor(name)
        if tensor is None:
            raise KeyError(f"there is no column '{name}'")
        return tensor

    @property
    def toml(self):
        return self._done.toml()

    @property
    def facts(self):
        return self._done.facts()

    def replay(self, path, points=10000):
        """One path once more, by its number."""
        return _path(self._done, path, points)

    def __dir__(self):
        return sorted({*super().__dir__(), *self.columns, "exit_time", "exit_side", "time_inside"})

    def __repr__(self):
        return f"Rows of {len(self)} paths at t = {', '.join(f'{t:g}' for t in self.times)}"


def _path(done, path, points):
    if not (isinstance(points, int) and points >= 1):
        raise InputError("points must be a whole number from 1 on")
    if not (isinstance(path, int) and 0 <= path < done.paths):
        raise IndexError(f"paths are numbered 0 to {done.paths - 1}")
    return Path(*done.replay(path, points), path)


def _read_only(array):
    array.setflags(write=False)
    return array


def simulate(model, *, optimiser=None, set=None, progress=None, **keywords):
    """Runs an ensemble of paths and returns a Run.

    model      a model, its name, a TOML file, or the text of one
    optimiser  of a loss: an optimiser, or its name
    set        {"model.sigma": 1.2}: keys of the configuration, after everything else
    progress   True, False, or a function of (done, total, seconds)

    All other keywords are keys of the configuration by their last part: `paths` is ensemble.paths, `t_end` is
    integrator.t_end, `times` is observe.times, `threads` is run.threads. `noisetrap.keywords()` lists them.
    """
    request = configuration("simulate", "simulate", model, optimiser, set, keywords=keywords)
    with Told(progress, "simulate") as tell:
        done = asked(_core.simulate, request.request, tell)
    return Run(done.findings(), done, request)


def collect(model, *, optimiser=None, set=None, progress=None, **keywords):
    """Runs an ensemble as simulate() does, and returns the Rows of all paths instead of summaries."""
    request = configuration("collect", "simulate", model, optimiser, set, keywords=keywords)
    with Told(progress, "collect") as tell:
        done = asked(_core.collect, request.request, tell)
    return Rows(done, request)


def replay(run, path, points=10000):
    """One path of a run, or of rows, once more: a Path with t and x at every step, or at `points` of them."""
    return run.replay(path, points)


def keywords(command="simulate"):
    """{keyword: (key of the configuration, meaning)} of simulate(), compare() or sweep().

    >>> keywords()["paths"]
    ('ensemble.paths', 'number of independent paths')
    """
    from ._request import keywords_of

    meanings = {key: meaning for key, meaning, _ in _core.keys_of(command)}
    return {word: (key, meanings[key]) for word, key in keywords_of(command).items()}
