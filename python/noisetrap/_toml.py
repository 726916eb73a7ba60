"""Values of Python as TOML."""


def value(x):
    """The text of a value. Arrays of NumPy are lists, and mappings are inline tables."""
    if hasattr(x, "toml"):
        return value(x.toml())
    if hasattr(x, "tolist"):
        return value(x.tolist())
    if isinstance(x, bool):
        return "true" if x else "false"
    if isinstance(x, int):
        # A whole number beyond 64 bits is written as the double that it is read as.
        return str(x) if abs(x) < 2**63 else repr(float(x))
    if isinstance(x, float):
        return repr(x)
    if isinstance(x, str):
        return text(x)
    if isinstance(x, dict):
        return "{" + ", ".join(f"{key(k)} = {value(v)}" for k, v in x.items()) + "}"
    if isinstance(x, (list, tuple, range)):
        return "[" + ", ".join(value(item) for item in x) + "]"
    if hasattr(x, "__fspath__"):
        return text(x.__fspath__())
    if hasattr(x, "__float__"):
        return repr(float(x))
    raise TypeError(f"{x!r} is a {type(x).__name__}, which no configuration can hold")


def text(words):
    """A basic string, on one line."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(c, c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}") for c in words) + '"'


class Dotted(str):
    """A key that goes through tables: model.a"""


def key(name):
    """A bare key where it can be one."""
    if isinstance(name, Dotted):
        return ".".join(key(part) for part in name.split("."))
    return name if name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name) else text(name)


def document(tables):
    """{table: {key: value}} as a TOML document, in order; a table's name may be dotted. Empty ones are left out."""
    parts = []
    for name, table in tables.items():
        if table:
            lines = [f"{key(k)} = {value(v)}" for k, v in table.items()]
            parts.append("\n".join([f"[{'.'.join(key(part) for part in name.split('.'))}]", *lines]) + "\n")
    return "\n".join(parts)
