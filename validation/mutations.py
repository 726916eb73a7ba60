"""Breaks engine and theory in the small ways of mutations.toml, one at a time, and records who notices.

    mutations.py [--only NAME]... [--again] [--write FILE] [--list]

Each mutation is one textual change. It is made in a work tree of its own, at the revision that is checked out here, and
built there; then the tests that mutations.toml names run until the first of them fails, and the groups of claims with
`--quick`. Where nobody has noticed, or where the table says so, the groups run at full size. In the end whatever has noticed something must pass
with nothing broken. What has been found is kept in a file after each mutation, so that the run may be stopped at any
moment and goes on where it was; a mutation runs again once its entry in the table has changed, or with --again. --write
makes a page of what is known.

The work tree's only built-in kernel is one that nobody asks for: all are compiled on demand, from the broken headers. The
host's code is compiled with -O1. The engine's results keep their bits.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "validation" / "mutations.toml"
AREAS = {"noise": "Noise", "steps": "Steps", "paths": "Paths", "statistics": "Statistics", "theory": "Theory",
         "optimisers": "Optimisers and losses", "sweeps": "Sweeps", "validation": "Validation itself"}
CORE_LIST = "engine/kernels/core_list.hpp"
UNUSED_KERNEL = ("KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Single, SLICE, Feature::inside, "
                 "Law::uniform)\n")
MINUTES = {"build": 30, "test": 10, "claims": 20}
SOURCES = ["engine", "models", "sde", "analysis", "validation/*.cpp", "validation/*.hpp"]
UNBROKEN = "unbroken"


class Broken(Exception):
    """The table or the work tree is wrong, which says nothing about a mutation."""


def mutations():
    return tomllib.loads(TABLE.read_text())["mutation"]


def digest(mutation):
    """Of all that decides what is found."""
    kept = {key: mutation.get(key) for key in ("file", "old", "new", "program", "tests", "claims")}
    kept |= {key: mutation[key] for key in ["full_size"] if key in mutation}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def head():
    return run(["git", "rev-parse", "HEAD"], ROOT).stdout.strip()


def revision():
    """The last one that has changed what is broken."""
    return run(["git", "log", "-1", "--format=%H", "--", *SOURCES], ROOT).stdout.strip()


def run(command, folder, minutes=5, **more):
    return subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True,
                          timeout=60 * minutes, **more)


def checked(command, folder, minutes=5):
    done = run(command, folder, minutes)
    if done.returncode != 0:
        raise Broken(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


class WorkTree:
    """The copy in which things are broken."""

    def __init__(self, work):
        self.tree = work / "tree"
        self.build = self.tree / "build" / "cpu"
        self.environment = os.environ | {"NOISETRAP_KERNEL_CACHE": str(work / "kernels"), "NOISETRAP_PYTHON": "/bin/true"}
        if not (self.tree / ".git").exists():
            checked(["git", "worktree", "prune"], ROOT)
            checked(["git", "worktree", "add", "--detach", self.tree, "HEAD"], ROOT)
        self.restore()
        checked(["git", "checkout", "--detach", head()], self.tree)
        self.put(CORE_LIST, UNUSED_KERNEL)
        self.stale = True  # what is built may be broken

    def restore(self):
        """What an interrupted run has left broken; the list of built-in kernels may stay."""
        checked(["git", "checkout", "--", ".", f":!{CORE_LIST}"], self.tree)

    def put(self, file, text):
        if (self.tree / file).read_text() != text:
            (self.tree / file).write_text(text)

    def configure(self):
        if (self.build / "build.ninja").exists():
            return
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        checked(["cmake", "--preset", "cpu", "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON",
                 "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG", *launcher], self.tree)

    def change(self, mutation, text):
        """Gives the mutation's file this text. Where it matters to kernels alone, only they and what the tests
        themselves consist of are compiled again: to all other units the file looks as old as it was."""
        file = self.tree / mutation["file"]
        before = file.stat()
        self.put(mutation["file"], text)
        if not mutation.get("kernels"):
            self.stale = True
        else:
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
            for unit in ["cmake/Headers.cmake", *sources_of_tests(mutation)]:
                (self.tree / unit).touch()

    def compile(self, targets):
        """The compiler's first complaint, or nothing."""
        done = run(["nice", "-n", "10", "cmake", "--build", self.build, "-j1", "--target", *targets], self.tree,
                   MINUTES["build"])
        if done.returncode == 0:
            return None
        complaints = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line]
        return (complaints or ["the build failed"])[0]

    def compile_unbroken(self, programs):
        if complaint := self.compile(["noisetrap_tests", "noisetrap_app", *programs]):
            raise Broken(f"nothing is broken, and yet: {complaint}")
        self.stale = False

    def program(self, name):
        return self.build / ("tests" if name != "noisetrap" else ".") / name

    def failed_test(self, name):
        """The name of the first test that fails, or nothing."""
        if name.startswith("program "):
            program = name.removeprefix("program ")
            done = run([self.program(program)], self.build, MINUTES["test"])
            return None if done.returncode in (0, 77) else program
        wanted = name if name.startswith("[") else re.sub(r"([,\[])", r"\\\1", name)
        try:
            done = run(["nice", "-n", "10", self.program("noisetrap_tests"), wanted, "--abort", "-w", "NoTests", "-r",
                        "xml"], self.build, MINUTES["test"], env=self.environment)
        except subprocess.TimeoutExpired:
            return f"{name} (does not end)"
        ran = re.findall(r'<TestCase name="([^"]*)"', done.stdout)
        if not ran:
            raise Broken(f"no test is called '{name}': {done.stderr[-500:]}")
        if done.returncode == 0:
            return None
        return unescaped(ran[-1]) + (" (ends the program)" if done.returncode < 0 else "")

    def failed_quick_claim(self, group):
        return self.failed_claim(group, "--quick")

    def failed_claim(self, group, *options):
        """The first claim of the group that fails, or nothing."""
        name, *more = group.split()
        out = self.build / "claims"
        shutil.rmtree(out, ignore_errors=True)
        command = ["nice", "-n", "10", self.program("noisetrap"), "validate", *options, "--only", name, "--out", out, *more]
        try:
            done = run(command, self.build, MINUTES["claims"], env=self.environment)
        except subprocess.TimeoutExpired:
            return f"{name} (does not end)"
        if done.returncode == 0:
            return None
        if done.returncode != 1:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            if done.returncode == 2:
                raise Broken(f"claims of {name}: {last}")
            return f"{name} (ends the program)"
        claims = json.loads((out / "validation.json").read_text())["claims"]
        failing = [claim for claim in claims if claim["verdict"] == "fails"]
        if not failing:
            return f"{name} (self-test)"
        first = failing[0]
        return f"{first['id'].rsplit('/', 1)[0]}: {first['claim']}, {first['parameters']}".rstrip(", ")


