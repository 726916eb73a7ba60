"""sweep: a grid of parameters, phases, and where an observable crosses a level."""

import json
import pathlib

from . import _core, _toml
from ._models import as_method, as_model
from ._progress import Told
from ._request import asked, configuration, is_file, is_text


class Spaced:
    """Equal steps, or equal ratios, from one end to the other: an axis."""

    def __init__(self, start, stop, points, scale):
        self._table = {"from": float(start), "to": float(stop), "points": int(points)}
        if scale == "log":
            self._table["scale"] = scale

    def toml(self):
        return self._table

    def __repr__(self):
        start, stop, points = (self._table[key] for key in ("from", "to", "points"))
        return f"{self._table.get('scale', 'linear')}({start:g}, {stop:g}, {points})"


def log(start, stop, points):
    """An axis of equal ratios.

    >>> log(0.05, 2, 10)
    log(0.05, 2, 10)
    """
    return Spaced(start, stop, points, "log")


def linear(start, stop, points):
    """An axis of equal steps."""
    return Spaced(start, stop, points, "linear")


def quantile(p):
    """The observable "quantile:p".

    >>> quantile(0.9)
    'quantile:0.9'
    """
    return f"quantile:{p}"


def boundary(observable, level=None, *, along=None, **terms):
    """Where an observable crosses a level along the second axis: terms are those of [sweep.boundary], as accuracy=0.005
    or error=0.01. `along` names the axis, to be sure that it is the second."""
    found = {"observable": observable}
    if level is not None:
        found["level"] = float(level)
    return _Boundary({**found, **terms}, along)


class _Boundary:
    def __init__(self, terms, along):
        self.terms, self.along = terms, along

    def toml(self):
        return self.terms


class Sweep:
    """What a sweep has found, over its axes.

    axes          {name: values}
    observables   names of what was estimated
    value(name), error(name)     arrays over the axes
    theory(name)                 {"exact": array, "SDE": array, ...}
    phases        array of words over the axes, or None
    boundary      list of curves, each a dictionary of arrays x, y, low, high, standard_error, or None
    folder        where it is kept, or None
    """

    def __init__(self, found, done=None, asked_for=None, folder=None, toml=None):
        self._found, self._done, self._asked, self._toml = found, done, asked_for, toml
        self.folder = None if folder is None else pathlib.Path(folder)
        self.title = found["title"]

    @property
    def axes(self):
        return {axis["name"]: tuple(axis["values"]) for axis in self._found["axes"]}

    @property
    def shape(self):
        return tuple(len(values) for values in self.axes.values())

    @property
    def observables(self):
        return tuple(o["name"] for o in self._found["observables"])

    def _observable(self, name):
        for o in self._found["observables"]:
            if o["name"] == name:
                return o
        raise KeyError(f"{name!r} was not estimated; {', '.join(self.observables)} were")

    def _grid(self, numbers):
        import numpy

        return numpy.array(numbers, dtype=float).reshape(self.shape)

    def value(self, name):
        return self._grid(self._observable(name)["value"])

    def error(self, name):
        return self._grid(self._observable(name)["standard_error"])

    def theory(self, name):
        return {field["name"]: self._grid(field["value"]) for field in self._observable(name)["theory"]}

    @property
    def phases(self):
        import numpy

        if not self._found["phases"]:
            return None
        names = self._found["phases"]["names"]
        return numpy.array([names[i] for i in self._found["phases"]["measured"]]).reshape(self.shape)

    @property
    def boundary(self):
        import numpy

        if not self._found["boundary"]:
            return None
        keys = ("x", "y", "low", "high", "standard_error")
        return [{"panel": curve["panel"], "rising": curve["rising"],
                 **{key: numpy.array(curve[key], dtype=float) for key in keys}}
                for curve in self._found["boundary"]["curves"]]

    def to_xarray(self):
        """An xarray.Dataset: of each observable value, NAME_error and NAME_theory over the axes, with units and
        meanings as attributes."""
        import xarray

        dimensions = list(self.axes)
        columns = {}
        for o in self._found["observables"]:
            name = o["name"].replace("-", "_").replace(":", "_")
            attributes = {"unit": o["unit"], "meaning": o["meaning"]}
            columns[name] = (dimensions, self.value(o["name"]), attributes)
            columns[f"{name}_error"] = (dimensions, self.error(o["name"]), {**attributes, "meaning": "standard error"})
            theory = self.theory(o["name"])
            closest = next((theory[key] for key in ("exact", "SDE", *theory) if key in theory), None)
            if closest is not None:
                columns[f"{name}_theory"] = (dimensions, closest, {**attributes, "meaning": "theory"})
        if self.phases is not None:
            columns["phase"] = (dimensions, self.phases)
        coordinates = {axis["name"]: (axis["name"], list(axis["values"]),
                                      {"unit": axis["unit"], "meaning": axis["meaning"]})
                       for axis in self._found["axes"]}
        attributes = {"title": self.title, "seed": self._found["seed"], "noisetrap": self._found["noisetrap"]}
        return xarray.Dataset(columns, coordinates, attributes)

    def to_pandas(self):
        """One row a point of the grid."""
        import itertools

        import pandas

        rows = [dict(zip(self.axes, place)) for place in itertools.product(*self.axes.values())]
        table = pandas.DataFrame(rows)
        for name in self.observables:
            table[name], table[f"{name}_error"] = self.value(name).ravel(), self.error(name).ravel()
        if self.phases is not None:
            table["phase"] = self.phases.ravel()
        return table

    @property
    def toml(self):
        return self._done.toml if self._done else self._toml

    @property
    def command(self):
        return self._asked.command("sweep", self.toml)

    @property
    def json(self):
        return self._done.json if self._done else json.dumps(self._found)

    def page(self):
        """Draws the page in the sweep's folder and returns its file; needs matplotlib."""
        from ._page import draw

        if self.folder is None:
            raise ValueError("a page lies in the sweep's folder: give out=")
        return draw(self.folder)

    def open(self):
        """Draws the page and shows it in the browser."""
        import webbrowser

        webbrowser.open(self.page().resolve().as_uri())

    def plot(self, observable=None, ax=None, **keywords):
        """The map of an observable, or its curve where there is one axis; with the boundary."""
        from ._plot import plot_sweep

        return plot_sweep(self, observable, ax, **keywords)

    def __repr__(self):
        if self._done:
            return self._done.table.rstrip("\n")
        return f"{self.title}: {' x '.join(str(n) for n in self.shape)} points of {', '.join(self.observables)}"


