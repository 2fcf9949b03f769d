"""Libraries: what they have, and where the names come from that apps like these use."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources

import yaml

from gencode_graph.healing.python.app import absolute, defined, modules, sources
from gencode_graph.healing.python.imports import Import, imports_of
from gencode_graph.healing.python.uses import Uses

_SINGLE = (
    "collections.abc", "collections", "datetime", "pathlib", "enum", "uuid", "contextlib", "dataclasses", "functools",
    "typing", "itertools", "decimal", "math", "abc", "urllib.parse", "zoneinfo",
)  # fmt: skip
"""Modules of the standard library that names are taken from one by one; an earlier one wins."""
_WHOLE = (
    "asyncio", "base64", "calendar", "copy", "csv", "hashlib", "hmac", "http", "inspect", "io", "json", "logging",
    "operator", "os", "os.path", "random", "re", "secrets", "shutil", "statistics", "string", "sys", "tempfile",
    "textwrap", "time", "types",
)  # fmt: skip
_USUAL = (
    "fastapi", "sqlalchemy", "sqlalchemy.orm", "pydantic", "fastapi.responses", "fastapi.exceptions",
    "fastapi.middleware.cors", "fastapi.staticfiles", "fastapi.security", "fastapi.routing", "fastapi.testclient",
    "fastapi.encoders", "fastapi.concurrency", "sqlalchemy.exc", "sqlalchemy.pool", "sqlalchemy.types",
    "sqlalchemy.engine", "sqlalchemy.ext.asyncio", "sqlalchemy.ext.hybrid", "pydantic_settings", "pydantic_core",
    "starlette.middleware.base", "starlette.requests", "starlette.responses", "starlette.concurrency",
)  # fmt: skip
"""Modules of packages, in the order in which they are looked through."""
_NAMESPACES = ("func", "status", "exc", "event", "orm")
"""Names that are nothing but a place for others."""
_AS = {"sa": "sqlalchemy", "orm": "sqlalchemy.orm", "np": "numpy", "pd": "pandas"}


@cache
def _listed() -> dict[str, frozenset[str]]:
    text = (resources(__package__) / "libraries.yaml").read_text(encoding="utf-8")
    return {module: frozenset(names.split()) for module, names in yaml.safe_load(text).items()}


@cache
def names_in(module: str) -> frozenset[str] | None:
    """The public names of a library's module; None for one that is not known."""
    if module in (*_SINGLE, *_WHOLE):
        found = importlib.import_module(module)
        return frozenset(getattr(found, "__all__", None) or [n for n in dir(found) if not n.startswith("_")])
    return _listed().get(module)


def names_of(module: str, path: str, files: Mapping[str, str]) -> frozenset[str] | None:
    """What can be imported from a module, by a file: one of the app's own, or of a library; None where unknown."""
    whole, own = absolute(module, path, files), modules(files)
    inner = {one.removeprefix(f"{whole}.").partition(".")[0] for one in own if one.startswith(f"{whole}.")}
    if whole in own:
        brought = {one.bound for one in imports_of(files[own[whole]])} if own[whole] != path else set()
        return defined(files[own[whole]]) | inner | brought
    return frozenset(inner) if inner else names_in(whole)


def known_modules(files: Mapping[str, str]) -> frozenset[str]:
    """Modules of libraries that the app may import: those of the standard library, the known ones, those in use."""
    used = {
        one.module for text in sources(files).values() for one in imports_of(text) if not one.module.startswith(".")
    }
    inner = {module.rpartition(".")[0] for module in _listed() if "." in module}
    return frozenset({*_SINGLE, *_WHOLE, *_listed(), *inner, *_plain_standard(), *used})


def is_plain(module: str) -> bool:
    """Whether a module is one of the standard library that may be looked into."""
    return module in (*_SINGLE, *_WHOLE)


def _plain_standard() -> frozenset[str]:
    return frozenset(name for name in sys.stdlib_module_names if not name.startswith("_"))


def library_import(name: str, used: Uses) -> Import | None:
    """How a name that no file of the app defines or imports is usually imported; None for unknown ones.

    What it is used for decides: ``datetime.now`` is not ``datetime.timedelta``, and ``product`` as a value is nothing
    of a library.
    """
    if name in _AS and used.attributes and not used.called:
        return Import(_AS[name], None, name)
    if used.bare and not used.called and name.islower() and name not in _NAMESPACES:
        return None
    for module in _SINGLE:
        inner = getattr(importlib.import_module(module), name, None) if name in (names_in(module) or ()) else None
        if inner is not None and all(hasattr(inner, one) for one in used.attributes):
            return Import(module, name, name)
    whole = name in (*_SINGLE, *_WHOLE) and used.attributes and not used.called
    if whole and used.attributes <= frozenset(dir(importlib.import_module(name))):
        return Import(name, None, name)
    if used.called or used.typed or name in _NAMESPACES or not name.islower():
        module = next((one for one in _USUAL if name in (names_in(one) or ())), "")
        if module:
            return Import(module, name, name)
    return None
