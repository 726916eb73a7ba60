"""Drawings, and the figures of `reproduce`. A new one is a file with draw() and caption(), and one line here."""

import re
from functools import cached_property, partial
from typing import Callable, NamedTuple

from ..data import InputError, explained
from ..style import render_svg
from . import (attractive, certainty, crossing, density, diffusive, feature_maps, growth, in_and_out, index_loss, kinds, panels, paths,
               point_spectra, stationary, surfaces, tail, trap, two_views)


class Entry(NamedTuple):
    name: str
    source: str  # key of the data it draws
    title: str  # or nothing, where the data has its own
    draw: Callable  # data -> matplotlib Figure
    caption: Callable  # data -> text, symbols as *x*
    optional: bool = False  # results may lack it


class Drawing:
    """A figure that is drawn once somebody asks for it."""

    def __init__(self, entry, data):
        self.name, self.data, self.entry = entry.name, data, entry
        self.title, self.caption = entry.title or data["title"], entry.caption(data)

    def draw(self):
        """As a matplotlib Figure, in the style that holds at the time; input that cannot be drawn is named."""
        with explained(f"figure '{self.entry.source}'"):
            return self.entry.draw(self.data)

    @cached_property
    def svg(self):
        return render_svg(self.name, self.draw)

    @property
    def wide(self):
        """Whether a narrow screen would make its letters too small to read."""
        return float(re.search(r'width="([\d.]+)pt"', self.svg)[1]) > 420


FIGURES = (
    Entry("trap", "trap", "A saddle that holds its paths", trap.draw, trap.caption, optional=True),
    Entry("crossing", "growth", "The growth rate crosses zero at σ² = 2a", crossing.draw, crossing.caption),
    Entry("tail", "stationary", "The stationary law and its tail", tail.draw, tail.caption),
    Entry("attractive", "attractive", "Attractive noise alone", attractive.draw, attractive.caption),
    Entry("diffusive", "diffusive", "Diffusive noise alone", diffusive.draw, diffusive.caption),
    Entry("growth", "growth", "Growth rate and the trap", growth.draw, growth.caption),
    Entry("stationary_repulsive", "stationary", "Stationary law at a repulsive critical point (a > 0)",
          partial(stationary.draw, sign=1), stationary.caption_repulsive),
    Entry("stationary_attractive", "stationary", "Stationary law at an attractive critical point (a < 0)",
          partial(stationary.draw, sign=-1), stationary.caption_attractive),
    Entry("paths", "paths", "Trapped paths and their excursions", paths.draw, paths.caption),
    Entry("kinds", "kinds", "One saddle, twelve noises", kinds.draw, kinds.caption, optional=True),
    Entry("double-well", "double-well", "", surfaces.draw, surfaces.caption, optional=True),
    Entry("index-loss", "critical-points", "Higher losses mostly have higher indices", index_loss.draw, index_loss.caption,
          optional=True),
    Entry("point-spectra", "critical-points", "Spectra at the critical points, and their negative parts",
          point_spectra.draw, point_spectra.caption, optional=True),
    Entry("hessian-spectrum", "hessian-spectrum", "The spectrum of one saddle, from products alone", density.draw,
          density.caption, optional=True),
    Entry("in-and-out", "in-and-out", "Newton goes into saddles", in_and_out.draw, in_and_out.caption, optional=True),
    Entry("ways-out-surfaces", "ways-out-surfaces", "", surfaces.draw, surfaces.caption, optional=True),
    Entry("two-views", "two-views", "A saddle of ten dimensions, seen twice", two_views.draw, two_views.caption,
          optional=True),
    Entry("certainty", "claims", "All claims beside chance", certainty.draw, certainty.caption),
)


def from_panels(figures, taken=()):
    """Figures that come as panels, in the order of the file; their names become files and places in the page, so they
    are plain and not those of others."""
    for name in figures:
        if not re.fullmatch(r"[\w-]+", name, re.ASCII) or name in taken:
            raise InputError(f"cannot be used: '{name}' cannot name a figure")
    return [Entry(name, name, "", panels.draw, panels.caption) for name in figures]


def render_all(entries, sources):
    """Every figure as a Drawing, in the order of the list."""
    return [render(entry, sources) for entry in entries]


def render(entry, sources):
    """One figure; input that cannot be described is named."""
    with explained(f"figure '{entry.source}'"):
        return Drawing(entry, sources[entry.source])
