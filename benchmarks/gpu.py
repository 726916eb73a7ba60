"""Everything that is asked of a GPU, in one command, and one file of what it answered.

    gpu.py --build FOLDER [--peer-python PYTHON] [--all] [--out FILE]

In this order, so that speeds are those of results that are right: the bytes of every way of stepping beside the CPU's, the
same under compute-sanitizer where that is installed, the claims of the theory, the speeds of the workloads beside peers on
the same device, and 10^12 path-steps in one command. A part that fails is named, and the parts after it still run; the
exit status is 1 then. FOLDER is a build folder with its benchmarks.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import machine

HERE = pathlib.Path(__file__).resolve().parent
GOALS = {"mixed": 3e11, "mixed, fast arithmetic": 5e11}  # path-steps/s of W1 on an H200, summaries included
PATH_STEPS = 1e12


def output_of(command):
    """{"command", "status", "seconds", "output"}; what it prints is shown as it comes."""
    print("+", *command, file=sys.stderr)
    start, lines = time.perf_counter(), []
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout:
            lines.append(line)
            print(line, end="", file=sys.stderr)
    return {"command": " ".join(map(str, command)), "status": process.returncode,
            "seconds": time.perf_counter() - start, "output": "".join(lines)}


def device_of(program):
    """What `info` says of the CUDA backend; ends the program where there is none that can be used."""
    lines = subprocess.run([program, "info"], capture_output=True, text=True, check=True).stdout.splitlines()
    line = next(line for line in lines if line.startswith("backend cuda"))
    if "not usable" in line or "usable:" not in line:
        sys.exit(f"There is nothing to measure here: {line.split(maxsplit=2)[2]}")
    return line.split("usable:")[1].strip()


def sanitizer():
    return shutil.which("compute-sanitizer") or shutil.which("compute-sanitizer", path="/usr/local/cuda/bin")


def many_path_steps(program, path_steps):
    """One simulation of W1, summaries included, as a user starts it."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write("[model]\nname = 'linear-sde'\na = 0.3\nsigma = 1.0\ntau = 0.5\n[integrator]\nsteps = 1000\n"
                   f"[ensemble]\npaths = {path_steps / 1000:.0f}\n[run]\nbackend = 'cuda'\n")
        file.flush()
        return output_of([program, "simulate", file.name])


def speeds(output):
    """{name: the fastest of the rounds}, from lines such as `mixed: 3.1e+11 path-steps/s, ...`."""
    found = {}
    for line in output.splitlines():
        name, _, rest = line.partition(": ")
        if "path-steps/s, summaries included" in rest:
            found[name] = max(found.get(name, 0), float(rest.split()[0]))
    return found


def parts(arguments):
    """{part: what came of it}"""
    build, program = arguments.build, arguments.build / "noisetrap"
    check = [build / "gpu_check", *["--all"] * arguments.all]
    done = {"bytes": output_of([*check, *["--time"] * (not arguments.quick)])}
    if sanitizer() and not arguments.quick:
        done["memory"] = output_of([sanitizer(), "--error-exitcode", "9", build / "gpu_check"])
    with tempfile.TemporaryDirectory() as folder:
        done["claims"] = output_of([program, "validate", "--out", f"{folder}/claims",
                                    *(["--quick", "--only", "sde/moments"] if arguments.quick else [])])
        if not arguments.quick:
            peers = ["--peer-python", arguments.peer_python] if arguments.peer_python else []
            done["peers"] = output_of([sys.executable, HERE / "compare.py", "--noisetrap", program, "--peers",
                                       build / "benchmarks" / "peers", "--gpu", *peers, "--out", f"{folder}/peers.json"])
            if done["peers"]["status"] == 0:
                done["peers"]["results"] = json.loads(pathlib.Path(f"{folder}/peers.json").read_text())
    done["path_steps"] = many_path_steps(program, 1e6 if arguments.quick else PATH_STEPS)
    return done


def table(device, done):
    yield f"**{device}**\n"
    yield "| part | came out | seconds |"
    yield "|---|---|---|"
    for name, part in done.items():
        yield f"| {name.replace('_', '-')} | {'right' if part['status'] == 0 else 'WRONG'} | {part['seconds']:.0f} |"
    if "memory" not in done:
        yield "| memory | not looked at: no compute-sanitizer, or --quick | |"
    measured = speeds(done["bytes"]["output"])
    if measured:
        yield "\n| W1 in one launch, summaries included | path-steps/s | goal on an H200 | |\n|---|---|---|---|"
        for name, speed in measured.items():
            goal = GOALS.get(name)
            yield (f"| {name} | {speed:.2e} | " + (f"{goal:.0e} | {'met' if speed >= goal else 'missed'} |" if goal else "| |"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--peer-python", help="a Python that has the optional libraries")
    parser.add_argument("--all", action="store_true", help="the bytes of every pair in every precision")
    parser.add_argument("--quick", action="store_true", help="no speeds, few claims: whether this script itself works")
    parser.add_argument("--out", type=pathlib.Path, help="default: a file of the device's name in results/")
    arguments = parser.parse_args()
    arguments.build = arguments.build.resolve()
    device = device_of(arguments.build / "noisetrap")
    done = parts(arguments)
    name = "-".join(device.split("(")[0].lower().split())
    out = arguments.out or HERE / "results" / f"gpu-{name}.json"
    out.write_text(json.dumps({"device": device, "machine": machine.description(), "parts": done}, indent=4) + "\n")
    print("\n".join(table(device, done)))
    sys.exit(any(part["status"] for part in done.values()))


if __name__ == "__main__":
    main()
