"""Pages that the program writes of itself: its keys, its models and optimisers, and the package of Python."""

import re

import noisetrap as nt
from noisetrap import _core

COMMANDS = {
    "simulate": ("simulate, theory", "simulate"),
    "compare": ("compare", "compare"),
    "sweep": ("sweep", "sweep"),
}
# A configuration to which a key of another type is given, so that the reader says what it would take.
ASKED = {
    "simulate": "model.name = '{model}'\n[observe]\nexit_radius = 1e9\n",
    "compare": "model.name = 'noisy-saddle'\n[optimisers.sgd]\n",
    "sweep": "model.name = '{model}'\n[sweep]\nmodel.a = [0.1, 0.2]\nexit_radius = 1e9\n"
             "observe = ['growth', 'escaped', 'trapped']\n",
}
# Keys that the reader knows once they are asked for.
WITHOUT_DEFAULT = ("exit_radius",)


def table(head, rows):
    def row(cells):
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([row(head), "|" + "---|" * len(head), *map(row, rows)]) + "\n"


def code(text):
    return "" if text in ("", None) else f"`{text}`"


def allowed(command, key):
    """What the reader says that a key takes, when it is given a table."""
    for model in ("linear-sde", "noisy-saddle"):
        request = _core.Request(ASKED[command].format(model=model), "", [f"{key}={{}}"])
        try:
            {"simulate": lambda: _core.known_answers(request), "compare": lambda: _core.compare(request, None),
             "sweep": lambda: _core.sweep(request, "", False, None)}[command]()
        except nt.InputError as error:
            said = re.search(r" must be (.*?),? not a table$", str(error))
            if error.key == key and said:
                return said[1].removeprefix("a number, ").removeprefix("one of ")
    return ""


def keys():
    parts = ["""# Keys of a configuration

These are the keys that the program's own reader knows, with their defaults and what it says that they take. A key may
stand in the file, in `--set key=value`, or be a keyword in Python, by its last part. Those of `[model]` and
`[optimiser]` are on the page of [models and optimisers](models.md); `noisetrap defaults NAME` prints them all, as a
file that runs.
"""]
    for command, (title, _) in COMMANDS.items():
        parts.append(f"## {title}\n")
        by_table = {}
        for key, meaning, default in _core.keys_of(command):
            name, last = key.rsplit(".", 1)
            takes = allowed(command, key)
            by_table.setdefault(name, []).append(
                (code(last), code("" if last in WITHOUT_DEFAULT else default), takes, meaning.removesuffix(f": {takes}")))
        for name, rows in by_table.items():
            if command != "simulate" and name == "run":
                parts.append("### `[run]`\n\nAs for `simulate`.\n")
                continue
            parts.append(f"### `[{name}]`\n\n" + table(("key", "default", "takes", "meaning"), rows))
    return "\n".join(parts)


def parameters(described):
    rows = []
    for p in described["parameters"]:
        takes = ", ".join(p["choices"]) if p["choices"] else f"{p['smallest']:g} to {p['largest']:g}"
        unit = "" if p["unit"] == "-" else p["unit"]
        rows.append((code(p["key"]), code(p["default"]), takes, unit, p["meaning"]))
    if not rows:
        return "It has no parameters.\n"
    return table(("key", "default", "takes", "unit", "meaning"), rows)


def entry(described, name_of):
    by = f"\nStepped by {', '.join(code(m) for m in described['methods'])}.\n" if described.get("methods") else ""
    return f"### {described['name']}\n\n`{described['equation']}` – in Python `nt.{name_of[described['name']]}`\n\n" \
           + parameters(described) + by


def models():
    described, methods = _core.models(), _core.optimisers()
    names = {name: cls.__name__ for name, cls in {**nt.models, **nt.optimisers}.items()}
    sdes = [d for d in described if d["is_sde"]]
    rest = [d for d in described if not d["is_sde"]]
    parts = ["# Models and optimisers\n\nEverything on this page comes from the program's catalogue; `noisetrap list` "
             "and `noisetrap show NAME` print it. A model of your own is a [formula](howto/equation.md) or a "
             "[header](adding.md).\n"]
    for title, what in (("SDEs", sdes), ("Losses, and products of matrices", rest), ("Optimisers", methods)):
        parts.append(f"## {title}\n")
        parts += [entry(d, names) for d in what]
    return "\n".join(parts)


FUNCTIONS = {
    "Run": ["simulate", "collect", "replay", "load", "compare", "sweep", "explore"],
    "Know": ["theory", "stationary", "transient", "keywords", "info"],
    "Say what": [*(noise.__name__ for noise in nt._noises), "log", "linear", "quantile", "boundary"],
}
CLASSES = {
    "Models": ["noisetrap._models.Model", "noisetrap._models.Method", "noisetrap.Sde", "noisetrap.Recursion",
               "noisetrap.Loss", "noisetrap.OwnModel", "noisetrap.Noise"],
    "Results": ["noisetrap.Estimate", "noisetrap.Run", "noisetrap._run.Moments", "noisetrap._run.FirstPassage",
                "noisetrap._run.Largest", "noisetrap._run.Inside", "noisetrap._run.Path", "noisetrap.Rows",
                "noisetrap.Comparison", "noisetrap._compare.Contender", "noisetrap.Sweep", "noisetrap.Theory"],
    "Laws": ["noisetrap._laws.Law", "noisetrap._laws.StationaryLaw", "noisetrap._laws.TransientLaw"],
    "Settings, errors, notebooks": ["noisetrap.settings", "noisetrap.InputError", "noisetrap.DeviceError",
                                    "noisetrap.Explorer"],
}


def python_package():
    parts = ["# Python, name by name\n\n[From Python](python.md) tells how the parts go together. A class of each model "
             "and each optimiser is made from the catalogue: they are on the page of [models and "
             "optimisers](models.md).\n"]
    for title, names in FUNCTIONS.items():
        parts.append(f"## {title}\n")
        parts += ["```{eval-rst}\n.. autofunction:: noisetrap." + name + "\n```\n" for name in names]
    for title, names in CLASSES.items():
        parts.append(f"## {title}\n")
        parts += ["```{eval-rst}\n.. autoclass:: " + name + "\n   :inherited-members: ValueError, RuntimeError, object\n"
                  "```\n" for name in names]
    return "\n".join(parts)
