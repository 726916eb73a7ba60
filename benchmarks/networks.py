"""Networks under stochastic gradient descent beside JAX: many replicas of a gate and of a multilayer perceptron on digits.

    networks.py PATH/TO/noisetrap [--rounds N] [--out FILE]

Each contender steps replicas of the same network on the 1797 handwritten digits, every replica with batches of its own,
drawn with replacement, in float32 on one thread, turn by turn. JAX, where the Python that runs this has it, runs
jit(scan(vmap(grad))) with its own generator (threefry), at the better of two numbers of replicas. noisetrap's exits are
watched at every step and never come. What counts is the time that the processor spends: of noisetrap that of a process
with twice the steps less that of one with the steps, so that start, compiling and the search of the saddle are left out;
of JAX that of a call that is compiled already. The numbers are path-steps per second of the fastest round.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

import machine

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

GATE = "[data]\ninputs = [36]\n[network]\nhidden = [1]\n"
MLP = "[data]\ntarget = 'class'\nstandardise = false\nleast_deviation = 0.0\n[network]\nhidden = [8]\n"
# Network, batch, paths and steps of noisetrap, replicas and steps of JAX.
TASKS = {
    "gate 1-1-1, b = 1": (GATE, 1, 65536, 2000, (1024, 16384), 1000),
    "MLP 61-8-10, b = 1": (MLP, 1, 4096, 1000, (64, 1024), 100),
    "MLP 61-8-10, b = 16": (MLP, 16, 1024, 300, (64, 1024), 20),
}


def processor_seconds(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def of_noisetrap(program, network, batch, paths, steps):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "run.toml")
        file.write_text(network + "[measure]\nchains = 2\nsteps = 10\n"
                        f"[escape]\nlearning_rates = [0.01]\nbatch_sizes = [{batch}]\npaths = {paths}\nnear = 0.0\n"
                        "far = 1e15\ngrowth_steps = 0\n[run]\nthreads = 1\n")

        def seconds(n):
            return processor_seconds(program, "escape", str(file), "--set", f"escape.steps={n}", "--json", "-")

        seconds(1)  # compiles the kernel
        return paths * steps / (seconds(2 * steps) - seconds(steps))


def data(network):
    import gzip

    import numpy as np
    file = "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
    table = np.loadtxt(gzip.open(file), delimiter=",")
    x, digit = table[:, :64] / 16, table[:, 64].astype(int)
    if network is GATE:
        pixel = x[:, 36]
        return ((pixel - pixel.mean()) / pixel.std()).astype("f4"), np.where(digit % 2 == 0, 1, -1).astype("f4")
    x = x[:, x.std(0) > 0]
    return (x - x.mean(0)).astype("f4"), digit


def of_jax(network, batch, replicas, steps):
    import time

    import jax
    import jax.numpy as jnp
    x, y = map(jnp.asarray, data(network))

    def gate_loss(theta, x, y):
        return jnp.mean((theta[1] * jnp.tanh(theta[0] * x) - y) ** 2) / 2

    def mlp_loss(theta, x, y):
        f = jnp.tanh(x @ theta["w"]) @ theta["v"]
        return jnp.mean(jax.nn.logsumexp(f, axis=-1) - jnp.take_along_axis(f, y[:, None], 1)[:, 0])

    if network is GATE:
        loss, start = gate_loss, jnp.full((2, replicas), 1e-4).T
    else:
        loss = mlp_loss
        start = {"w": jnp.full((replicas, x.shape[1], 8), 1e-4), "v": jnp.full((replicas, 8, 10), 1e-4)}

    def step(theta, key):
        taken = jax.random.randint(key, (replicas, batch), 0, x.shape[0])
        slope = jax.vmap(jax.grad(loss))(theta, x[taken], y[taken])
        return jax.tree.map(lambda t, g: t - 0.01 * g, theta, slope), None

    run = jax.jit(lambda theta, keys: jax.lax.scan(step, theta, keys)[0])
    keys = jax.random.split(jax.random.key(1), steps)
    jax.block_until_ready(run(start, keys))
    begin = time.process_time()
    jax.block_until_ready(run(start, keys))
    return replicas * steps / (time.process_time() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out")
    options = parser.parse_args()
    try:
        import jax
        peer = f"JAX {jax.__version__}"
    except ImportError:
        peer = None
    found = {}
    for name, (network, batch, paths, steps, replicas, jax_steps) in TASKS.items():
        ours = theirs = 0
        for _ in range(options.rounds):
            ours = max(ours, of_noisetrap(options.program, network, batch, paths, steps))
            if peer:
                theirs = max([theirs] + [of_jax(network, batch, r, jax_steps) for r in replicas])
        found[name] = {"noisetrap": ours, **({peer: theirs, "ratio": ours / theirs} if peer else {})}
        print(f"{name:<22} noisetrap {ours:9.3g}" + (f"   {peer} {theirs:9.3g}   {ours / theirs:5.1f} times" if peer else ""),
              flush=True)
    if options.out:
        results = {"processor": machine.processor().get("model name", ""), "path_steps_per_second": found}
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
