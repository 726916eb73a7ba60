#!/bin/sh
# setup.sh FOLDER [LIBRARY...]: makes the virtual environment FOLDER with the optional libraries, in the versions of
# requirements.txt. One that cannot be installed is named, with pip's reason, and the others are installed all the same.
set -eu

folder=$1
versions=$(dirname "$0")/requirements.txt
shift
[ $# -gt 0 ] || set -- numba jax diffrax torch torchsde
command -v nvidia-smi >/dev/null && set -- "$@" "jax[cuda13]" cupy-cuda13x

if ! [ -x "$folder/bin/pip" ] && ! /usr/bin/python3 -m venv "$folder"; then
    echo "Python's venv is missing: run  apt-get install python3-venv  as root, then try again."
    exit 1
fi
for library in "$@"; do
    "$folder/bin/pip" install --quiet --disable-pip-version-check --constraint "$versions" "$library" ||
        echo "Cannot be installed, so it will be left out: $library (pip says why above)"
done
