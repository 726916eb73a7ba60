"""What helps before and after a run: dry runs, starters, schema, completion, the manual, colour, pages drawn anew.

    shell_test.py PATH/TO/noisetrap
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

PROGRAM = str(Path(sys.argv.pop(1)).resolve())
ROOT = Path(__file__).resolve().parents[2]
NO_PAGE = {**os.environ, "NOISETRAP_PYTHON": "/bin/true"}  # pages take longer than small sweeps
WITH_PROGRAM = {**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"}
COMMANDS = ("simulate", "compare", "sweep", "reproduce", "validate", "theory", "measure", "advise", "escape",
            "landscape", "spectrum", "analyse", "report", "init", "list", "show", "defaults", "kernels", "schema",
            "completion", "man", "info")


def noisetrap(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)


class Shell(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)

    def done(self, *arguments, **options):
        result = noisetrap(*arguments, **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stderr)
        return result.stdout

    def assert_refused(self, result, *said):
        self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")), (2, "", 1), result.stderr)
        for part in said:
            self.assertIn(part, result.stderr)


class DryRuns(Shell):
    def told(self, *arguments):
        """What a dry run says of each line's first word."""
        said = self.done(*arguments, "--dry-run", cwd=self.path)
        self.assertEqual(list(self.path.iterdir()), [])
        return dict(line.split(maxsplit=1) for line in said.splitlines())

    def test_a_run_is_told_and_not_run(self):
        file = self.path.parent / f"{self.path.name}.toml"
        self.addCleanup(file.unlink)
        file.write_text("model.name = 'linear-sde'\nensemble.paths = 1e12\n")
        told = self.told("simulate", file, "--out", "out")
        self.assertEqual(told["path-steps"], "6.4e+14")
        self.assertRegex(told["time"], r"some \d+ (h|days)")
        self.assertEqual(told["kernels"], "1 built in")
        self.assertIn("MB of columns", told["memory"])
        file.write_text("model.name = 'linear-sde'\nmodel.a = nonsense\n")
        self.assert_refused(noisetrap("simulate", file, "--dry-run"), f"{file.name}:2")
        self.assert_refused(noisetrap("simulate", file, "--dry-run", "--json", "-"), "--json")

    def test_a_kernel_that_is_missing_is_told_and_not_compiled(self):
        with tempfile.TemporaryDirectory() as cache:
            file = Path(cache) / "run.toml"
            file.write_text("model.equation = 'dx = -x dt + dW'\n")
            environment = {**os.environ, "NOISETRAP_KERNEL_CACHE": str(Path(cache) / "kernels")}
            said = self.done("simulate", file, "--dry-run", env=environment)
            self.assertIn("1 to be compiled, in some 3 s", said)
            self.assertIn("not known before the kernels are compiled", said)
            self.assertEqual([p.name for p in Path(cache).iterdir()], ["run.toml"])

    def test_comparisons_and_sweeps_are_told(self):
        told = self.told("compare", ROOT / "docs/compare.toml")
        self.assertIn("kernels", told)
        told = self.told("sweep", ROOT / "docs/sweep.toml")
        points = 29 * 40 * 512 * 400
        look = 29 * 9 * 256 * 400
        self.assertEqual(told["path-steps"], f"{points:.3g}, and {look:.3g} or more for the boundary")
        self.assertEqual(self.told("sweep", "--preset", "dimension-structure")["kernels"], "none are needed")


