"""Runs the kernels' benchmarks, writes their results and prints a table of medians.

    kernels.py --kernels PROGRAM [--repetitions N] [--filter REGEX] [--out FILE]

Speeds are medians and ranges over the repetitions, which Google Benchmark runs in random order. Beside each stands what
its parts take alone: the words of the generator, their transform into normals, the arithmetic of the steps. Parts
overlap in the processor, so a step may take less than their sum.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import machine
from ratios import spread

NORMALS = {"W1": 2, "W2": 1, "W3": 1, "W4": 2, "W5": 2, "W6": 2}
OF_W1 = ("W1", "W4", "W5")  # whose step is that of the arithmetic measured alone
PARTS_OF_A_STEP = ("part/words", "part/normals", "part/arithmetic")  # as mixed precision has them


def measure(program, repetitions, pattern):
    """Google Benchmark's own JSON."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "out.json")
        subprocess.run([program, f"--benchmark_repetitions={repetitions}", "--benchmark_min_time=0.2",
                        "--benchmark_enable_random_interleaving=true", f"--benchmark_filter={pattern}",
                        f"--benchmark_out={out}", "--benchmark_out_format=json"], check=True, stdout=subprocess.DEVNULL)
        return json.loads(out.read_text())


def collected(benchmarks, prefix, counter):
    """{name: spread of a counter}, of the single runs whose name starts with the prefix."""
    runs = {}
    for run in benchmarks:
        name = run["run_name"].removesuffix("/real_time")
        if run["run_type"] == "iteration" and name.startswith(prefix):
            runs.setdefault(name, []).append(run[counter])
    return {name: spread(values) for name, values in runs.items()}


def nanoseconds(rate):
    return 1e9 / rate["median"]


def parts_alone(workload, precision, parts):
    """Nanoseconds of a step's parts, each alone on one thread; None where they were not measured."""
    if workload not in OF_W1 or precision != "mixed" or not all(part in parts for part in PARTS_OF_A_STEP):
        return None
    words, normals, arithmetic = (nanoseconds(parts[part]) for part in PARTS_OF_A_STEP)
    return NORMALS[workload] * (words + normals) + arithmetic


def rows(speeds, parts):
    """One for each workload, precision and number of threads."""
    for name, speed in sorted(speeds.items(), key=lambda item: item[0].replace("mixed", "").split("/")):
        workload, precision, threads = name.split("/")
        base = speeds.get(f"W1/{precision}/{threads}")
        yield {"workload": workload, "precision": precision, "threads": int(threads), "path_steps_per_second": speed,
               "nanoseconds": nanoseconds(speed), "normals_per_second": NORMALS[workload] * speed["median"],
               "parts_alone_nanoseconds": parts_alone(workload, precision, parts) if threads == "1" else None,
               "share_of_W1": speed["median"] / base["median"] if base else None}


def table(result):
    yield "| workload | precision | threads | 10⁶ path-steps/s, median | min–max | ns a step | ns a normal | parts alone, ns | of W1's speed |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in result["workloads"]:
        speed = {key: value / 1e6 for key, value in row["path_steps_per_second"].items()}
        parts, share = row["parts_alone_nanoseconds"], row["share_of_W1"]
        yield (f"| {row['workload']} | {row['precision']} | {row['threads']} | {speed['median']:.0f} | "
               f"{speed['min']:.0f}–{speed['max']:.0f} | {row['nanoseconds']:.3f} | "
               f"{row['nanoseconds'] / NORMALS[row['workload']]:.3f} | {'' if parts is None else f'{parts:.3f}'} | "
               f"{'' if share is None else f'{100 * share:.0f} %'} |")
    yield ""
    yield "| part alone, one thread | ns an item, median | min–max |"
    yield "|---|---|---|"
    for name, rate in result["parts"].items():
        yield (f"| {name.removeprefix('part/')} | {nanoseconds(rate):.3f} | {1e9 / rate['max']:.3f}–{1e9 / rate['min']:.3f} |")
    busy = result["cores_busy_with_others"]
    cpu = result["machine"]
    yield ""
    yield (f"{cpu['cpu']} (family/model {cpu['cpu_family_model']}), {cpu['cores']} cores, {cpu['vectors']}; "
           f"{result['repetitions']} repetitions, in which other processes kept {busy:.2f} cores busy.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernels", type=pathlib.Path, required=True, help="the program kernels, as built")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--filter", default=".", help="only benchmarks that match")
    parser.add_argument("--out", type=pathlib.Path,
                        default=pathlib.Path(__file__).with_name("results")
                        / f"{machine.label(with_optional_peers=False, gpu=False)}-kernels.json")
    arguments = parser.parse_args()
    neighbours = machine.Neighbours()
    measured = measure(arguments.kernels, arguments.repetitions, arguments.filter)
    busy = neighbours.busy_cores()
    parts = collected(measured["benchmarks"], "part/", "items")
    result = {"machine": machine.description(), "build": json.loads(arguments.kernels.with_name("kernels.json").read_text()),
              "repetitions": arguments.repetitions, "cores_busy_with_others": busy, "parts": parts,
              "workloads": list(rows(collected(measured["benchmarks"], "W", "path_steps"), parts))}
    arguments.out.write_text(json.dumps(result, indent=1) + "\n")
    print("\n".join(table(result)))
    print(f"\nwritten to {arguments.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