def unescaped(text):
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(code, sign)
    return text


def programs_of(chosen):
    return [m["program"] for m in chosen if "program" in m]


def tests_of(mutation):
    return [*(f"program {name}" for name in programs_of([mutation])), *mutation["tests"]]


def sources_of_tests(mutation):
    """The units of the tests that are asked."""
    names = [name.rstrip("*") for name in mutation["tests"]]
    texts = {path: joined(path.read_text()) for path in sorted((ROOT / "tests").rglob("*_test.cpp"))}
    found = [path for path, text in texts.items() if any(name in text for name in names)]
    programs = [path for path in texts if any(program.startswith(path.stem) for program in programs_of([mutation]))]
    return [path.relative_to(ROOT) for path in found + programs]


def joined(text):
    """Literals of several lines as one."""
    return re.sub(r'"\s*\n\s*"', "", text)


def first(of, names):
    """The first name for which of(name) is something, and that; or nothing twice."""
    return next(((name, found) for name in names if (found := of(name))), (None, None))


def broken(text, mutation):
    if text.count(mutation["old"]) != 1:
        raise Broken(f"{mutation['name']}: 'old' occurs {text.count(mutation['old'])} times in {mutation['file']}")
    return text.replace(mutation["old"], mutation["new"])


def try_out(work_tree, mutation):
    """Who notices the mutation."""
    if mutation.get("kernels") and work_tree.stale:
        work_tree.compile_unbroken([])
    text = (work_tree.tree / mutation["file"]).read_text()
    found = {"digest": digest(mutation), "revision": revision()}
    try:
        work_tree.change(mutation, broken(text, mutation))
        complaint = work_tree.compile(["noisetrap_tests", "noisetrap_app", *programs_of([mutation])])
        if complaint:
            return found | {"does_not_compile": complaint}
        found["asked_test"], found["test"] = first(work_tree.failed_test, tests_of(mutation))
        found["asked_claim"], found["claim"] = first(work_tree.failed_quick_claim, mutation["claims"])
        if not found["claim"] and (not found["test"] or mutation.get("full_size")):
            full = [group for group in mutation["claims"] if " " not in group]
            found["asked_claim"], found["full_size"] = first(work_tree.failed_claim, full)
    finally:
        work_tree.change(mutation, text)
    return found


def check_unbroken(work_tree, chosen, results, keep):
    """What has noticed something must pass now that nothing is broken."""
    passed = results.setdefault(UNBROKEN, {})
    work_tree.compile_unbroken(programs_of(chosen))
    for found in [results[m["name"]] for m in chosen]:
        quick = bool(found.get("claim"))
        for name, failed in ((found.get("asked_test"), work_tree.failed_test),
                             (found.get("asked_claim"), work_tree.failed_quick_claim if quick else work_tree.failed_claim)):
            if not name or passed.get(name) == revision():
                continue
            if what := failed(name):
                raise Broken(f"nothing is broken, and yet this fails: {what}")
            passed[name] = revision()
            keep()


