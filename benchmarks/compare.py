"""Measures `noisetrap simulate` beside what users have today, interleaved, in one run.

    /usr/bin/python3 benchmarks/compare.py --noisetrap build/release/noisetrap --peers build/release/benchmarks/peers

First all contenders must agree on what they estimate; only then are speeds compared. README.md explains the method.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

import machine
from agreement import disagreements, most_sigmas, pooled
from contenders import WORKLOADS, CannotRun, all_contenders, paths_for, simulate, with_fitting_lengths
from ratios import ratios, spread
from table import markdown

HERE = pathlib.Path(__file__).parent
QUIET = 0.2  # cores


def sizes(contenders, seconds):
    """{contender: paths that take about so long}, and {contender: why} for those that cannot run here."""
    paths, left_out = {}, {}
    for contender in contenders:
        try:
            paths[contender] = paths_for(contender, seconds)
        except CannotRun as reason:
            left_out[contender.key] = str(reason)
            print(f"left out: {contender.key}: {reason}", file=sys.stderr)
    return paths, left_out


def measure(paths, rounds):
    """{contender: one sample a round}; every other round goes backwards, so that drift cancels."""
    samples = {contender: [] for contender in paths}
    for number in range(rounds):
        for contender in paths if number % 2 == 0 else reversed(paths):
            samples[contender].append(contender.run(paths[contender], seed=number + 1))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return samples


def startup_seconds(binary, times=20):
    """Wall-clock of whole processes that simulate 1000 paths of 100 steps."""
    command = simulate(binary, {"model.name": "linear-sde", "ensemble.paths": 1000, "integrator.steps": 100,
                                "run.backend": "omp"})
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return spread(taken)


def row(contender, samples):
    estimates = {name: dict(zip(("value", "standard_error"), pooled(samples, name))) for name in samples[0].estimates}
    return {"workload": contender.workload.name, "contender": contender.name, "library": samples[0].library,
            "speed": spread([s.speed for s in samples]), "estimates": estimates,
            "compile_seconds": spread([s.compile_seconds for s in samples]),
            "path_steps": [s.path_steps for s in samples], "seconds": [s.seconds for s in samples]}


def wanted(contenders, parts):
    """Those whose name has one of the parts, noisetrap's always: they are what the others are compared with."""
    return [c for c in contenders if not parts or not c.is_peer or any(part in c.name for part in parts)]


def compare(arguments):
    binary = str(arguments.noisetrap)
    busy_before = machine.busy_cores()
    if busy_before > QUIET:
        print(f"Other processes keep {busy_before:.1f} cores busy, so these timings suffer, those with several threads "
              "most. Better run this again without them.", file=sys.stderr)
    neighbours = machine.Neighbours()
    contenders = wanted(all_contenders(binary, arguments.peers, arguments.peer_python, arguments.workloads,
                                       arguments.threads, arguments.gpu), arguments.contenders)
    paths, left_out = sizes(with_fitting_lengths(contenders), arguments.seconds)
    samples = measure(paths, arguments.rounds)
    busy_during = neighbours.busy_cores()
    z = disagreements(samples)
    if (worst := max(z.values(), default=0)) > (limit := most_sigmas(len(z))):
        sys.exit(f"The contenders do not agree (limit: {limit:.1f} standard errors), so speeds are not compared:\n"
                 + json.dumps({pair: value for pair, value in z.items() if value > limit}, indent=4))
    return {"command": shlex.join([os.path.basename(sys.executable), *sys.argv]), "machine": machine.description(),
            "cores_busy_with_others": {"before": busy_before, "during": busy_during},
            "build": machine.build(binary, arguments.peers), "rounds": arguments.rounds,
            "workloads": {name: WORKLOADS[name].words for name in arguments.workloads},
            "rows": [row(c, s) for c, s in samples.items()], "left_out": left_out,
            "agreement": {"tests": len(z), "limit": limit, "largest_z": worst,
                          "largest": dict(sorted(z.items(), key=lambda pair: -pair[1])[:5])},
            "ratios": ratios(samples), "startup_seconds": startup_seconds(binary)}


def listed(choices=None):
    """The type of an option that takes names with commas between them."""
    def names(text):
        result = text.split(",")
        for name in result:
            if choices and name not in choices:
                raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(choices)}")
        return result
    return names


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", type=pathlib.Path, required=True, help="the program")
    parser.add_argument("--peers", type=pathlib.Path, required=True, help="the folder of the compiled peers")
    parser.add_argument("--peer-python", help="a Python that has the optional libraries; without it they are left out")
    parser.add_argument("--out", type=pathlib.Path, help="default: a file for this kind of machine in results/")
    parser.add_argument("--workloads", type=listed(WORKLOADS), default=list(WORKLOADS), help="such as W1,W3")
    parser.add_argument("--contenders", type=listed(), help="parts of the names of peers, such as NumPy,JAX")
    parser.add_argument("--gpu", action="store_true", help="noisetrap and the peers on a GPU")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each contender in each round")
    parser.add_argument("--threads", type=int, default=machine.cores(), help="the second thread count")
    return parser.parse_args()


def main():
    arguments = options()
    result = compare(arguments)
    out = arguments.out or HERE / "results" / f"{machine.label(arguments.peer_python, arguments.gpu)}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=4, ensure_ascii=False) + "\n")
    print(markdown(result))


if __name__ == "__main__":
    main()
