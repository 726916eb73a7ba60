#!/bin/sh
# Are the bytes of kernels the same on another processor? Debian: g++-aarch64-linux-gnu qemu-user-static.
#     tests/elsewhere/compare.sh [aarch64]
# EXTRA_FLAGS=-ffp-contract=fast shows that they need not be.
# compiles tests/elsewhere/kernels.cpp for both, runs the other one under QEMU, and compares what they print.
set -eu
cd "$(dirname "$0")/../.."
processor=${1:-aarch64}
made=build/elsewhere
mkdir -p "$made"
# As cmake/KernelFlags.cmake has them; nothing is contracted, and no extension is needed.
flags="-std=c++20 -O2 -ffp-contract=off -fno-math-errno -fno-trapping-math -w -Wno-psabi -I. ${EXTRA_FLAGS:-}"
g++ $flags tests/elsewhere/kernels.cpp -o "$made/kernels-here"
"$processor-linux-gnu-g++" $flags -static tests/elsewhere/kernels.cpp -o "$made/kernels-$processor"
"$made/kernels-here" >"$made/here.txt"
"qemu-$processor-static" "$made/kernels-$processor" >"$made/$processor.txt"
if ! diff "$made/here.txt" "$made/$processor.txt"; then
    echo "the bits differ on $processor" >&2
    exit 1
fi
cat "$made/here.txt"
echo "the same bits on $(uname -m) and $processor, in $(wc -l <"$made/here.txt") kernels"