def _axis_key(name, model, method):
    """The key of a parameter that is given by its own name."""
    if "." in name:
        return name
    if name in model.parameters:
        return f"model.{name}"
    if method is not None and name in method.parameters:
        return f"optimiser.{name}"
    if name in ("dt", "steps", "t_end"):
        return f"integrator.{name}"
    known = [*model.parameters, *(method.parameters if method is not None else ()), "dt", "steps", "t_end"]
    near = _core.nearest(name, known)
    raise TypeError(f"{model.name} has no parameter '{name}'" + (f"; did you mean '{near}'?" if near else ""))


def _axes(over, model, optimiser):
    model, method = as_model(model), None if optimiser is None else as_method(optimiser)
    return {_axis_key(name, model, method): values for name, values in over.items()}


def _without(described, axes, table):
    """The same with only those of its parameters given that no axis gives."""
    varied = {key.removeprefix(table) for key in axes if key.startswith(table)}
    if not varied.intersection(described.given) or not hasattr(described, "_name"):
        return described
    return type(described)(**{key: value for key, value in described.given.items() if key not in varied})


def sweep(model, *, optimiser=None, over=None, out=None, fresh=False, set=None, progress=None, **keywords):
    """Estimates observables at every point of a grid, and returns a Sweep.

    over   {"a": numpy.linspace(-0.3, 0.4, 29), "sigma": noisetrap.log(0.05, 2, 40)}: one to three axes, whose values
           go before those that the model and the optimiser have
    out    the folder of `noisetrap sweep --out`: kept as it goes, and gone on with where it was cut off
    fresh  start over instead of going on

    Other keywords are those of the tables [sweep], [integrator], [ensemble] and [run]: observe, phases, boundary,
    exit_radius, paths, steps, seed, ...
    """
    tables = {}
    if isinstance(keywords.get("observe"), str):
        keywords["observe"] = [keywords["observe"]]
    if over is not None:
        if is_file(model) or is_text(model):
            raise TypeError("the configuration names its axes itself: change them with set={'sweep.model.a': [...]}")
        axes = _axes(over, model, optimiser)
        if isinstance(keywords.get("boundary"), _Boundary):
            _check_along(keywords["boundary"].along, list(over), list(axes))
        model, optimiser = _without(as_model(model), axes, "model."), optimiser and _without(
            as_method(optimiser), axes, "optimiser.")
        tables = {"sweep": {_toml.Dotted(key): values for key, values in axes.items()}}
    request = configuration("sweep", "sweep", model, optimiser, set, tables, keywords)
    with Told(progress, "sweep", "points") as tell:
        done = asked(_core.sweep, request.request, "" if out is None else str(out), bool(fresh), tell)
    return Sweep(json.loads(done.json), done, request, out)


def _check_along(along, names, keys):
    if along is None:
        return
    place = min(1, len(names) - 1)  # the second axis, or the only one
    if along not in (names[place], keys[place]):
        raise ValueError(f"the boundary is looked for along the second axis, and '{along}' is not that: put it second")


class Preset:
    """A ready-made diagram: run() sweeps it, and `toml` is its file."""

    def __init__(self, name, title, toml):
        self.name, self.title, self.toml = name, title, toml

    def run(self, *, out=None, fresh=False, set=None, progress=None, **keywords):
        """As sweep(): presets["a-sigma"].run(paths=256)."""
        return sweep(self.toml, out=out, fresh=fresh, set=set, progress=progress, **keywords)

    def __repr__(self):
        return f"Preset({self.name}: {self.title})"


presets = {name: Preset(name, title, toml) for name, title, toml in _core.presets()}
