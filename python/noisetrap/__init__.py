"""noisetrap: how noise traps gradient descent at saddle points.

    import noisetrap as nt

    saddle = nt.LinearSde(a=0.3, sigma=1.0, tau=0.5)
    run = nt.simulate(saddle, t_end=10, paths=100_000, seed=1)
    run.growth_rate

Models and optimisers are classes, made from the program's catalogue: nt.models and nt.optimisers have them by name.
docs/python.md tells the rest.
"""

from . import _core
from ._errors import DeviceError, InputError
from ._estimate import Estimate
from ._models import (Loss, Noise, OwnModel, Recursion, Sde, classes as _classes, models, noises as _noises, optimisers)
from ._run import Rows, Run, collect, keywords, replay, simulate
from ._settings import settings
from ._theory import Theory, theory

__version__ = _core.version()

globals().update(_classes)
globals().update({noise.__name__: noise for noise in _noises})

# What is imported when it is first used.
_LATER = {"compare": "_compare", "Comparison": "_compare", "sweep": "_sweep", "Sweep": "_sweep", "log": "_sweep",
          "linear": "_sweep", "boundary": "_sweep", "quantile": "_sweep", "presets": "_sweep", "load": "_load",
          "stationary": "_laws", "transient": "_laws", "exact_samples": "_laws", "explore": "_explore",
          "Explorer": "_explore", "measure": "_networks", "escape": "_networks", "Saddle": "_networks",
          "Escape": "_networks", "network_presets": "_networks"}

__all__ = sorted(["DeviceError", "Estimate", "InputError", "Loss", "Noise", "OwnModel", "Recursion", "Rows", "Run",
                  "Sde", "Theory", "collect", "info", "keywords", "models", "optimisers", "replay", "settings",
                  "simulate", "theory", *_classes, *_LATER, *(noise.__name__ for noise in _noises)])


def info():
    """What runs here: version, backends and devices, instruction set, compilers of kernels, the cache's folder."""
    return _core.info()


def __getattr__(name):
    if name in _LATER:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
        globals()[name] = value
        return value
    near = _core.nearest(name, __all__)
    hint = f"; did you mean '{near}'?" if near else ""
    raise AttributeError(f"module 'noisetrap' has no attribute '{name}'{hint}")


def __dir__():
    return sorted({*globals(), *__all__} - {"_classes", "_noises"})
