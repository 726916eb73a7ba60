"""What theory knows of a model, without a run."""

from . import _core
from ._request import asked, configuration


class Theory:
    """Exact answers, as rows (quantity, value, unit, source). They are attributes too: theory.growth_rate is the row
    "growth rate"; where a scheme or its time step was named, it is that of the scheme."""

    def __init__(self, rows, of_scheme):
        self.rows, self._of_scheme = tuple(rows), of_scheme

    def __getitem__(self, quantity):
        """The value of a quantity, by its whole name or by all of it before a comma or " of "."""
        for name, value, _, _ in self.rows:
            if name == quantity:
                return value
        raise KeyError(quantity)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        words = name.replace("_", " ")
        of_scheme = [value for quantity, value, _, _ in self.rows if quantity.startswith(words + " of ")]
        if self._of_scheme and of_scheme:
            return of_scheme[0]
        for quantity, value, _, _ in self.rows:
            if quantity == words:
                return value
        for quantity, value, _, _ in self.rows:
            if quantity.startswith(words):
                return value
        known = ", ".join(quantity for quantity, *_ in self.rows) or "nothing"
        raise AttributeError(f"theory has no '{words}' here; it knows: {known}")

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    def __dir__(self):
        return sorted({*super().__dir__(), *(q.replace(" ", "_") for q, *_ in self.rows
                                             if q.replace(" ", "_").isidentifier())})

    def __repr__(self):
        if not self.rows:
            return "nothing is known in closed form"
        return "\n".join(f"{q:<54} {v:>16.10g}  {u:<12} {s}" for q, v, u, s in self.rows)

    def _repr_html_(self):
        from ._html import theory_html

        return theory_html(self)


def theory(model, *, optimiser=None, set=None, **keywords):
    """What theory knows of a model under a scheme or an optimiser, without running it. Keywords are those of
    simulate(); quantiles=, cdf_at=, times= and exit_radius= say where it is asked.

    >>> theory("linear-sde", set={"model.a": 0.25, "model.sigma": 1.0}).growth_rate
    -0.25
    """
    request = configuration("theory", "simulate", model, optimiser, set, keywords=keywords)
    return Theory(asked(_core.known_answers, request.request), "scheme" in keywords or "dt" in keywords)
