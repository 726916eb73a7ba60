"""Kernels on demand and models of one's own, as a user meets them. Run as  kernels_test.py PATH/TO/noisetrap."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve()
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "own_model"
BUILD_CACHE = os.environ.get("NOISETRAP_KERNEL_CACHE", "")
# A kernel that is not built in is that of another precision.
SMALL = ["--set", "ensemble.paths=64", "--set", "integrator.steps=16", "--json", "-"]
NOT_BUILT_IN = [*SMALL, "--set", "run.precision=single"]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.cache = self.folder / "cache"
        self.environment = {**os.environ, "NOISETRAP_KERNEL_CACHE": str(self.cache), "TMPDIR": str(self.folder)}
        self.saddle = self.write("saddle.toml", "[model]\nname = 'linear-sde'\n")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def script(self, name, text):
        path = self.write(name, f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    def run_program(self, *words, **environment):
        return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                              env={**self.environment, **environment})

    def succeeds(self, *words, **environment):
        done = self.run_program(*words, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def complains(self, words, *expected, status=2, **environment):
        done = self.run_program(*words, **environment)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in expected:
            self.assertIn(part, done.stderr)
        return done

    def objects(self):
        return sorted(self.cache.glob("*/*.so"))

    def left_behind(self):
        """What a compilation must not leave in the cache."""
        return [path for path in self.cache.glob(".compiling*")]


class Compiling(Case):
    def test_the_first_run_needs_no_compiler(self):
        self.succeeds("simulate", self.saddle, *SMALL, PATH="/nowhere")
        self.assertEqual(self.objects(), [])

    def test_without_a_compiler_one_sentence_says_what_to_install(self):
        self.complains(["simulate", self.saddle, *NOT_BUILT_IN], "there is no C++ compiler", "apt-get install g++",
                       PATH="/nowhere")

    def test_a_kernel_is_compiled_once_and_found_without_a_compiler_afterwards(self):
        first = self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
        kept = self.objects()
        self.assertEqual(len(kept), 1)
        again = self.succeeds("simulate", self.saddle, *NOT_BUILT_IN, PATH="/nowhere")
        self.assertEqual(self.objects(), kept)
        results = [json.loads(done.stdout)["times"] for done in (first, again)]
        self.assertEqual(*results)

    def test_another_compiler_gives_the_same_numbers(self):
        if not shutil.which("clang++"):
            self.skipTest("there is no clang++")
        results = [json.loads(self.succeeds("simulate", self.saddle, *NOT_BUILT_IN, NOISETRAP_CXX=compiler).stdout)["times"]
                   for compiler in ("g++", "clang++")]
        self.assertEqual(*results)
        self.assertEqual(len(self.objects()), 2)

    def test_another_compiler_gives_the_same_numbers_of_a_network(self):
        if not shutil.which("clang++"):
            self.skipTest("there is no clang++")
        few = ["--set", "escape.paths=64", "--set", "escape.steps=50", "--set", "escape.growth_steps=0", "--set",
               "escape.learning_rates=[0.02]", "--json", "-"]
        network = EXAMPLES.parent / "networks" / "dense.toml"
        results = [json.loads(self.succeeds("escape", network, *few, NOISETRAP_CXX=compiler).stdout)["runs"]
                   for compiler in ("g++", "clang++")]
        self.assertEqual(*results)

    def test_a_compiler_that_is_none_is_named(self):
        self.complains(["simulate", self.saddle, *NOT_BUILT_IN], "NOISETRAP_CXX = '/nowhere/g++'",
                       NOISETRAP_CXX="/nowhere/g++")

    def test_a_failing_compiler_shows_its_first_error_and_where_the_log_is(self):
        broken = self.script("broken", "echo 'unit.cpp:1: error: it is Monday' >&2; echo 'error: more' >&2; exit 1")
        done = self.complains(["simulate", self.saddle, *NOT_BUILT_IN], "it is Monday", "all that it said",
                              NOISETRAP_CXX=broken)
        log = Path(done.stderr.split("all that it said: ")[1].rstrip(")\n"))
        self.assertIn("error: more", log.read_text())
        self.assertEqual(self.objects() + self.left_behind(), [])

    def test_damaged_truncated_and_foreign_objects_are_compiled_again(self):
        self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
        kernel, = self.objects()
        whole = kernel.read_bytes()
        for bytes_ in (whole[:1000], whole[:-1] + b"?", b"#!/bin/sh\nexit 1\n", b""):
            kernel.write_bytes(bytes_)
            self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
            again, = self.objects()
            self.assertGreater(len(again.read_bytes()), 10000)
            kernel = again

    def test_another_kernel_under_the_name_of_this_one_is_not_run(self):
        self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
        single, = self.objects()
        self.succeeds("simulate", self.saddle, *SMALL, "--set", "run.precision=double")
        double, = [path for path in self.objects() if path != single]
        shutil.copy(double, single.parent / double.name)  # whole, by a trusted owner, and the wrong kernel
        single.unlink()
        done = self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
        self.assertEqual(json.loads(done.stdout)["precision"], "single")

    def test_a_cache_that_others_can_write_to_is_not_used(self):
        self.cache.mkdir()
        self.cache.chmod(0o777)
        done = self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
        self.assertIn("others may write to it", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual(self.objects(), [])

    def test_a_cache_that_cannot_be_made_costs_a_sentence_and_no_result(self):
        self.write("occupied", "")
        done = self.succeeds("simulate", self.saddle, *NOT_BUILT_IN,
                             NOISETRAP_KERNEL_CACHE=str(self.folder / "occupied" / "cache"))
        self.assertIn("the kernel cache cannot be used", done.stderr)
        self.assertEqual(list(self.folder.glob(".compiling*")), [], "the private folder is gone")

    def test_a_full_cache_costs_a_sentence_and_no_result(self):
        if os.geteuid() != 0:
            self.skipTest("only root may mount a small disk")
        self.cache.mkdir(mode=0o700)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k,mode=700", "tmpfs", self.cache]).returncode != 0:
            self.skipTest("no disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", self.cache])
        done = self.succeeds("simulate", self.saddle, *NOT_BUILT_IN)
        self.assertIn("the kernel cache cannot be used (No space left", done.stderr)

    def test_two_processes_compile_a_kernel_once(self):
        counting = self.script("counting", f'[ "$1" = --version ] || echo compiled >> {self.folder}/count\nexec g++ "$@"')
        words = [PROGRAM, "simulate", self.saddle, *NOT_BUILT_IN]
        environment = {**self.environment, "NOISETRAP_CXX": counting}
        both = [subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
        self.assertEqual([process.wait() for process in both], [0, 0])
        self.assertEqual((self.folder / "count").read_text(), "compiled\n")

    def test_ctrl_c_while_compiling_ends_the_compiler_and_leaves_nothing(self):
        slow = self.script("slow", f'[ "$1" = --version ] && exec g++ --version\necho $$ > {self.folder}/pid\nsleep 60')
        process = subprocess.Popen([PROGRAM, "simulate", self.saddle, *NOT_BUILT_IN], stderr=subprocess.PIPE, text=True,
                                   stdout=subprocess.PIPE, env={**self.environment, "NOISETRAP_CXX": slow})
        pid = self.folder / "pid"
        while not (pid.exists() and pid.read_text().strip()):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 130, said)
        self.assertEqual(self.objects() + self.left_behind(), [])
        self.assertFalse(Path(f"/proc/{pid.read_text().strip()}").exists(), "the compiler has ended")

    def test_a_cache_is_not_cleaned_while_somebody_compiles_into_it(self):
        slow = self.script("slow", "sleep 3; exec g++ \"$@\"")
        running = subprocess.Popen([PROGRAM, "simulate", str(self.saddle), *NOT_BUILT_IN], stderr=subprocess.PIPE,
                                   stdout=subprocess.PIPE, env={**self.environment, "NOISETRAP_CXX": slow})
        while not self.left_behind():
            time.sleep(0.01)
        self.complains(["kernels", "clean"], "kernels are being compiled into", "clean it afterwards")
        running.communicate()
        self.assertEqual(running.returncode, 0)
        self.succeeds("kernels", "clean")

    def test_a_compiler_ends_also_where_nobody_hears_of_children(self):
        done = subprocess.run([PROGRAM, "simulate", str(self.saddle), *NOT_BUILT_IN], capture_output=True, text=True,
                              timeout=60, env=self.environment,
                              preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_pack_can_be_read_by_everybody_and_holds_the_kernel_of_a_run(self):
        pack = self.folder / "pack"
        self.succeeds("kernels", "build", self.saddle, *NOT_BUILT_IN[:2], "--out", pack)
        self.assertEqual(pack.stat().st_mode & 0o777, 0o755)
        self.assertEqual(len(list(pack.glob("*/*.so"))), 1)
        pack.chmod(0o777)
        self.complains(["kernels", "build", self.saddle, "--out", pack], "cannot be used")

    def test_kernels_are_listed_cleaned_and_built_in_advance(self):
        self.succeeds("kernels", "build", "--core", "--isa", "portable")
        self.assertIn("SdeFamily<LinearSde, EulerMaruyama", self.succeeds("kernels", "list").stdout)
        self.assertIn("removed", self.succeeds("kernels", "clean").stdout)
        self.assertEqual(self.objects(), [])
        self.complains(["kernels", "build", "--isa", "arm"], "--isa 'arm' is none of")

    def test_all_kernels_can_be_asked_for(self):
        """Whether each compiles takes a quarter of an hour: here a compiler that does nothing hears of the first."""
        idle = self.script("idle", "echo 'error: idle'; exit 1")
        self.complains(["kernels", "build", "--all"], "idle could not compile a kernel", NOISETRAP_CXX=idle)

    def test_info_names_compiler_flags_and_cache(self):
        said = self.succeeds("info").stdout
        for part in ("kernel compiler:", "-ffp-contract=off", f"kernel cache: {self.cache}", "kernel pack:"):
            self.assertIn(part, said)


class OwnModels(Case):
    def setUp(self):
        super().setUp()
        # What these tests compile is the same in every run: it is kept in the build folder.
        if BUILD_CACHE:
            self.environment["NOISETRAP_KERNEL_CACHE"] = BUILD_CACHE
        for path in EXAMPLES.iterdir():
            shutil.copy(path, self.folder)

    def header(self, name, before, after, of="decay.hpp"):
        text = (self.folder / of).read_text()
        self.assertIn(before, text)
        return self.write(name, text.replace(before, after))

    def test_a_header_of_ones_own_is_simulated_beside_its_theory(self):
        done = self.succeeds("simulate", self.folder / "decay.toml", "--json", "-")
        growth = json.loads(done.stdout)["growth_rate"]
        self.assertLess(abs(growth["value"] + 0.7 + 0.125), 4 * growth["standard_error"] + 0.01)  # Milstein, dt = 1/64

    def test_it_has_defaults_checks_and_a_configuration_that_runs_again(self):
        decay = self.folder / "decay.toml"
        self.complains(["simulate", decay, "--set", "model.s=-1"], "model.s = -1 must be between 0 and")
        self.succeeds("simulate", decay, "--no-page", "--out", self.folder / "first")
        self.succeeds("simulate", self.folder / "first" / "config.toml", "--no-page", "--out", self.folder / "second")
        self.assertEqual(*((self.folder / run / "data.h5").read_bytes() for run in ("first", "second")))

    def test_it_is_swept(self):
        done = self.succeeds("sweep", self.folder / "decay-sweep.toml", "--out", self.folder / "sweep", "--json", "-")
        self.assertEqual(len(json.loads(done.stdout)["axes"]), 2)

    def test_a_loss_of_ones_own_is_compared_under_optimisers(self):
        done = self.succeeds("compare", self.folder / "cubic-compare.toml", "--json", "-")
        self.assertIn("momentum", done.stdout)

    def test_a_header_that_has_changed_since_is_not_taken_for_the_old_one(self):
        self.succeeds("simulate", self.folder / "decay.toml", "--no-page", "--out", self.folder / "first")
        self.header("decay.hpp", "double k = 1.0", "double k = 1.5")
        self.complains(["simulate", self.folder / "first" / "config.toml"], "model.fingerprint", "has changed since")

    def test_a_header_that_changes_while_it_is_compiled_is_refused(self):
        """The model is compiled as it is, and then, before its kernel is, the header changes."""
        header = self.folder / "decay.hpp"
        editing = self.script("editing", f"case \"$*\" in *-O2*) echo '// changed' >> {header};; esac; exec g++ \"$@\"")
        self.complains(["simulate", self.folder / "decay.toml"], "has changed while it was compiled", NOISETRAP_CXX=editing)

    def test_a_pack_does_not_hold_models_of_ones_own(self):
        self.complains(["kernels", "build", self.folder / "decay.toml"], "a pack cannot hold it")

    def test_what_is_wrong_with_a_header_is_one_sentence(self):
        decay = self.folder / "decay.toml"
        cases = [("gone.hpp", None, None, "is not a file that can be read"),
                 ("typo.hpp", "struct Decay {", "struct Decay ", "error:"),
                 ("lacks.hpp", "per_step", "per_stop", "an SDE needs the member `per_step<Real>(dt)`"),
                 ("unsaid.hpp", ", differentiable = true", "", "needs the member `differentiable`"),
                 ("misspelt.hpp", "differentiable", "diferentiable", "needs the member `differentiable`"),
                 ("error.hpp", "return s * x", "return s * erf(x)", "deleted function"),
                 ("named.hpp", '"decay"', '"linear-sde"', "calls its model 'linear-sde', which is built in"),
                 ("other.hpp", "struct Decay {", "struct Decoy {", "Decay")]
        for name, before, after, expected in cases:
            with self.subTest(name):
                if before:
                    self.header(name, before, after)
                self.complains(["simulate", decay, "--set", f"model.header={name}"], "model.header", expected)
        self.complains(["simulate", decay, "--set", "model.type=1x"], "is not the name of a C++ type")

    def test_a_function_of_the_c_library_in_a_kernel_is_refused(self):
        library = self.header("library.hpp", "return s * x", "return s * std::sin(x)")
        library.write_text("#include <cmath>\n" + library.read_text())
        self.complains(["simulate", self.folder / "decay.toml", "--set", "model.header=library.hpp", "--set",
                        "integrator.scheme=euler-maruyama"], "it calls sin, a function of the C library")

    def test_a_start_at_zero_is_taken_where_the_drift_moves_it(self):
        moved = self.header("moved.hpp", "return false", "return true")
        moved.write_text(moved.read_text().replace("return k * x;", "return k * (x - unit);").replace("drift(X x, Unit)", "drift(X x, Unit unit)"))
        words = ["simulate", self.folder / "decay.toml", "--set", "ensemble.x0=0", *SMALL]
        self.succeeds(*words, "--set", f"model.header={moved}")
        self.complains(words, "nothing in this model moves x = 0")


if __name__ == "__main__":
    unittest.main()
