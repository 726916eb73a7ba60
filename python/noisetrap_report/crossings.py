"""The boundary of a sweep along one axis: some places on that axis, which sentences tell. A plane has curves instead."""

from .data import shown


def in_words(results):
    """Results as they are; where there is one axis alone, with the boundary at the end of the caption."""
    boundary = results.get("boundary")
    if boundary is None or len(results["axes"]) != 1:
        return results
    axis = results["axes"][0]["name"]
    theory = {bool(curve["rising"]): curve for curve in boundary["theory"]}
    told = [sentence(boundary, curve, place, axis, theory.get(bool(curve["rising"])))
            for curve in boundary["curves"] for place in range(len(curve["y"]))]
    found = " ".join(told) or f"The search met no place where {boundary['observable']} crosses {shown(boundary['level'])}."
    return {**results, "boundary": None, "caption": f"{results['caption']} {found}".strip()}


def sentence(boundary, curve, place, axis, theory):
    verb = "rises" if curve["rising"] else "falls"
    known = theory["y"][place] if theory else None
    beside = f"; {theory['name']}: {shown(known)}" if known is not None else ""
    return (f"{boundary['observable'].capitalize()} {verb} through {shown(boundary['level'])} at {axis} = {shown(curve['y'][place])}, "
            f"between {shown(curve['low'][place])} and {shown(curve['high'][place])}{beside}.")
