"""Libraries: where the names come from that apps like these use."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from functools import cache

from gencode_graph.healing.python.imports import Import

_STANDARD = (
    "typing", "collections.abc", "datetime", "pathlib", "enum", "uuid", "contextlib", "dataclasses", "functools",
    "itertools", "decimal", "collections", "math", "operator", "secrets", "string", "textwrap", "types",
)  # fmt: skip
"""Modules whose names are taken one by one; an earlier one wins."""


def library_imports(name: str, text: str, files: Mapping[str, str]) -> Import | None:
    """How a name that no file of the app defines or imports is usually imported; None for unknown ones."""
    standard = _standard(name)
    if standard is not None:
        return standard
    return Import(name, None, name) if name in sys.stdlib_module_names and not name.startswith("_") else None


@cache
def _standard(name: str) -> Import | None:
    for module in _STANDARD:
        if name in getattr(importlib.import_module(module), "__all__", dir(importlib.import_module(module))):
            return Import(module, name, name)
    return None
