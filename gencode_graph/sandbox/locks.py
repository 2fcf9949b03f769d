"""Lock files: which packages they name, and the key under which an install of them is shared."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gencode_graph import machine
from gencode_graph.errors import MissingError, RefusedError, SandboxError
from gencode_graph.sandbox.commands import inside

PINNED = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,\s-]+\])?\s*==\s*[0-9][A-Za-z0-9.!+*]*(\s*;(?!.*(--|\\)).*)?"
)
INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]+([A-Za-z0-9._-]+)")
DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What is to be installed, and where it goes."""

    kind: Literal["node", "python"]
    folder: str
    """Beside the lock file: ``node_modules`` or ``.venv``."""
    files: Mapping[str, str]
    """What the package manager reads, by name."""

    def key(self, about: str) -> str:
        """The same for the same packages and the same machine, of which ``about`` tells what matters to them."""
        return hashlib.sha256(json.dumps([self.kind, about, sorted(self.files.items())]).encode()).hexdigest()[:32]

    def commands(self, *, uv: str, python: str) -> list[tuple[str, ...]]:
        """The programs that install, to be run in a folder with ``files``. No package's own scripts are run."""
        if self.kind == "node":
            quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
            retry = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
            return [("npm", "ci", "--ignore-scripts", "--prefer-offline", *quiet, *retry)]
        first = next(iter(self.files))
        own = f"{self.folder}/bin/python"
        only = ("--only-binary", ":all:", "--link-mode", "hardlink")
        return [
            (uv, "venv", "--quiet", "--no-config", "--relocatable", "--python", python, self.folder),
            (uv, "pip", "install", "--quiet", "--python", own, *only, "-r", first),
            (python, "-I", "-S", "-c", inside("compile.py"), f"{self.folder}/lib"),
        ]


def read_lock(place: Path) -> Lock:
    """The lock file at ``place``. Raises ``RefusedError`` for anything but pinned packages of a registry."""
    try:
        if place.name == "package-lock.json":
            return node_lock(place)
        if place.name.startswith("requirements") and place.suffix == ".txt":
            return python_lock(place)
    except FileNotFoundError as error:
        raise SandboxError(f"there is no {error.filename} to install from; put it first") from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise RefusedError(f"{place.name}, or what it includes, is no file of text") from error
    raise SandboxError(f"no installer for {place.name}; known: package-lock.json, requirements*.txt")


def node_lock(place: Path) -> Lock:
    """An npm lock and its ``package.json``, less the app's own name: every app with these packages shares them."""
    try:
        lock: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        manifest: dict[str, Any] = json.loads((place.parent / "package.json").read_text(encoding="utf-8"))
        packages: dict[str, dict[str, Any]] = dict(lock["packages"])
        wanted = {name: manifest[name] for name in DEPENDENCIES if name in manifest}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RefusedError(f"{place.name} or package.json is not one that npm wrote: {error}") from error
    for name, package in packages.items():
        if not isinstance(package, dict):
            raise RefusedError(f"{place.name} says nothing of {name}; let npm write it")
        source = str(package.get("resolved", "https:"))
        if name and (package.get("link") or not name.startswith("node_modules/") or not source.startswith("https:")):
            raise RefusedError(
                f"{place.name} takes {name} from {source!r}; only packages of the registry are installed"
            )
    root = {name: value for name, value in packages.get("", {}).items() if name in DEPENDENCIES}
    named = {"name": "app", "version": "0.0.0"}
    files = {
        "package.json": json.dumps(named | {"private": True} | wanted, sort_keys=True),
        "package-lock.json": json.dumps(lock | named | {"packages": packages | {"": named | root}}, sort_keys=True),
    }
    return Lock(kind="node", folder="node_modules", files=files)


def python_lock(place: Path) -> Lock:
    """A requirements file and those it includes."""
    files: dict[str, str] = {}
    waiting = [place]
    while waiting:
        current = waiting.pop(0)
        files[current.name] = current.read_text(encoding="utf-8")
        for line in files[current.name].splitlines():
            text = re.sub(r"(^|\s)#.*", "", line).strip()
            if include := INCLUDE.fullmatch(text):
                if include[1] not in files:
                    waiting.append(place.parent / include[1])
            elif text and not PINNED.fullmatch(text):
                raise RefusedError(
                    f"{current.name}: {text!r} is not of the form name==version; nothing else is installed"
                )
    return Lock(kind="python", folder=".venv", files=files)


def here(kind: str) -> str:
    """What of this machine matters to installed packages of a kind. Raises ``MissingError`` without Node and npm."""
    about = [sys.platform, platform.machine(), "-".join(platform.libc_ver())]
    return " ".join([*about, *((node_version(),) if kind == "node" else (platform.python_version(), base_python()))])


def base_python() -> str:
    """The interpreter that our own environment was made from."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


@functools.cache
def find_uv() -> str:
    """The path of uv's program, which comes with this library."""
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        if found := shutil.which("uv"):
            return found
        raise MissingError("uv is not installed beside this library; run: pip install uv") from error


@functools.cache
def node_version() -> str:
    """Node's version, for instance ``v22.20.0``; raises ``MissingError`` without Node and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise MissingError(machine.missing("node" if node is None else "npm"))
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout.strip()


UNREACHED = (
    "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH",
    "error sending request", "dns error", "Could not connect", "SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "client error (Connect)",
)  # fmt: skip
"""What npm and uv write when they cannot reach a registry."""


def unreached(tool: str, output: str) -> None:
    """Raise ``MissingError`` if a package manager's output says that it could not reach its registry."""
    if any(sign in output for sign in UNREACHED):
        raise MissingError(
            f"the packages are not in the cache, and {tool} could not be reached; connect to the network, or set the "
            f"registry and its certificates in the package manager's own settings\n{output[:1500]}"
        )
