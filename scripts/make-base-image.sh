#!/usr/bin/env bash
# Makes the image gencode/base, in which generated apps run.
#
#   scripts/make-base-image.sh                    from BASE_IMAGE (default: the Dockerfile's), which is pulled
#   scripts/make-base-image.sh --debootstrap      where no image registry can be reached: a Debian made here, as root
#
# The made Debian is kept in ${GENCODE_CACHE:-~/.cache/gencode}/images, so that a second run takes seconds. Root
# certificates that this machine trusts beyond Debian's own (/usr/local/share/ca-certificates) go into the image.
set -euo pipefail
cd "$(dirname "$0")/.."

tag=gencode/base
suite=bookworm
cache=${GENCODE_CACHE:-$HOME/.cache/gencode}/images
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp -R gencode_graph/sandbox/images/base/. "$context"
find /usr/local/share/ca-certificates -name '*.crt' -exec cp -L {} "$context/ca/" \; 2>/dev/null || true
build=(docker build --quiet --tag "$tag")

if [ "${1:-}" = "--debootstrap" ]; then
    tarball=$cache/debian-$suite-$(dpkg --print-architecture).tar
    if [ ! -s "$tarball" ]; then
        mkdir -p "$cache"
        root=$(mktemp -d)
        debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$cache/debootstrap.log" 2>&1 ||
            { tail -20 "$cache/debootstrap.log" >&2; exit 3; }
        mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
        printf 'deb %s %s main\ndeb %s %s-updates main\ndeb %s-security %s-security main\n' \
            "$mirror" "$suite" "$mirror" "$suite" "${mirror}" "$suite" >"$root/etc/apt/sources.list"
        rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
        tar -C "$root" --numeric-owner -cf "$tarball.part" .
        mv "$tarball.part" "$tarball"
        rm -rf "$root"
    fi
    docker image inspect gencode/debian >/dev/null 2>&1 ||
        docker import --change 'CMD ["/bin/sh"]' "$tarball" gencode/debian >/dev/null
    build+=(--build-arg BASE_IMAGE=gencode/debian)
elif [ -n "${BASE_IMAGE:-}" ]; then
    build+=(--build-arg "BASE_IMAGE=$BASE_IMAGE")
fi

"${build[@]}" "$context"
docker run --rm --network none "$tag" sh -c 'python3 --version && node --version && git --version'
