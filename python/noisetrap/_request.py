"""From keywords to a configuration: the one place that knows how."""

import functools
import os
import warnings

from . import _core, _settings, _toml
from ._errors import InputError

NAME = "the call"  # what messages call a configuration that was given by keywords


@functools.cache
def keywords_of(command):
    """{keyword: dotted key of the configuration} of "simulate", "compare" or "sweep": its last part."""
    found = {}
    for key, *_ in _core.keys_of(command):
        found.setdefault(key.rsplit(".", 1)[1], key)
    return found


def refuse(function, word, known):
    near = _core.nearest(word, sorted(known))
    raise TypeError(f"{function}() has no keyword '{word}'" + (f"; did you mean '{near}'?" if near else ""))


def device_settings(device):
    """A device by the name that other libraries give it, as a key of [run]."""
    names = {"cpu": "omp", "cuda": "cuda", "cuda:0": "cuda", "auto": "auto"}
    if device not in names:
        raise InputError(f"device = {device!r} is none of {', '.join(names)}", "run.backend")
    return {"backend": names[device]}


def run_settings(keywords):
    """Keywords of [run] alone."""
    known = {name: key for name, key in keywords_of("simulate").items() if key.startswith("run.")}
    found = {}
    for word, value in keywords.items():
        if word == "device":
            found.update(device_settings(value))
        elif word in known:
            found[word] = value
        else:
            refuse("settings", word, [*known, "device"])
    return found


def split(function, command, keywords):
    """{dotted key: value} of keywords that are given, None being as good as none."""
    known = keywords_of(command)
    found = {}
    for word, value in keywords.items():
        if word != "device" and word not in known:
            refuse(function, word, [*known, "device", "set", "optimiser", "progress"])
        if value is None:
            continue
        if word == "device":
            found.update({f"run.{key}": v for key, v in device_settings(value).items()})
        else:
            found[known[word]] = value
    return found


def is_file(model):
    """Whether it names a TOML file, rather than being a model or the text of a configuration."""
    from ._models import models

    if isinstance(model, str) and model in models:
        return False
    if isinstance(model, str):
        return not is_text(model) and (model.endswith(".toml") or os.sep in model or os.path.exists(model))
    return hasattr(model, "__fspath__")


def is_text(model):
    """Whether it is the text of a configuration."""
    return isinstance(model, str) and ("\n" in model or "=" in model)


def as_settings(keys):
    return [f"{key}={_toml.value(value)}" for key, value in keys.items()]


class Configuration:
    """What will be read: a request to the engine, and how the shell would ask for the same."""

    def __init__(self, request, file=None, model=None, keys=None):
        self.request, self.file, self.model, self.keys = request, file, model, keys or {}

    def command(self, name, toml):
        """A line, or some, for the shell: `noisetrap NAME` with the same input."""
        from shlex import quote

        if self.file is not None:
            settings = "".join(f" --set {quote(s)}" for s in self.request.settings)
            return f"noisetrap {name} {quote(self.file)}{settings}"
        return f"cat > run.toml <<'END'\n{toml}END\nnoisetrap {name} run.toml"


def configuration(function, command, model, optimiser=None, set=None, tables=None, keywords=None):
    """`model`: an instance of a model's class, a model's name, a file, or the text of a configuration. `tables`:
    further tables of the configuration. `set`: {dotted key: value}, which goes before everything else."""
    from ._models import Method, as_method, as_model

    keys = {f"run.{key}": value for key, value in _settings.current().items()}
    keys.update(split(function, command, keywords or {}))
    changes = as_settings(set or {})
    if is_file(model) or is_text(model):
        if optimiser is not None:
            raise TypeError("the configuration names its optimiser itself: give set={'optimiser.name': ...} instead")
        file = os.fspath(model) if is_file(model) else None
        toml = _core.text_of_file(file) if file is not None else model
        request = _core.Request(toml, file if file is not None else "the text", as_settings(keys) + changes)
        return Configuration(request, file=file)
    model = as_model(model)
    document = {name: dict(table) for name, table in model.tables().items()}
    if optimiser is not None:
        method = as_method(optimiser)
        document["optimiser"] = {"name": method.name, **method.given}
    for key, value in keys.items():
        table, _, last = key.partition(".")
        inner = document.setdefault(table, {})
        *path, last = last.split(".")
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    for name, table in (tables or {}).items():
        document.setdefault(name, {}).update(table)
    request = _core.Request(_toml.document(document), NAME, changes)
    return Configuration(request, model=model, keys=keys)


def asked(function, *arguments):
    """function(*arguments) of the engine: what was given by keywords is blamed without a file, and its warnings are
    Python's."""
    try:
        return function(*arguments)
    except InputError as error:
        if error.where not in (NAME, None) and not error.where.startswith(NAME + ":"):
            raise
        sentence = str(error)
        if error.where and sentence.startswith(error.where + ": "):
            sentence = sentence[len(error.where) + 2:]
        elif sentence.startswith(NAME + ": "):
            sentence = sentence[len(NAME) + 2:]
        raise InputError(sentence, error.key, None, error.nearest) from None
    finally:
        for sentence in _core.take_warnings():
            warnings.warn(sentence, stacklevel=3)
