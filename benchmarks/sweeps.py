"""What a sweep costs: beside one plain ensemble, and a searched boundary beside uniform grids.

    sweeps.py --noisetrap PROGRAM [--rounds N] [--side POINTS] [--out FILE]

1. A diagram of side x side points over (a, sigma), 1000 paths of 1000 steps at each, in turn with one ensemble of as
   many paths in all (growth rate, and nothing else asked of both). Times are those of the whole commands, with reading,
   checking, theory and output; the sweep keeps its points as they finish. No page is drawn.
2. Where the growth rate of Gaussian noise changes its sign, by plain means: the search of [sweep.boundary]; a grid as fine under the same
   sequential test, each point of which stops once it is decided (`coarse`); and grids that give all points equally many
   paths, with linear interpolation at the change of sign, for several spacings and numbers of paths. Errors are those
   against the exact edge. The best of the latter is the cheapest whose error is no larger than the search's; where none
   is, the errors of each spacing are carried on by their two parts, one that falls like 1/sqrt(paths) and one that does
   not.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import machine

SADDLE = '[model]\nname = "noisy-saddle"\ntau = 0.0\n[integrator]\nsteps = 1000\n'
A = "{from = -0.5, to = 0.5, points = %d}"
SIGMA = "{from = 0.02, to = 2.0, points = %d}"
COLUMNS = 41


def run(program, command, toml, settings=()):
    """JSON and wall seconds of one command."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "it.toml"
        file.write_text(toml)
        words = [word for setting in settings for word in ("--set", setting)]
        start = time.perf_counter()
        done = subprocess.run([program, command, file, "--json", "-", "--out", f"{folder}/out", *words],
                              capture_output=True, text=True, check=True, env=os.environ | {"NOISETRAP_PYTHON": "/bin/true"})
        return json.loads(done.stdout), time.perf_counter() - start


