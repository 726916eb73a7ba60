"""What the compiled CUDA kernels say of their speed, without a device; gpu.md explains how to read it.

    python3 benchmarks/gpu_report.py --noisetrap build/release/noisetrap
"""

import argparse
import collections
import dataclasses
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import sass
from sass import PHILOX

HERE = pathlib.Path(__file__).parent
MISSING = ("Needs cuobjdump and nvdisasm: install the CUDA toolkit's (or pip install nvidia-cuda-cuobjdump "
           "nvidia-cuda-nvdisasm) and put them on the PATH, or beside each other and name one with --cuobjdump.")
GROUP_STEPS = 4
GOALS = {"path-steps/s": 4.2e11, "instructions": 80, "registers": 48}  # of the kernel W1 mixed

# H100 SXM and H200. Results per clock and SM: CUDA C++ Programming Guide, "Arithmetic Instructions", table "Throughput
# of Native Arithmetic Instructions", compute capability 9.0. Which of them share a unit: Nsight Compute's Kernel
# Profiling Guide, "Pipelines". Each of four schedulers issues one instruction of 32 lanes a clock.
MULTIPROCESSORS, CLOCK, ISSUE = 132, 1.98e9, 128
UNITS = {"FMA": 128, "FMA heavy": 64, "ALU": 64, "FP64": 64, "XU": 16, "LSU": 32}

