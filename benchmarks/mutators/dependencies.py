"""Packages that the code imports, and that are not declared, or by another name."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutators.apps import App, Changes, misspelt, substituted

_LISTS = "backend/requirements.txt"
_MANIFEST = "frontend/package.json"
_CALLED = {
    "fastapi": ("fast-api", "fastapi-framework"), "sqlalchemy": ("sql-alchemy", "sqlalchemy-orm"),
    "pydantic-settings": ("pydantic-setting", "pydantic-config"), "uvicorn": ("unicorn", "uvicorn-server"),
    "@tanstack/react-query": ("react-query", "@tanstack/query"), "lucide-react": ("lucide", "lucide-icons"),
    "@tanstack/react-router": ("tanstack-router", "@tanstack/router"), "clsx": ("classnames", "cslx"),
    "react-hook-form": ("react-hook-forms", "react-form-hook"), "tailwind-merge": ("tw-merge", "tailwindmerge"),
    "@hookform/resolvers": ("@hook-form/resolvers", "hookform-resolvers"), "recharts": ("re-charts", "rechart"),
    "class-variance-authority": ("cva", "class-variants-authority"), "sonner": ("sooner", "react-sonner"),
    "openapi-fetch": ("open-api-fetch", "openapi-client"), "radix-ui": ("@radix-ui/react", "radixui"),
    "react-day-picker": ("react-datepicker", "react-daypicker"), "cmdk": ("cmd-k", "cmdkit"),
    "@dnd-kit/core": ("dnd-kit", "@dndkit/core"), "zod": ("zodd", "@zod/core"),
}  # fmt: skip
"""What people take a package's name for."""


def undeclared(app: App, dice: Random) -> Changes | None:
    """A package that the backend needs is not in its list."""
    return _changed(app, _LISTS, substituted(r"^[\w-]+==.+\n", app.files[_LISTS], dice, lambda _: ""))


def misnamed(app: App, dice: Random) -> Changes | None:
    """A package of the backend by another name."""
    return _changed(app, _LISTS, substituted(r"^([\w-]+)(?===)", app.files[_LISTS], dice, lambda m: _other(m[1], dice)))


def not_in_manifest(app: App, dice: Random) -> Changes | None:
    """A package that the frontend imports is not in its manifest."""
    text = substituted(rf'^    "({_imported(app)})": "[^"]+",?\n', app.files[_MANIFEST], dice, lambda _: "")
    return _changed(app, _MANIFEST, re.sub(r",(\n\s*\})", r"\1", text) if text else None)


def misnamed_in_manifest(app: App, dice: Random) -> Changes | None:
    """A package of the frontend by another name."""
    text = substituted(
        rf'^    "({_imported(app)})"', app.files[_MANIFEST], dice, lambda m: f'    "{_other(m[1], dice)}"'
    )
    return _changed(app, _MANIFEST, text)


def _imported(app: App) -> str:
    """The packages that scripts import, as a pattern."""
    found = {m for path in app.scripts for m in re.findall(r'from "((?:@[\w-]+/)?[\w-]+)', app.files[path])}
    return "|".join(sorted(map(re.escape, found)))


def _other(name: str, dice: Random) -> str:
    last = name.rpartition("/")
    slip = misspelt(last[2].replace("-", "_"), dice) or f"{last[2]}s"
    slip = f"{last[0]}{last[1]}{slip.replace('_', '-')}".lower()
    return dice.choice([*_CALLED.get(name, ()), slip, slip])


def _changed(app: App, path: str, text: str | None) -> Changes | None:
    return {path: text} if text is not None else None


DEPENDENCIES = {"python": (undeclared, misnamed), "typescript": (not_in_manifest, misnamed_in_manifest)}
