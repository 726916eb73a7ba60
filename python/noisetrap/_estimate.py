"""A measured number with its standard error, beside what theory says."""

import math


class Estimate:
    """A measured number. It unpacks to value and error, is a number for float(), and formats as in f"{e:.3}".

    value       the estimate
    error       its standard error; not a number where it is not known
    theory      of the SDE; of a recursion, of its limit of small steps
    scheme      of the steps themselves, as they were run
    stationary  of the stationary law, which is reached late
    z           (value - exact)/error, where exact is `scheme`, or else `theory`

    What theory does not know is None.

    >>> growth = Estimate(-0.2082, 0.001, theory=-0.2, scheme=-0.2082)
    >>> value, error = growth
    >>> print(f"{growth:.3f}", growth.z)
    -0.208 ± 0.001 0.0
    """

    __slots__ = ("value", "error", "theory", "scheme", "stationary")

    def __init__(self, value, error, theory=None, scheme=None, stationary=None):
        def known(x):
            return None if x is None or math.isnan(x) else float(x)

        for name, x in (("value", float(value)), ("error", float(error)), ("theory", known(theory)),
                        ("scheme", known(scheme)), ("stationary", known(stationary))):
            object.__setattr__(self, name, x)

    def __setattr__(self, name, value):
        raise AttributeError(f"an Estimate is immutable, and {name} cannot be set")

    def __delattr__(self, name):
        raise AttributeError(f"an Estimate is immutable, and {name} cannot be deleted")

    @property
    def exact(self):
        """What z compares with: theory of the steps themselves, or else of the SDE; None where neither is known."""
        return self.scheme if self.scheme is not None else self.theory

    @property
    def z(self):
        """Standard errors between value and `exact`; not a number where one of them is not known."""
        if self.exact is None or not self.error > 0:
            return math.nan
        return (self.value - self.exact) / self.error

    def interval(self, level=0.95):
        """Both ends of the interval that holds the truth with these odds, as of a normal law."""
        if not 0 < level < 1:
            raise ValueError(f"level = {level} must lie between 0 and 1")
        from statistics import NormalDist

        half = NormalDist().inv_cdf((1 + level) / 2) * self.error
        return self.value - half, self.value + half

    def __iter__(self):
        return iter((self.value, self.error))

    def __float__(self):
        return self.value

    def __eq__(self, other):
        return isinstance(other, Estimate) and self._parts() == other._parts()

    def __hash__(self):
        return hash(self._parts())

    def _parts(self):
        return tuple(getattr(self, name) for name in self.__slots__)

    def __reduce__(self):
        return Estimate, self._parts()

    def __format__(self, spec):
        if not spec:
            return str(self)
        return f"{self.value:{spec}} ± {self.error:.2g}" if math.isfinite(self.error) else f"{self.value:{spec}}"

    def __str__(self):
        if not math.isfinite(self.error):
            return f"{self.value:.6g} ± unknown"
        return f"{self.value:.6g} ± {self.error:.2g}"

    def __repr__(self):
        parts = [str(self)]
        for name in ("theory", "scheme", "stationary"):
            if getattr(self, name) is not None:
                parts.append(f"{name} {getattr(self, name):.6g}")
        if math.isfinite(self.z):
            parts.append(f"z = {self.z:.2f}")
        return f"Estimate({', '.join(parts)})"


def known_beside(is_sde):
    """{attribute: word} of what is known beside an Estimate, in the order of the command line: the steps of a recursion
    are the matter, and their exact value comes first; those of an SDE are a means."""
    if is_sde:
        return {"theory": "theory", "scheme": "this scheme", "stationary": "stationary"}
    return {"scheme": "exact", "theory": "small-step SDE", "stationary": "stationary"}
