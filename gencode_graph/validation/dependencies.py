"""What an app may depend on: pinned packages of a registry whose names are known, and nothing that runs on install."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files as resources
from pathlib import PurePosixPath
from typing import Any

from gencode_graph.sandbox.locks import DEPENDENCIES, INCLUDE, PINNED
from gencode_graph.types import Finding

_REQUIREMENTS = re.compile(r"(?:requirements|constraints)[\w.-]*\.(?:txt|in)")
_VERSION = re.compile(r"(?:[~^]|>=|=|v)?\d+(?:\.(?:\d+|[x*]))*(?:-[\w.-]+)?(?:\+[\w.-]+)?")
_RUN_ON_INSTALL = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
_LISTS = (*DEPENDENCIES, "overrides", "resolutions")
_BUNDLED = ("bundledDependencies", "bundleDependencies")


def dependencies(path: str, text: str) -> list[Finding]:
    """A finding for each dependency that is not a known package of a registry, and for each script run on install."""
    name = PurePosixPath(path).name
    if _REQUIREMENTS.fullmatch(name):
        return list(_requirements(path, text))
    if name == "package.json":
        return [*_manifest(path, _json(text))]
    if name == "package-lock.json":
        return list(_lock(path, _json(text)))
    if name == "pyproject.toml":
        return list(_project(path, text))
    return []


def _requirements(path: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), start=1):
        said = re.sub(r"(^|\s)#.*", "", line).strip()
        if not said or INCLUDE.fullmatch(said):
            continue
        if not PINNED.fullmatch(said):
            hint = "write name==version, for a package of the registry"
            yield _refused("source", path, f"{said[:100]!r} is not of the form name==version", hint, number)
        else:
            yield from _unknown("python", re.split(r"[\[=\s]", said, maxsplit=1)[0], path, number)


def _manifest(path: str, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    for field in _LISTS:
        wanted = manifest.get(field)
        for name, version in wanted.items() if isinstance(wanted, dict) else ():
            if not isinstance(version, str) or not _VERSION.fullmatch(version):
                hint = "write a version of the registry, for instance 1.2.3"
                yield _refused("source", path, f"{name} is taken from {json.dumps(version)[:100]}", hint)
            else:
                yield from _unknown("node", name, path)
    for field in _BUNDLED:
        if field in manifest:
            yield _refused("source", path, f"{field} brings packages of its own", f"leave {field} out")
    scripts = manifest.get("scripts")
    for name in _RUN_ON_INSTALL:
        if isinstance(scripts, dict) and name in scripts:
            yield _refused("install-script", path, f"the script {name} would run on every install", "leave it out")


def _lock(path: str, lock: Mapping[str, Any]) -> Iterator[Finding]:
    packages = lock.get("packages")
    for name, package in packages.items() if isinstance(packages, dict) else ():
        source = str(package.get("resolved", "https:")) if isinstance(package, dict) else ""
        if name and (not source.startswith("https:") or not name.startswith("node_modules/") or package.get("link")):
            yield _refused("source", path, f"{name[:100]} is taken from {source[:100]!r}", "take it from the registry")
        elif name:
            yield from _unknown("node", name.rpartition("node_modules/")[2], path)


def _project(path: str, text: str) -> Iterator[Finding]:
    """Nothing is installed from it here; a person may, with the app in hand."""
    try:
        project = tomllib.loads(text).get("project", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return  # told by the check of its syntax
    if not isinstance(project, dict):
        return
    optional = project.get("optional-dependencies")
    lists = [project.get("dependencies"), *(optional.values() if isinstance(optional, dict) else ())]
    for said in (said for one in lists if isinstance(one, list) for said in one):
        if "@" in str(said) or "://" in str(said):
            yield _refused("source", path, f"{said!r} is not a package of the registry", "name a package and a version")
        elif found := re.match(r"[A-Za-z0-9][\w.-]*", str(said)):
            yield from _unknown("python", found[0], path)


def _unknown(kind: str, name: str, path: str, line: int | None = None) -> Iterator[Finding]:
    known = _known(kind)
    plain = re.sub(r"[-_.]+", "-", name).lower() if kind == "python" else name
    if plain not in known:
        near = difflib.get_close_matches(plain, known, n=1, cutoff=0.8)
        hint = f"did you mean {near[0]}?" if near else "do without it: a name that nobody vouches for may be anybody's"
        yield _refused("unknown", path, f"{name[:100]} is not among the packages that apps may use", hint, line)


@cache
def _known(kind: str) -> frozenset[str]:
    """The packages that the built-in drafts name or bring with them."""
    templates = resources("gencode_graph") / "templates" / "app"
    if kind == "node":
        lock = json.loads((templates / "frontend_mock/frontend/package-lock.json").read_text(encoding="utf-8"))
        return frozenset(name.rpartition("node_modules/")[2] for name in lock["packages"] if name)
    lists = (templates / f"backend_models/backend/requirements{which}.txt" for which in ("", "-dev", "-postgres"))
    lines = [line for one in lists for line in one.read_text(encoding="utf-8").splitlines()]
    return frozenset(re.split(r"[\[=\s]", line, maxsplit=1)[0].lower() for line in lines if "==" in line)


def _json(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}  # told by the check of its syntax
    return found if isinstance(found, dict) else {}


def _refused(rule: str, path: str, message: str, hint: str, line: int | None = None) -> Finding:
    return Finding(rule=f"dependencies/{rule}", message=message, path=path, line=line, hint=hint)
