"""What tests of the CUDA backend on this processor share. They are started by `on_ptxhost`, which puts the stand-in in
place of the CUDA runtime."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve()
if "CUDA_FORCE_PTX_JIT" not in os.environ:
    sys.exit(f"start this with {PROGRAM.parent}/on_ptxhost")

CPU, GPU = ["--set", "run.backend='serial'"], ["--set", "run.backend='cuda'"]


def sets(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


class Case(unittest.TestCase):
    drawn = False  # whether runs draw their pages, which takes longer than a short run itself

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def run_program(self, *words, **environment):
        """Environment: FAIL, FILL, ... of the stand-in, without the prefix of its variables."""
        variables = {f"PTXHOST_{name}": str(value) for name, value in environment.items()}
        if not self.drawn:
            variables["NOISETRAP_PYTHON"] = "true"  # the command, which draws nothing
        return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, cwd=self.folder,
                              timeout=600, env={**os.environ, **variables})

    def succeeds(self, *words, **environment):
        done = self.run_program(*words, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def fails(self, words, status, *expected, **environment):
        """One sentence on standard error alone, which holds what is expected, and nothing left behind."""
        before = sorted(self.folder.rglob("*"))
        done = self.run_program(*words, **environment)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(sorted(self.folder.rglob("*")), before)
        for part in expected:
            self.assertIn(part, done.stderr)
        return done
