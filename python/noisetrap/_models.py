"""Models and optimisers. The classes of those that are built in are made from the catalogue when the package is
imported, so that whatever the catalogue gains is here by itself."""

import os

from . import _core


class _Described(type):
    """A class whose signature is that of its parameters."""

    @property
    def __signature__(cls):
        import inspect

        if cls._parameters is None:
            return inspect.signature(cls.__new__)
        return inspect.Signature([inspect.Parameter(p["key"], inspect.Parameter.KEYWORD_ONLY, default=p["default"])
                                  for p in cls._parameters])

    def __dir__(cls):
        return sorted(super().__dir__())


class _Frozen(metaclass=_Described):
    """A name, and the parameters that were given. It is immutable; replace() makes another one."""

    __slots__ = ("name", "given")
    _parameters = None  # of the catalogue
    equation = ""

    def __setattr__(self, name, value):
        raise AttributeError(f"{type(self).__name__} is immutable: replace({name}=...) makes another one")

    def __delattr__(self, name):
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other):
        return type(self) is type(other) and self._state() == other._state()

    def __hash__(self):
        return hash((type(self), repr(self._state())))

    def __getattr__(self, name):
        if not name.startswith("_"):
            parameters = self.parameters
            if name in parameters:
                return parameters[name]
        raise AttributeError(f"{type(self).__name__} has no parameter '{name}'")

    def __dir__(self):
        return sorted({*super().__dir__(), *self.parameters})

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.given.items())})"


def _plain(value):
    """A number or a word, whatever library it comes from."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple, range)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, (str, bool, int, float)):
        return value
    return float(value)


class _BuiltIn(_Frozen):
    """Of the catalogue: keywords are checked by name here, and by value when they are run."""

    __slots__ = ()

    def __new__(cls, **given):
        if cls._parameters is None:
            raise TypeError(f"{cls.__name__} is what all of its kind have in common; take one of them")
        known = [p["key"] for p in cls._parameters]
        for key in given:
            if key not in known:
                near = _core.nearest(key, known)
                hint = f"; did you mean '{near}'?" if near else f": it has {', '.join(known)}" if known else ""
                raise TypeError(f"{cls.__name__} has no parameter '{key}'{hint}")
        self = object.__new__(cls)
        object.__setattr__(self, "name", cls._name)
        object.__setattr__(self, "given", {key: _plain(value) for key, value in given.items()})
        return self

    @property
    def parameters(self):
        """{name: value}, defaults included."""
        return {p["key"]: self.given.get(p["key"], p["default"]) for p in self._parameters}

    def replace(self, **changes):
        """Another one with these parameters changed.

        >>> nt.LinearSde(a=0.3, sigma=1.0).replace(sigma=0.5)
        LinearSde(a=0.3, sigma=0.5)
        """
        return type(self)(**{**self.given, **changes})

    def _state(self):
        return self.parameters

    def __reduce__(self):
        return _built, (type(self).__name__, self.given)


def _built(name, given):
    return classes[name](**given)


class Model(_BuiltIn):
    """A model that is built in."""

    __slots__ = ()

    def tables(self):
        """The tables of a configuration that say what the model is."""
        return {"model": {"name": self.name, **self.given}}

    def theory(self, **keywords):
        """noisetrap.theory of the model."""
        from ._theory import theory

        return theory(self, **keywords)

    def stationary(self):
        """The stationary law, where it is known."""
        from ._laws import stationary

        return stationary(self)


class Method(_BuiltIn):
    """An optimiser that is built in. In compare() a parameter may be a list, whose values are all run; `label` names
    it there."""

    __slots__ = ("label",)

    def __new__(cls, *, label=None, **given):
        self = super().__new__(cls, **given)
        object.__setattr__(self, "label", label or self.name)
        return self

    def replace(self, **changes):
        return type(self)(label=changes.pop("label", self.label), **{**self.given, **changes})

    def _state(self):
        return self.label, self.parameters

    def __reduce__(self):
        return _built, (type(self).__name__, {"label": self.label, **self.given})


class Noise:
    """A noise of a formula, by the keys of its table under [noise] (docs/noises.md): its law, its standard deviation,
    and whatever else it has. Each is a number or a formula of parameters.

    >>> Noise(process="correlated", correlation_time=5, sd="s/2")
    Noise(sd='s/2', process='correlated', correlation_time=5)
    """

    __slots__ = ("given",)

    def __init__(self, law=None, sd=None, **keys):
        given = {"law": law, "sd": sd, **keys}
        object.__setattr__(self, "given", {key: x for key, x in given.items() if x is not None})

    @property
    def law(self):
        return self.given.get("law")

    def __setattr__(self, name, value):
        raise AttributeError("a Noise is immutable")

    def __eq__(self, other):
        return isinstance(other, Noise) and self.given == other.given

    def __hash__(self):
        return hash(frozenset(self.given.items()))

    def __reduce__(self):
        return _noise, (self.given,)

    def __repr__(self):
        return f"Noise({', '.join(f'{key}={x!r}' for key, x in self.given.items())})"


def _noise(given):
    return Noise(**given)


def Gaussian(sd=1.0):
    """Normal noise."""
    return Noise("gaussian", sd)


def Uniform(sd=1.0):
    """Noise that is uniform between -sqrt(3) sd and sqrt(3) sd."""
    return Noise("uniform", sd)


def TwoPoint(sd=1.0):
    """Noise that is sd or -sd."""
    return Noise("two-point", sd)


def StudentT(nu, sd=1.0):
    """Student's t with nu degrees of freedom, an odd number from 3 on."""
    return Noise("student-t", sd, nu=nu)


