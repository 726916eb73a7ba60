"""What every page has: the frame in templates/, figures that know day and night, claims, and where the numbers come
from."""

import re
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from .data import counted, digits_beside, grouped, percent, shown, with_error
from .style import NIGHT, by_night
from .symbols import symbols, typeset

TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True,
                        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(name, **parts):
    """A function that renders templates/NAME.html, which says where in the frame of base.html its parts go: figures are
    drawn then and not before."""
    def render():
        numbers, letters = count(1), {}
        return TEMPLATES.get_template(f"{name}.html").render(
            night=NIGHT, inline=lambda drawing: inline(drawing, f"f{next(numbers)}", letters), **parts) + "\n"
    return render


def inline(drawing, prefix, letters):
    """The drawing as a part of a page: with a name for those who hear it, colours that the page may change, and a short
    prefix of its own for the identifiers of its parts. `letters` are the shapes that drawings above it have defined."""
    svg = by_night(drawing.svg[drawing.svg.index("<svg"):])
    svg = re.sub(rf'(\bid="|xlink:href="#|url\(#){re.escape(drawing.name)}-', rf"\g<1>{prefix}-", svg)
    svg = sharing(svg, letters)
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{escape(drawing.title)}"', 1).rstrip())


def sharing(svg, letters):
    """The same, with letters that are known already taken from there."""
    known = {}

    def once(shape):
        here, outline = shape[1], shape[2]
        known[here] = letters.setdefault(outline, here)
        return shape[0] if known[here] == here else ""

    svg = re.sub(r'<path id="([^"]+)" (d="[^"]*" transform="scale\(0\.015625\)")/>', once, svg)
    return re.sub(r'(xlink:href="#)([^"]+)', lambda use: use[1] + known.get(use[2], use[2]), svg)


def anchor(words):
    """A place in the page that is named after them."""
    return re.sub(r"\W+", "-", words.lower()).strip("-")


def measured(claim):
    """Estimate, effect of the time step and exact value, as words."""
    value, error, exact = (claim[name] for name in ("estimate", "standard_error", "theory"))
    return (with_error(value, error), shown(claim["discretisation"], ".2g"),
            shown(exact, f".{digits_beside(exact, error)}g"))


def origin(results):
    """Version, machine and cost of the run."""
    words = {name: str(results[name]) for name in ("noisetrap", "revision", "device", "precision")}
    steps = "" if results["path_steps"] is None else f"{results['path_steps'] / 1e9:.3g} billion path-steps in "
    return (f"noisetrap {words['noisetrap']}, revision {words['revision']}. "
            f"Computed on {words['device']} with {counted(results['threads'], 'thread')}, {words['precision']} "
            f"precision: {steps}{results['wall_seconds']:.1f} seconds.")


TEMPLATES.filters.update({function.__name__: function for function in (
    anchor, grouped, measured, percent, shown, symbols, typeset)})
TEMPLATES.globals.update({function.__name__: function for function in (counted, with_error)})
