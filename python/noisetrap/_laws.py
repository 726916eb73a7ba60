"""Laws of x in scipy's words: pdf, logpdf, cdf, sf, ppf, rvs, mode, tail_index, support. All take arrays."""

import math

from . import _core
from ._errors import InputError
from ._models import Model, as_model
from ._request import asked, configuration

SPACINGS = ("linear", "logarithmic", "symlog")


def _places(x):
    import numpy

    x = numpy.asarray(x, dtype=float)
    return numpy.ascontiguousarray(x.ravel()), x.shape


def _shaped(values, shape):
    return float(values[0]) if shape == () else values.reshape(shape)


class Law:
    """A law of x that is known without a run."""

    name = "law"
    tail_index = None  # P(|X| > r) falls as r^-tail_index; None where the tails are thinner than any power

    def _of(self, function, x):
        places, shape = _places(x)
        return _shaped(function(places), shape)

    def pdf(self, x):
        """Density per length."""
        return self._of(self._core.pdf, x)

    def logpdf(self, x):
        import numpy

        with numpy.errstate(divide="ignore"):
            return self._of(lambda places: numpy.log(self._core.pdf(places)), x)

    def cdf(self, x):
        """P(X <= x)"""
        return self._of(self._core.cdf, x)

    def sf(self, x):
        """P(X > x)"""
        return self._of(lambda places: 1 - self._core.cdf(places), x)

    def ppf(self, p):
        """The x with cdf(x) = p; not a number for a p outside 0 to 1."""
        import numpy

        def inverse(p):
            inside = (p >= 0) & (p <= 1)
            found = numpy.full(p.shape, numpy.nan)
            found[inside] = self._core.ppf(numpy.ascontiguousarray(p[inside]))
            return found

        return self._of(inverse, p)

    def rvs(self, size=None, random_state=None):
        """Random variates, from an integer seed or a numpy.random.Generator."""
        import numpy

        return self.ppf(numpy.random.default_rng(random_state).random(size))

    def support(self):
        return float(self.ppf(0.0)), float(self.ppf(1.0))

    def interval(self, level=0.95):
        """Both quantiles that leave half of the rest outside each."""
        return float(self.ppf((1 - level) / 2)), float(self.ppf((1 + level) / 2))

    def plot(self, ax=None, **keywords):
        from ._plot import plot_law

        return plot_law(self, ax, **keywords)


class StationaryLaw(Law):
    """The stationary law of dx = a x dt + sigma x dW + tau dV: a Student t, an inverse gamma law, or a Pearson IV."""

    def __init__(self, a, sigma, tau, rho):
        self._core = _core.stationary_law(a, sigma, tau, rho)
        self._state = a, sigma, tau, rho
        self.name, self.mode, self.tail_index = self._core.name, self._core.mode, self._core.tail_index

    def logpdf(self, x):
        return self._of(self._core.logpdf, x)

    def sf(self, x):
        """P(X > x), accurate where it is small."""
        return self._of(self._core.sf, x)

    @property
    def mean_log_abs(self):
        """E log|X|"""
        return self._core.mean_log_abs

    def __reduce__(self):
        return StationaryLaw, self._state

    def __repr__(self):
        return f"StationaryLaw({self.name}, tail_index={self.tail_index:.6g}, mode={self.mode:.6g})"


class QuarticWellLaw(Law):
    """The stationary law of |x| in the quartic well, x^2/zeta^2 ~ Gamma(mu/zeta^2 - 1/2, 1): paths keep their sign."""

    name = "quartic-well"

    def __init__(self, mu, zeta):
        self._core = _core.quartic_well_law(mu, zeta)
        self._state = mu, zeta
        self.mode = math.sqrt(max(mu - zeta**2, 0))

    def support(self):
        return 0.0, math.inf

    def __reduce__(self):
        return QuarticWellLaw, self._state

    def __repr__(self):
        return f"QuarticWellLaw(mode={self.mode:.6g})"


