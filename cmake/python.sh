#!/bin/sh
# Makes build/python-venv, where nanobind is, without which the Python module is left out, and ipywidgets, with which
# the sliders of noisetrap.explore are tested. Debian 12 has no package of nanobind, so they come from PyPI; without a network everything else is built and tested, and this says so.
set -eu

folder=build/python-venv
python=/usr/bin/python3

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -m nanobind --version >/dev/null 2>&1; then exit 0; fi
if ! "$python" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
    echo "The Python module is left out: it needs Python 3.11 or later."
    exit "${1:-0}"
fi
echo "Setting up $folder with nanobind"
# Debian's numpy, matplotlib and h5py are seen through --system-site-packages.
{ "$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --system-site-packages "$folder"; } &&
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 "nanobind>=2.9" ipywidgets ||
    { echo "The Python module is left out: nanobind could not be installed from PyPI."; exit "${1:-0}"; }
