"""Speed of every optimiser on the toy saddle, beside what it has to compute.

    optimisers.py --noisetrap PROGRAM [--rounds N] [--out FILE]

Each round runs every optimiser once, on one thread, so that all meet the same weather; speeds are medians and ranges over
the rounds. Arithmetic is counted as instructions per path-step by valgrind (noise, gradients and update together; with
AVX2, since valgrind does not know AVX-512), as in tests/app/instruction_count_test.py. The last column is speed times
arithmetic over that of sgd: 1 means that the optimiser is as fast as what it computes lets it be.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "app"))
import instruction_count_test  # noqa: E402
import machine  # noqa: E402

OPTIMISERS = ("sgd", "annealed", "momentum", "nesterov", "perturbed", "svrg", "normalised-sgd", "gradient-descent",
              "rmsprop", "adagrad", "adam", "amsgrad")
MODEL = '[model]\nname = "noisy-saddle"\na = 0.02\nsigma = 0.3\ntau = 0.1\n'
RUN = ("ensemble.paths=200000", "integrator.steps=512", "observe.times=[512]", "observe.growth=false", "run.threads=1")


def speed(program, optimiser):
    """Path-steps per second, statistics included."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(MODEL)
        file.flush()
        settings = [word for setting in (*RUN, f"optimiser.name='{optimiser}'") for word in ("--set", setting)]
        done = subprocess.run([program, "simulate", file.name, "--json", "-", *settings], capture_output=True, text=True,
                              check=True)
    return json.loads(done.stdout)["path_steps_per_second"]


def measure(program, rounds):
    speeds = {name: [] for name in OPTIMISERS}
    for _ in range(rounds):
        for name in OPTIMISERS:
            speeds[name].append(speed(program, name))
    counts = {name: instruction_count_test.per_path_step(program, "noisy-saddle", {"optimiser.name": f"'{name}'"})
              for name in OPTIMISERS}
    base = statistics.median(speeds["sgd"]) * counts["sgd"]
    return {name: {"path_steps_per_second": statistics.median(speeds[name]), "min": min(speeds[name]),
                   "max": max(speeds[name]), "instructions": counts[name],
                   "of_sgd": statistics.median(speeds[name]) * counts[name] / base} for name in OPTIMISERS}


def table(results):
    yield "| optimiser | 10⁶ path-steps/s | min–max | instructions a path-step (AVX2) | speed × instructions, of sgd's |"
    yield "|---|---|---|---|---|"
    for name, row in results.items():
        yield (f"| `{name}` | {row['path_steps_per_second'] / 1e6:.0f} | {row['min'] / 1e6:.0f}–{row['max'] / 1e6:.0f} | "
               f"{row['instructions']:.1f} | {100 * row['of_sgd']:.0f} % |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", type=pathlib.Path, required=True, help="the program")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each optimiser")
    parser.add_argument("--out", type=pathlib.Path, help="for the results as JSON")
    arguments = parser.parse_args()
    neighbours = machine.Neighbours()
    results = measure(arguments.noisetrap.resolve(), arguments.rounds)
    print("\n".join(table(results)))
    if arguments.out:
        arguments.out.write_text(json.dumps({"machine": machine.description(), "neighbours": neighbours.busy_cores(),
                                             "optimisers": results}, indent=4) + "\n")


if __name__ == "__main__":
    main()
