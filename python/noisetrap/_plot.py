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
