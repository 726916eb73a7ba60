"""Reading results and showing their numbers; null stands for a number that is not finite."""

import json
from contextlib import contextmanager
from math import ceil, floor, log10

import numpy as np

from .symbols import SUPERSCRIPT


class InputError(Exception):
    """The input cannot be used; the message is one sentence for the user, or what follows the file's name in it."""


class Record(dict):
    """A JSON object that names the key it lacks."""

    def __missing__(self, key):
        raise InputError(f"lacks the key '{key}' beside {present(self)}")


def present(record):
    """'a', 'b', 'c', ...: enough keys to find the place in the file."""
    names = [f"'{name}'" for name in list(record)[:3]]
    return ", ".join(names) + (", ..." if len(record) > 3 else "") if names else "nothing else"


@contextmanager
def blamed_on(path, command):
    """Whatever is wrong with a file: one sentence that begins with its name and ends with the way out."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path} {error}; 'noisetrap {command}' writes it anew") from error


def read_results(path):
    """The whole file as nested Records and lists."""
    try:
        results = json.loads(path.read_text(encoding="utf-8"), object_hook=Record)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"is not valid JSON: {error}") from None
    if not isinstance(results, Record):
        raise InputError("holds no JSON object")
    return results


@contextmanager
def explained(part):
    """Input of the wrong type or length becomes a sentence that says where."""
    try:
        yield
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"cannot be used: {part}: {reason}") from error


def numbers(values):
    """Array of floats, null as NaN."""
    return np.array(values, dtype=float)


def shown(value, form="g"):
    """A number in print: −0.25, 3.9·10⁻⁶; a dash for what is not finite or does not apply."""
    if value is None:
        return "–"
    digits, _, exponent = f"{value:{form}}".partition("e")
    return digits.replace("-", "−") + (f"·{power_of_ten(int(exponent))}" if exponent else "")


def power_of_ten(exponent):
    return "10" + str(exponent).translate(SUPERSCRIPT)


def percent(share):
    """Three digits; neither none nor all unless it is so."""
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{shown(100 * share, '.3g')} %"


def grouped(value):
    """6,800; 0.25; 12,346: four digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else shown(value, ".4g")


def gradients(number):
    """1 gradient, 2.5 gradients."""
    return f"{grouped(number)} gradient{'' if number == 1 else 's'}"


def with_error(value, error):
    """Both to the second digit of the standard error: 0.69102 ± 0.00046."""
    if value is None or not error:
        return shown(value, ".4g")
    if abs(value) > 1e6 or error < 1e-8:
        return f"{shown(value, f'.{digits_beside(value, error)}g')} ± {shown(error, '.2g')}"
    digits = max(0, 1 - floor(log10(error)))
    return f"{shown(value, f'.{digits}f')} ± {shown(error, f'.{digits}f')}"


def digits_beside(value, error):
    """Significant digits that reach the second one of the standard error; 6 at least."""
    if not value or not error:
        return 6
    return max(6, ceil(log10(abs(value) / error)) + 2)


def columns(records, *names):
    """One array for each name, collected over a list of records."""
    return [numbers([record[name] for record in records]) for name in names]


def by_section(claims):
    """Section -> its claims, in the order of the file."""
    sections = {}
    for claim in claims:
        sections.setdefault(claim["section"], []).append(claim)
    return sections


def counted(number, noun):
    """1 claim, 2 claims."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