class Starters(Shell):
    def test_a_starter_runs_and_says_how(self):
        self.assertEqual(self.done("init", "noisy-saddle", cwd=self.path),
                         "written: noisy-saddle.toml\nnext:    noisetrap simulate noisy-saddle.toml --out first\n")
        text = (self.path / "noisy-saddle.toml").read_text()
        self.assertIn("noisetrap simulate noisy-saddle.toml --out first", text)
        keys = tomllib.loads(text)
        self.assertEqual(set(keys), {"model", "optimiser", "integrator", "ensemble"})
        self.done("simulate", self.path / "noisy-saddle.toml", "--set", "ensemble.paths=100", "--json", "-")
        self.assert_refused(noisetrap("init", "noisy-saddle", cwd=self.path), "is there already")
        self.assertEqual((self.path / "noisy-saddle.toml").read_text(), text)

    def test_the_first_model_needs_no_name(self):
        self.assertIn("linear-sde.toml", self.done("init", cwd=self.path))
        self.done("init", "-o", "other.toml", cwd=self.path)
        self.assertEqual({p.name for p in self.path.iterdir()}, {"linear-sde.toml", "other.toml"})

    def test_a_landscape_has_a_starter_too(self):
        self.assertEqual(self.done("init", "linear-net", cwd=self.path),
                         "written: linear-net.toml\nnext:    noisetrap landscape linear-net.toml --out first\n")
        self.done("landscape", self.path / "linear-net.toml", "--set", "search.starts=2")

    def test_an_equation_of_ones_own_has_all_its_parameters(self):
        self.done("init", "--equation", "dx = (mu*x - x^3) dt + s*x dW + sqrt(k) dV", cwd=self.path)
        model = tomllib.loads((self.path / "equation.toml").read_text())["model"]
        self.assertEqual(model["parameters"], {"mu": 1.0, "s": 1.0, "k": 1.0})
        self.assertIn("fixed point", self.done("theory", self.path / "equation.toml"))

    def test_what_makes_no_starter_is_refused(self):
        self.assert_refused(noisetrap("init", "linear-sed", cwd=self.path), "did you mean 'linear-sde'?")
        self.assert_refused(noisetrap("init", "--equation", "dx = x + 1", cwd=self.path), "model.equation")
        self.assert_refused(noisetrap("init", "linear-sde", "--equation", "dx = x dt", cwd=self.path), "not both")
        self.assertEqual(list(self.path.iterdir()), [])


def kind_of(file):
    """Of a TOML file of ours; None where it is none."""
    keys = tomllib.loads(file.read_text())
    tells = {"sweep": "sweep", "compare": "compare", "model": "simulate", "landscape": "landscape", "data": "measure"}
    return next((kind for table, kind in tells.items() if table in keys), None)


KINDS = ("simulate", "compare", "sweep", "measure", "advise", "escape", "landscape", "spectrum", "analyse")


