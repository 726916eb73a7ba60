"""What the explorer of a sweep's page knows: the grid, what was measured there, and the colours of its figures."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from .figures import maps, phase_map
from .figures.plane import UNKNOWN, Grid, symbol
from .symbols import symbols

SHADES = 48  # of a map


def data_of(results):
    """As JSON: arrays over the grid are flat, as in sweep.json; places are shares of an axis, edges of cells too."""
    grid = Grid(results)
    phases = results["phases"]
    return {"axes": [axis_data(*axis) for axis in zip(results["axes"], grid.axes)],
            "observables": [observable_data(observable, grid) for observable in results["observables"]],
            "phases": phases and {"names": phases["names"], "measured": phases["measured"], "exact": phases["exact"],
                                  "colours": phase_map.colours_of(phases["names"])},
            "unknown": UNKNOWN, "configuration": results["configuration"]}


def axis_data(record, axis):
    place = axis.spread()
    edges = np.log(axis.edges()) if axis.log else axis.edges()
    whole = edges[-1] - edges[0]
    unit = record["unit"] if record["unit"] not in ("", "-", "–", "1") else ""
    return {"key": record["key"], "name": symbol(axis.name), "unit": symbols(unit), "log": axis.log,
            "words": axis.words, "values": axis.values, "places": short((place - edges[0]) / whole),
            "edges": short((edges - edges[0]) / whole)}


def observable_data(observable, grid):
    value = np.array(observable["value"], dtype=float)
    if value.shape != (np.prod(grid.shape),):
        raise ValueError(f"'{observable['name']}' has {value.size} values over {np.prod(grid.shape)} points")
    scale = maps.scale_of(value, observable)
    share = np.clip(np.ma.filled(scale.norm(np.ma.masked_invalid(value)), 0), 0, 1)
    shade = np.where(np.isfinite(value), np.round(share * (SHADES - 1)), -1).astype(int)
    colours = scale.colours if not isinstance(scale.colours, str) else colormaps[scale.colours]
    return {"name": observable["name"], "meaning": symbols(observable["meaning"]), "unit": symbols(observable["unit"]),
            "level": observable["level"], "value": short(value), "error": short(observable["standard_error"]),
            "theory": [{"name": theory["name"], "value": short(theory["value"])} for theory in observable["theory"]],
            "shade": shade.tolist(), "colours": [to_hex(colours(k / (SHADES - 1))) for k in range(SHADES)]}


def short(values):
    """Six digits; null for what is not finite."""
    return [float(f"{value:.6g}") if value is not None and np.isfinite(value) else None for value in values]
