"""The rules that the sources keep without being compiled: CONTRIBUTING.md says why.

    python3 tests/sources_test.py
"""

import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What each room includes from, itself apart. The rooms of engine/ come in the order of docs/design.md.
ROOMS = {
    "engine": [],  # the headers that lie in no room: errors, stop requests, versions
    "engine/numbers": [],
    "engine/noise": ["engine/numbers"],
    "engine/paths": ["engine/numbers", "engine/noise"],
    "engine/kernels": ["engine", "engine/numbers", "engine/noise", "engine/paths", "models", "sde"],
    "engine/statistics": ["engine", "engine/numbers"],
    "engine/formula": ["engine/numbers"],
    "engine/ranks": ["engine"],
    "engine/catalogue": ["engine", "engine/numbers", "engine/noise", "engine/paths", "engine/kernels", "engine/formula",
                         "models", "sde"],
    "engine/runs": ["engine", "engine/numbers", "engine/noise", "engine/paths", "engine/kernels", "engine/statistics",
                    "engine/ranks", "engine/catalogue"],
    "engine/input": ["engine", "engine/numbers", "engine/noise", "engine/formula", "engine/catalogue", "engine/runs"],
    "models": ["engine/numbers", "engine/noise", "engine/paths", "engine/catalogue", "sde"],
    "sde": ["engine/numbers", "engine/noise", "engine/paths"],
    "analysis": ["engine", "engine/numbers", "engine/noise", "engine/statistics", "engine/ranks", "engine/catalogue",
                 "engine/runs", "engine/input", "models", "sde"],
    "validation": ["engine", "engine/numbers", "engine/noise", "engine/kernels", "engine/statistics",
                   "engine/catalogue", "engine/runs", "engine/input", "models", "sde", "analysis"],
}
# Generated headers and the unit that `core.cpp` is built from lie in no folder of the sources.
INSTALLED = ["engine", "models", "sde", "analysis"]


def sources(*folders, suffixes=(".hpp", ".cpp", ".cu")):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.suffix in suffixes]


def room_of(path):
    parts = path.split("/")[:-1]
    return "/".join(parts[:2] if parts[0] == "engine" else parts[:1])


class Sources(unittest.TestCase):
    def test_a_room_includes_from_the_rooms_that_it_may_know(self):
        wrong = []
        for path in sources(*{room.split("/")[0] for room in ROOMS}):
            name = str(path.relative_to(ROOT))
            room = room_of(name)
            for included in re.findall(r'^#include "(\w+/[^"]+)"', path.read_text(), re.MULTILINE):
                if room_of(included) not in [room, *ROOMS[room]]:
                    wrong.append(f"{name} includes {included}")
        self.assertEqual(wrong, [])

    def test_macros_of_installed_headers_have_the_prefix(self):
        wrong = [f"{path.relative_to(ROOT)}: {macro}" for path in sources(*INSTALLED, suffixes=(".hpp",))
                 for macro in re.findall(r"^\s*#\s*define (\w+)", path.read_text(), re.MULTILINE)
                 if not macro.startswith("NOISETRAP_")]
        self.assertEqual(wrong, [])

    def test_names_of_tests_can_be_passed_on_by_the_driver(self):
        """CMake splits them at semicolons, and Catch2 takes what begins with a dash for an option."""
        names = [(path.name, name) for path in sources("tests", suffixes=(".cpp",))
                 for name in re.findall(r'TEST_CASE\(\s*"((?:[^"\\]|\\.)*)"', path.read_text())]
        self.assertGreater(len(names), 400)
        self.assertEqual([name for name in names if ";" in name[1] or name[1].startswith("-")], [])

    def test_the_snippets_of_the_library_are_those_of_the_program_that_uses_it(self):
        page, program = ((ROOT / name).read_text(encoding="utf-8") for name in
                         ("docs/library.md", "tests/package/main.cpp"))
        snippets = re.findall(r"^```cpp\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(snippets), 5)
        self.assertEqual([s for s in snippets if " ".join(s.split()) not in " ".join(program.split())], [])
        headers = re.findall(r"^## `([^`]+)`", page, re.MULTILINE)
        self.assertEqual([header for header in headers if not (ROOT / header).exists()], [])
        cmake = re.search(r"^```cmake\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1]
        self.assertIn(cmake, (ROOT / "tests/package/CMakeLists.txt").read_text(encoding="utf-8"))

    def test_the_page_of_installation_names_the_packages_of_set_up(self):
        page, script = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/install.md", "cmake/setup.sh"))
        named = re.search(r"when you are not root: `([^`]+)`", page)[1]
        self.assertEqual(named.split(), re.search(r'packages="([^"]+)"', script)[1].split())

    def test_the_version_is_everywhere_that_of_cmake(self):
        """pyproject.toml and CPack take it from there; these cannot."""
        version = re.search(r"project\(noisetrap VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        for file, pattern in (("CITATION.cff", r"^version: (.+)$"), ("packaging/conda/recipe.yaml", r'version: "(.+)"'),
                              ("packaging/spack/package.py", r'version\("(.+)"\)'), ("CHANGELOG.md", r"^## (\d[0-9.]*)")):
            found = re.search(pattern, (ROOT / file).read_text(), re.MULTILINE)
            self.assertEqual(found and found.group(1), version, file)

    def test_recipes_of_packages_can_be_read(self):
        """What cannot be tried everywhere is at least a text of its kind."""
        compile((ROOT / "packaging/spack/package.py").read_text(), "package.py", "exec")
        for script in sorted(ROOT.glob("packaging/*.sh")) + sorted(ROOT.glob("tests/elsewhere/*.sh")):
            self.assertEqual(subprocess.run(["sh", "-n", script], capture_output=True, text=True).stderr, "", script)
        try:
            import yaml
        except ImportError:
            self.skipTest("PyYAML is not here (Debian: python3-yaml)")
        for file in (*ROOT.glob(".github/workflows/*.yml"), ROOT / "packaging/conda/recipe.yaml"):
            self.assertIsInstance(yaml.safe_load(file.read_text()), dict, file)

    def test_layout_is_that_of_clang_format(self):
        formatter = shutil.which("clang-format-14") or shutil.which("clang-format")
        if not formatter or "version 14" not in subprocess.run([formatter, "--version"], capture_output=True,
                                                               text=True).stdout:
            self.skipTest("clang-format 14 is not here (Debian 12: apt-get install clang-format)")
        files = sources("engine", "models", "sde", "analysis", "validation", "app", "python", "tests", "examples",
                        "benchmarks")
        done = subprocess.run([formatter, "--dry-run", "-Werror", *files], capture_output=True, text=True, cwd=ROOT)
        self.assertEqual(done.returncode, 0, done.stderr[:2000])


if __name__ == "__main__":
    unittest.main()
