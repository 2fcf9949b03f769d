#!/usr/bin/env bash
# Looks for Node.js and Chromium. Installs Chromium by apt when there is none and we are root; else says how.
set -euo pipefail

node_major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
if [ "${node_major:-0}" -lt 20 ] || ! command -v npm >/dev/null; then
    echo "Node.js 20 or newer and npm are needed: install them from nodejs.org or your system's packages." >&2
    exit 3
fi

for name in "${CHROMIUM:-chromium-headless-shell}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(uname)" = Darwin ]; then
    for name in Chromium "Google Chrome"; do
        if [ -x "/Applications/$name.app/Contents/MacOS/$name" ]; then exit 0; fi
    done
    echo "Chromium is needed for screenshots and browser tests: brew install --cask chromium" >&2
elif command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 ||
        apt-get install -y -qq --no-install-recommends chromium >/dev/null
elif command -v apt-get >/dev/null; then
    echo "Chromium is needed for screenshots and browser tests: sudo apt-get install chromium-headless-shell" >&2
else
    echo "Chromium is needed for screenshots and browser tests: install it, or set GENCODE_BROWSER to its program." >&2
fi