def stationary(model):
    """The stationary law of a linear SDE, or of |x| in the quartic well. ValueError says why there is none.

    >>> law = nt.LinearSde(a=-0.5, sigma=1.0, tau=0.5).stationary()
    >>> law.tail_index, round(law.cdf(0.0), 6)
    (2.0, 0.5)
    """
    model = as_model(model)
    p = model.parameters
    if isinstance(model, Model) and model.name == "linear-sde":
        return StationaryLaw(p["a"], p["sigma"], p["tau"], p["rho"])
    if isinstance(model, Model) and model.name == "quartic-well" and p.get("tau", 0) == 0:
        return QuarticWellLaw(p["mu"], p["zeta"])
    raise InputError(f"no stationary law of {model.name} is known in closed form; transient() at a late time has one")


def exact_samples(model, t, paths=1000, x0=1.0, seed=1):
    """x(t) of a linear SDE with both noises, without a time step (Beskos and Roberts 2005): an array, one number a path.

    Path k is a function of the seed and of k. ValueError says where a model has no such samples.

    >>> x = nt.exact_samples(nt.LinearSde(a=0.5, sigma=1.0, tau=0.5), t=2.0, x0=0.1, paths=4)
    >>> x.shape
    (4,)
    """
    model = as_model(model)
    if not (isinstance(model, Model) and model.name == "linear-sde"):
        raise InputError(f"{model.name} has no samples without a time step: linear-sde alone has")
    if not (0 < t < math.inf and abs(x0) < math.inf):
        raise InputError("t must be positive, and x0 finite")
    if not (isinstance(paths, int) and paths >= 0 and isinstance(seed, int) and 0 <= seed < 2**53):
        raise InputError("paths must be a whole number from 0 on, and seed one below 2^53")
    p = model.parameters
    return _core.exact_samples(p["a"], p["sigma"], p["tau"], p["rho"], float(x0), float(t), paths, seed)


class TransientLaw(Law):
    """The law of x at a time t, by the Fokker-Planck equation. `error` is an estimate of the largest error of cdf.
    Where an end absorbs, cdf is that of paths not yet absorbed, `mass` their share."""

    name = "transient"

    def __init__(self, law, grid):
        self._core, self._grid = law, grid
        self.t, self.error, self.mass = law.time, law.error, law.mass
        self.absorbed = law.absorbed_low, law.absorbed_high

    def sf(self, x):
        return self._of(lambda places: self.mass - self._core.cdf(places), x)

    def ppf(self, p):
        """The x with cdf(x) = p mass, by halving intervals."""
        import numpy

        low, high = self._grid.low, self._grid.high

        def inverse(p):
            a, b = numpy.full(p.shape, low), numpy.full(p.shape, high)
            for _ in range(200):
                middle = self._grid.between(a, b)
                below = self._core.cdf(middle) < p * self.mass
                a, b = numpy.where(below, middle, a), numpy.where(below, b, middle)
            return numpy.where((p >= 0) & (p <= 1), self._grid.between(a, b), numpy.nan)

        return self._of(inverse, p)

    def support(self):
        return self._grid.low, self._grid.high

    @property
    def mode(self):
        """Where the density is largest, among 4096 quantiles."""
        import numpy

        x = self.ppf((numpy.arange(4096) + 0.5) / 4096)
        return float(x[numpy.argmax(self.pdf(x))])

    def __repr__(self):
        return f"TransientLaw(t={self.t:g}, error={self.error:.1e})"


class _Grid:
    """Where the Fokker-Planck equation is solved."""

    def __init__(self, low, high, spacing, within, absorbing=(False, False)):
        self.low, self.high, self.spacing, self.within, self.absorbing = low, high, spacing, within, absorbing

    def core(self, cells):
        return _core.Grids(self.low, self.high, self.spacing, self.within, *self.absorbing, cells)

    def between(self, a, b):
        """The middle in the coordinate of the spacing."""
        import numpy

        if self.spacing == "linear":
            return (a + b) / 2
        if self.spacing == "logarithmic":
            return numpy.sqrt(a) * numpy.sqrt(b)
        return self.within * numpy.sinh((numpy.arcsinh(a / self.within) + numpy.arcsinh(b / self.within)) / 2)


