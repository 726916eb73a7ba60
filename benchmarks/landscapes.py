"""What landscapes in many dimensions cost: processor's seconds and memory of five tasks, beside their goals.

    /usr/bin/python3 benchmarks/landscapes.py PATH/TO/noisetrap [--threads N] [--only WORD] [--out FILE]

Each task is one call of the program, start and reading included, whose seconds are those that the processor spends on all
threads together; the elapsed ones are told beside them. Memory is the largest that the process held. What it should be is
what the task's vectors and matrices take, and that of the program with a loss of one parameter.
"""

import argparse
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

DIGITS = "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
FACTORS = "[landscape]\ntype = 'matrix-factorisation'\nrows = {rows}\nrank = {rank}\nvalues = {values}\n"
CROWDED = ("[landscape]\ntype = 'quadratic-saddle'\naxes = 100000\nconcave = 25000\ndown = 1.0\ndown_to = 4e-5\nup = 4e-5\n"
           "up_to = 3.0\n")
LOWEST = "[spectrum]\nprobes = 2\nsteps = 2\ntolerance = 1e-7\n"


def digits():
    table = np.loadtxt(gzip.open(DIGITS), delimiter=",")
    return table[:, :64] / 16, table[:, 64].astype(int)


def small_perceptron(folder):
    """Three inputs, the first two principal components of 300 digits and a constant, 3 units, one answer."""
    pixels, digit = (part[:300] for part in digits())
    centred = pixels - pixels.mean(0)
    components = np.linalg.svd(centred, full_matrices=False)[2][:2]
    scores = centred @ components.T
    columns = [*(scores / scores.std(0)).T, np.ones(300), np.where(digit % 2 == 0, 1.0, -1.0)]
    np.savetxt(folder / "samples.csv", np.column_stack(columns), delimiter=",", header="first,second,one,parity", comments="")
    return ("[data]\nfile = 'samples.csv'\ninputs = ['first', 'second']\nconstant = 1.0\ntarget = 'parity'\n"
            "[network]\nhidden = [3]\nweight_decay = 1e-3\n[search]\nstarts = 300\n")


def checkpoints(folder):
    """A thousand places of a perceptron 61-14-10 on the digits, of 994 parameters."""
    random = np.random.default_rng(1)
    ends = 0.3 * random.standard_normal((2, 994))
    np.save(folder / "run.npy", np.linspace(0, 1, 1000)[:, None] * ends[1] + np.linspace(1, 0, 1000)[:, None] * ends[0])
    return ("[data]\ntarget = 'class'\nstandardise = false\nleast_deviation = 0.0\n[network]\nhidden = [14]\nloss = 'softmax'\n"
            "[analyse]\nrun = 'run.npy'\nsearches = 0\nwhole = 0\nlanczos = 40\n")


def kept_modes(rows, rank):
    """The point at which a factorisation keeps its second to last mode: U has one root in each column."""
    values = [float(2 * rank - j) for j in range(rank + 1)]
    point = np.zeros((rows, rank))
    for column in range(rank):
        point[column + 1, column] = np.sqrt(values[column + 1])
    return values, point.ravel()


def whole_spectrum(_):
    values, point = kept_modes(100, 10)
    return FACTORS.format(rows=100, rank=10, values=values) + f"[search]\nat = {point.tolist()}\n"


def lowest_of_factors(_):
    return FACTORS.format(rows=10000, rank=10, values=[3.0, 2.0, 1.0]) + LOWEST + "at = '{2,3}'\n"


MEGABYTE = 1e6
# Command, file, goal in elapsed seconds, and the numbers that should be held at once by so many threads.
TASKS = {
    "whole spectrum of 1000 parameters": ("landscape", whole_spectrum, 2, lambda threads: 5 * 1000**2),
    "smallest eigenvalue of 1e5, factorisation": ("spectrum", lowest_of_factors, 10, lambda threads: 130e5),
    "smallest eigenvalue of 1e5, crowded": ("spectrum", lambda _: CROWDED + LOWEST, 10, lambda threads: 130e5),
    "300 searches on 12 parameters": ("landscape", small_perceptron, 5, lambda threads: 0),
    "1000 checkpoints of 994 parameters, 40 Lanczos steps":
        ("analyse", checkpoints, 60, lambda threads: 3 * 994000 + threads * 50 * 994),
}


def run(program, command, text, threads, folder):
    """Elapsed and the processor's seconds, bytes at most, and the answer."""
    file = folder / "task.toml"
    file.write_text(text + f"[run]\nthreads = {threads}\n")
    with open(folder / "answer.json", "w") as answer:
        begin = time.monotonic()
        process = subprocess.Popen([program, command, str(file), "--json", "-"], stdout=answer)
        _, status, used = os.wait4(process.pid, 0)
        elapsed = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"noisetrap {command} failed")
    return elapsed, used.ru_utime + used.ru_stime, 1024 * used.ru_maxrss, json.loads((folder / "answer.json").read_text())


def told(answer):
    """What came out, in a few words."""
    if "smallest" in answer and "visits" not in answer:
        lowest = answer["smallest"]
        return f"{lowest['value']:.10g}, exact {lowest['exact']:.10g}, {lowest['products']} products"
    if "outcomes" in answer and answer["method"] != "one point":
        outcomes = answer["outcomes"]
        return (f"{outcomes['converged']} converged to {len(answer['points'])} points, {outcomes['gradient_flat']} "
                f"gradient-flat, {outcomes['budget']} neither")
    if "points" in answer:
        point = answer["points"][0]
        return f"index {point['index']}, {point['flat']} flat"
    return f"{answer['checkpoints']} checkpoints, at least {max(answer['index'])} negative eigenvalues at one"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="tasks whose name has this word")
    parser.add_argument("--out")
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        one = "[landscape]\ntype = 'quadratic-saddle'\naxes = 1\nconcave = 1\n"
        empty = run(options.program, "spectrum", one + LOWEST, 1, folder)[2]
        for task, (command, text, goal, numbers) in TASKS.items():
            if options.only not in task:
                continue
            elapsed, spent, held, answer = run(options.program, command, text(folder), options.threads, folder)
            should = empty + 8 * numbers(options.threads)
            found[task] = {"elapsed": elapsed, "processor": spent, "goal": goal, "bytes": held, "should_be": should,
                           "answer": told(answer)}
            print(f"{task}\n  {elapsed:.2f} s, {spent:.2f} s of processors (goal {goal} s elapsed); {held / MEGABYTE:.0f} MB, "
                  f"{held / should:.2f} times what it should be\n  {told(answer)}", flush=True)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(
            {"threads": options.threads, "load": os.getloadavg()[0], "tasks": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
