"""Eigenvalues of Hessians beside PyHessian and curvlinops, on losses that both sides have.

    sh benchmarks/peers/setup.sh build/spectra-venv torch pyhessian curvlinops-for-pytorch
    build/spectra-venv/bin/python benchmarks/spectra.py PATH/TO/noisetrap [--rounds N] [--out FILE]

Losses are a perceptron on the 1797 digits (61-16-10 units of tanh, softmax, 1136 parameters, at a random point) and the
factorisation of a matrix (1000 x 10, 10,000 parameters, at the saddle that keeps all modes but the first). Tasks are the smallest eigenvalue to 1e-6 of the
largest, the trace from 100 random vectors of signs, and the density from 10 vectors of 40 Lanczos steps. All work in float64
on one thread, turn by turn. What counts is the processor's time: of noisetrap that of a whole process less that of one
that is asked for nearly nothing; of the peers that of a call whose model has been made and warmed up.

Before any speed is told, answers must agree: smallest eigenvalues with each other and with the exact one of the
factorisation within 1e-6 of the largest; traces within 4 standard errors of the exact one.

PyHessian 0.1 has power iteration alone, which finds the eigenvalue of the largest size: it is compared with the largest
one, to its own tolerance. Its density calls torch.eig, which PyTorch no longer has, and is left out.
"""

import argparse
import gzip
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import machine
import numpy as np
import torch
from curvlinops import HessianLinearOperator, hutchinson_trace
from curvlinops.papyan2020traces.spectrum import lanczos_approximate_spectrum
from pyhessian import hessian as PyHessian
from scipy.sparse.linalg import eigsh

DIGITS = "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
TOLERANCE, TRACE_PROBES, PROBES, STEPS = 1e-6, 100, 10, 40
ROWS, RANK, MODES = 1000, 10, 5


class Perceptron(torch.nn.Module):
    def __init__(self, point):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(point[:16 * 61].reshape(16, 61)))
        self.v = torch.nn.Parameter(torch.tensor(point[16 * 61:].reshape(10, 16)))

    def forward(self, x):
        return torch.tanh(x @ self.w.T) @ self.v.T


class Factors(torch.nn.Module):
    """Answers with the entries of U^T U and the squared lengths of rows: the loss needs no more."""

    def __init__(self, point):
        super().__init__()
        self.u = torch.nn.Parameter(torch.tensor(point))

    def forward(self, _):
        return torch.cat([(self.u.T @ self.u).flatten(), (self.u**2).sum(1)])[None]


class FactorLoss(torch.nn.Module):
    """|U U^T - diag(values)|^2 / 4, of that answer."""

    reduction = "sum"

    def __init__(self, values):
        super().__init__()
        self.values = values

    def forward(self, answer, _):
        overlaps, squares = answer[0, :RANK**2], answer[0, RANK**2:]
        return (overlaps @ overlaps) / 4 - (self.values @ squares) / 2 + (self.values @ self.values) / 4


def perceptron():
    """The model, its loss, its data, and the file of the same for noisetrap."""
    table = np.loadtxt(gzip.open(DIGITS), delimiter=",")
    pixels, digit = table[:, :64] / 16, table[:, 64].astype(int)
    pixels = pixels[:, pixels.std(0) > 0]
    pixels -= pixels.mean(0)
    point = 0.3 * np.random.default_rng(1).standard_normal(1136)
    file = ("[data]\ntarget = 'class'\nstandardise = false\nleast_deviation = 0.0\n[network]\nhidden = [16]\nloss = 'softmax'\n"
            f"[spectrum]\nat = {point.tolist()}\n")
    return Perceptron(point), torch.nn.CrossEntropyLoss(), (torch.tensor(pixels), torch.tensor(digit)), file, None


def factors():
    values = np.zeros(ROWS)
    values[:MODES] = MODES - np.arange(MODES)
    point = np.zeros((ROWS, RANK))
    for column in range(MODES - 1):
        point[column + 1, column] = np.sqrt(values[column + 1])
    name = "{" + ",".join(str(j) for j in range(2, MODES + 1)) + "}"
    file = (f"[landscape]\ntype = 'matrix-factorisation'\nrows = {ROWS}\nrank = {RANK}\nvalues = {values[:MODES].tolist()}\n"
            f"[spectrum]\nat = '{name}'\n")
    exact = {"smallest": -values[0], "trace": None}
    return Factors(point), FactorLoss(torch.tensor(values)), (torch.zeros(1, 1), torch.zeros(1)), file, exact


def seconds(call):
    begin = time.process_time()
    answer = call()
    return time.process_time() - begin, answer