def _noise_width(diffusing):
    """How far from 0 the variance has doubled; None where it does not."""
    at_zero = diffusing.variance(0.0)
    for exponent in range(-40, 41):
        x = 10 ** (exponent / 4)
        if max(diffusing.variance(x), diffusing.variance(-x)) >= 2 * at_zero:
            return x
    return None


def _chosen_grid(diffusing, times):
    """Ends so far out that hardly anything comes there: widened until a coarse solution has less than 1e-9
    outside a third of it. Spaced as the noise is: evenly where it does not grow, by ratios where it vanishes at 0."""
    x0, end = diffusing.x0, max(times)
    wide = abs(x0) + math.sqrt(max(diffusing.variance(x0), 1e-300) * end) + abs(diffusing.drift(x0)) * end
    if diffusing.variance(0.0) <= 0:
        if not x0 > 0:
            raise InputError("noise that vanishes at 0 needs a start above 0: x0 > 0, or interval=(low, high)")
        return _widened(diffusing, times, lambda w: _Grid(x0 / w, x0 * w, "logarithmic", 1.0), 100.0)
    width = _noise_width(diffusing)
    if width is None:
        return _widened(diffusing, times, lambda w: _Grid(x0 - w, x0 + w, "linear", 1.0), 3 * wide, 2.0)
    return _widened(diffusing, times, lambda w: _Grid(-w, w, "symlog", width), 10 * max(wide, width))


def _widened(diffusing, times, grid_of, width, factor=100.0):
    import numpy

    for _ in range(40):
        grid = grid_of(width)
        law = _core.transient_laws(diffusing, [max(times)], grid.core(256))[0]
        third = grid.between(numpy.array([grid.low]), grid.between(numpy.array([grid.low]), numpy.array([grid.high])))
        upper = grid.between(grid.between(numpy.array([grid.low]), numpy.array([grid.high])), numpy.array([grid.high]))
        outside = law.cdf(third)[0] + law.mass - law.cdf(upper)[0]
        if outside < 1e-9:
            return grid
        width *= factor
    raise InputError("no interval holds nearly all of the law: give one, interval=(low, high)")


def transient(model, t, x0=None, *, interval=None, spacing="linear", linear_within=1.0, absorbing=(False, False),
              cells=2048, set=None, **keywords):
    """The law of x at time t, or a list of them at several times, of an SDE of one variable: built in, or a formula.

    interval       (low, high), where reflecting ends stand for none; chosen unless given
    spacing        "linear", "logarithmic" or "symlog" with `linear_within`: how the cells are spaced in the interval
    absorbing      which of the two ends absorb
    """
    import numpy

    if spacing not in SPACINGS:
        raise InputError(f"spacing = '{spacing}' is not one of {', '.join(SPACINGS)}", "spacing")
    if interval is None and (any(absorbing) or (spacing, linear_within) != ("linear", 1.0)):
        raise TypeError("absorbing, spacing and linear_within are of an interval=(low, high): give one")
    request = configuration("transient", "simulate", model, None, set, keywords={"x0": x0, **keywords})
    diffusing = asked(_core.diffusing, request.request)
    times = [float(time) for time in numpy.atleast_1d(t)]
    if not times or not all(0 <= time < math.inf for time in times):
        raise InputError("t must be a time from 0 on, or some of them")
    order = numpy.argsort(times, kind="stable")
    if interval is None:
        grid = _chosen_grid(diffusing, times)
    else:
        low, high = (float(end) for end in interval)
        grid = _Grid(low, high, spacing, float(linear_within), tuple(absorbing))
    laws = _core.transient_laws(diffusing, [times[i] for i in order], grid.core(cells))
    found = [None] * len(times)
    for law, place in zip(laws, order):
        found[place] = TransientLaw(law, grid)
    return found[0] if numpy.ndim(t) == 0 else found
