"""Reads SASS, the machine code of NVIDIA's GPUs, as cuobjdump prints it: kernels, their loops, ways through a loop."""

import collections
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ARCHITECTURE = "sm_90"
# 0xD2511F53 and 0xCD9E8D57, also as signed numbers.
PHILOX = r"IMAD\S* .*(0xd2511f53|0xcd9e8d57|-0x2daee0ad|-0x326172a9)"
JUMP = re.compile(r"BRA\b.*?(0x[0-9a-f]+)$")
NEVER_ON = {"CALL", "EXIT", "RET"}  # calls are slow paths: square roots of subnormal numbers, 64-bit division


@dataclasses.dataclass(frozen=True)
class Instruction:
    address: int
    guarded: bool  # by a predicate
    text: str

    @property
    def operation(self):
        return self.text.split()[0]

    @property
    def jump(self):
        """The address that this branch leads to, or None."""
        match = JUMP.match(self.text)
        return int(match[1], 16) if match else None

    @property
    def goes_on(self):
        """Whether the next instruction can follow."""
        always_jumps = self.jump is not None and not self.guarded and re.match(r"BRA(\.U)? 0x", self.text)
        return not always_jumps and self.operation.split(".")[0] not in NEVER_ON


@dataclasses.dataclass
class Kernel:
    name: str  # mangled
    resources: dict  # REG, STACK, LOCAL, ...
    instructions: list = dataclasses.field(default_factory=list)


def search_path(cuobjdump):
    """cuobjdump looks for nvdisasm on the PATH: the one beside it fits it best."""
    return f"{pathlib.Path(cuobjdump).absolute().parent}:{os.environ['PATH']}"


def has_tools(cuobjdump):
    return bool(shutil.which(cuobjdump) and shutil.which("nvdisasm", path=search_path(cuobjdump)))


def run(cuobjdump, *arguments, folder=None):
    done = subprocess.run([pathlib.Path(cuobjdump).absolute(), *arguments], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PATH": search_path(cuobjdump)})
    if done.returncode != 0:
        raise SystemExit(f"cuobjdump failed on {arguments[-1]}: {done.stderr.strip()}")
    return done.stdout


def read(cuobjdump, path):
    """All kernels of a .cubin, or of the one that an object file holds for ARCHITECTURE."""
    path = pathlib.Path(path).resolve()
    if path.suffix == ".cubin":
        return list(kernels(run(cuobjdump, "-res-usage", path), run(cuobjdump, "-sass", path)))
    with tempfile.TemporaryDirectory() as folder:
        run(cuobjdump, "-xelf", ARCHITECTURE, path, folder=folder)
        extracted = list(pathlib.Path(folder).glob("*.cubin"))
        if len(extracted) != 1:
            raise SystemExit(f"{path.name} holds {len(extracted)} programs for {ARCHITECTURE}, where one is expected.")
        return read(cuobjdump, extracted[0])


def kernels(resource_listing, sass_listing):
    usage = dict(re.findall(r"Function (\S+):\n(.*)", resource_listing))
    for part in re.split(r"^\s*Function : ", sass_listing, flags=re.MULTILINE)[1:]:
        name, body = part.split("\n", 1)
        numbers = {key: int(value) for key, value in re.findall(r"(REG|STACK|LOCAL|SHARED):(\d+)", usage[name])}
        yield Kernel(name, numbers, list(instructions(body)))


def instructions(listing):
    for address, guard, text in re.findall(r"/\*([0-9a-f]{4,})\*/\s+(@\S+ )?(.*?) ?;", listing):
        if text != "NOP":
            yield Instruction(int(address, 16), bool(guard), text)


def loops(code):
    """The instructions between the ends of each backward branch that hold a multiplier of Philox, shortest first."""
    found = []
    for last in code:
        if last.jump is not None and last.jump < last.address:
            body = [i for i in code if last.jump <= i.address <= last.address]
            if any(re.match(PHILOX, i.text) for i in body):
                found.append(body)
    return sorted(found, key=len)


def cheapest_way(body, work):
    """The fewest instructions from the first to the last of a loop that do the work, or None.

    `work` maps patterns to the least number of instructions that match. Branches are followed forwards only, so inner
    loops are passed once. A dynamic programme: at each address, the cheapest way here for each amount of work done.
    """
    best = collections.defaultdict(dict)  # address: {work done: (instructions so far, where from, work done there)}
    best[body[0].address][(0,) * len(work)] = (0, None, None)
    goal, here = tuple(work.values()), {i.address: i for i in body}
    for index, instruction in enumerate(body):
        adds = tuple(bool(re.match(pattern, instruction.text)) for pattern in work)
        for done, (cost, _, _) in best[instruction.address].items():
            after = tuple(min(d + a, most) for d, a, most in zip(done, adds, goal))
            for following in successors(body, index):
                if cost + 1 < best[following].get(after, (len(body) + 1,))[0]:
                    best[following][after] = (cost + 1, instruction.address, done)
    end = body[-1].address
    finished = [done for done in best[end] if all(d >= g for d, g in zip(done, goal))]
    return [here[address] for address in trace(best, end, finished[0])] if finished else None


def successors(body, index):
    """Addresses inside the loop, further on, that can follow."""
    instruction = body[index]
    if instruction.goes_on and index + 1 < len(body):
        yield body[index + 1].address
    if instruction.jump is not None and instruction.address < instruction.jump <= body[-1].address:
        yield instruction.jump


def trace(best, address, done):
    way = []
    while address is not None:
        way.append(address)
        _, address, done = best[address][done]
    return reversed(way)


def common_way(kernel, work):
    """A loop in which the work can be done, and the cheapest way through it.

    Of loops inside each other that is the innermost, and of copies of one loop the one with the longest such way.
    """
    found = []
    for body in loops(kernel.instructions):
        if not any(encloses(body, inner) for inner, _ in found):
            way = cheapest_way(body, work)
            found += [(body, way)] if way else []
    if not found:
        raise SystemExit(f"No loop of {kernel.name} does the work that is looked for: {work}.")
    return max(found, key=lambda pair: len(pair[1]))


def encloses(outer, inner):
    return outer[0].address <= inner[0].address and inner[-1].address <= outer[-1].address
