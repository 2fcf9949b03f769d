"""ruff on the text of one module: fixes by code, order of imports, layout."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gencode_graph.healing.python.app import modules
from gencode_graph.validation.newer_python import find_ruff

PROJECT = "pyproject.toml"


def fixed(text: str, codes: Sequence[str], path: str, files: Mapping[str, str], *, unsafe: bool = False) -> str:
    """A module with what ruff repairs of some codes; as it is where ruff cannot be asked."""
    options = ("check", "--fix-only", f"--select={','.join(codes)}", *_settings(path, files))
    return _run(text, options + (("--unsafe-fixes",) if unsafe else ()))


def tidied(text: str, path: str, files: Mapping[str, str]) -> str:
    """A module laid out as the app's own tools do it."""
    settings = _settings(path, files)
    return _run(_run(text, ("check", "--fix-only", "--select=I", *settings)), ("format", *settings))


def _settings(path: str, files: Mapping[str, str]) -> tuple[str, ...]:
    """What the project next above a file says of layout and of its own packages; else the packages that there are."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        text = files.get(f"{folder}/{PROJECT}" if folder else PROJECT)
        if text is not None:
            return _options(text)
    own = sorted({module.partition(".")[0] for module in modules(files)})
    return (f"--config=lint.isort.known-first-party={own!r}",)


@lru_cache(maxsize=16)
def _options(text: str) -> tuple[str, ...]:
    try:
        ruff: dict[str, Any] = tomllib.loads(text).get("tool", {}).get("ruff", {})
    except tomllib.TOMLDecodeError:
        return ()
    given = []
    if isinstance(length := ruff.get("line-length"), int):
        given.append(f"--config=line-length={length}")
    own = ruff.get("lint", {}).get("isort", {}).get("known-first-party", [])
    if own and all(isinstance(name, str) and name.isidentifier() for name in own):
        given.append(f"--config=lint.isort.known-first-party={list(own)!r}")
    return tuple(given)


def _run(text: str, options: tuple[str, ...]) -> str:
    ruff = find_ruff()
    if ruff is None:
        return text
    # `check --fix-only` without --exit-zero fails where something is left over, and still prints the text
    argv = [ruff, options[0], "--isolated", "--no-cache", "--quiet", *options[1:], "--stdin-filename=module.py", "-"]
    try:
        ran = subprocess.run(argv, input=text.encode(), capture_output=True, timeout=20, check=False)
        return ran.stdout.decode() if ran.stdout and ran.returncode in (0, 1) else text
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return text
