#!/usr/bin/env bash
# Makes the image gencode/debian by debootstrap, as root, for where no registry of images can be reached:
#
#   scripts/make-debian.sh && gencode images build --base gencode/debian
#
# What was made is kept in ${GENCODE_CACHE:-~/.cache/gencode}/images, so that a second run takes seconds.
set -euo pipefail

tag=gencode/debian
suite=bookworm
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
cache=${GENCODE_CACHE:-$HOME/.cache/gencode}/images
tarball=$cache/debian-$suite-$(dpkg --print-architecture).tar

if docker image inspect "$tag" >/dev/null 2>&1; then exit 0; fi
if [ ! -s "$tarball" ]; then
    mkdir -p "$cache"
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
        { tail -20 "$cache/debootstrap.log" >&2; exit 3; }
    printf 'deb %s %s main\ndeb %s %s-updates main\ndeb %s-security %s-security main\n' \
        "$mirror" "$suite" "$mirror" "$suite" "$mirror" "$suite" >"$root/etc/apt/sources.list"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    tar -C "$root" --numeric-owner -cf "$tarball.part" .
    mv "$tarball.part" "$tarball"
fi
docker import --change 'CMD ["/bin/sh"]' "$tarball" "$tag" >/dev/null
