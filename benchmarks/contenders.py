"""What is timed: noisetrap in its variants and the peers, each run as a process that reports its own clock."""

import json
import math
import pathlib
import subprocess
import sys
from dataclasses import dataclass, replace

PEERS = pathlib.Path(__file__).with_name("peers")
sys.path.insert(0, str(PEERS))

from workloads import WORKLOADS, Workload  # noqa: E402

REFERENCE = "noisetrap mixed"


class CannotRun(Exception):
    """Why a contender has no row, in one sentence."""


@dataclass(frozen=True)
class Sample:
    """One run: steps actually taken, its speed and its estimates, each {"value", "standard_error"}."""

    path_steps: float
    seconds: float
    compile_seconds: float
    library: str
    estimates: dict

    @property
    def speed(self):
        return self.path_steps / self.seconds


@dataclass(frozen=True)
class Contender:
    workload: Workload
    precision: str = "double"
    threads: int = 1
    gpu: bool = False
    is_peer = False
    multiple = 1024  # of paths

    @property
    def name(self):
        """Within a workload."""
        device = ["GPU"] if self.gpu else []
        threads = [f"threads {self.threads}"] if self.threads > 1 else []
        return ", ".join([f"{self.label} {self.precision}", *self.variant, *threads, *device])

    @property
    def key(self):
        return f"{self.workload.name}: {self.name}"


@dataclass(frozen=True)
class Peer(Contender):
    """A program with the command line WORKLOAD PATHS STEPS SEED that prints a Sample as JSON."""

    library: str = ""
    program: tuple = ()
    length: int = 0  # of the arrays of paths; 0: none
    is_peer = True

    @property
    def label(self):
        return self.library

    @property
    def variant(self):
        return [f"arrays of {self.length}"] if self.length else []

    @property
    def multiple(self):
        return self.length or 1

    def run(self, paths, seed):
        command = [*self.program, self.workload.name, str(paths), str(self.workload.steps), str(seed),
                   "--precision", self.precision]
        if self.length:
            command += ["--length", str(self.length)]
        if self.threads > 1:
            command += ["--threads", str(self.threads)]
        if self.gpu and len(self.program) > 1:  # a Python program; the others know one device
            command += ["--device", "gpu"]
        return Sample(**output_of(command, cannot_run=3))


@dataclass(frozen=True)
class Noisetrap(Contender):
    """`noisetrap simulate`; without growth it does exactly the peers' work, and summarises it."""

    binary: str = ""
    growth: bool = False
    instruction_set: str = "auto"
    label = "noisetrap"

    @property
    def variant(self):
        return [self.instruction_set] * (self.instruction_set != "auto") + ["with growth"] * self.growth

    def run(self, paths, seed):
        report = output_of(simulate(self.binary, {
            **settings_of(self.workload), "ensemble.paths": paths, "ensemble.seed": seed,
            "run.backend": "cuda" if self.gpu else "omp", "run.threads": self.threads,
            "run.precision": self.precision, "run.instruction_set": self.instruction_set,
            "observe.growth": str(self.growth).lower()}) + ["--json", "-"], cannot_run=2)
        steps, estimates = (exits if self.workload.radius else ends)(report)
        return Sample(steps, report["wall_seconds"], 0, f"noisetrap {report['noisetrap']}", estimates)


def ends(report):
    """Steps taken and E log |x| of paths that run to the end."""
    end = report["times"][0]
    if end["finite"] != report["paths"]:
        sys.exit(f"noisetrap: {end['finite']} finite paths of {report['paths']}")
    return report["paths"] * report["steps"], {"mean_log_abs": plain(end["mean_log_abs"])}


def exits(report):
    """Steps taken, the part of paths that left, and the mean step at which they did. T / dt is the exit step, so that
    paths x E min(T, t_end) / dt is the number of steps until each path has left or the end has come."""
    passage, paths, dt = report["first_passage"], report["paths"], report["dt"]
    left = passage["exited"] / paths
    return paths * passage["restricted_mean_time"]["value"] / dt, {
        "left": {"value": left, "standard_error": math.sqrt(left * (1 - left) / paths)},
        "mean_exit_step": {key: value / dt for key, value in plain(passage["mean_time"]).items()}}


def plain(estimate):
    return {key: estimate[key] for key in ("value", "standard_error")}


def settings_of(w):
    """The workload as noisetrap's keys."""
    result = {"model.a": w.a, "model.sigma": w.sigma, "model.tau": w.tau, "integrator.steps": w.steps,
              "ensemble.x0": 1.0}
    if w.dt != 1:
        result |= {"model.name": "linear-sde", "integrator.scheme": "euler-maruyama", "integrator.dt": w.dt}
    else:
        result |= {"model.name": "noisy-saddle", "optimiser.name": "sgd", "optimiser.learning_rate": 1.0,
                   "model.law": "two-point" if w.two_point else "gaussian", "model.eta_law": "gaussian"}
    if w.momentum:
        result |= {"optimiser.name": "momentum", "optimiser.momentum": w.momentum}
    if w.radius:
        result |= {"observe.exit_radius": w.radius, "observe.times": []}
    return result


def simulate(binary, settings):
    """The command line of one simulation; the empty file stands for noisetrap's defaults."""
    return [binary, "simulate", "/dev/null", *(f"--set={key}={value}" for key, value in settings.items())]


def output_of(command, cannot_run):
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise CannotRun("It was not built.") from None
    if result.returncode == cannot_run:
        raise CannotRun(result.stderr.strip())
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    return json.loads(result.stdout)


