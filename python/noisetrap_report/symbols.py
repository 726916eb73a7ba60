"""Formulas in print: what the program writes in plain letters, with the symbols that it means."""

import re

from markupsafe import Markup, escape

GREEK = {name: chr(code) for name, code in
         (("alpha", 945), ("beta", 946), ("gamma", 947), ("delta", 948), ("epsilon", 949), ("zeta", 950), ("eta", 951),
          ("theta", 952), ("kappa", 954), ("lambda", 955), ("mu", 956), ("nu", 957), ("xi", 958), ("rho", 961),
          ("sigma", 963), ("tau", 964), ("phi", 966), ("omega", 969))}
SIGNS = {"<-": "←", "->": "→", "<=": "≤", ">=": "≥", "+-": "±"}
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LETTER = re.compile(rf"(?<![\w.-])(?<!inverse )({'|'.join(GREEK)})(?![\w-]|\.\w)")  # not in keys, like model.sigma
SIGN = re.compile("|".join(map(re.escape, SIGNS)))
POWER = re.compile(r"\^(-?\d+)(?![\w.])")
MINUS = re.compile(r"(?<![^\s(=/,\[])-(?=[\d.(])|(?<= )-(?= )")

ROOT = re.compile(r"\bsqrt ?(?=[(\w])")


def symbols(text):
    """'a - sigma^2/2' becomes 'a − σ²/2'."""
    text = re.sub(r"\bsqrt\((\w+)\)", r"√\1", text)
    text = LETTER.sub(lambda name: GREEK[name[1]], text)
    text = SIGN.sub(lambda sign: SIGNS[sign[0]], text)
    text = POWER.sub(lambda power: power[1].translate(SUPERSCRIPT), text)
    return ROOT.sub("√", MINUS.sub("−", text))


def typeset(text):
    """As markup: variables written *x*, words that matter written *like these*, and other powers raised."""
    text = re.sub(r"\*(\w{1,2})\*", r"<var>\1</var>", str(escape(symbols(" ".join(text.split())))))
    text = re.sub(r"(?<!\w)\*([^\s*](?:[^*]*[^\s*])?)\*(?!\w)", r"<em>\1</em>", text)
    return Markup(re.sub(r"\^(\w+)", r"<sup>\1</sup>", text))