class Noisetrap:
    """One process for each task, and its processor's time beyond that of nearly nothing."""

    def __init__(self, program, text):
        self.program = program
        self.folder = tempfile.TemporaryDirectory()
        self.file = pathlib.Path(self.folder.name, "task.toml")
        self.file.write_text(text + "[run]\nthreads = 1\n")

    def spent(self, **keys):
        least = {"probes": 2, "steps": 1, "products": 1, "tolerance": 1.0, "points": 2} | keys
        words = [word for key, value in least.items() for word in ("--set", f"spectrum.{key}={value}")]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([self.program, "spectrum", self.file, *words, "--json", "-"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, json.loads(done.stdout)

    def lowest(self):
        return self.spent(tolerance=TOLERANCE, products=100000)

    def trace(self):
        return self.spent(probes=TRACE_PROBES, steps=1)

    def density(self):
        return self.spent(probes=PROBES, steps=STEPS, points=1024)

    def start(self):
        return self.spent()[0]


class Peers:
    def __init__(self, model, loss, data):
        self.data, self.model, self.loss = data, model, loss
        self.hessian = HessianLinearOperator(model, loss, list(model.parameters()), [data], check_deterministic=False)
        self.linear = self.hessian.to_scipy(dtype=np.float64)

    def curvlinops_lowest(self):
        largest = abs(eigsh(self.linear, k=1, which="LM", tol=1e-2, return_eigenvectors=False)[0])
        return eigsh(self.linear, k=1, which="SA", tol=TOLERANCE, return_eigenvectors=False)[0], largest

    def curvlinops_trace(self):
        return float(hutchinson_trace(self.hessian, TRACE_PROBES))

    def curvlinops_density(self):
        return lanczos_approximate_spectrum(self.hessian, STEPS, num_repeats=PROBES)

    def pyhessian(self):
        return PyHessian(self.model, self.loss, data=self.data, cuda=False)

    def pyhessian_largest(self):
        return self.pyhessian().eigenvalues(maxIter=1000, tol=TOLERANCE)[0][0]

    def pyhessian_trace(self):
        return float(np.mean(self.pyhessian().trace(maxIter=TRACE_PROBES, tol=0)))


def exact_trace(peers, n):
    """One product for each parameter."""
    return sum(float(peers.linear.matvec(np.eye(1, n, i)[0])[i]) for i in range(n))


def agree(name, one, other, within):
    if not abs(one - other) <= within:
        sys.exit(f"no speeds: {name} is {one:.9g} here and {other:.9g} there, and {within:.2g} is allowed")


def compare(ours, peers, exact, n, rounds):
    """Of each task the peer's time over ours, round by round, after the answers have been held against each other."""
    start = min(ours.start() for _ in range(3))
    tasks = {"smallest eigenvalue": (ours.lowest, {"curvlinops and eigsh": peers.curvlinops_lowest,
                                                   "PyHessian (largest size)": peers.pyhessian_largest}),
             "trace": (ours.trace, {"curvlinops": peers.curvlinops_trace, "PyHessian": peers.pyhessian_trace}),
             "density": (ours.density, {"curvlinops": peers.curvlinops_density})}
    found = {}
    for task, (mine, others) in tasks.items():
        rows = {"noisetrap": []} | {name: [] for name in others}
        for _ in range(rounds):
            spent, answer = mine()
            rows["noisetrap"].append(max(spent - start, 1e-3))
            for name, other in others.items():
                spent, theirs = seconds(other)
                rows[name].append(spent)
                check(task, name, answer, theirs, exact, n, peers)
        found[task] = rows
        for name, times in rows.items():
            ratios = sorted(t / m for t, m in zip(times, rows["noisetrap"]))
            more = "" if name == "noisetrap" else f", {np.median(ratios):.1f} times ({ratios[0]:.1f} to {ratios[-1]:.1f})"
            print(f"  {task:<20} {name:<26} {np.median(times):8.3f} s{more}", flush=True)
    return found


def check(task, name, ours, theirs, exact, n, peers):
    if task == "smallest eigenvalue":
        lowest = ours["smallest"]
        if name.startswith("curvlinops"):
            smallest, largest = theirs
            agree("the smallest eigenvalue", lowest["value"], smallest, 2 * TOLERANCE * largest)
            if exact["smallest"] is not None:
                agree("the exact smallest eigenvalue", lowest["value"], exact["smallest"], TOLERANCE * largest)
    elif task == "trace":
        trace = ours["trace"]
        if exact["trace"] is None:
            exact["trace"] = trace["exact"] if trace["exact"] is not None else exact_trace(peers, n)
        agree("the trace", trace["value"], exact["trace"], 4 * trace["standard_error"])
        agree(f"the trace of {name}", theirs, exact["trace"], 4 * trace["standard_error"] + 1e-9 * abs(theirs))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out")
    options = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    results = {"torch": torch.__version__, "load": os.getloadavg()[0], "seconds": {}}
    for name, made in (("perceptron 61-16-10, 1136 parameters", perceptron), ("factorisation 1000 x 10", factors)):
        model, loss, data, text, exact = made()
        n = sum(p.numel() for p in model.parameters())
        peers = Peers(model, loss, data)
        peers.linear.matvec(np.ones(n))
        print(name)
        results["seconds"][name] = compare(Noisetrap(options.program, text), peers, exact or {"smallest": None, "trace": None}, n,
                                           options.rounds)
    if options.out:
        results["processor"] = machine.processor().get("model name", "")
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
