"""Results from a folder."""

import json
import pathlib

from ._errors import InputError
from ._run import Rows, Run


def load(folder):
    """What is in a folder that `noisetrap`, or save(), has written: a Run, a Comparison or a Sweep."""
    folder = pathlib.Path(folder)
    for name, read in (("summary.json", _run), ("compare.json", _comparison), ("sweep.json", _sweep)):
        if (folder / name).is_file():
            text = (folder / name).read_text(encoding="utf-8")
            try:
                return read(folder, text, json.loads(text))
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise InputError(f"{folder / name}: is damaged, or was written by another version ({error})") from error
    raise InputError(f"{folder}: holds no results of noisetrap (summary.json, compare.json or sweep.json)")


def _toml(folder):
    return (folder / "config.toml").read_text(encoding="utf-8")


def _comparison(folder, text, found):
    from ._compare import Comparison

    return Comparison(found, toml=_toml(folder))


def _sweep(folder, text, found):
    from ._sweep import Sweep

    return Sweep(found, toml=_toml(folder), folder=folder)


def _number(x):
    return float("nan") if x is None else x


def _finding(found):
    keys = ("value", "standard_error", "theory", "theory_scheme", "theory_stationary")
    return tuple(_number(found.get(key)) for key in keys)


def _estimate(found):
    return _number(found["value"]), _number(found["standard_error"])


def _run(folder, text, found):
    """JSON has no infinite numbers: what is null there is not a number here."""
    times = [{**{key: at[key] for key in ("t", "finite", "non_finite", "out_of_range", "zero")},
              **{key: _finding(at[key]) for key in ("mean", "variance", "mean_log_abs")},
              "variance_log_abs": _estimate(at["variance_log_abs"]),
              "quantiles": [_finding(q) for q in at["quantiles"].values()],
              "cdf": [_finding(c) for c in at["cdf"]]} for at in found["times"]]
    whole = {"non_finite": found["non_finite"], "times": times,
             "probabilities": [float(p) for p in (found["times"][0]["quantiles"] if found["times"] else ())],
             "places": [c["x"] for c in found["times"][0]["cdf"]] if found["times"] else []}
    if found["growth_rate"]:
        whole["growth_rate"] = _finding(found["growth_rate"])
        if "plain" in found["growth_rate"]:
            whole["plain_growth_rate"] = _estimate(found["growth_rate"]["plain"])
    if found["first_passage"]:
        whole["probabilities"] = [float(p) for p in found["first_passage"]["quantiles"]]
        whole["first_passage"] = _passage(folder, found["first_passage"])
    if found.get("rare"):
        rare = found["rare"]
        whole["rare"] = {"odds": _estimate(rare["odds"]), "empty_families": rare["empty_families"],
                         **{key: _number(rare[key]) for key in ("deviation_of_family", "plain_paths")}}
    if found.get("spectrum"):
        whole["spectrum"] = [_estimate(e) for e in found["spectrum"]["exponents"]]
        whole["spectrum_sum"] = _estimate(found["spectrum"]["sum"])
    if found.get("largest"):
        largest = found["largest"]
        whole["largest"] = {"radii": [b["radius"] for b in largest["beyond"]],
                            "beyond": [_estimate(b) for b in largest["beyond"]],
                            "quantiles": [_estimate(q) for q in largest["quantiles"]]}
    if found.get("inside"):
        inside = found["inside"]
        whole["inside"] = {"radius": inside["radius"], "mean_time": _estimate(inside["mean_time"]),
                           "quantiles": [_estimate(q) for q in inside["quantiles"]]}
    facts = {key: found[key] for key in ("backend", "device", "instruction_set", "threads", "lanes", "chunk",
                                         "wall_seconds", "path_steps", "path_steps_per_second")}
    return Run(whole, loaded={"toml": _toml(folder), "facts": facts, "json": text, "table": _table(found, whole),
                              "is_sde": "integrator.dt" in found["input"],
                              "rows": lambda: _rows(folder, found, facts)})


class _KeptRows:
    """The rows in data.h5, in the place of those that the engine hands over."""

    def __init__(self, folder, found, facts):
        import h5py

        self.dt, self.times = found["dt"], [at["t"] for at in found["times"]]
        self.exit_offset = -0.5 if found["input"].get("observe.exit_bridge") else 0.0  # steps
        self.toml, self.facts = lambda: _toml(folder), lambda: facts
        with h5py.File(folder / "data.h5") as data:
            self.paths = len(data["rows/path"])
            self._columns = {name: data["rows"][name][:] for name in Rows.columns if name in data["rows"]}
        for column in self._columns.values():
            column.setflags(write=False)

    def column(self, name):
        return self._columns.get(name)

    def tensor(self, name):
        column = self.column(name)
        return None if column is None else column.copy()

    def replay(self, path, points):
        raise InputError("a path is not kept in a folder; simulate() the run's toml to have it")


def _rows(folder, found, facts):
    return Rows(_KeptRows(folder, found, facts), None) if found["input"].get("observe.rows") else None


def _passage(folder, found):
    passage = {key: found[key] for key in ("radius", "exited", "upper", "lower", "not_exited")}
    passage["mean_time"] = _finding(found["mean_time"])
    passage["restricted_mean_time"] = _estimate(found["restricted_mean_time"])
    passage |= {key: _finding(found.get(key, {})) for key in ("upper_odds", "inside_at_end")}
    passage["quantiles"] = [_finding(q) for q in found["quantiles"].values()]
    times, *curve = _curve(folder / "data.h5")
    passage["survival_times"], passage["survival"] = times, list(zip(*curve))
    return passage


def _curve(file):
    """The survival curve, which data.h5 alone has; empty without h5py."""
    try:
        import h5py
    except ImportError:
        return [], [], [], []
    with h5py.File(file) as data:
        group = data["first_passage"]
        names = ("time", "survival", "survival_standard_error", "survival_theory")
        unknown = [float("nan")] * len(group["time"])  # of folders that are older than this curve
        return tuple(group[name][:].tolist() if name in group else unknown for name in names)


def _table(found, whole):
    from ._estimate import Estimate

    lines = [f"{found['model']} under {found['method']}: {found['paths']} paths x {found['steps']} steps, "
             f"{found['precision']} precision; loaded"]
    if whole.get("growth_rate"):
        lines.append(f"  growth rate            {Estimate(*whole['growth_rate'])!r}")
    if whole.get("plain_growth_rate"):
        lines.append(f"    without control      {Estimate(*whole['plain_growth_rate'])!r}")
    for at in whole["times"]:
        lines.append(f"t = {at['t']:g}")
        lines.append(f"  mean                   {Estimate(*at['mean'])!r}")
        lines += [f"  {p:g} quantile".ljust(25) + repr(Estimate(*q)) for p, q in zip(whole["probabilities"],
                                                                                    at["quantiles"])]
    return "\n".join(lines)
