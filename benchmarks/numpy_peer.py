"""The vectorised NumPy peer: float64, in place, one thread.

    numpy_peer.py PATHS STEPS SEED [--length N]

LENGTH paths are stepped together; it decides which cache the three arrays live in. Prints one line of JSON, as the
C++ peers do.
"""

import argparse
import json
import math
import time

import numpy as np

A, SIGMA, TAU, X0, DT = 0.3, 1.0, 0.5, 1.0, 1.0 / 64


def end_of_paths(rng, x, multiplicative, additive, steps):
    """Steps x, whose length is that of the two buffers, in place: dx = a x dt + sigma x dW + tau dV."""
    growth, sigma, tau = 1 + A * DT, SIGMA * math.sqrt(DT), TAU * math.sqrt(DT)
    x.fill(X0)
    for _ in range(steps):
        rng.standard_normal(out=multiplicative)
        rng.standard_normal(out=additive)
        np.multiply(multiplicative, sigma, out=multiplicative)
        np.add(multiplicative, growth, out=multiplicative)
        np.multiply(x, multiplicative, out=x)
        np.multiply(additive, tau, out=additive)
        np.add(x, additive, out=x)


def simulate(paths, steps, seed, length):
    """The mean of log |x| at the end, and its standard error."""
    rng = np.random.Generator(np.random.PCG64(seed))
    x, multiplicative, additive = np.empty((3, length))
    log_abs = np.empty(paths)
    for first in range(0, paths, length):
        n = min(length, paths - first)
        end_of_paths(rng, x[:n], multiplicative[:n], additive[:n], steps)
        log_abs[first:first + n] = np.log(np.abs(x[:n]))
    return log_abs.mean(), log_abs.std(ddof=1) / math.sqrt(paths)


def main():
    parser = argparse.ArgumentParser()
    for name in ("paths", "steps", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--length", type=int, default=4096)
    arguments = parser.parse_args()
    start = time.perf_counter()
    mean, standard_error = simulate(arguments.paths, arguments.steps, arguments.seed, arguments.length)
    seconds = time.perf_counter() - start
    print(json.dumps({"path_steps": arguments.paths * arguments.steps, "seconds": seconds, "mean_log_abs": mean,
                      "standard_error": standard_error, "library": f"NumPy {np.__version__}"}))


if __name__ == "__main__":
    main()
