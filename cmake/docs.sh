#!/bin/sh
# Makes build/docs-venv, where Sphinx and its companions are, which make the site of docs/. They come from PyPI; without
# a network everything else is built and tested, and this says so.
set -eu

folder=build/docs-venv
python=/usr/bin/python3

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c "import sphinx, myst_parser, furo" 2>/dev/null; then exit 0; fi
if ! "$python" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
    echo "The site of the documentation is left out: it needs Python 3.11 or later."
    exit "${1:-0}"
fi
echo "Setting up $folder with Sphinx"
# The package of Python, whose docstrings are read, sees Debian's numpy through --system-site-packages.
{ "$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --system-site-packages "$folder"; } &&
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 \
        "sphinx>=8" "myst-parser>=4" "furo>=2024.8.6" ||
    { echo "The site of the documentation is left out: Sphinx could not be installed from PyPI."; exit "${1:-0}"; }
