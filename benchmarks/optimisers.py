"""Speed of every optimiser on the toy saddle, beside what it has to compute.

    optimisers.py --noisetrap PROGRAM --kernels PROGRAM [--rounds N] [--out FILE]

Each round runs every optimiser once, on one thread, so that all meet the same weather; speeds are medians and ranges over
the rounds. Arithmetic is counted as instructions per path-step by valgrind (noise, gradients and update together; with
AVX2, since valgrind does not know AVX-512), as in tests/app/instruction_count_test.py. Speed times arithmetic over that of
sgd is 1 where the optimiser is as fast as what it computes lets it be. Five optimisers take a square root and divide by it
once a step, which keeps the processor far longer than other instructions do; how long is measured alone (`kernels`). The
last column leaves this time and these two instructions out.
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
DIVIDING = {"normalised-sgd", "rmsprop", "adagrad", "adam", "amsgrad"}  # by a square root, once a step
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


def root_and_division_seconds(kernels):
    """One root and one division of a double, in the middle of many."""
    done = subprocess.run([kernels, "--benchmark_filter=part/roots_and_divisions", "--benchmark_format=json",
                           "--benchmark_repetitions=5"], capture_output=True, text=True, check=True)
    return 1 / statistics.median(run["items"] for run in json.loads(done.stdout)["benchmarks"]
                                 if run["run_type"] == "iteration")


def measure(program, kernels, rounds):
    root = root_and_division_seconds(kernels)
    speeds = {name: [] for name in OPTIMISERS}
    for _ in range(rounds):
        for name in OPTIMISERS:
            speeds[name].append(speed(program, name))
    counts = {name: instruction_count_test.per_path_step(program, "noisy-saddle", {"optimiser.name": f"'{name}'"})
              for name in OPTIMISERS}
    base = statistics.median(speeds["sgd"]) * counts["sgd"]

    def row(name):
        speed, own = statistics.median(speeds[name]), name in DIVIDING
        rest = speed / (1 - own * root * speed) * (counts[name] - 2 * own)
        return {"path_steps_per_second": speed, "min": min(speeds[name]), "max": max(speeds[name]),
                "instructions": counts[name], "of_sgd": speed * counts[name] / base, "rest_of_sgd": rest / base}

    return root, {name: row(name) for name in OPTIMISERS}


def table(results):
    yield ("| optimiser | 10⁶ path-steps/s, median | min–max | instructions a path-step | speed × instructions, of `sgd`'s | "
           "without root and division |")
    yield "|---|---|---|---|---|---|"
    for name, row in results.items():
        yield (f"| `{name}` | {row['path_steps_per_second'] / 1e6:.0f} | {row['min'] / 1e6:.0f}–{row['max'] / 1e6:.0f} | "
               f"{row['instructions']:.1f} | {100 * row['of_sgd']:.0f} % | "
               + (f"{100 * row['rest_of_sgd']:.0f} % |" if name in DIVIDING else "|"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", type=pathlib.Path, required=True, help="the program")
    parser.add_argument("--kernels", type=pathlib.Path, required=True, help="the program kernels of the benchmarks")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each optimiser")
    parser.add_argument("--out", type=pathlib.Path, help="for the results as JSON")
    arguments = parser.parse_args()
    neighbours = machine.Neighbours()
    root, results = measure(arguments.noisetrap.resolve(), arguments.kernels.resolve(), arguments.rounds)
    print("\n".join(table(results)))
    print(f"\nA root and a division take {1e9 * root:.2f} ns of a path's step.")
    if arguments.out:
        arguments.out.write_text(json.dumps({"machine": machine.description(), "neighbours": neighbours.busy_cores(),
                                             "root_and_division_seconds": root, "optimisers": results}, indent=4) + "\n")


if __name__ == "__main__":
    main()
