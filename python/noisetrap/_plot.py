"""Plots, with matplotlib. Each draws on `ax` or on axes of its own, and returns them."""


def _axes(ax):
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(layout="constrained")[1]


def plot_run(run, ax=None, t=None, **keywords):
    """The histogram at time t, where there is one; else the quantiles over time, with error bars."""
    ax = _axes(ax)
    if run._done is not None and run._done.histogram() is not None:
        edges, density, _ = run.histogram(t)
        ax.stairs(density, edges, **{"fill": True, "alpha": 0.6, **keywords})
        ax.set(xlabel="x", ylabel="probability per length")
        return ax
    for p in run.quantiles():
        found = [run.quantile(p, at) for at in run.times]
        ax.errorbar(run.times, [e.value for e in found], [e.error for e in found],
                    **{"marker": "o", "label": f"{p:g} quantile", **keywords})
    ax.set(xlabel="t", ylabel="x")
    ax.legend()
    return ax


def plot_plane(run, ax=None, paths=1, bins=60, **keywords):
    """The plane of a system's two variables: where paths are at the end, some paths, and the lines on which a variable
    stands still without noise."""
    import numpy
    from matplotlib.colors import LogNorm
    from matplotlib.lines import Line2D

    from ._errors import InputError
    from ._run import collect

    names = run.variables
    if len(names) != 2:
        raise InputError(f"a plane is that of two variables, and this model has {len(names)}: {', '.join(names)}")
    ax = _axes(ax)
    rows = [collect(run.toml, set={"observe.of": name, "observe.times": [run.t_end]}) for name in names]
    ends = [found.value[-1] for found in rows]
    tracks = [[found.replay(number).x for found in rows] for number in range(min(paths, len(rows[0])))]
    limits = [_limits(numpy.concatenate([ends[k], *(track[k] for track in tracks)])) for k in (0, 1)]
    kept = numpy.isfinite(ends[0]) & numpy.isfinite(ends[1])
    look = {"cmap": "Blues", "norm": LogNorm(vmin=0.3), "cmin": 1, **keywords}  # no cell with a path is white
    ax.hist2d(ends[0][kept], ends[1][kept], bins=bins, range=limits, **look)
    for track in tracks:
        ax.plot(*track, lw=0.5, color="0.2", alpha=0.8, zorder=2)
    handles = [Line2D([], [], lw=0.5, color="0.2", label="paths" if len(tracks) > 1 else "a path")] if tracks else []
    grid = numpy.meshgrid(*(numpy.linspace(*limit, 200) for limit in limits))
    still = run.rates(*grid)
    for name, rate, colour in zip(names, still, ("#D55E00", "#009E73")):
        if numpy.nanmin(rate) < 0 < numpy.nanmax(rate):
            ax.contour(*grid, rate, levels=[0], colors=[colour], linewidths=1.6, zorder=3)
            handles.append(Line2D([], [], lw=1.6, color=colour, label=f"{name} stands still"))
    ax.set(xlabel=names[0], ylabel=names[1], xlim=limits[0], ylim=limits[1])
    ax.legend(handles=handles)
    return ax


def _limits(numbers):
    """The range of all but one in two hundred on each side, and a twelfth more."""
    import numpy

    low, high = numpy.nanquantile(numbers[numpy.isfinite(numbers)], [0.005, 0.995])
    margin = (high - low) / 12 or 1.0
    return low - margin, high + margin


def plot_path(path, ax=None, **keywords):
    ax = _axes(ax)
    ax.plot(path.t, path.x, **{"lw": 0.8, "label": f"path {path.number}", **keywords})
    ax.set(xlabel="t", ylabel="x")
    return ax


def plot_law(law, ax=None, x=None, **keywords):
    """The density, between its 1 % and 99 % quantiles unless x is given."""
    import numpy

    ax = _axes(ax)
    if x is None:
        x = numpy.linspace(float(law.ppf(0.01)), float(law.ppf(0.99)), 512)
    ax.plot(x, law.pdf(x), **{"label": law.name, **keywords})
    ax.set(xlabel="x", ylabel="probability per length")
    return ax


def plot_comparison(comparison, ax=None, **keywords):
    ax = _axes(ax)
    for label, contender in comparison.best.items():
        curve = contender.survival
        ax.step(curve["cost"], curve["inside"], where="post", **{"label": label, **keywords})
        ax.fill_between(curve["cost"], curve["low"], curve["high"], step="post", alpha=0.2)
    ax.set(xlabel="gradients of single samples", ylabel=f"share with |x| < {comparison.exit_radius:g}", ylim=(0, 1.02))
    ax.legend()
    return ax


def plot_sweep(sweep, observable=None, ax=None, **keywords):
    """A curve over one axis, or a map over two. Phases are told apart where they were asked for and no observable is
    named."""
    import numpy

    ax = _axes(ax)
    names, values = list(sweep.axes), list(sweep.axes.values())
    name = observable or (sweep.observables[0] if sweep.observables else None)
    if len(names) == 1:
        places = values[0]
        look = {"marker": "o", "ls": "", "label": name, **keywords}
        ax.errorbar(places, sweep.value(name), sweep.error(name), **look)
        for label, exact in sweep.theory(name).items():
            ax.plot(places, exact, label=label)
        ax.set(xlabel=names[0], ylabel=name)
        ax.legend()
        return ax
    if len(names) > 2:
        raise ValueError("a map has two axes: take a part of to_xarray()")
    if observable is None and sweep.phases is not None:
        words = list(dict.fromkeys(sweep.phases.ravel().tolist()))
        field = numpy.vectorize(words.index)(sweep.phases)
        mesh = ax.pcolormesh(*values, field.T, shading="nearest", cmap="cividis", vmin=0, vmax=max(len(words) - 1, 1))
        colours = [mesh.cmap(mesh.norm(i)) for i in range(len(words))]
        from matplotlib.patches import Patch

        ax.legend(handles=[Patch(color=c, label=w) for c, w in zip(colours, words)])
    else:
        mesh = ax.pcolormesh(*values, sweep.value(name).T, shading="nearest", **keywords)
        ax.figure.colorbar(mesh, ax=ax, label=name)
    for curve in sweep.boundary or ():
        ax.plot(curve["x"], curve["y"], "k.", ms=3)
    for axis, scale in zip((ax.set_xscale, ax.set_yscale), sweep._found["axes"]):
        if scale["scale"] == "log":
            axis("log")
    ax.set(xlabel=names[0], ylabel=names[1])
    return ax
