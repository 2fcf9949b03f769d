"""The typed client: how the web app's ``src/api/schema.d.ts`` is made from ``openapi.json``.

openapi-typescript needs the compiler API of TypeScript 5, the apps use TypeScript 7: it lives in a tool folder
of its own, made by ``npm ci`` from :data:`TOOL`, and is run as :func:`argv` says, with any working directory.
"""

from __future__ import annotations

from pathlib import Path

TOOL = Path(__file__).resolve().parents[1] / "templates" / "tools" / "openapi-typescript"
"""Folder with the tool's ``package.json`` and ``package-lock.json``."""

CONTRACT = "openapi.json"
"""What it reads, in the app."""

TYPES = "frontend/src/api/schema.d.ts"
"""What it writes, in the app."""


def argv(tool: Path, app: Path) -> list[str]:
    """The command; ``tool`` is the installed tool folder (with ``node_modules``), ``app`` the root of the app."""
    script = tool / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    return [
        "node",
        str(script),
        str(app / CONTRACT),
        "--root-types",
        "--root-types-no-schema-prefix",
        "--default-non-nullable=false",
        "--output",
        str(app / TYPES),
    ]
