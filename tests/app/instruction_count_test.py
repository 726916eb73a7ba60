"""Has a kernel become slower? Run as  instruction_count_test.py PATH/TO/noisetrap --compiler "NAME VERSION FLAGS".

Time on a shared machine says that only roughly. Instructions can be counted exactly: valgrind counts those inside the
kernel for two numbers of steps, and the difference, in which the start and the end of paths cancel, is instructions per
path-step. They are compared with the figures in instruction_count.json, which hold for one compiler; --update writes
them anew. The flags of kernels are not part of that: a change of theirs is to be noticed like one of the source.

Counts do not depend on the processor: instruction set, lanes and chunk are given, and the same bits come out of every
machine, so that branches on them agree. AVX-512 is unknown to valgrind, hence x86-64-v3, whose source is the same.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FIGURES = Path(__file__).with_suffix("").with_name("instruction_count.json")
MARGIN = 0.03
SKIPPED = 77
PATHS, STEPS = 1024, (512, 1024)
NEEDED = {"avx2", "bmi2", "fma"}
KERNEL = "*block_function*"  # engine/kernels/kernel_unit.hpp

# Model and settings. x is observed at the end alone, for which paths that have left go on, too.
CASES = {
    "linear-sde": ("linear-sde", {}),
    "linear-sde, first passage": ("linear-sde", {"observe.exit_radius": 2.0}),
    "linear-sde, growth and its controls": ("linear-sde", {"observe.growth": "true"}),
    "noisy-saddle, two-point and gaussian": ("noisy-saddle", {"model.law": "two-point", "model.eta_law": "gaussian"}),
    "noisy-saddle under adam": ("noisy-saddle", {"optimiser.name": "adam"}),
}
COMMON = {"observe.growth": "false", "ensemble.paths": PATHS, "run.backend": "serial", "run.precision": "mixed",
          "run.instruction_set": "x86-64-v3", "run.lanes": 64, "run.chunk": PATHS}


def why_skipped(compiler, figures):
    """A sentence, or None."""
    processor = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), flags=re.MULTILINE)
    if not shutil.which("valgrind"):
        return "Skipped: valgrind, which counts the instructions, is not installed."
    if not processor or not NEEDED <= set(processor[1].split()):
        return "Skipped: the counted kernels need a processor with AVX2."
    if figures and figures["compiler"] != compiler:
        return f"Skipped: the figures are for {figures['compiler']}, this is {compiler}."
    return None


def last_time(model, steps):
    """A recursion counts in steps, an SDE in time, by default 1/64 a step."""
    return f"[{steps / 64}]" if model == "linear-sde" else f"[{steps}]"


def command(program, configuration, settings):
    return ["valgrind", "--tool=callgrind", f"--toggle-collect={KERNEL}", "--callgrind-out-file=/dev/null", program,
            "simulate", configuration, "--json", "-",
            *(word for key, value in settings.items() for word in ("--set", f"{key}={value}"))]


def instructions(program, model, settings, steps):
    """Of all calls of the kernel in one run."""
    settings = {**COMMON, **settings, "integrator.steps": steps, "observe.times": last_time(model, steps)}
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as configuration:
        configuration.write(f'[model]\nname = "{model}"\n')
        configuration.flush()
        done = subprocess.run(command(program, configuration.name, settings), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{model} with {steps} steps failed:\n{done.stderr}")
    counted = int(re.search(r"Collected : (\d+)", done.stderr)[1])
    return counted or sys.exit(f"No instruction of a function {KERNEL} was counted: has it another name?")


def per_path_step(program, model, settings):
    few, many = (instructions(program, model, settings, steps) for steps in STEPS)
    return (many - few) / (PATHS * (STEPS[1] - STEPS[0]))


def verdict(name, counted, expected):
    """A line to read, and whether the kernel is too slow."""
    change = counted / expected - 1
    line = f"{name}: {counted:.3f} instructions per path-step, {change:+.2%} of the recorded {expected:.3f}"
    if change > MARGIN:
        return f"{line}: SLOWER. If this is meant, run this script with --update.", True
    if change < -MARGIN:
        return f"{line}: faster. Run this script with --update to keep it so.", False
    return line, False


def compare(counted, expected):
    results = [verdict(name, counted[name], expected[name]) for name in counted]
    print("\n".join(line for line, _ in results))
    return any(slower for _, slower in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, help="the program")
    parser.add_argument("--compiler", required=True, help="what it was built with, as CMake says")
    parser.add_argument("--figures", type=Path, default=FIGURES, help="other recorded figures")
    parser.add_argument("--update", action="store_true", help="record what is counted")
    arguments = parser.parse_args()
    figures = None if arguments.update else json.loads(arguments.figures.read_text())
    reason = why_skipped(arguments.compiler, figures)
    if reason:
        print(reason)
        sys.exit(SKIPPED)
    counted = {name: per_path_step(arguments.program.resolve(), *case) for name, case in CASES.items()}
    if arguments.update:
        figures = {"compiler": arguments.compiler, "instructions_per_path_step": counted}
        arguments.figures.write_text(json.dumps(figures, indent=4) + "\n")
    sys.exit(compare(counted, figures["instructions_per_path_step"]))


if __name__ == "__main__":
    main()
