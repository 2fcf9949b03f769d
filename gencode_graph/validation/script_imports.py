"""Imports of scripts and styles: the file is there, and exports what is taken from it; a package is declared."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, kind_of
from gencode_graph.validation.script_modules import Import, script_module
from gencode_graph.validation.stylesheets import imported

MADE_LATER = {"frontend/src/api/schema.d.ts": ""}
"""Made from the contract by a tool, after the first files that use it."""

_ENDINGS = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".css")
_COMPILED = {".js": (".ts", ".tsx", ".d.ts"), ".jsx": (".tsx",), ".mjs": (".mts", ".d.mts"), ".cjs": (".cts", ".d.cts")}
_BUILTIN = frozenset({
    "assert", "assert/strict", "async_hooks", "buffer", "child_process", "cluster", "console", "constants",
    "crypto", "dgram", "dns", "dns/promises", "domain", "events", "fs", "fs/promises", "http", "http2", "https",
    "inspector", "module", "net", "os", "path", "path/posix", "path/win32", "perf_hooks", "process", "punycode",
    "querystring", "readline", "readline/promises", "repl", "stream", "stream/promises", "stream/web",
    "string_decoder", "sys", "timers", "timers/promises", "tls", "tty", "url", "util", "util/types", "v8", "vm",
    "wasi", "worker_threads", "zlib",
})  # fmt: skip
_FIELDS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_DATA_URL = re.compile(r"^(?:[a-z]+:|//|#)", re.IGNORECASE)


def script_imports(files: Mapping[str, str], only: Collection[str] | None = None) -> list[Finding]:
    """A finding for each import that leads nowhere, takes what is not exported, or needs an undeclared package.

    ``only`` names the files to judge; all of them where it is not given.
    """
    found: list[Finding] = []
    for path in files if only is None else only:
        kind, text = kind_of(path), files[path]
        if kind in SCRIPTS:
            for one in script_module(kind, text).imports:
                found += _judge(path, one, files)
        elif kind == "css":
            for line, source in imported(text):
                found += _judge(path, Import(source=source, line=line), files)
    return found


def _judge(path: str, one: Import, files: Mapping[str, str]) -> Iterator[Finding]:
    source = one.source.partition("?")[0]
    if not source or _DATA_URL.match(source):
        return
    places = list(_places(path, source, files))
    if not places:
        yield from _undeclared(path, one, source, files)
        return
    target = next((hit for place in places if (hit := _file(place, files)) is not None), None)
    if target is None and any(_file(place, MADE_LATER) for place in places):
        return
    if target is None:
        message = f"{one.source} leads to no file of the app"
        yield _finding("imports/unresolved", path, one.line, message, "import a file that exists, or write that file")
        return
    exported = exports_of(target, files)
    for name in one.names if exported is not None else ():
        if exported is not None and name not in exported:
            message = f"{target} does not export {name}"
            yield _finding("imports/name", path, one.line, message, f"export it from {target}, or import another name")


def exports_of(path: str, files: Mapping[str, str], seen: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """All names that a script exports, those of other modules included; None where they cannot be told."""
    kind = kind_of(path)
    if kind not in SCRIPTS or path in seen:
        return frozenset() if path in seen else None
    module = script_module(kind, files[path])
    if module.opaque:
        return None
    names = set(module.exports)
    for source in module.stars:
        target = next((hit for place in _places(path, source, files) if (hit := _file(place, files))), None)
        inner = exports_of(target, files, seen | {path}) if target is not None else None
        if inner is None:
            return None
        names |= inner - {"default"}
    return frozenset(names)


def is_own(path: str, source: str, files: Mapping[str, str]) -> bool:
    """Whether a source names a file of the app rather than a package."""
    return any(True for _ in _places(path, source, files))


def target_of(path: str, source: str, files: Mapping[str, str]) -> str | None:
    """The file of the app that a script means by a source; None for a package, and where there is no such file."""
    places = _places(path, source.partition("?")[0], files)
    return next((hit for place in places if (hit := _file(place, files)) is not None), None)


def _places(path: str, source: str, files: Mapping[str, str]) -> Iterator[str]:
    """Where in the tree a source may lie, without its ending; nowhere for a package."""
    folder = posixpath.dirname(path)
    if source.startswith("."):
        yield posixpath.normpath(posixpath.join(folder, source))
        return
    home, aliases = _aliases(folder, files)
    for pattern, targets in aliases.items():
        head, star, tail = pattern.partition("*")
        fits = source.startswith(head) and source.endswith(tail) if star else source == pattern
        for target in targets if fits else ():
            middle = source[len(head) : len(source) - len(tail)] if star else ""
            yield posixpath.normpath(posixpath.join(home, target.replace("*", middle)))


def _aliases(folder: str, files: Mapping[str, str]) -> tuple[str, dict[str, list[str]]]:
    """The ``paths`` of the nearest tsconfig, and the folder they start from."""
    for home in _upwards(folder):
        for name in ("tsconfig.json", "tsconfig.app.json", "jsconfig.json"):
            at = posixpath.join(home, name)
            options = _json(files[at]).get("compilerOptions", {}) if at in files else {}
            if isinstance(options, dict) and options.get("paths"):
                return posixpath.join(home, str(options.get("baseUrl", "."))), options["paths"]
    return folder, {}


def _file(place: str, files: Mapping[str, str]) -> str | None:
    stem, ending = posixpath.splitext(place)
    tries = [place, *(place + end for end in _ENDINGS), *(stem + end for end in _COMPILED.get(ending, ()))]
    tries += [posixpath.join(place, f"index{end}") for end in _ENDINGS]
    return next((one for one in tries if one in files), None)


def _undeclared(path: str, one: Import, source: str, files: Mapping[str, str]) -> Iterator[Finding]:
    if one.optional or source in _BUILTIN or source.startswith(("@/", "~", "/", "$")):
        return
    parts = source.split("/")
    package = "/".join(parts[:2]) if source.startswith("@") else parts[0]
    homes = _upwards(posixpath.dirname(path))
    manifests = [m for m in (posixpath.join(home, "package.json") for home in homes) if m in files]
    documents = [_json(files[manifest]) for manifest in manifests]
    declared = {name for each in documents for field in _FIELDS for name in (each.get(field) or {})}
    declared |= {str(each.get("name")) for each in documents}
    types = f"@types/{package.removeprefix('@').replace('/', '__')}"
    if manifests and package not in declared and not (one.typed and types in declared):
        message = f"{package} is not declared in {manifests[0]}"
        hint = f"use a package that is, or declare it in {manifests[0]}"
        yield _finding("imports/undeclared", path, one.line, message, hint)


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        if not folder:
            return
        folder = posixpath.dirname(folder)


@lru_cache(maxsize=64)
def _json(text: str) -> dict[str, Any]:
    """An object from JSON, or from JSON with comments; empty where it is none."""
    for source in (text, re.sub(r"^\s*//.*$|/\*.*?\*/|,(?=\s*[}\]])", "", text, flags=re.MULTILINE)):
        try:
            found = json.loads(source)
        except ValueError:
            continue
        return found if isinstance(found, dict) else {}
    return {}


def _finding(rule: str, path: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=rule, message=message, path=path, line=line, hint=hint)
