#!/bin/sh
# Fails if an object file defines a weak or unique symbol (a template or inline function that other units share).
set -eu
[ $# -gt 0 ] || exit 1
status=0
for object in "$@"; do
    symbols=$(nm --defined-only "$object")
    weak=$(echo "$symbols" | awk '$2 ~ /^[WwVvu]$/ {print $3}')
    if [ -n "$weak" ]; then
        echo "$object: $weak"
        status=1
    fi
done
exit $status
