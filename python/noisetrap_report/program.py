"""The command `noisetrap` of a wheel: the program, whose pages are drawn by the Python that pip installed it for."""

import os
import sys
from pathlib import Path


def main():
    program = Path(__file__).resolve().parents[1] / "noisetrap" / "bin" / "noisetrap"
    os.environ.setdefault("NOISETRAP_PYTHON", sys.executable)
    os.execv(program, ["noisetrap", *sys.argv[1:]])
