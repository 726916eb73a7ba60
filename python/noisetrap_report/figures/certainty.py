"""The z-scores of all claims beside the law that chance alone gives them."""

import numpy as np

from ..data import counted
from ..style import new_figure
from .scores import NORMAL, TWO, draw_counts, draw_quantiles, scores

FAR = 4  # standard errors, beyond which a claim stands out; chance alone: 1 in 16 000


def draw(claims):
    figure = new_figure(8.2, 3.6)
    counts, quantiles = figure.subplots(1, 2)
    scored = with_kinds(claims)
    draw_counts(counts, scored)
    draw_quantiles(quantiles, scored, FAR)
    return figure


def with_kinds(claims):
    """What has no standard error is the distance of a whole law, whose score is never negative."""
    return [{"z": claim["z"], "kind": "value" if claim["standard_error"] is not None else "distance"}
            for claim in claims]


def caption(claims):
    score = scores(claims)
    seen, far = np.isfinite(score).sum(), (np.abs(score) > TWO).sum()
    return f"""
        *z* is the distance between estimate and exact value in standard errors. Left: how many claims have which *z*;
        right: all in order beside those that chance gives (band: two standard errors). Beyond 2 lie {far} of
        {counted(seen, 'claim')}, where chance alone gives {2 * NORMAL.cdf(-TWO) * seen:.1f}."""
