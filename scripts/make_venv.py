"""Makes the virtual environment with this package, editable, and what its tests need: make_venv.py FOLDER."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)
PROJECT = ".[server,notebooks,postgres]"


def main(folder: Path) -> None:
    """uv installs, as it is quick; where it cannot (an index that only pip is set up for), pip does."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {sys.version.split()[0]} is too old: set PYTHON to one from {'.'.join(map(str, OLDEST))} on")
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", "pip", "uv"], check=True)
    wanted = ["--editable", PROJECT, "--group", "dev"]
    by_uv = [str(folder / "bin" / "uv"), "pip", "install", "--quiet", "--python", python, *wanted]
    if subprocess.run(by_uv, check=False).returncode != 0:
        subprocess.run([*pip, *wanted], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