@dataclass(frozen=True)
class Library:
    """What a peer can do, and the lengths of arrays that are tried first; others follow until the best is bracketed."""

    name: str
    program: str
    workloads: str
    precisions: tuple = ("double",)
    lengths: tuple = ()
    optional: bool = True  # not among Debian's packages that `make setup` installs
    many_threads: bool = False  # also W1 with as many threads as there are processors
    devices: tuple = ("cpu",)


BOTH = ("double", "single")
LIBRARIES = (
    Library("std loop", "std_peer", "W1 W2 W3 W4 W6", BOTH, optional=False),
    Library("Boost and Odeint", "boost_peer", "W1 W2", optional=False),
    Library("NumPy", "numpy_peer.py", "W1 W2 W3 W4 W6", BOTH, (4096, 8192), optional=False),
    Library("Numba", "numba_peer.py", "W1 W2 W3 W4 W6", lengths=(4096,), many_threads=True),
    Library("JAX", "jax_peer.py", "W1 W2 W3 W6", BOTH, (4096, 8192), many_threads=True, devices=("cpu", "gpu")),
    Library("diffrax", "diffrax_peer.py", "W1 W2", BOTH, (4096, 8192)),
    Library("PyTorch", "torch_peer.py", "W1 W2 W3 W6", BOTH, (4096, 8192), many_threads=True,
            devices=("cpu", "gpu")),
    Library("torchsde", "torchsde_peer.py", "W1 W2", BOTH, (4096, 8192)),
    Library("CuPy", "cupy_peer.py", "W1", BOTH, devices=("gpu",)),
    Library("cuRAND", "curand_peer", "W1 W2 W3", BOTH, devices=("gpu",), optional=False),
)
GPU_LENGTH = 1 << 20


def noisetrap_rows(binary, workload, threads, gpu):
    plain_row = Noisetrap(workload, "mixed", binary=binary)
    if gpu:
        yield from (replace(plain_row, precision=precision, gpu=True) for precision in ("mixed", *BOTH))
        return
    yield plain_row
    if threads > 1:
        yield replace(plain_row, threads=threads)
    yield replace(plain_row, precision="single")
    if workload.name == "W1":
        yield replace(plain_row, precision="double")
        yield replace(plain_row, growth=True)
        yield replace(plain_row, instruction_set="x86-64-v3")


def peer_rows(library, program, workload, threads, gpu):
    if workload.name not in library.workloads.split() or ("gpu" if gpu else "cpu") not in library.devices:
        return
    length = GPU_LENGTH if gpu and program[-1].endswith(".py") else library.lengths[0] if library.lengths else 0
    for precision in library.precisions:
        yield Peer(workload, precision, 1, gpu, library.name, program, length)
    if library.many_threads and workload.name == "W1" and threads > 1 and not gpu:
        yield Peer(workload, "double", threads, gpu, library.name, program, length)


def program_of(library, folder, python):
    """The command that starts the library's peer; None where the Python that has the library is not known."""
    if not library.program.endswith(".py"):
        return (str(folder / library.program),)
    interpreter = python if library.optional else sys.executable
    return (interpreter, str(PEERS / library.program)) if interpreter else None


def all_contenders(binary, folder, python, workloads, threads, gpu):
    """In the order of the tables; noisetrap mixed on one thread, which the others are compared with, comes first."""
    for workload in (WORKLOADS[name] for name in workloads):
        yield from noisetrap_rows(binary, workload, threads, gpu)
        for library in LIBRARIES:
            if program := program_of(library, folder, python):
                yield from peer_rows(library, program, workload, threads, gpu)


LONGEST, SHORTEST = 1 << 21, 1 << 6


def speed_at(peer, length, trials=2):
    """With W1, of arrays of this length, which go through it as often as half a second or so allows."""
    trial = replace(peer, workload=WORKLOADS["W1"], length=length)
    paths = max(length, 65536)
    return max(trial.run(paths, seed=number + 1).speed for number in range(trials))


def fastest_length(peer, lengths, speed_at=speed_at):
    """The length of arrays that suits this machine's caches: of the lengths tried neither the shortest nor the longest,
    unless these are the limits."""
    speeds = {length: speed_at(peer, length) for length in lengths}
    while True:
        best = max(speeds, key=speeds.get)
        if best == max(speeds) and best < LONGEST:
            further = 2 * best
        elif best == min(speeds) and best > SHORTEST:
            further = best // 2
        else:
            return best
        speeds[further] = speed_at(peer, further)


def with_fitting_lengths(contenders):
    """The same contenders; a library's arrays have the length that is fastest in a precision and with so many threads."""
    lengths = {library.name: library.lengths for library in LIBRARIES if len(library.lengths) > 1}
    fastest = {}
    for contender in contenders:
        if not contender.is_peer or contender.gpu or contender.library not in lengths:
            yield contender
            continue
        kind = contender.library, contender.precision, contender.threads
        if kind not in fastest:
            try:
                fastest[kind] = fastest_length(contender, lengths[contender.library])
            except CannotRun:
                fastest[kind] = contender.length
        yield replace(contender, length=fastest[kind])


def paths_for(contender, seconds):
    """How many paths take about so long, by a trial."""
    whole = contender.multiple
    trial = math.ceil(32768 / whole) * whole
    return max(1, round(trial * seconds / contender.run(trial, seed=1).seconds / whole)) * whole