class Schema(Shell):
    @classmethod
    def setUpClass(cls):
        try:
            import jsonschema
        except ImportError:
            raise unittest.SkipTest("jsonschema is not here (Debian: python3-jsonschema)")
        cls.check = staticmethod(jsonschema.Draft4Validator.check_schema)
        cls.schemas = {kind: json.loads(noisetrap("schema", kind).stdout) for kind in KINDS}
        cls.validators = {kind: jsonschema.Draft4Validator(schema) for kind, schema in cls.schemas.items()}
        cls.of_all = jsonschema.Draft4Validator(json.loads(noisetrap("schema").stdout))

    def valid(self, text, kind):
        keys = tomllib.loads(text)
        valid = self.validators[kind].is_valid(keys)
        self.assertTrue(self.of_all.is_valid(keys) or not valid)
        return valid

    def test_it_is_a_schema(self):
        for schema in (*self.schemas.values(), self.of_all.schema):
            self.check(schema)

    def test_every_file_of_the_project_fits(self):
        files = [file for folder in ("examples", "docs", "validation/sweeps") for file in (ROOT / folder).rglob("*.toml")]
        kinds = [(file, kind_of(file)) for file in files]
        self.assertGreater(sum(kind == "sweep" for _, kind in kinds), 9)
        self.assertGreater(sum(kind == "simulate" for _, kind in kinds), 6)
        self.assertEqual([sum(kind == one for _, kind in kinds) for one in ("measure", "landscape")], [4, 1])
        for file, kind in kinds:
            if kind:
                self.assertEqual([error.message[:300] for error in self.validators[kind].iter_errors(
                    tomllib.loads(file.read_text()))], [], file)

    def test_every_resolved_configuration_fits(self):
        for model in ("linear-sde", "noisy-saddle", "octopus"):
            self.assertTrue(self.valid(noisetrap("defaults", model).stdout, "simulate"), model)
        files = {"compare": ROOT / "docs/compare.toml", "sweep": ROOT / "docs/sweep.toml",
                 "simulate": ROOT / "examples/equations/langevin.toml"}
        few = {"compare": ("compare.budget=2000",), "sweep": ("sweep.map=false", "sweep.boundary.most_batches=1"),
               "simulate": ("integrator.t_end=1",)}
        for kind, file in files.items():
            out = self.path / kind
            settings = [part for one in (*few[kind], "ensemble.paths=16") for part in ("--set", one)]
            self.done(kind, file, "--out", out, *settings, env=NO_PAGE)
            self.assertTrue(self.valid((out / "config.toml").read_text(), kind), kind)

    def test_it_refuses_what_the_program_refuses(self):
        """And takes what lies just beside it."""
        model = "model.name = 'noisy-saddle'\n"
        for wrong, right in (
                ("model.sgima = 0.1", "model.sigma = 0.1"), ("model.name2 = 1", ""), ("ensemble.paths = 0", "ensemble.paths = 1"),
                ("ensemble.paths = 1.5", "ensemble.paths = 1e6"), ("model.law = 'cauchy'", "model.law = 'two-point'"),
                ("observe.growth = 1", "observe.growth = true"), ("integrator.stepz = 5", "integrator.steps = 5"),
                ("optimiser = {name = 'adam', momentum = 0.9}", "optimiser = {name = 'momentum', momentum = 0.9}"),
                ("optimiser.momentum = 0.9", "optimiser.learning_rate = 0.9"), ("run.lanes = 5000", "run.lanes = 16"),
                ("observe.quantiles = [0.0]", "observe.quantiles = [0.5]"), ("observe.histogram.bins = 0", "observe.histogram.bins = 9"),
                ("ensemble.x0 = '1'", "ensemble.x0 = 1"), ("sweep.phases = true", "observe.exit_radius = 2")):
            with self.subTest(wrong=wrong):
                self.assertFalse(self.valid(model + wrong, "simulate"))
                file = self.path / "wrong.toml"
                file.write_text(model + wrong)
                self.assertEqual(noisetrap("simulate", file).returncode, 2)
                self.assertTrue(self.valid(model + right, "simulate"))
        self.assertFalse(self.valid("ensemble.paths = 5", "simulate"))

    def test_landscapes_and_networks_are_known(self):
        loss = "landscape.type = 'linear-net'\n"
        for text, fits in (("search.starts = 5", True), ("search.startz = 5", False), ("landscape.hidden = 2", True),
                           ("landscape.width = 2", False), ("spectrum.at = [1.0, 2.0]", True), ("spectrum.at = 7", False),
                           ("search.method = 'newton'", True), ("search.method = 'sgd'", False)):
            for kind in ("landscape", "spectrum"):  # which one file may serve
                self.assertEqual(self.valid(loss + text, kind), fits, text)
        for text, fits in (("data.inputs = [22, 'pixel']", True), ("data.inputs = [2.5]", False), ("network.unit = 'tanh'", True),
                           ("network.unit = 'gelu2'", False), ("point = {at = 'file', file = 'w.txt', zeroed_unit = true}", True),
                           ("measure.batch_sizes = [0]", False), ("data.file = 'mine.csv'", True)):
            self.assertEqual(self.valid(text, "measure"), fits, text)

    def test_axes_and_contenders_are_known(self):
        sweep = "model.name = 'noisy-saddle'\n[sweep]\n"
        for axis, fits in (("model.a = [0.1, 0.2]", True), ("model.a = {from = 0.1, to = 0.2, points = 3}", True),
                           ("model.law = ['gaussian', 'uniform']", True), ("model.a = {from = 0.1, to = 0.2}", False),
                           ("model.law = ['cauchy']", False), ("optimiser.nonsense = [1]", False), ("model.a = 'x'", False)):
            self.assertEqual(self.valid(sweep + axis, "sweep"), fits, axis)
        compare = "model.name = 'noisy-saddle'\n[optimisers]\n"
        for table, fits in (("adam = {}", True), ("adam.beta1 = [0.5, 0.9]", True), ("mine = {name = 'adam', beta1 = 0.5}", True),
                            ("mine = {beta1 = 0.5}", False), ("adam.momentum = 0.5", False), ("adam.name = 'momentum'", True)):
            self.assertEqual(self.valid(compare + table, "compare"), fits, table)

    def test_keys_say_what_they_mean(self):
        def leaves(schema):
            for key, value in schema.get("properties", {}).items():
                yield from leaves(value) if "properties" in value else [(key, value)]

        for schema in self.schemas.values():
            for key, value in leaves({"properties": {k: v for k, v in schema["properties"].items() if "anyOf" not in v}}):
                if key not in ("adam", "sgd") and "anyOf" not in value:
                    self.assertTrue(value.get("description"), (schema["title"], key))
        paths = self.schemas["simulate"]["properties"]["ensemble"]["properties"]["paths"]
        self.assertEqual(paths, {"type": "number", "minimum": 1, "maximum": 1e15, "multipleOf": 1,
                                 "description": "number of independent paths", "default": 100000})
        steps = self.schemas["simulate"]["properties"]["integrator"]["properties"]["steps"]
        self.assertNotIn("default", steps)  # an SDE and a loss have different ones