VERDICTS = ("both", "unit tests, claims at full size", "unit tests", "claims", "claims at full size", "nobody")


def verdict(found):
    if "does_not_compile" in found:
        return "does not compile"
    if found.get("full_size"):
        return "unit tests, claims at full size" if found.get("test") else "claims at full size"
    who = ["unit tests"] * bool(found.get("test")) + ["claims"] * bool(found.get("claim"))
    return "both" if len(who) == 2 else who[0] if who else "nobody"


def cell(text):
    return (text or "–").replace("|", "\\|")


def rows(area, table, results):
    yield "| mutation | where | what is wrong then | noticed by | unit test | claim |"
    yield "|---" * 6 + "|"
    for m in table:
        if m["area"] != area:
            continue
        found = results[m["name"]]
        what = m["what"] + (f". *{m['why']}*" if "why" in m else "")
        who = verdict(found) + (f" (before: {m['before']})" if "before" in m else "")
        claim = found.get("claim") or found.get("full_size") or ("–" if m["claims"] else "no group is about it")
        yield (f"| {m['name']} ({m['kind']}) | `{m['file']}` | {cell(what)} | {who} | {cell(found.get('test'))} | "
               f"{cell(claim)} |")


def summary(table, results):
    verdicts = [verdict(results[m["name"]]) for m in table]
    before = [m["before"] for m in table if "before" in m]
    both, later, tests, claims, full, nobody = (verdicts.count(who) for who in VERDICTS)
    return (f"{len(table)} mutations: {both} are noticed by unit tests and by claims with `--quick`, {later} by unit tests and "
            f"by claims at full size, {tests} by unit tests alone, {claims + full} by claims alone, {nobody} by nobody; "
            f"{before.count('nobody')} had been noticed by nobody and {before.count('claims at full size')} by claims at full "
            "size alone, until tests were written for them.")


def page(table, results):
    revisions = sorted({results[m["name"]]["revision"][:12] for m in table})
    yield "# Who notices when something is broken"
    yield ""
    yield ("Written by `validation/mutations.py --write docs/mutations.md`; [validation.md](validation.md#broken-on-purpose) "
           "says how to read it.")
    yield ""
    yield f"{summary(table, results)} Sources of revision {', '.join(revisions)}."
    for area, title in AREAS.items():
        yield ""
        yield f"## {title}"
        yield from rows(area, table, results)


def write_page(path, table, results):
    missing = [m["name"] for m in table if not known(m, results)]
    if missing:
        raise Broken(f"nothing is known yet of {', '.join(missing)}")
    path.write_text("\n".join(page(table, results)) + "\n")


def known(mutation, results):
    return results.get(mutation["name"], {}).get("digest") == digest(mutation)


def try_out_all(work, chosen, results, keep, again):
    work_tree = WorkTree(work)
    work_tree.configure()
    for mutation in chosen:
        if known(mutation, results) and not again:
            continue
        start = time.perf_counter()
        found = results[mutation["name"]] = try_out(work_tree, mutation)
        keep()
        print(f"{mutation['name']}: {verdict(found)}; test: {found.get('test')}; claim: {found.get('claim')} "
              f"{found.get('full_size', '')}{found.get('does_not_compile', '')} ({time.perf_counter() - start:.0f} s)", flush=True)
    check_unbroken(work_tree, chosen, results, keep)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="NAME", help="this mutation")
    parser.add_argument("--again", action="store_true", help="also what is known already")
    parser.add_argument("--list", action="store_true", help="names, and what is known of them")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE", help="the page, from what is known; runs nothing")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "mutations", help="folder of the work tree")
    options = parser.parse_args()
    table, work = mutations(), options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    kept = work / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}

    def keep():
        fresh = kept.with_suffix(".new")
        fresh.write_text(json.dumps(results, indent=1))
        fresh.replace(kept)

    unknown = set(options.only or []) - {m["name"] for m in table}
    if unknown:
        raise Broken(f"no mutation is called {', '.join(sorted(unknown))}")
    chosen = [m for m in table if not options.only or m["name"] in options.only]
    if options.list:
        for m in chosen:
            found = results.get(m["name"], {})
            print(f"{m['name']:<30} {verdict(found) if known(m, results) else '':<20} {m['what']}")
    elif options.write:
        write_page(options.write, table, results)
    else:
        try_out_all(work, chosen, results, keep, options.again)


if __name__ == "__main__":
    try:
        main()
    except Broken as wrong:
        sys.exit(f"mutations.py: {wrong}")
