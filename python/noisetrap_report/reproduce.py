"""The page of `noisetrap reproduce`: the story first, everything behind it folded away."""

from typing import NamedTuple

from .data import InputError, by_section, explained
from .figures import FIGURES, from_panels, render_all
from .figures.certainty import FAR
from .page import anchor, origin, page
from .story import ARGUMENT, MAPS, STORY, Section
from .sweep import embedded


class Told(NamedTuple):
    """A section with what the results have of it."""
    section: Section
    opening: object  # the drawing that stands first, or nothing
    more: list  # drawings
    sweeps: list
    telling: list  # claims
    claims: list


class Remedy(NamedTuple):
    words: dict
    drawing: object  # or nothing
    more: list  # drawings
    claims: list


def render(results):
    """The page and its drawings."""
    figures, claims = results["figures"], results["claims"]
    only = results.get("only")
    entries = entries_for(figures, whole=not only, claims=claims)
    with explained("the list of claims"):
        groups = by_section(claims)
        largest = max([abs(claim["z"]) for claim in claims if claim["z"] is not None], default=0)
    with explained("the list of remedies"):
        remedies = results.get("remedies") or []
        check_remedies(remedies, [entry.name for entry in entries])
    with explained("the list of sweeps"):
        sweeps = embedded(results.get("sweeps"))
    with explained("the header"):
        footer = origin(results)
    drawings = {drawing.name: drawing for drawing in render_all(entries, figures | {"claims": claims})}
    certainty = drawings.pop("certainty", None)
    argument = [(step, drawings.pop(step.figure)) for step in ARGUMENT if step.figure in drawings]
    left = Left(drawings, groups, sweeps)
    sections = [told for told in map(left.take, STORY) if told]
    ways = [left.remedy(words) for words in remedies]
    sections += [told for told in (left.take(MAPS), left.rest()) if told]
    all_drawings = [drawing for _, drawing in argument] + list(left.used.values()) + [certainty] * bool(certainty)
    all_drawings += [drawing for sweep in sweeps for drawing in sweep.drawings]
    return page("reproduce", argument=argument, sections=sections, ways=ways, certainty=certainty, footer=footer,
                only=only, factor=results.get("paths_factor", 1), count=len(claims), largest=largest, far=FAR,
                beyond=sum(abs(claim["z"] or 0) > FAR for claim in claims)), all_drawings


class Left:
    """What has no place in the page yet."""

    def __init__(self, drawings, groups, sweeps):
        self.drawings, self.groups, self.sweeps = dict(drawings), dict(groups), {one.name: one for one in sweeps}
        self.used = {}

    def drawing(self, name):
        """None where it was told before, or is not there."""
        if name in self.drawings:
            self.used[name] = self.drawings.pop(name)
            return self.used[name]
        return None

    def take(self, section):
        """The section with what is there of it; None where that is nothing."""
        drawings = [drawing for drawing in map(self.drawing, section.figures) if drawing]
        sweeps = [self.sweeps.pop(name) for name in section.sweeps if name in self.sweeps]
        claims = [claim for name in section.claims for claim in self.groups.pop(name, [])]
        if not (drawings or sweeps or claims):
            return None
        telling = [claim for words in section.telling for claim in first_of(claims, *words)]
        return Told(section, drawings[0] if drawings else None, drawings[1:], sweeps, telling, claims)

    def remedy(self, words):
        """With its figure, and those whose names begin with that of its figure."""
        more = [name for name in self.drawings if name.startswith(f"{words['figure']}-")]
        return Remedy(words, self.drawing(words["figure"]), [self.drawing(name) for name in more],
                      self.groups.pop(words["section"], []))

    def rest(self):
        """All that nobody has asked for."""
        return self.take(Section("more", "What else was measured", "", tuple(self.drawings), tuple(self.sweeps),
                                 tuple(self.groups)))


def first_of(claims, statement, parameters):
    """The first claim that says so of such parameters, in a list."""
    return [claim for claim in claims
            if claim["claim"].startswith(statement) and parameters in f"{claim['parameters']},"][:1]


def entries_for(figures, whole, claims):
    """Those of the registry first, then any others that come as panels. A report that is not whole may lack any."""
    there = set(figures) | ({"claims"} if claims else set())
    entries = [entry for entry in FIGURES if entry.source in there or (whole and not entry.optional)]
    known = {entry.source for entry in FIGURES}
    with explained("the list of figures"):
        others = [name for name, data in figures.items() if name not in known and "panels" in data]
    return entries + from_panels(others, taken=[entry.name for entry in FIGURES])


def check_remedies(remedies, figures):
    """Their figures are there."""
    for remedy in remedies:
        if remedy["figure"] is not None and remedy["figure"] not in figures:
            raise InputError(f"cannot be used: remedy '{remedy['remedy']}' names the figure '{remedy['figure']}', which "
                             "is not there")
        anchor(remedy["remedy"])
        [remedy[part] + "" for part in ("changes", "theory", "measured", "cost", "section")]
