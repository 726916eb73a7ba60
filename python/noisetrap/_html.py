"""Results in a notebook."""

from html import escape

from ._estimate import known_beside


def _table(head, rows):
    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag} style='text-align:left'>{escape(str(c))}</{tag}>" for c in cells) + "</tr>"

    return f"<table>{row(head, 'th')}{''.join(row(cells, 'td') for cells in rows)}</table>"


def run_html(run):
    known = known_beside(run.is_sde)

    def line(name, e):
        beside = (getattr(e, attribute) for attribute in known)
        return name, f"{e.value:.6g}", f"± {e.error:.2g}", *("" if x is None else f"{x:.6g}" for x in beside)

    rows = [] if run.growth_rate is None else [line("growth rate", run.growth_rate)]
    rows += [line("odds", run.rare.odds)] if run.rare else []
    for t in run.times:
        moments = run.moments(t)
        rows += [line(f"mean at t = {t:g}", moments.mean), line("mean log |x|", moments.mean_log_abs)]
        rows += [line(f"{p:g} quantile", e) for p, e in run.quantiles(t).items()]
        rows += [line(f"P(X <= {x:g})", e) for x, e in run.cdf(t=t).items()]
    if run.first_passage:
        rows.append(line(f"first passage of {run.first_passage.radius:g}, mean time", run.first_passage.mean_time))
    head = escape(repr(run).split("\n", 1)[0])
    return f"<p>{head}</p>" + _table(["", "estimate", "", *known.values()], rows)


def theory_html(theory):
    return _table(["quantity", "value", "unit", "source"], [(q, f"{v:.10g}", u, s) for q, v, u, s in theory.rows])


def comparison_html(comparison):
    rows = [(c.label, ", ".join(f"{k} = {v}" for k, v in c.varied.items()), f"{c.odds:.4f}",
             f"[{c.interval[0]:.4f}, {c.interval[1]:.4f}]",
             *(f"{e.value:.4g}" for e in c.cost_of_escape.values()), c.growth_per_gradient or "")
            for c in comparison if c.best]
    quantiles = [f"{p:g} quantile of the cost" for p in comparison.contenders[0].cost_of_escape]
    head = ["optimiser", "best of its grid", "escaped", "95 % interval", *quantiles, "growth per gradient"]
    return _table(head, rows)
