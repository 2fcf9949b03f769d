# Run as root while an image is built: wheels.sh FOLDER REQUIREMENTS installs locked wheels, checked by their hashes.
set -eu
python3 -m venv "$1"
"$1/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: --requirement "$2"
"$1/bin/python" -m pip uninstall --quiet --yes --disable-pip-version-check setuptools >/dev/null 2>&1 || true
