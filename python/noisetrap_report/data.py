"""Reading reproduce.json and showing its numbers; null stands for a number that is not finite."""

import json
from contextlib import contextmanager

import numpy as np


class InputError(Exception):
    """The input cannot be used; the message is one sentence for the user."""


class Record(dict):
    """A JSON object that names the key it lacks."""

    def __missing__(self, key):
        raise InputError(f"reproduce.json lacks the key '{key}' beside {present(self)}: write it anew with "
                         "'noisetrap reproduce'")


def present(record):
    """'a', 'b', 'c', ...: enough keys to find the place in the file."""
    names = [f"'{name}'" for name in list(record)[:3]]
    return ", ".join(names) + (", ..." if len(record) > 3 else "") if names else "nothing else"


def read_results(path):
    """The whole file as nested Records and lists."""
    try:
        results = json.loads(path.read_text(encoding="utf-8"), object_hook=Record)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: run 'noisetrap reproduce' first") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(results, Record):
        raise InputError(f"{path} holds no JSON object: run 'noisetrap reproduce' again")
    return results


@contextmanager
def explained(part):
    """Input of the wrong type or length becomes a sentence that says where."""
    try:
        yield
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{part} of reproduce.json cannot be used: {reason}") from error


def numbers(values):
    """Array of floats, null as NaN."""
    return np.array(values, dtype=float)


def shown(value, form="g"):
    """A number in words, with a true minus sign; a dash for what is not finite or does not apply."""
    return "–" if value is None else f"{value:{form}}".replace("-", "−")


def columns(records, *names):
    """One array for each name, collected over a list of records."""
    return [numbers([record[name] for record in records]) for name in names]