def Stable(alpha, scale=None):
    """Symmetric stable noise, E e^(ikx) = e^(-|c k|^alpha), c = `scale`. In an SDE a Levy process, dL=Stable(1.5), whose
    size stands in the formula."""
    return Noise("stable", alpha=alpha, scale=scale)


def Jumps(rate):
    """How many jumps there are in a step, or in an SDE per unit of time, each of size 1: a Poisson process."""
    return Noise("jumps", rate=rate)


def Correlated(correlation_time, sd=1.0):
    """Normal noise whose memory falls to 1/e in so many steps."""
    return Noise(process="correlated", correlation_time=correlation_time, sd=sd)


def Anticorrelated(sd=1.0):
    """Normal noise each of whose values takes back the one before."""
    return Noise(process="anticorrelated", sd=sd)


def Samples(samples, reshuffled=True):
    """The number of a sample, from 0: each once in an epoch, in a new order, or drawn with replacement."""
    return Noise(process="samples", samples=samples, reshuffled=int(reshuffled))


def Switching(up, down):
    """0 or 1: from 0 to 1 in a step with odds `up`, and back with odds `down`."""
    return Noise(process="switching", up=up, down=down)


noises = (Gaussian, Uniform, TwoPoint, StudentT, Stable, Jumps, Correlated, Anticorrelated, Samples, Switching)


class _Formula(_Frozen):
    """A model given as a formula: numbers are its parameters, and Noise objects its noises, in their order."""

    __slots__ = ("text", "functions", "start", "noises")
    _key = ""

    def __new__(cls, text, *, name=None, functions=None, start=None, parameters=None, **named):
        self = object.__new__(cls)
        noises = {key: x for key, x in named.items() if isinstance(x, Noise)}
        numbers = {key: float(x) for key, x in {**(parameters or {}), **named}.items() if not isinstance(x, Noise)}
        texts = text if isinstance(text, str) else tuple(text)
        for key, value in (("name", name or "equation"), ("given", numbers), ("text", texts), ("noises", noises),
                           ("functions", dict(functions or {})), ("start", dict(start or {}))):
            object.__setattr__(self, key, value)
        return self

    @property
    def parameters(self):
        return dict(self.given)

    @property
    def equation(self):
        return self.text if isinstance(self.text, str) else "; ".join(self.text)

    def replace(self, **changes):
        """Another one with these parameters or noises changed."""
        for key in changes:
            if key not in self.given and key not in self.noises:
                near = _core.nearest(key, [*self.given, *self.noises])
                raise TypeError(f"{self.name} has no parameter '{key}'" + (f"; did you mean '{near}'?" if near else ""))
        numbers = {**self.given, **{k: x for k, x in changes.items() if not isinstance(x, Noise)}}
        noises = {**self.noises, **{k: x for k, x in changes.items() if isinstance(x, Noise)}}
        return type(self)(self.text, name=self.name, functions=self.functions, start=self.start, parameters=numbers,
                          **noises)

    def tables(self):
        model = {self._key: self.text}
        if self.name != "equation":
            model["name"] = self.name
        if self.given:
            model["parameters"] = self.given
        if self.start:
            model["start"] = self.start
        return {"model": model, "noise": {key: n.given for key, n in self.noises.items()},
                "functions": self.functions}

    def theory(self, **keywords):
        """noisetrap.theory of the model."""
        from ._theory import theory

        return theory(self, **keywords)

    def linearised(self, at=0.0):
        """The linear model of the distance from a fixed point, x = `at`, to first order: of an SDE a LinearSde, of a
        recursion or a loss a NoisySaddle. Derivatives are exact. InputError where there is no fixed point, and where no
        model that is built in has such noise.

        >>> Sde("dx = (mu*x - x^3) dt + sigma*x dW", mu=1.0, sigma=0.5).linearised(at=1.0)
        LinearSde(a=-2.0, sigma=0.5, tau=0.5, rho=1.0)
        """
        from ._linearised import linearised

        return linearised(self, at)

    def _state(self):
        return self.name, self.text, self.given, self.noises, self.functions, self.start

    def __reduce__(self):
        return _from_formula, (type(self).__name__, self._state())

    def __repr__(self):
        named = ", ".join(f"{key}={x!r}" for key, x in {**self.given, **self.noises}.items())
        return f"{type(self).__name__}({self.text!r}{', ' if named else ''}{named})"


