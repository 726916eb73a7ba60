"""Writes noisetrap/__init__.pyi: what an editor or a type checker is to know of the package, whose classes of models and
optimisers are made when it is imported.

    PYTHONPATH=build/release/python python3 -P python/stubs.py build/release/python/noisetrap/__init__.pyi
"""

import sys
import textwrap

import noisetrap as nt

HEAD = '''"""Written by python/stubs.py, from the program's catalogue."""

from collections.abc import Sequence
from typing import Any, Literal

from ._models import Method as _Method, Model as _Model
'''
OWN = '''
__version__: str
models: dict[str, type[_Model]]
optimisers: dict[str, type[_Method]]

def info() -> dict[str, Any]: ...
'''


def kind(parameter, many):
    if parameter["choices"]:
        one = f"Literal[{', '.join(repr(choice) for choice in parameter['choices'])}]"
    else:
        one = type(parameter["default"]).__name__
    return f"{one} | Sequence[{one}]" if many else one


def class_of(cls, base, many):
    types = {p["key"]: kind(p, many) for p in cls._parameters}
    keywords = [f"{key}: {type_} = ..." for key, type_ in types.items()]
    own = ["label: str | None = ...", *keywords] if many else keywords
    taken = "".join(f", {word}" for word in ["*", *own]) if own else ""
    lines = [f"class {cls.__name__}({base}):", textwrap.indent(f'"""{cls.__doc__}\n"""', "    ")]
    lines += [f"    {key}: {type_}" for key, type_ in types.items()]
    lines += [f"    def __new__(cls{taken}) -> {cls.__name__}: ...",
              f"    def replace(self{taken}) -> {cls.__name__}: ...  # type: ignore[override]"]
    return "\n".join(lines) + "\n"


def module_of(name):
    return nt._LATER.get(name) or getattr(nt, name).__module__.removeprefix("noisetrap.")


def stub():
    made = [cls.__name__ for cls in [*nt.models.values(), *nt.optimisers.values()]]
    taken = [name for name in nt.__all__ if name not in [*made, "models", "optimisers", "info"]]
    imports = "".join(f"from .{module_of(name)} import {name} as {name}\n" for name in taken)
    classes = [class_of(cls, "_Model", False) for cls in nt.models.values()]
    classes += [class_of(cls, "_Method", True) for cls in nt.optimisers.values()]
    return "\n".join([HEAD + imports + OWN, *classes])


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(stub())
