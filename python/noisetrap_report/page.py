"""What every page has: the frame, rows of claims, figures, and where the numbers come from."""

import re
from html import escape
from pathlib import Path
from string import Template

from .data import counted, digits_beside, shown, with_error


def filled(name, **parts):
    """A template of this folder with its gaps filled."""
    return Template(Path(__file__).with_name(name).read_text(encoding="utf-8")).substitute(parts)


def page(name, title, **parts):
    """The body NAME.html inside the frame."""
    return filled("page.html", title=escape(title), body=filled(f"{name}.html", **parts).rstrip())


def measured(claim):
    """Estimate, effect of the time step and exact value, as words."""
    value, error, exact = (claim[name] for name in ("estimate", "standard_error", "theory"))
    return (with_error(value, error), shown(claim["discretisation"], ".2g"),
            shown(exact, f".{digits_beside(exact, error)}g"))


def row(*cells, name=None):
    """Of a table; a name makes it a place that links lead to."""
    start = f'<tr id="{escape(name)}">' if name else "<tr>"
    return start + "".join(cells) + "</tr>"


def cell(content, kind=""):
    return f'<td class="{kind}">{content}</td>' if kind else f"<td>{content}</td>"


def number(content, far=False):
    return cell(content, "number far" if far else "number")


def figure(drawing, below=""):
    """Drawing, caption and what belongs to them."""
    spoken = f'<svg role="img" aria-label="{escape(drawing.title)}"'
    svg = drawing.svg[drawing.svg.index("<svg"):].replace("<svg", spoken, 1)
    return (f'<figure id="{drawing.name}">\n<h3>{escape(drawing.title)}</h3>\n{svg}'
            f"<figcaption>{typeset(drawing.caption.strip())}</figcaption>{below}\n</figure>")


def typeset(text):
    """Plain text with symbols written *x* and words that matter written *like these*."""
    text = re.sub(r"\*(\w{1,2})\*", r"<var>\1</var>", escape(text))
    return re.sub(r"(?<!\w)\*([^\s*](?:[^*]*[^\s*])?)\*(?!\w)", r"<em>\1</em>", text)


def origin(results):
    """Version, machine and cost of the run."""
    words = {name: escape(str(results[name])) for name in ("noisetrap", "revision", "device", "precision")}
    return (f"noisetrap {words['noisetrap']}, revision {words['revision']}. "
            f"Computed on {words['device']} with {counted(results['threads'], 'thread')}, {words['precision']} "
            f"precision: {results['path_steps'] / 1e9:.3g} billion path-steps in {results['wall_seconds']:.1f} seconds.")