def _from_formula(kind, state):
    name, text, given, noises, functions, start = state
    return globals()[kind](text, name=name, functions=functions, start=start, parameters=given, **noises)


class Sde(_Formula):
    """An SDE in the sense of Ito as a formula, docs/equations.md:

        Sde("dx = (mu*x - x**3) dt + zeta*x dW", mu=1.5, zeta=1.0, name="my well")

    A list of formulas is a system; `start` says where its variables begin but for the first, and `functions` are
    functions of one's own.
    """

    __slots__ = ()
    _key = "equation"


class Recursion(_Formula):
    """A recursion as a formula, the next x:

        Recursion("x + (a + xi)*x + eta", a=0.1, xi=Gaussian(0.2), eta=TwoPoint(0.001))
    """

    __slots__ = ()
    _key = "next"


class Loss(_Formula):
    """A loss as the formula of its gradient at one sample, which every optimiser steps:

        Loss("-(a + xi)*x + b*x**3", a=0.01, b=1.0, xi=Gaussian(0.2))
    """

    __slots__ = ()
    _key = "gradient"


class OwnModel(_Frozen):
    """A model in a C++ header of one's own (docs/adding.md): OwnModel("decay.hpp", "Decay", k=0.7)."""

    __slots__ = ("header", "type")

    def __new__(cls, header, type, **given):
        self = object.__new__(cls)
        for key, value in (("name", type), ("header", os.path.abspath(os.fspath(header))), ("type", type),
                           ("given", {k: _plain(v) for k, v in given.items()})):
            object.__setattr__(self, key, value)
        return self

    @property
    def parameters(self):
        """Those that were given: the others are known once the header is compiled."""
        return dict(self.given)

    def replace(self, **changes):
        return OwnModel(self.header, self.type, **{**self.given, **changes})

    def tables(self):
        return {"model": {"header": self.header, "type": self.type, **self.given}}

    def _state(self):
        return self.header, self.type, self.given

    def __reduce__(self):
        return _own, (self.header, self.type, self.given)

    def __repr__(self):
        named = "".join(f", {key}={value!r}" for key, value in self.given.items())
        return f"OwnModel({self.header!r}, {self.type!r}{named})"


def _own(header, type, given):
    return OwnModel(header, type, **given)


def _camel_case(name):
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))


def _documentation(described):
    lines = [described["equation"], "", "Parameters"]
    for p in described["parameters"]:
        allowed = " | ".join(p["choices"]) if p["choices"] else f"{p['smallest']:g} to {p['largest']:g}"
        unit = "" if p["unit"] == "-" else f" [{p['unit']}]"
        lines.append(f"    {p['key']:<14} {p['meaning']}{unit}; {allowed}; default {p['default']}")
    if not described["parameters"]:
        lines[-1] = "It has no parameters."
    if described.get("methods"):
        lines += ["", f"Stepped by {', '.join(described['methods'])}."]
    elif described.get("methods") is not None:
        lines += ["", "For sweep() alone: the engine does not step it."]
    return "\n".join(lines)


def _make(base, class_name, described):
    return _Described(class_name, (base,), {
        "__slots__": (), "__module__": "noisetrap", "__doc__": _documentation(described), "_name": described["name"],
        "_parameters": described["parameters"], "equation": described["equation"],
        "is_sde": described.get("is_sde", False), "methods": tuple(described.get("methods") or ())})


models = {d["name"]: _make(Model, _camel_case(d["name"]), d) for d in _core.models()}
optimisers = {d["name"]: _make(Method, d["type"], d) for d in _core.optimisers()}
classes = {cls.__name__: cls for cls in [*models.values(), *optimisers.values()]}


def _by_name(known, name, kind):
    if name in known:
        return known[name]
    near = _core.nearest(name, sorted(known))
    raise TypeError(f"'{name}' is not {kind}" + (f"; did you mean '{near}'?" if near else ""))


def as_model(model):
    """An instance of a model: as it is, of a class with its defaults, or of a name."""
    if isinstance(model, str):
        model = _by_name(models, model, "a model")
    if isinstance(model, type) and issubclass(model, Model):
        model = model()
    if isinstance(model, (Model, _Formula, OwnModel)):
        return model
    raise TypeError(f"{model!r} is no model: take one of noisetrap.models, a formula, or a file")


def as_method(method):
    """The same of an optimiser."""
    if isinstance(method, str):
        method = _by_name(optimisers, method, "an optimiser")
    if isinstance(method, type) and issubclass(method, Method):
        method = method()
    if isinstance(method, Method):
        return method
    raise TypeError(f"{method!r} is no optimiser: take one of noisetrap.optimisers")
