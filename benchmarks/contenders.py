"""What is timed: noisetrap in its variants and the peers, each run as a process that reports its own clock."""

import json
import math
import pathlib
import subprocess
import sys
from dataclasses import dataclass

STEPS = 640  # to t = 10 with dt = 1/64

CONFIGURATION = f"""
[model]
name = "linear-sde"
a = 0.3
sigma = 1.0
tau = 0.5
rho = 0.0

[integrator]
scheme = "euler-maruyama"
dt = {1 / 64}
steps = {STEPS}

[ensemble]
x0 = 1.0
"""


@dataclass(frozen=True)
class Sample:
    """One run: its speed and its estimate of E log |x| at the end."""

    path_steps: float
    seconds: float
    mean_log_abs: float
    standard_error: float
    library: str

    @property
    def speed(self):
        return self.path_steps / self.seconds


@dataclass(frozen=True)
class Peer:
    """A program that takes PATHS STEPS SEED and prints a Sample as JSON."""

    name: str
    program: tuple
    options: tuple = ()
    multiple: int = 1  # of paths
    is_peer = True

    def run(self, paths, seed):
        return Sample(**output_of([*self.program, str(paths), str(STEPS), str(seed), *self.options]))


@dataclass(frozen=True)
class Noisetrap:
    """`noisetrap simulate` on the CPU; without growth it does exactly the peers' work, and summarises it."""

    binary: str
    configuration: str
    threads: int = 1
    precision: str = "mixed"
    growth: bool = False
    multiple: int = 1024
    is_peer = False

    @property
    def name(self):
        extra = ", with growth" if self.growth else ""
        return f"noisetrap {self.precision}, threads {self.threads}{extra}"

    def run(self, paths, seed):
        settings = {"ensemble.paths": paths, "ensemble.seed": seed, "run.backend": "omp",
                    "run.threads": self.threads, "run.precision": self.precision,
                    "observe.growth": str(self.growth).lower()}
        report = output_of(simulate(self.binary, self.configuration, settings) + ["--json", "-"])
        end = report["times"][0]
        if report["steps"] != STEPS or end["finite"] != paths:
            sys.exit(f"{self.name}: {end['finite']} finite paths of {paths} after {report['steps']} steps")
        return Sample(report["path_steps"], report["wall_seconds"], end["mean_log_abs"]["value"],
                      end["mean_log_abs"]["standard_error"], f"noisetrap {report['noisetrap']}")


def simulate(binary, configuration, settings):
    """The command line of one simulation."""
    return [binary, "simulate", configuration] + [f"--set={key}={value}" for key, value in settings.items()]


def output_of(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    return json.loads(result.stdout)


def paths_for(contender, seconds):
    """How many paths take about so long: two trials, the second sized by the first."""
    paths = 16384
    for trial_seconds in (seconds / 4, seconds):
        sample = contender.run(paths, seed=1)
        paths = max(1, round(trial_seconds * sample.speed / STEPS / contender.multiple)) * contender.multiple
    return paths


def fastest_numpy(lengths=(2048, 4096, 8192, 16384, 32768), trials=3):
    """The NumPy peer with the array length that suits this machine's caches."""
    program = (sys.executable, str(pathlib.Path(__file__).with_name("numpy_peer.py")))
    peers = [Peer(f"NumPy, arrays of {n}", program, ("--length", str(n)), n) for n in lengths]
    best = dict.fromkeys(peers, -math.inf)
    for trial in range(trials):
        for peer in peers:
            best[peer] = max(best[peer], peer.run(max(lengths), seed=trial + 1).speed)
    return max(best, key=best.get)


def all_contenders(binary, configuration, peer_folder, threads):
    """Noisetrap at one thread (the one that is compared) comes first."""
    many = [threads] if threads > 1 else []
    yield Noisetrap(binary, configuration)
    for count in many:
        yield Noisetrap(binary, configuration, threads=count)
    for count in [1, *many]:
        yield Noisetrap(binary, configuration, threads=count, growth=True)
    for precision in ("double", "single"):
        yield Noisetrap(binary, configuration, precision=precision)
    yield Peer("std::normal_distribution loop", (str(peer_folder / "peer_std"),))
    yield Peer("Boost.Random and Odeint", (str(peer_folder / "peer_boost"),))
    yield fastest_numpy()