def beside_plain(program, side, rounds):
    """Path-steps per second of both, round by round."""
    total = side * side * 1000
    plain = SADDLE + "[ensemble]\nx0 = 1.0\n"
    sweep = SADDLE + f"[ensemble]\npaths = 1000\n[sweep]\nmodel.a = {A % side}\nmodel.sigma = {SIGMA % side}\n"
    speeds = {"plain": [], "sweep": []}
    for _ in range(rounds):
        _, seconds = run(program, "simulate", plain,
                         settings=(f"ensemble.paths={total}", "model.a=0.02", "model.sigma=0.3", "observe.quantiles=[]"))
        speeds["plain"].append(total * 1000 / seconds)
        _, seconds = run(program, "sweep", sweep)
        speeds["sweep"].append(total * 1000 / seconds)
    ratios = [s / p for s, p in zip(speeds["sweep"], speeds["plain"])]
    return {"points": side * side, "path_steps": total * 1000,
            "plain_path_steps_per_second": statistics.median(speeds["plain"]),
            "sweep_path_steps_per_second": statistics.median(speeds["sweep"]),
            "ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios)}


def boundary_toml(points, more):
    return SADDLE + f"[sweep]\ncontrol = false\nmodel.a = {A % COLUMNS}\nmodel.sigma = {SIGMA % points}\n{more}"


def rms(errors):
    return math.sqrt(sum(e * e for e in errors) / len(errors))


def exact_edges(results):
    """(column, rising) -> y, from the search's own theory."""
    found = {}
    for curve in results["boundary"]["theory"]:
        for x, y in zip(curve["x"], curve["y"]):
            if y is not None:
                found[round(x, 9), curve["rising"]] = y
    return found


def searched(program, batch, accuracy, coarse=9):
    more = f'map = false\n[sweep.boundary]\nbatch = {batch}\naccuracy = {accuracy}\ncoarse = {coarse}\n'
    results, _ = run(program, "sweep", boundary_toml(9, more))
    exact = exact_edges(results)
    errors = [y - exact[round(x, 9), curve["rising"]] for curve in results["boundary"]["curves"]
              for x, y in zip(curve["x"], curve["y"]) if (round(x, 9), curve["rising"]) in exact]
    return {"paths": results["boundary"]["paths"], "rms_error": rms(errors), "edges": len(errors)}, exact


def crossings(axis, values):
    """(y, rising) of each change of sign, by linear interpolation."""
    for (y0, v0), (y1, v1) in zip(zip(axis, values), zip(axis[1:], values[1:])):
        if v0 is not None and v1 is not None and (v0 < 0) != (v1 < 0):
            yield y0 + (y1 - y0) * v0 / (v0 - v1), v1 > v0


def uniform(program, points, paths, exact):
    """RMS error over the edges that the grid shows; an edge that it does not is a miss."""
    results, _ = run(program, "sweep", boundary_toml(points, ""), settings=(f"ensemble.paths={paths}",))
    (across, along), value = results["axes"], results["observables"][0]["value"]
    errors, seen = [], 0
    for i, a in enumerate(across["values"]):
        found = list(crossings(along["values"], value[i * points:(i + 1) * points]))
        for (x, rising), y in exact.items():
            near = [c for c, up in found if up == rising]
            if x == round(a, 9) and near:
                seen += 1
                errors.append(min((c - y for c in near), key=abs))
    return {"points": points, "paths_at_a_point": paths, "paths": points * paths * COLUMNS, "rms_error": rms(errors),
            "edges_missed": len(exact) - seen}


def paths_for(row, floor, target):
    """Of a grid whose error is made of `floor`, which stays, and a part that falls like 1/sqrt(paths)."""
    if floor >= target:
        return math.inf
    noise = max(row["rms_error"] ** 2 - floor ** 2, 0) * row["paths"]
    return noise / (target ** 2 - floor ** 2)


def beside_uniform(program):
    search, exact = searched(program, 128, 0.01)
    sequential, _ = searched(program, 128, 0.01, coarse=101)
    grids, best = [], math.inf
    for points in (12, 18, 27, 40, 60):
        rows = [uniform(program, points, paths, exact) for paths in (256, 4096)]
        few, many = rows
        # e^2 = floor^2 + noise^2 / paths, from two numbers of paths
        noise = (few["rms_error"] ** 2 - many["rms_error"] ** 2) / (1 / few["paths"] - 1 / many["paths"])
        floor = math.sqrt(max(many["rms_error"] ** 2 - noise / many["paths"], 0))
        needed = paths_for(few, floor, search["rms_error"])
        grids.append({"rows": rows, "floor": floor, "paths_for_the_error_of_the_search": needed})
        best = min(best, needed)
    return {"search": search, "sequential_grid": sequential, "ratio_sequential": sequential["paths"] / search["paths"],
            "grids": grids, "best_grid_paths": best, "ratio": best / search["paths"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", type=pathlib.Path, required=True, help="the program")
    parser.add_argument("--rounds", type=int, default=3, help="of sweep and plain ensemble")
    parser.add_argument("--side", type=int, default=200, help="points of each axis")
    parser.add_argument("--out", type=pathlib.Path, help="for the results as JSON")
    arguments = parser.parse_args()
    neighbours = machine.Neighbours()
    program = arguments.noisetrap.resolve()
    plain = beside_plain(program, arguments.side, arguments.rounds)
    print(f"{plain['points']} points: {100 * plain['ratio']:.1f} % of the speed of one ensemble "
          f"({100 * plain['ratio_min']:.1f} to {100 * plain['ratio_max']:.1f} %), "
          f"{plain['sweep_path_steps_per_second']:.3g} path-steps/s")
    grids = beside_uniform(program)
    search = grids["search"]
    sequential = grids["sequential_grid"]
    print(f"boundary: {search['paths']:.3g} paths, error {search['rms_error']:.2e} at {search['edges']} edges; a grid under "
          f"the same test {grids['ratio_sequential']:.2f} times as many, error {sequential['rms_error']:.2e}; the best grid "
          f"of equally many paths a point {grids['ratio']:.1f} times as many")
    if arguments.out:
        arguments.out.write_text(json.dumps({"machine": machine.description(), "neighbours": neighbours.busy_cores(),
                                             "beside_plain": plain, "boundary": grids}, indent=4) + "\n")


if __name__ == "__main__":
    main()
