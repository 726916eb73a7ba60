"""Two revisions of noisetrap side by side: the engine's workloads, and every optimiser on the toy saddle.

    revisions.py --before BUILD --now BUILD [--rounds N] [--seconds S] [--out FILE]

A BUILD is a build folder with the program `noisetrap` and `benchmarks/kernels` (NOISETRAP_BENCHMARKS=ON). Each round runs
every workload once with either revision, one right after the other and in changing order, so that both meet the same
weather. A ratio is formed within a round; the table gives its median and its range over the rounds. Above 1 the newer
revision is faster.
"""

import argparse
import json
import pathlib
import statistics
import subprocess

import machine
import optimisers

WORKLOADS = ("W1", "W2", "W3", "W4", "W5", "W6")
PRECISIONS = ("mixed", "double", "single")


def kernel_speed(build, workload, precision, seconds):
    """Path-steps per second of one thread, through the library."""
    done = subprocess.run([build / "benchmarks" / "kernels", f"--benchmark_filter=^{workload}/{precision}/1/",
                           f"--benchmark_min_time={seconds}", "--benchmark_format=json"],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["benchmarks"][0]["path_steps"]


def cases(seconds):
    """{name: function of a build folder that measures a speed}"""
    kernels = {f"{workload} {precision}": lambda build, w=workload, p=precision: kernel_speed(build, w, p, seconds)
               for workload in WORKLOADS for precision in PRECISIONS}
    return kernels | {f"`{name}`": lambda build, n=name: optimisers.speed(build / "noisetrap", n)
                      for name in optimisers.OPTIMISERS}


def measure(before, now, rounds, seconds):
    """{case: {"before": speeds, "now": speeds}}, one of each a round."""
    speeds = {name: {"before": [], "now": []} for name in cases(seconds)}
    order = [("before", before), ("now", now)]
    for speed in cases(0.01).values():  # kernels that have to be compiled first
        for _, build in order:
            speed(build)
    for number in range(rounds):
        for name, speed in cases(seconds).items():
            for which, build in order if number % 2 == 0 else reversed(order):
                speeds[name][which].append(speed(build))
    return speeds


def ratios(row):
    return [now / before for before, now in zip(row["before"], row["now"])]


def table(speeds):
    yield "| | 10⁶ path-steps/s before | now | now / before, median | min–max |"
    yield "|---|---|---|---|---|"
    for name, row in speeds.items():
        before, now = (statistics.median(row[which]) / 1e6 for which in ("before", "now"))
        yield (f"| {name} | {before:.0f} | {now:.0f} | {statistics.median(ratios(row)):.3f} | "
               f"{min(ratios(row)):.3f}–{max(ratios(row)):.3f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=pathlib.Path, required=True, help="build folder of the older revision")
    parser.add_argument("--now", type=pathlib.Path, required=True, help="build folder of the newer one")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each case and revision")
    parser.add_argument("--seconds", type=float, default=0.3, help="least time of one measurement")
    parser.add_argument("--out", type=pathlib.Path, help="for the results as JSON")
    arguments = parser.parse_args()
    neighbours = machine.Neighbours()
    speeds = measure(arguments.before.resolve(), arguments.now.resolve(), arguments.rounds, arguments.seconds)
    print("\n".join(table(speeds)))
    if arguments.out:
        arguments.out.write_text(json.dumps({"machine": machine.description(), "neighbours": neighbours.busy_cores(),
                                             "speeds": speeds}, indent=4) + "\n")


if __name__ == "__main__":
    main()
