#!/bin/sh
# Installs what is missing, from Debian's packages, and says so. Does nothing where nothing is missing. Arguments are
# further packages.
set -eu

packages="g++ cmake ninja-build git binutils libthrust-dev libeigen3-dev libboost-dev libfmt-dev libcli11-dev
libtomlplusplus-dev libxxhash-dev nlohmann-json3-dev libhdf5-dev libzstd-dev catch2 libbenchmark-dev valgrind python3 python3-dev
zlib1g-dev python3-sklearn python3-venv python3-numpy python3-matplotlib python3-jinja2 python3-h5py"
packages="$packages $*"

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    # Elsewhere CMake says what it does not find; a marker lets people go on who have it all.
    if [ "${NOISETRAP_SKIP_SETUP:-}" = 1 ]; then exit 0; fi
    echo "There is no apt here. Install these (Debian's names), then run again with NOISETRAP_SKIP_SETUP=1:"
    echo $packages
    exit 1
fi

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "Installing with apt:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "This needs root: run  apt-get install$missing  as root, then try again."
        exit 1
    fi
    sudo="sudo"
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
