"""Where and with what a comparison was run."""

import json
import os
import pathlib
import platform
import subprocess
import time


def processor():
    """The fields of the first processor in /proc/cpuinfo."""
    first = pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())}


def cores():
    return len(os.sched_getaffinity(0))


def all_processor_seconds():
    """Seconds that all processors together have worked since the start of the system, from /proc/stat."""
    user, nice, system = pathlib.Path("/proc/stat").read_text().split()[1:4]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


class Neighbours:
    """How many cores other processes than this one and its finished children have kept busy since its making."""

    def __init__(self):
        self.start, self.others = time.perf_counter(), self.seconds()

    @staticmethod
    def seconds():
        return all_processor_seconds() - sum(os.times()[:4])

    def busy_cores(self):
        return max(0.0, (self.seconds() - self.others) / (time.perf_counter() - self.start))


def busy_cores(seconds=2):
    neighbours = Neighbours()
    time.sleep(seconds)
    return neighbours.busy_cores()


def vectors():
    flags = processor().get("flags", "").split()
    return next((name for flag, name in (("avx512f", "avx512"), ("avx2", "avx2")) if flag in flags), platform.machine())


def label(with_optional_peers, gpu):
    """A short name of the kind of machine and of comparison."""
    return f"{'gpu' if gpu else 'cpu'}-{vectors()}-{cores()}core" + "-peers" * bool(with_optional_peers)


def caches():
    folder = pathlib.Path("/sys/devices/system/cpu/cpu0/cache")
    entries = sorted(folder.glob("index*"))
    return [" ".join((entry / part).read_text().strip() for part in ("level", "type", "size")) for entry in entries]


def description():
    cpu = processor()
    return {"cpu": cpu.get("model name", platform.machine()),
            "cpu_family_model": f"{cpu.get('cpu family', '?')}/{cpu.get('model', '?')}",
            "cores": cores(), "vectors": vectors(), "caches": caches(), "system": platform.platform()}


def build(binary, peer_folder):
    """Compiler and flags as CMake wrote them beside the peers, and noisetrap's own account of itself, without the folder of
    its kernels, which is this machine's own business."""
    written = json.loads((peer_folder / "build.json").read_text())
    info = subprocess.run([binary, "info"], capture_output=True, text=True, check=True).stdout
    return {**written, "python": platform.python_version(), "noisetrap_info": [line for line in info.splitlines() if not line.startswith("kernel cache")]}