# Class: (pattern, units that it keeps busy). The first that matches counts.
CLASSES = {
    "FP32 fused multiply-add": (r"FFMA", ["FMA"]),
    "FP32 add": (r"FADD", ["FMA"]),
    "FP32 multiply": (r"FMUL", ["FMA"]),
    "FP64": (r"D(FMA|ADD|MUL|SETP|MNMX)", ["FP64"]),
    "integer multiply, wide or high": (r"IMAD\.(WIDE|HI)", ["FMA", "FMA heavy"]),
    "moves and adds on the multiplier": (r"IMAD\.(MOV|IADD|X|SHL|U32)|HFMA2\.MMA", ["FMA", "FMA heavy"]),
    "integer multiply": (r"IMAD", ["FMA", "FMA heavy"]),
    "logic": (r"P?LOP3", ["ALU"]),
    "integer add, shift": (r"IADD|VIADD|LEA|SHF|IABS|BREV", ["ALU"]),
    "compare, select, move": (r"ISETP|FSETP|I?SEL|FSEL|.MNMX|VIMNMX|MOV|PRMT|CS2R|P2R|R2P", ["ALU"]),
    "conversion, 32 bits": (r"I2FP|F2FP", ["ALU"]),
    "conversion, 64 bits": (r"I2F|F2I|F2F|FRND", ["XU"]),
    "special function": (r"MUFU|POPC|FLO", ["XU"]),
    "uniform": (r"U(MOV|I|LOP|SHF|SEL|LEA|LDC|PRMT|P)|R2UR|S2", []),
    "memory, local": (r"LDL|STL", ["LSU"]),
    "memory, other": (r"LD|ST|ATOM|RED", ["LSU"]),
    "branch": (r"BRA|BRX|BSSY|BSYNC|BREAK|CALL|RET|EXIT|WARPSYNC|NOP|YIELD", []),
}


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A kernel by the run that needs it; `work` is what four steps need at the very least."""
    name: str
    model: str
    settings: list
    work: dict


def work(philox, roots, state, extra=()):
    """Calls of Philox (20 multiplications, of which compilers hoist some), square roots, operations on the state."""
    return {PHILOX: 16 * philox, r"MUFU\.RSQ": roots, **dict([state]), **dict(extra)}


# A pair of float32 normals takes 21 fused operations, of float64 normals more than 40: elementary.hpp.
KERNELS = [
    Wanted("W1 mixed", "linear-sde", [], work(2, 4, (r"DFMA", 16))),
    Wanted("W1 double", "linear-sde", ["run.precision=double"], work(4, 4, (r"DFMA", 4 * 36 + 16))),
    Wanted("W1 single", "linear-sde", ["run.precision=single"], work(2, 4, (r"FFMA", 4 * 21 + 16))),
    Wanted("W2 mixed", "linear-sde", ["model.tau=0"], work(1, 2, (r"DFMA", 8))),
    Wanted("W3 mixed", "noisy-saddle", ["model.law=two-point", "model.eta_law=gaussian"],
           work(1, 2, (r"DFMA", 8), {r"LOP3.* (-0x40800000|0xbf800000|-0x40100000|0xbff00000)": 4}.items())),
]


def occupancy(registers, block=256):
    """Share of the 64 warps of an SM that fit beside each other.

    CUDA C++ Programming Guide, "Technical Specifications per Compute Capability", 9.0: 65536 registers, 64 warps and 32
    blocks; a warp's registers are given out in units of 256, each quarter of the SM having its own quarter. The block
    is that of engine/kernels/kernel_unit_cuda.hpp.
    """
    warps_a_block = block // 32
    warps_by_registers = 65536 // 4 // (math.ceil(32 * registers / 256) * 256) * 4
    blocks = min(warps_by_registers // warps_a_block, 64 // warps_a_block, 32)
    return blocks * warps_a_block / 64


def class_of(instruction):
    return next((name for name, (pattern, _) in CLASSES.items() if re.match(pattern, instruction.operation)), "other")


def mix(way):
    """Instructions per path-step by class."""
    counts = collections.Counter(class_of(i) for i in way)
    return {name: counts[name] / GROUP_STEPS for name in [*CLASSES, "other"] if counts[name]}


def clocks(per_step):
    """Clocks of an SM for one path-step: of the schedulers, and of each unit."""
    busy = {"issue": sum(per_step.values()) / ISSUE}
    for unit, rate in UNITS.items():
        busy[unit] = sum(n for name, n in per_step.items() if unit in CLASSES.get(name, (None, []))[1]) / rate
    return busy


def is_local(instruction):
    return class_of(instruction) == "memory, local"


def report(wanted, kernel):
    body, way = sass.common_way(kernel, wanted.work)
    per_step = mix(way)
    busy = clocks(per_step)
    limit = max(busy, key=busy.get)
    return {"name": wanted.name, "model": wanted.model, "settings": wanted.settings,
            "registers": kernel.resources["REG"], "stack_bytes": kernel.resources["STACK"],
            "local_memory_instructions": {"kernel": sum(map(is_local, kernel.instructions)),
                                          "loop": sum(map(is_local, body)), "common_way": sum(map(is_local, way))},
            "occupancy": occupancy(kernel.resources["REG"]), "kernel_instructions": len(kernel.instructions),
            "loop_instructions": len(body), "common_way_instructions": len(way),
            "instructions_per_path_step": len(way) / GROUP_STEPS, "mix_per_path_step": per_step,
            "operations_on_common_way": collections.Counter(i.operation for i in way),
            "clocks_per_path_step": busy, "limited_by": limit,
            "ceiling_path_steps_per_second": MULTIPROCESSORS * CLOCK / busy[limit]}


def compiled(noisetrap, wanted, folder):
    """The object of the kernel, compiled now: without the growth rate, so that no tangent is followed."""
    run = folder / "run.toml"
    run.write_text(f"model.name = '{wanted.model}'\n")
    settings = [word for s in ["observe.growth=false", *wanted.settings] for word in ("--set", s)]
    subprocess.run([noisetrap, "kernels", "build", run, *settings, "--isa", sass.ARCHITECTURE, "--out", folder], check=True,
                   stdout=subprocess.DEVNULL)
    return next(folder.glob("*/*.so"))


def only_kernel(path, kernels):
    if len(kernels) != 1:
        raise SystemExit(f"{path} holds {len(kernels)} kernels, where one is expected.")
    return kernels[0]


def compiler(path):
    """As the compiler left it in what it wrote."""
    found = re.search(rb"Cuda compilation tools, release [\d.]+, V([\d.]+)", path.read_bytes())
    return found[1].decode() if found else "unknown"


def revision():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def table(header, rows):
    return "\n".join(["| " + " | ".join(header) + " |", "|---" * len(header) + "|",
                      *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def resources_table(rows):
    return table(["kernel", "registers", "stack, bytes", "local memory: kernel / loop / common way", "occupancy",
                  "instructions: kernel / loop", "per path-step", "limited by", "path-steps/s at most"],
                 [[r["name"], r["registers"], r["stack_bytes"],
                   " / ".join(map(str, r["local_memory_instructions"].values())), f"{r['occupancy']:.0%}",
                   f"{r['kernel_instructions']} / {r['loop_instructions']}", f"{r['instructions_per_path_step']:.1f}",
                   r["limited_by"], f"{r['ceiling_path_steps_per_second']:.2e}"] for r in rows])


def by_kernel(rows, key, names, form):
    return [[name, *(format(r[key].get(name, 0), form) for r in rows)] for name in names]


def markdown(result):
    rows = result["kernels"]
    kernels = [r["name"] for r in rows]
    used = [name for name in [*CLASSES, "other"] if any(name in r["mix_per_path_step"] for r in rows)]
    return "\n\n".join([
        f"nvcc {result['nvcc']}, {result['architecture']}, revision {result['revision']}. Goals of W1 mixed: "
        f"{GOALS['path-steps/s']:.1e} path-steps/s, about {GOALS['instructions']} instructions a path-step, no local "
        f"memory, at most {GOALS['registers']} registers.",
        resources_table(rows),
        "Instructions per path-step on the common way:",
        table(["class", *kernels], by_kernel(rows, "mix_per_path_step", used, ".2f")),
        "Clocks of a multiprocessor per path-step:",
        table(["unit", *kernels], by_kernel(rows, "clocks_per_path_step", ["issue", *UNITS], ".3f"))])


def reports(cuobjdump, noisetrap):
    rows, nvcc = [], ""
    for wanted in KERNELS:
        with tempfile.TemporaryDirectory() as folder:
            path = compiled(noisetrap, wanted, pathlib.Path(folder))
            nvcc = compiler(path)
            rows.append(report(wanted, only_kernel(path, sass.read(cuobjdump, path))))
    return {"nvcc": nvcc, "architecture": sass.ARCHITECTURE, "revision": revision(), "goals_of_W1_mixed": GOALS,
            "kernels": rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noisetrap", type=pathlib.Path, required=True, help="the program, which compiles the kernels")
    parser.add_argument("--cuobjdump", default=shutil.which("cuobjdump") or "", help="default: the one on the PATH")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results" / "gpu-kernels.json")
    arguments = parser.parse_args()
    if not sass.has_tools(arguments.cuobjdump):
        print(MISSING, file=sys.stderr)
        sys.exit(2)
    result = reports(arguments.cuobjdump, arguments.noisetrap.absolute())
    arguments.out.write_text(json.dumps(result, indent=4) + "\n")
    arguments.out.with_suffix(".md").write_text(markdown(result) + "\n")
    print(markdown(result))


if __name__ == "__main__":
    main()
