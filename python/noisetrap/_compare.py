"""compare: several optimisers on one loss, at the same cost in gradients."""

import json

from . import _core
from ._estimate import Estimate
from ._models import as_method
from ._progress import Told
from ._request import asked, configuration


class Contender:
    """One optimiser at one point of its grid.

    label, optimiser, parameters, varied   who it is
    odds, interval                         of escape within the budget, with its 95 % interval
    cost_of_escape                         {probability: Estimate} in gradients; infinite where fewer escaped
    growth_per_gradient                    Estimate, or None
    rank, best, typical                    within its label
    survival                               cost and the share inside, with the ends of its interval, as arrays
    """

    def __init__(self, found):
        for key in ("label", "optimiser", "equation", "parameters", "varied", "steps", "evaluations", "escaped",
                    "failed", "rank", "best", "typical"):
            setattr(self, key, found[key])
        odds = found["odds"]
        self.odds = _or_nan(odds["value"])
        self.interval = odds["low"], odds["high"]
        self.cost_of_escape = {float(p): Estimate(float("inf") if e["value"] is None else e["value"],
                                                  _or_nan(e["standard_error"]))
                               for p, e in found["cost_of_escape"].items()}
        growth = found["growth_per_gradient"]
        self.growth_per_gradient = growth and Estimate(_or_nan(growth["value"]), _or_nan(growth["standard_error"]))
        self._survival = found["survival"]

    @property
    def survival(self):
        import numpy

        return {key: numpy.array([_or_nan(x) for x in values]) for key, values in self._survival.items()}

    def __repr__(self):
        varied = "".join(f", {key}={value!r}" for key, value in self.varied.items())
        low, high = self.interval
        return f"Contender({self.label}{varied}: escaped {self.odds:.4f} [{low:.4f}, {high:.4f}])"


def _or_nan(x):
    return float("nan") if x is None else x


class Comparison:
    """What a comparison has found: `contenders` in their order, and the best of each label by comparison["sgd"]."""

    def __init__(self, found, done=None, asked_for=None, toml=None):
        self._found, self._done, self._asked, self._toml = found, done, asked_for, toml
        self.contenders = tuple(Contender(c) for c in found["contenders"])
        self.budget, self.exit_radius, self.paths = found["budget"], found["exit_radius"], found["paths"]

    @property
    def labels(self):
        return tuple(dict.fromkeys(c.label for c in self.contenders))

    @property
    def best(self):
        """{label: its best contender}"""
        return {c.label: c for c in self.contenders if c.best}

    def __getitem__(self, label):
        return self.best[label]

    def __iter__(self):
        return iter(self.contenders)

    def __len__(self):
        return len(self.contenders)

    def to_pandas(self):
        """One row a contender: label, odds, low, high, cost (the median), growth, error and the varied parameters."""
        import pandas

        rows = []
        for c in self.contenders:
            median = min(c.cost_of_escape, key=lambda p: abs(p - 0.5))
            value, error = c.growth_per_gradient or (float("nan"), float("nan"))
            rows.append({"label": c.label, **c.varied, "odds": c.odds, "low": c.interval[0], "high": c.interval[1],
                         "cost": c.cost_of_escape[median].value, "growth": value, "growth_error": error,
                         "best": c.best})
        return pandas.DataFrame(rows)

    table = property(to_pandas)

    @property
    def toml(self):
        return self._done.toml() if self._done else self._toml

    @property
    def command(self):
        return self._asked.command("compare", self.toml)

    @property
    def json(self):
        return self._done.json() if self._done else json.dumps(self._found)

    def save(self, folder, fresh=False, page=True):
        """Writes what `noisetrap compare --out` writes; its page needs matplotlib, and `page=False` leaves it out."""
        from ._page import draw

        self._done.save(str(folder), bool(fresh), draw if page else lambda _: None)

    def plot(self, ax=None, **keywords):
        """Survival curves of the best of each label."""
        from ._plot import plot_comparison

        return plot_comparison(self, ax, **keywords)

    def __repr__(self):
        if self._done:
            return self._done.table().rstrip("\n")
        return "\n".join(repr(c) for c in self.contenders if c.best)

    def _repr_html_(self):
        from ._html import comparison_html

        return comparison_html(self)


def compare(model, optimisers=None, *, set=None, progress=None, **keywords):
    """Compares optimisers on a loss, and returns a Comparison.

    optimisers  a list of optimisers, in which a parameter may be a list: all combinations are run. Two of one kind need
                labels: Sgd(learning_rate=1, label="large")

    Other keywords are those of the tables [compare], [ensemble] and [run]: budget, exit_radius, paths, x0, seed, ...
    """
    tables = {}
    for method in optimisers or ():
        method = as_method(method)
        table = f"optimisers.{method.label}"
        if table in tables:
            raise ValueError(f"two optimisers are called '{method.label}': give one another label=")
        tables[table] = {**({} if method.label == method.name else {"name": method.name}), **method.given}
        if not tables[table]:
            tables[table] = {"name": method.name}
    request = configuration("compare", "compare", model, None, set, tables, keywords)
    with Told(progress, "compare", "parts") as tell:
        done = asked(_core.compare, request.request, tell)
    return Comparison(json.loads(done.json()), done, request)
