"""What several processes gain: one run, and one sweep, by 1, 2, ... ranks under mpirun.

    ranks.py --noisetrap PROGRAM [--ranks 1,2] [--rounds N] [--out FILE]

Every rank has one thread. The speed is that of the path-steps over the seconds of the run itself, as noisetrap writes
them down; what mpirun takes to start is given apart. Rounds alternate between the numbers of ranks. The efficiency is the
speed of n ranks over n times that of one, in the same round. Processor seconds are those of the whole command, mpirun and
all ranks: beside those of one rank they say what sharing costs, also on a machine that has something else to do.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

import machine

RUN = """
[model]
name = "noisy-saddle"
a = 0.02
sigma = 0.3

[integrator]
steps = 10000

[ensemble]
paths = 262144

[observe]
times = [2500, 5000, 7500, 10000]

[run]
threads = 1
"""

SWEEP = """
[model]
name = "noisy-saddle"
tau = 0.0

[integrator]
steps = 1000

[ensemble]
paths = 2000

[sweep]
model.a = {from = -0.5, to = 0.5, points = 32}
model.sigma = {from = 0.02, to = 2.0, points = 32}

[run]
threads = 1
"""


def environment():
    return os.environ | {"NOISETRAP_PYTHON": "/bin/true", "OMPI_ALLOW_RUN_AS_ROOT": "1",
                         "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def processor_seconds():
    """Of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(program, command, toml, ranks):
    """Seconds of the run, of the whole command, and processor seconds of the latter."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "it.toml"
        file.write_text(toml)
        out = pathlib.Path(folder) / "out"
        start, used = time.perf_counter(), processor_seconds()
        subprocess.run(["mpirun", "--oversubscribe", "-n", str(ranks), program, command, file, "--out", out], check=True,
                       capture_output=True, env=environment())
        whole, used = time.perf_counter() - start, processor_seconds() - used
        if command == "simulate":
            return json.loads((out / "summary.json").read_text())["wall_seconds"], whole, used
        return json.loads((out / "run.json").read_text())["wall_seconds_of_the_last_start"], whole, used


def scaling(program, command, toml, numbers, rounds):
    seconds = {n: [] for n in numbers}
    beside = {n: [] for n in numbers}
    processor = {n: [] for n in numbers}
    for _ in range(rounds):
        for n in numbers:
            run, whole, used = timed(program, command, toml, n)
            seconds[n].append(run)
            beside[n].append(whole - run)
            processor[n].append(used)
    first = numbers[0]
    rows = []
    for n in numbers:
        efficiencies = [first * one / (n * these) for one, these in zip(seconds[first], seconds[n])]
        rows.append({"ranks": n, "seconds": statistics.median(seconds[n]),
                     "beside_the_run": statistics.median(beside[n]),
                     "processor_seconds": statistics.median(processor[n]),
                     "efficiency": statistics.median(efficiencies), "efficiency_min": min(efficiencies),
                     "efficiency_max": max(efficiencies)})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", required=True)
    parser.add_argument("--ranks", default="1,2")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out")
    options = parser.parse_args()
    numbers = [int(n) for n in options.ranks.split(",")]
    neighbours = machine.Neighbours()
    program = str(pathlib.Path(options.noisetrap).resolve())
    results = {"processor": machine.processor().get("model name"), "cores": machine.cores(), "rounds": options.rounds,
               "simulate": scaling(program, "simulate", RUN, numbers, options.rounds),
               "sweep": scaling(program, "sweep", SWEEP, numbers, options.rounds)}
    results["busy_cores_of_others"] = neighbours.busy_cores()
    for command in ("simulate", "sweep"):
        print(f"| {command}: ranks | seconds | beside the run | processor seconds | efficiency |\n|---|---|---|---|---|")
        for row in results[command]:
            print(f"| {row['ranks']} | {row['seconds']:.3f} | {row['beside_the_run']:.2f} | "
                  f"{row['processor_seconds']:.2f} | {row['efficiency']:.3f} "
                  f"[{row['efficiency_min']:.3f}, {row['efficiency_max']:.3f}] |")
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
