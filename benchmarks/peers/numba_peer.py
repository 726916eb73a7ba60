"""Numba: loops over the steps of one path after the other, compiled, with NumPy's generator; several threads share a
batch, each with a generator of its own."""

import concurrent.futures

import peer

task = peer.task(("W1", "W2", "W3", "W4", "W6"), length=4096)
with peer.imports():
    import numba
    import numpy as np

compiled = numba.njit(nogil=True)


@compiled
def ends_with_two_normals(rng, out, steps, growth, sigma, tau):
    for path in range(len(out)):
        x = 1.0
        for _ in range(steps):
            x = (growth + sigma * rng.standard_normal()) * x + tau * rng.standard_normal()
        out[path] = x


@compiled
def ends_with_one_normal(rng, out, steps, growth, sigma):
    for path in range(len(out)):
        x = 1.0
        for _ in range(steps):
            x *= growth + sigma * rng.standard_normal()
        out[path] = x


@compiled
def ends_with_two_point_noise(rng, out, steps, growth, sigma, tau):
    """One bit of a 64-bit word for each step."""
    factors = (growth - sigma, growth + sigma)
    word = np.uint64(0)
    for path in range(len(out)):
        x = 1.0
        for n in range(steps):
            if n % 64 == 0:
                word = rng.integers(0, 0xFFFFFFFFFFFFFFFF, dtype=np.uint64, endpoint=True)
            x = factors[word & np.uint64(1)] * x + tau * rng.standard_normal()
            word >>= np.uint64(1)
        out[path] = x


@compiled
def exits(rng, out, steps, growth, sigma, tau, radius):
    for path in range(len(out)):
        x = 1.0
        out[path] = 0
        for n in range(1, steps + 1):
            x = (growth + sigma * rng.standard_normal()) * x + tau * rng.standard_normal()
            if abs(x) >= radius:
                out[path] = n
                break


@compiled
def ends_with_momentum(rng, out, steps, growth, sigma, tau, momentum):
    for path in range(len(out)):
        x, v = 1.0, 0.0
        for _ in range(steps):
            v = momentum * v + (growth - 1 + sigma * rng.standard_normal()) * x + tau * rng.standard_normal()
            x += v
        out[path] = x


def loop_for(w):
    """The workload's loop with its parameters."""
    multiplicative, both = (w.growth, w.sigma_step), (w.growth, w.sigma_step, w.tau_step)
    if w.radius:
        return exits, (*both, w.radius)
    if w.momentum:
        return ends_with_momentum, (*both, w.momentum)
    if w.two_point:
        return ends_with_two_point_noise, both
    return (ends_with_two_normals, both) if w.tau else (ends_with_one_normal, multiplicative)


def make(task):
    loop, parameters = loop_for(task.workload)
    generators = [np.random.Generator(np.random.PCG64(seed))
                  for seed in np.random.SeedSequence(task.seed).spawn(task.threads)]
    out = np.empty(task.length)
    parts = np.array_split(out, task.threads)
    pool = concurrent.futures.ThreadPoolExecutor(task.threads)

    def batch():
        list(pool.map(lambda rng, part: loop(rng, part, task.steps, *parameters), generators, parts))
        return out

    loop(generators[0], out[:1], 1, *parameters)
    return batch


if __name__ == "__main__":
    peer.measure(task, f"Numba {numba.__version__}", make, compiles=True)
