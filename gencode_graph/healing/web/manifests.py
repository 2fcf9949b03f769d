"""What package.json and its lock say of the packages of an app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

FIELDS = ("dependencies", "devDependencies")


def package_of(source: str) -> str:
    """The package that a source names: ``@a/b/c`` is of ``@a/b``."""
    parts = source.split("/")
    return "/".join(parts[:2]) if source.startswith("@") else parts[0]


@lru_cache(maxsize=64)
def document(text: str) -> dict[str, Any]:
    """A JSON object; empty where a text is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def dependencies(text: str) -> dict[str, str]:
    """All packages that a manifest declares, with their versions."""
    found: dict[str, str] = {}
    for field in FIELDS:
        some = document(text).get(field)
        found |= some if isinstance(some, dict) else {}
    return found


def manifests(files: Mapping[str, str]) -> list[str]:
    """The paths of all manifests."""
    return [path for path in files if path == "package.json" or path.endswith("/package.json")]


def declared(files: Mapping[str, str]) -> frozenset[str]:
    """The packages that the app declares."""
    return frozenset(name for path in manifests(files) for name in dependencies(files[path]))
