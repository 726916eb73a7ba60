"""A model with sliders, for notebooks. ipywidgets and matplotlib are imported when it is made."""

import io
import math
import warnings

from ._errors import InputError
from ._estimate import known_beside
from ._models import Model, as_model
from ._run import simulate

BINS = 60
DETAIL = 100  # pixels per inch


def _imported():
    try:
        import ipywidgets
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(f"noisetrap.explore() needs ipywidgets and matplotlib ({error.name} is missing): "
                          "pip install ipywidgets matplotlib") from None
    return ipywidgets


class Explorer:
    """Sliders for the parameters of a model, the histogram of x at the end over the stationary law, and the growth rate
    beside theory. It shows itself in a notebook.

    model     with the present parameters
    run       the last Run; None where the last parameters cannot be run
    sliders   {parameter: slider}
    widget    the whole, of ipywidgets
    """

    def __init__(self, model, ranges=None, optimiser=None, **keywords):
        widgets = _imported()
        self._widgets, self._optimiser = widgets, optimiser
        self._keywords = {"paths": 20_000, "progress": False, **keywords}
        self.model, self.run = as_model(model), None
        ranges = dict(ranges or {})
        unknown = [name for name in ranges if name not in self.model.parameters]
        if unknown:
            raise TypeError(f"{self.model.name} has no parameter '{unknown[0]}'; it has "
                            + ", ".join(self.model.parameters))
        self.sliders = {name: self._slider(name, value, ranges.get(name))
                        for name, value in self.model.parameters.items()}
        self._words = widgets.HTML()
        self._picture = widgets.Image(format="png", layout={"max_width": "100%"})
        knobs = widgets.VBox(list(self.sliders.values()), layout={"min_width": "22em"})
        self.widget = widgets.VBox([widgets.HBox([knobs, self._words], layout={"flex_flow": "row wrap"}),
                                    self._picture])
        for slider in self.sliders.values():
            slider.observe(self._changed, "value")
        self.update()

    def _slider(self, name, value, ends):
        look = {"description": name, "style": {"description_width": "7em"}}
        if not isinstance(value, (int, float)):
            return self._widgets.Dropdown(options=self._choices(name, value), value=value, **look)
        low, high = ends if ends is not None else self._ends(name, value)
        return self._widgets.FloatSlider(value=value, min=low, max=high, step=(high - low) / 200, readout_format=".3g",
                                         **look)

    def _described(self, name):
        """What the catalogue says of a parameter; nothing of a formula's."""
        return next((p for p in self.model._parameters or () if p["key"] == name), None)

    def _choices(self, name, value):
        described = self._described(name)
        return described["choices"] if described else [value]

    def _ends(self, name, value):
        """From nothing, or from below where that is allowed, to twice the value."""
        described = self._described(name)
        smallest, largest = (described["smallest"], described["largest"]) if described else (-math.inf, math.inf)
        reach = 2 * abs(value) or 1.0
        return max(smallest, -reach), min(largest, reach)

    def _changed(self, _):
        self.update()

    def update(self):
        """Runs the model at the sliders' values, and draws it."""
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                self.model = self.model.replace(**{name: slider.value for name, slider in self.sliders.items()})
                self.run = self._simulated(histogram=_edges(self._simulated()))
        except InputError as error:
            self.run = None
            self._words.value = _paragraph(str(error))
            return
        self._words.value = _said(self.run) + "".join(dict.fromkeys(_paragraph(str(w.message)) for w in warned))
        self._picture.value = _drawn(self.run, _stationary(self.model))

    def _simulated(self, **more):
        return simulate(self.model, optimiser=self._optimiser, **self._keywords, **more)

    def _repr_mimebundle_(self, **keywords):
        return self.widget._repr_mimebundle_(**keywords)

    def __repr__(self):
        return f"Explorer of {self.model!r}"


def _edges(run):
    """Bins over nearly all paths: between the outer quantiles, and a third of that on either side."""
    outer = [q.value for q in run.quantiles().values() if math.isfinite(q.value)]
    low, high = min(outer), max(outer)
    rest = (high - low) / 3 or abs(low) or 1.0
    return {"from": low - rest, "to": high + rest, "bins": BINS}


def _stationary(model):
    """The stationary law in closed form, or None."""
    try:
        return model.stationary() if isinstance(model, Model) else None
    except ValueError:
        return None


def _paragraph(text):
    from html import escape

    return f"<p style='max-width: 32em; line-height: 1.4'>{escape(text)}</p>"


def _known(run):
    """What is known of the growth rate: pairs of its word and the number."""
    known = ((word, getattr(run.growth_rate, name)) for name, word in known_beside(run.is_sde).items())
    return [(word, value) for word, value in known if value is not None]


def _said(run):
    growth = run.growth_rate
    if growth is None:
        return _paragraph("There is no growth rate.")
    low, high = growth.interval(0.9973)
    verdict = "trapped" if high < 0 else "escapes" if low > 0 else "too close to 0 to tell"
    known = "".join(f", {word} {value:.4g}" for word, value in _known(run))
    return _paragraph(f"growth rate {growth}{known}: {verdict}. Median of x at t = {run.times[-1]:g}: "
                      f"{run.quantile(0.5)}.")


def _drawn(run, law):
    import numpy
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[3, 1])
    edges, density, _ = run.histogram()
    left.stairs(density, edges, fill=True, color="#56B4E9", label=f"paths at t = {run.times[-1]:g}")
    if law is not None:
        places = numpy.linspace(edges[0], edges[-1], 400)
        left.plot(places, law.pdf(places), color="black", label="stationary law")
    left.set(xlabel="x", ylabel="probability per length")
    left.legend(frameon=False)
    growth = run.growth_rate
    if growth is None:
        right.set_axis_off()
    else:
        right.errorbar([0], [growth.value], [2 * growth.error], fmt="o", color="#D55E00", label="measured")
        for (name, value), look in zip(_known(run), ("-", ":")):
            right.axhline(value, color="black", ls=look, lw=1.2, label=name)
        reach = 1.3 * max(abs(x) for x in (growth.value, *(value for _, value in _known(run))))
        reach = reach if numpy.isfinite(reach) and reach > 0 else 1.0
        right.axhspan(-reach, 0, color="#0072B2", alpha=0.15, lw=0)
        right.text(0.97, 0.03, "trapped", transform=right.transAxes, ha="right", va="bottom", color="#0072B2")
        right.set(ylabel="growth rate", ylim=(-reach, reach), xlim=(-1, 1), xticks=[])
        right.legend(frameon=False, fontsize=8, loc="upper right")
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=DETAIL)
    return page.getvalue()


def explore(model, *, ranges=None, optimiser=None, **keywords):
    """A model with sliders, in a notebook: an Explorer, which shows itself.

    model      a model, its name, or a formula
    ranges     {parameter: (low, high)} of sliders; others reach to twice their value
    optimiser  of a loss

    Other keywords are those of simulate(): paths (20 000 unless given), t_end, dt, ...
    """
    return Explorer(model, ranges, optimiser, **keywords)
