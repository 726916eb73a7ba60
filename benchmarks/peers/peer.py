"""What the Python peers share: the command line, the clock and the report. How paths are made is theirs.

    PEER WORKLOAD PATHS STEPS SEED [--precision double|single] [--length N] [--threads N] [--device cpu|gpu]

prints one line of JSON. LENGTH paths are stepped together. A peer that cannot run here says why in one sentence and
exits with status 3.
"""

import argparse
import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass

from workloads import WORKLOADS, Workload

CANNOT_RUN = 3


@dataclass(frozen=True)
class Task:
    workload: Workload
    paths: int
    steps: int
    seed: int
    single: bool
    length: int
    threads: int
    gpu: bool


def cannot_run(reason):
    print(" ".join(str(reason).split()), file=sys.stderr)
    sys.exit(CANNOT_RUN)


def task(workloads, length):
    """The task of the command line. Call it before importing the library: it sees to one thread."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=workloads)
    for name in ("paths", "steps", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--precision", choices=("double", "single"), default="double")
    parser.add_argument("--length", type=int, default=length)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", choices=("cpu", "gpu"), default="cpu")
    given = parser.parse_args()
    if given.paths % given.length:
        parser.error(f"PATHS must be a multiple of {given.length}, the number of paths stepped together")
    if given.device == "cpu":
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-given.threads:])
    return Task(WORKLOADS[given.workload], given.paths, given.steps, given.seed, given.precision == "single",
                given.length, given.threads, given.device == "gpu")


@contextlib.contextmanager
def imports():
    """Around the import of a library that may be missing."""
    try:
        yield
    except (ImportError, OSError) as error:
        cannot_run(f"It cannot be imported: {error}.")


def mean(values):
    error = values.std(ddof=1) / len(values)**0.5 if len(values) > 1 else float("nan")
    return {"value": float(values.mean()), "standard_error": float(error)}


def estimates_of_exits(exit_steps):
    import numpy as np
    return {"left": mean((exit_steps > 0).astype(np.float64)), "mean_exit_step": mean(exit_steps[exit_steps > 0])}


def measure(task, library, make, compiles=False):
    """Times batches. make(task) compiles and returns a function without arguments, whose calls give LENGTH paths each:
    x at their ends or, in a workload with a radius, the steps at which they left (0: never)."""
    import numpy as np
    start = time.perf_counter()
    next_batch = make(task)
    compile_seconds = time.perf_counter() - start if compiles else 0
    values = np.empty(task.paths)
    transform = (lambda exit_steps: exit_steps) if task.workload.radius else (lambda x: np.log(np.abs(x)))
    start = time.perf_counter()
    for first in range(0, task.paths, task.length):
        values[first:first + task.length] = transform(next_batch())
    estimates = estimates_of_exits(values) if task.workload.radius else {"mean_log_abs": mean(values)}
    seconds = time.perf_counter() - start
    steps = np.where(values > 0, values, task.steps).sum() if task.workload.radius else task.paths * task.steps
    print(json.dumps({"path_steps": float(steps), "seconds": seconds, "compile_seconds": compile_seconds,
                      "library": library, "estimates": estimates}))
