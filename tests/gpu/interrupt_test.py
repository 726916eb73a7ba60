"""A notebook goes on after Ctrl-C: the memory of the run that was interrupted comes back with a later one.

    build/release/on_ptxhost python3 tests/gpu/interrupt_test.py build/release/noisetrap
"""

import os
import subprocess
import sys
import unittest

from on_stand_in import PROGRAM, Case

# Each chunk is a fifth of a second on the stand-in, and the run many minutes.
NOTEBOOK = """
import os, signal, threading, time, warnings
import noisetrap as nt
warnings.simplefilter("ignore")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
saddle = nt.LinearSde(a=0.1, sigma=0.5, tau=0.1)
short = dict(paths=1024, steps=500, backend="cuda")
nt.simulate(saddle, **short)
for _ in range(2):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        nt.simulate(saddle, paths=2_000_000, steps=500, chunk=1024, backend="cuda")
    except KeyboardInterrupt:
        print("interrupted")
# The chunk that was under way comes to its end in its own time, however busy the processor is.
def left_behind():
    calls = open(os.environ["PTXHOST_LOG"]).read()
    return calls.count("cudaMalloc") - calls.count("cudaFree")
deadline = time.monotonic() + 100
while left_behind() and time.monotonic() < deadline:
    time.sleep(0.2)
    nt.simulate(saddle, **short)
"""


class Notebook(Case):
    def test_memory_of_interrupted_runs_comes_back(self):
        log = self.folder / "log"
        done = subprocess.run([sys.executable, "-c", NOTEBOOK], capture_output=True, text=True, timeout=240,
                              env={**os.environ, "PTXHOST_LOG": str(log), "PYTHONPATH": str(PROGRAM.parent / "python")})
        self.assertEqual((done.returncode, done.stdout), (0, "interrupted\n" * 2), done.stderr)
        calls = log.read_text().splitlines()
        count = {name: sum(call.startswith(name) for call in calls)
                 for name in ("cudaMalloc", "cudaFree", "cudaStreamCreate", "cudaStreamDestroy")}
        self.assertGreater(count["cudaStreamCreate"], 3)
        self.assertEqual(count["cudaFree"], count["cudaMalloc"])
        self.assertEqual(count["cudaStreamDestroy"], count["cudaStreamCreate"])


if __name__ == "__main__":
    unittest.main()
