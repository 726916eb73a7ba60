"""Systems of formulas beside loops that are written by hand: FitzHugh and Nagumo's neuron, and Lorenz's equations with noise.

    systems.py PATH/TO/noisetrap [--rounds N] [--out FILE]

Each contender steps the same equations by Euler-Maruyama in double precision on one thread, turn by turn: noisetrap with
float32 noise ("mixed", its default) and with float64 noise ("double"), NumPy in place on arrays of 4096 paths, and Numba,
where the Python that runs this has it, with compiled loops over one path after the other. NumPy and Numba draw PCG64's
normals. What counts is the time that the processor spends on a process, start and output included; compiling is left
out. The numbers are path-steps per second of the fastest round.
"""

import argparse
import json
import pathlib
import resource
import subprocess
import sys
import tempfile

import numpy as np

STEPS, PATHS = 8192, 4096  # of one turn by hand
SYSTEMS = {
    "FitzHugh-Nagumo": "[model]\nequation = ['dv = (v - v^3/3 - w + i) dt + tau dW', 'dw = e*(v + a - b*w) dt']\n"
                       "parameters = {a = 0.7, b = 0.8, e = 0.08, i = 0.5, tau = 0.25}\n[integrator]\ndt = 0.03125\n",
    "Lorenz": "[model]\nequation = ['dx = sigma*(y - x) dt', 'dy = (x*(rho - z) - y) dt', 'dz = (x*y - beta*z) dt + tau dW']\n"
              "parameters = {sigma = 10.0, rho = 28.0, beta = 2.6666666666666667, tau = 0.5}\nstart = {y = 1.0, z = 25.0}\n"
              "[integrator]\ndt = 0.001953125\n",
}


def neuron(rng, steps=STEPS, paths=PATHS, h=1 / 32, a=0.7, b=0.8, e=0.08, i=0.5, tau=0.25):
    v, w, noise, change, other = np.ones(paths), np.zeros(paths), *(np.empty(paths) for _ in range(3))
    size = tau * h ** 0.5
    for _ in range(steps):
        rng.standard_normal(out=noise)
        np.multiply(v, v, out=change)
        change *= -h / 3
        change += 1 + h
        change *= v
        np.multiply(w, -h, out=other)
        change += other
        change += h * i
        noise *= size
        change += noise
        w *= 1 - h * e * b
        v *= h * e
        w += v
        w += h * e * a
        v, change = change, v
    return v, w


def lorenz(rng, steps=STEPS, paths=PATHS, h=1 / 512, s=10.0, r=28.0, b=8 / 3, tau=0.5):
    x, y, z = np.ones(paths), np.ones(paths), np.full(paths, 25.0)
    noise, product, other = (np.empty(paths) for _ in range(3))
    size = tau * h ** 0.5
    for _ in range(steps):
        rng.standard_normal(out=noise)
        np.multiply(x, y, out=product)
        np.subtract(r, z, out=other)
        other *= x
        other -= y
        other *= h
        z *= 1 - h * b
        product *= h
        z += product
        noise *= size
        z += noise
        x *= 1 - h * s
        np.multiply(y, h * s, out=product)
        x += product
        y += other
    return x, y, z


def compiled():
    """The same loops for Numba, path by path; none where it is not here."""
    try:
        import numba
    except ImportError:
        return {}

    @numba.njit
    def of_neuron(rng, out, steps, h, a, b, e, i, tau):
        size = tau * h ** 0.5
        for path in range(len(out)):
            v, w = 1.0, 0.0
            for _ in range(steps):
                v, w = v + h * (v - v * v * v / 3 - w + i) + size * rng.standard_normal(), w + h * e * (v + a - b * w)
            out[path] = v

    @numba.njit
    def of_lorenz(rng, out, steps, h, s, r, b, tau):
        size = tau * h ** 0.5
        for path in range(len(out)):
            x, y, z = 1.0, 1.0, 25.0
            for _ in range(steps):
                x, y, z = (x + h * s * (y - x), y + h * (x * (r - z) - y),
                           z + h * (x * y - b * z) + size * rng.standard_normal())
            out[path] = x

    return {"FitzHugh-Nagumo": lambda rng, out, steps: of_neuron(rng, out, steps, 1 / 32, 0.7, 0.8, 0.08, 0.5, 0.25),
            "Lorenz": lambda rng, out, steps: of_lorenz(rng, out, steps, 1 / 512, 10.0, 28.0, 8 / 3, 0.5)}


def own_seconds(work):
    """User time of work() in this process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - before


def seconds_of(program, file, settings):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([program, "simulate", file, "--set", "run.threads=1", *settings, "--json", "-"], check=True,
                   stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def contenders(program, name, folder):
    """Name -> (work that returns its seconds, path-steps of a turn)."""
    file = pathlib.Path(folder, f"{name}.toml")
    file.write_text(SYSTEMS[name] + "[observe]\ngrowth = false\nquantiles = []\n")
    paths, steps = 16 * PATHS, STEPS

    def ours(precision):
        settings = ["--set", f"run.precision={precision}", "--set", f"integrator.steps={steps}"]
        seconds_of(program, file, [*settings, "--set", "ensemble.paths=16"])  # compiles
        return lambda: seconds_of(program, file, [*settings, "--set", f"ensemble.paths={paths}"])

    by_hand = {"FitzHugh-Nagumo": neuron, "Lorenz": lorenz}[name]
    rng = np.random.Generator(np.random.PCG64(1))
    found = {"noisetrap, mixed": (ours("mixed"), paths * steps), "noisetrap, double": (ours("double"), paths * steps),
             "NumPy": (lambda: own_seconds(lambda: by_hand(rng)), PATHS * STEPS)}
    if name in (loops := compiled()):
        loop = loops[name]
        loop(rng, np.empty(1), 1)
        found["Numba"] = (lambda: own_seconds(lambda: loop(rng, np.empty(PATHS), STEPS)), PATHS * STEPS)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", help="a file for the results, as JSON")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SYSTEMS:
            turns = contenders(options.program, name, folder)
            rounds = [{who: work() for who, (work, _) in turns.items()} for _ in range(options.rounds)]
            seconds = {who: min(one[who] for one in rounds) for who in turns}
            results[name] = {who: turns[who][1] / seconds[who] for who in turns}
            ours = results[name]["noisetrap, mixed"]
            print(f"{name:18}" + "".join(f"{who:>20}: {rate:.3g}/s ({ours / rate:.1f})" for who, rate in results[name].items()),
                  flush=True)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps({"path_steps_per_second": results, "python": sys.version.split()[0],
                                                         "numpy": np.__version__}, indent=1) + "\n")


if __name__ == "__main__":
    main()