class Completion(Shell):
    def candidates(self, *words):
        return [line.split("\t")[0] for line in self.done("__complete", "fish", *words).splitlines()]

    def test_commands_options_and_values(self):
        self.assertEqual(self.candidates("sim"), ["simulate"])
        self.assertEqual(set(self.candidates("")), {*COMMANDS})
        self.assertEqual(self.candidates("help", "sw"), ["sweep"])
        self.assertEqual(self.candidates("kernels", "b"), ["build"])
        self.assertEqual(self.candidates("simulate", "a.toml", "--ch"), ["--checkpoint"])
        self.assertEqual(self.candidates("simulate", ""), [":files"])
        self.assertEqual(self.candidates("simulate", "a.toml", "--out", ""), [":folders"])
        self.assertEqual(self.candidates("theory", "linear"), ["linear-sde"])
        self.assertEqual(self.candidates("sweep", "--preset", "a-sigma-s"), ["a-sigma-sde"])
        self.assertEqual(self.candidates("completion", "f"), ["fish"])
        self.assertEqual(self.candidates("simulate", "a.toml", "--set", "model.sigma"),
                         ["model.sigma=", "model.sigma_plus=", "model.sigma_minus="])
        self.assertEqual(self.candidates("simulate", "a.toml", "--set", "model.law=t"), ["model.law=two-point"])
        self.assertEqual(self.candidates("sweep", "a.toml", "--set", "sweep.boundary.acc"), ["sweep.boundary.accuracy="])
        self.assertEqual(self.candidates("landscape", "a.toml", "--set", "search.sta"), ["search.starts="])
        self.assertEqual(self.candidates("measure", "a.toml", "--set", "measure.draws=without"), ["measure.draws=without-replacement"])
        self.assertEqual(self.candidates("compare", "a.toml", "--set", "compare.growth="),
                         ["compare.growth=true", "compare.growth=false"])

    def test_nothing_lags_behind_the_help(self):
        self.assertEqual({line.split()[0] for line in self.done("--help").split("Subcommands:")[1].splitlines() if line.strip()},
                         {*COMMANDS})
        for command in COMMANDS:
            told = {word.rstrip(",") for line in self.done(command, "--help").splitlines() if line.startswith("  -")
                    for word in line.split()[:1][0].split(",") if word.startswith("--")}
            self.assertEqual(set(self.candidates(command, "x", "--")), told, command)

    def completed(self, line):
        """What bash makes of a line."""
        words = [word for part in line.split(" ") for word in (part.replace("=", " = ").split(" ") if "=" in part else [part])]
        if line.endswith("="):
            words.pop()
        script = self.done("completion", "bash") + f"""
compopt() {{ :; }}
COMP_WORDS=({" ".join(f"'{word}'" for word in [PROGRAM, *words])}) COMP_CWORD={len(words)}
_noisetrap && printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=self.path)
        self.assertEqual(said.stderr, "")
        return said.stdout.split("\n")[:-1]

    @unittest.skipUnless(shutil.which("fish"), "there is no fish here")
    def test_fish_completes(self):
        (self.path / "mine.toml").write_text("")
        (self.path / "folder").mkdir()
        script = self.done("completion", "fish")
        for line, words in (("sim", ["simulate"]), ("simulate m", ["mine.toml"]), ("report f", ["folder/"]), ("help sw", ["sweep"]),
                            ("simulate mine.toml --set model.law=t", ["model.law=two-point"])):
            said = subprocess.run(["fish", "--no-config", "-c", f"{script}\ncomplete -C 'noisetrap {line}'"], capture_output=True,
                                  text=True, cwd=self.path, env=WITH_PROGRAM)
            self.assertEqual(said.stderr, "")
            self.assertEqual([word.split("\t")[0] for word in said.stdout.splitlines()], words, line)

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh here")
    def test_zsh_completes(self):
        """What its completion system is told, for which functions of the test stand here."""
        stand_ins = "compdef() { :; }\n_files() { print -r -- files $* }\ncompadd() { print -rl -- $plain }\n"
        script = stand_ins + self.done("completion", "zsh")
        for line, told in (("sim", "simulate"), ("simulate m", "files"), ("report f", "files -/"), ("help sw", "sweep"),
                           ("simulate mine.toml --set model.law=t", "model.law=two-point")):
            words = f"words=(noisetrap {line}) CURRENT={len(line.split()) + 1}\n_noisetrap"
            said = subprocess.run(["zsh", "-fc", f"{script}\n{words}"], capture_output=True, text=True, env=WITH_PROGRAM)
            self.assertEqual((said.stdout.strip(), said.stderr), (told, ""), line)

    @unittest.skipUnless(shutil.which("bash"), "there is no bash here")
    def test_bash_completes(self):
        (self.path / "mine.toml").write_text("")
        (self.path / "folder").mkdir()
        self.assertEqual(self.completed("sim"), ["simulate"])
        self.assertEqual(self.completed("simulate m"), ["mine.toml"])
        self.assertEqual(self.completed("simulate mine.toml --out f"), ["folder"])
        self.assertEqual(self.completed("simulate mine.toml --set ensemble.see"), ["ensemble.seed="])
        self.assertEqual(self.completed("simulate mine.toml --set model.law=g"), ["gaussian"])
        self.assertEqual(self.completed("simulate mine.toml --set model.law="), ["gaussian", "uniform", "two-point", "student-t", "stable"])

    def test_other_shells_take_their_scripts(self):
        for shell in ("zsh", "fish"):
            if shutil.which(shell):
                script = self.path / shell
                script.write_text(self.done("completion", shell))
                checked = subprocess.run([shell, "-n", script], capture_output=True, text=True)
                self.assertEqual((checked.returncode, checked.stderr), (0, ""), shell)
        self.assert_refused(noisetrap("completion", "tcsh"), "tcsh")


class Pages(Shell):
    def test_a_page_is_drawn_anew(self):
        out = self.path / "out"
        self.done("sweep", ROOT / "docs/sweep.toml", "--out", out, *(part for one in (
            "ensemble.paths=16", "sweep.model.a=[0.1, 0.2]", "sweep.model.sigma=[0.1, 0.2]", "sweep.boundary.most_batches=1")
            for part in ("--set", one)))
        page = (out / "index.html").read_text()
        results = (out / "sweep.json").read_bytes()
        (out / "index.html").write_text("")
        shutil.rmtree(out / "figures")
        self.assertEqual(self.done("report", out), f"written: {out}/index.html\n")
        self.assertEqual((out / "index.html").read_text(), page)
        self.assertTrue(list((out / "figures").iterdir()))
        self.assertEqual((out / "sweep.json").read_bytes(), results)

    def test_what_holds_no_results_is_refused(self):
        self.assert_refused(noisetrap("report", self.path / "none"), "is no folder of results")
        self.assert_refused(noisetrap("report", self.path), "holds neither")
        (self.path / "sweep.json").write_text("{}")
        self.assert_refused(noisetrap("report", self.path), "sweep.json")
        self.assertEqual([p.name for p in self.path.iterdir()], ["sweep.json"])


class Manual(Shell):
    def test_it_tells_every_command_and_option(self):
        page = self.done("man")
        for command in COMMANDS:
            self.assertIn(f".SS {command}\n", page)
        self.assertIn(".SS kernels build\n", page)
        self.assertIn(".B \\-\\-dry\\-run\n", page)
        self.assertIn(".B \\-\\-out FOLDER\n", page)
        for section in ("NAME", "SYNOPSIS", "OPTIONS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT"):
            self.assertIn(f".SH {section}\n", page)

    @unittest.skipUnless(shutil.which("groff"), "there is no groff here")
    def test_groff_has_nothing_to_say(self):
        read = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z"], input=self.done("man"), capture_output=True, text=True)
        self.assertEqual((read.returncode, read.stderr), (0, ""))


class Colour(Shell):
    def complaint(self, **environment):
        """Of a wrong command, to a terminal."""
        try:
            reader, writer = os.openpty()
        except OSError as reason:
            self.skipTest(f"no terminals here: {reason}")
        variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        subprocess.run([PROGRAM, "nonsense"], stderr=writer, env={**variables, "TERM": "xterm", **environment})
        os.close(writer)
        said = os.read(reader, 4096).decode()
        os.close(reader)
        return said

    def test_it_is_for_terminals_that_want_it(self):
        self.assertIn("\033[31mnoisetrap:\033[0m 'nonsense' is not a command", self.complaint())
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\033", self.complaint(**environment))
        self.assertIn("\033[31m", self.complaint(NO_COLOR=""))  # no-color.org: empty is as good as unset
        self.assertNotIn("\033", noisetrap("nonsense", env={**os.environ, "TERM": "xterm"}).stderr)


class Help(Shell):
    def test_every_command_ends_with_examples_that_are_commands(self):
        for command in COMMANDS:
            told = self.done(command, "--help").rstrip().splitlines()
            self.assertEqual(told[-3], "Examples:", command)
            self.assertTrue(all(line.startswith(f"  noisetrap {command}") for line in told[-2:]), command)


if __name__ == "__main__":
    unittest.main(verbosity=0)
