"""Measures `noisetrap simulate` beside hand-written loops, interleaved, in one run.

    /usr/bin/python3 benchmarks/compare.py --noisetrap build/release/noisetrap --peers build/release/benchmarks

First all contenders must agree on E log |x|; only then are speeds compared. README.md explains the method.
"""

import argparse
import itertools
import json
import math
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

import machine
from contenders import CONFIGURATION, STEPS, all_contenders, paths_for, simulate
from table import markdown

HERE = pathlib.Path(__file__).parent
MOST_SIGMAS = 4
QUIET = 0.2  # cores


def measure(contenders, rounds, seconds):
    """{contender: one sample a round}; every other round goes backwards, so that drift cancels."""
    paths = {contender: paths_for(contender, seconds) for contender in contenders}
    samples = {contender: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            samples[contender].append(contender.run(paths[contender], seed=number + 1))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return samples


def startup_seconds(binary, configuration, times=20):
    """Wall-clock of whole processes that simulate 1000 paths of 100 steps."""
    command = simulate(binary, configuration,
                       {"ensemble.paths": 1000, "integrator.steps": 100, "run.backend": "omp"})
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return spread(taken)


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def pooled(samples):
    """E log |x| and its standard error over all rounds, which have the same size and different seeds."""
    value = statistics.fmean(s.mean_log_abs for s in samples)
    return value, math.sqrt(sum(s.standard_error**2 for s in samples)) / len(samples)


def disagreements(samples):
    """|difference| in standard errors for each pair with independent draws: those with at least one peer."""
    result = {}
    for one, other in itertools.combinations(samples, 2):
        if one.is_peer or other.is_peer:
            (a, error_a), (b, error_b) = pooled(samples[one]), pooled(samples[other])
            result[f"{one.name} / {other.name}"] = abs(a - b) / math.hypot(error_a, error_b)
    return result


def ratio(samples, fast, slow):
    """How many times faster, round by round."""
    return spread([f.speed / s.speed for f, s in zip(samples[fast], samples[slow])])


def ratios(samples):
    """The first contender over each peer; and many threads over one."""
    reference, *others = samples
    result = {f"noisetrap mixed, threads 1, over {peer.name}": ratio(samples, reference, peer)
              for peer in others if peer.is_peer}
    if not others[0].is_peer and others[0].threads > 1:
        result[f"threads {others[0].threads} over 1"] = ratio(samples, others[0], reference)
    return result


def row(samples):
    value, error = pooled(samples)
    return {"speed": spread([s.speed for s in samples]), "mean_log_abs": value, "standard_error": error,
            "library": samples[0].library, "path_steps": samples[0].path_steps,
            "seconds": [s.seconds for s in samples]}


def compare(arguments, configuration):
    binary, peers = str(arguments.noisetrap), arguments.peers
    busy_before = machine.busy_cores()
    if busy_before > QUIET:
        print(f"Other processes keep {busy_before:.1f} cores busy, so these timings suffer, those with several threads "
              "most. Better run this again without them.", file=sys.stderr)
    neighbours = machine.Neighbours()
    samples = measure(list(all_contenders(binary, configuration, peers, arguments.threads)), arguments.rounds,
                      arguments.seconds)
    busy_during = neighbours.busy_cores()
    z = disagreements(samples)
    if max(z.values()) > MOST_SIGMAS:
        sys.exit("The contenders do not agree on E log |x|, so speeds are not compared:\n" + json.dumps(z, indent=4))
    return {"command": shlex.join([os.path.basename(sys.executable), *sys.argv]), "machine": machine.description(),
            "cores_busy_with_others": {"before": busy_before, "during": busy_during}, "build": machine.build(binary, peers),
            "steps": STEPS, "rounds": arguments.rounds, "contenders": {c.name: row(s) for c, s in samples.items()},
            "largest_z": max(z.values()), "disagreement_in_standard_errors": z, "ratios": ratios(samples),
            "startup_seconds": startup_seconds(binary, configuration)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", type=pathlib.Path, required=True, help="the program")
    parser.add_argument("--peers", type=pathlib.Path, required=True, help="the folder of peer_std and peer_boost")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results" / f"{machine.label()}.json")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.7, help="of each contender in each round")
    parser.add_argument("--threads", type=int, default=machine.cores(), help="the second thread count of noisetrap")
    arguments = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as configuration:
        configuration.write(CONFIGURATION)
        configuration.flush()
        result = compare(arguments, configuration.name)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=4, ensure_ascii=False) + "\n")
    print(markdown(result))


if __name__ == "__main__":
    main()
