"""What kind of text a path names, and what such a text holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

Kind = Literal[
    "python", "ts", "tsx", "css", "html", "json", "jsonc", "yaml", "toml", "svg", "dockerfile", "markdown", "text",
    "binary",
]  # fmt: skip

SCRIPTS: tuple[Kind, ...] = ("ts", "tsx")
CODE: tuple[Kind, ...] = ("python", "ts", "tsx", "css", "html")

_SUFFIXES: dict[str, Kind] = {
    ".py": "python",
    ".ts": "ts", ".mts": "ts", ".cts": "ts",
    ".tsx": "tsx", ".js": "tsx", ".jsx": "tsx", ".mjs": "tsx", ".cjs": "tsx",
    ".css": "css", ".html": "html", ".htm": "html", ".json": "json", ".jsonc": "jsonc", ".webmanifest": "json",
    ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".svg": "svg", ".xml": "svg",
    ".md": "markdown", ".dockerfile": "dockerfile",
}  # fmt: skip
"""JavaScript is read with the TSX grammar: the plain one has false alarms."""

_BINARY = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2", ".ttf", ".otf", ".pdf"}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a text is not what it should be."""

    message: str
    line: int | None = None
    at_end: bool = False
    """The text stops before it is complete."""


def kind_of(path: str) -> Kind:
    """The kind of a path; what has no kind of its own is ``text``."""
    name = PurePosixPath(path)
    if name.name == "Dockerfile" or name.name.startswith("Dockerfile."):
        return "dockerfile"
    if name.suffix == ".json" and name.name.startswith(("tsconfig", "jsconfig")):
        return "jsonc"
    suffix = name.suffix.lower()
    return "binary" if suffix in _BINARY else _SUFFIXES.get(suffix, "text")


def texts(files: Mapping[str, str | bytes]) -> dict[str, str]:
    """The files that hold UTF-8 text, without a byte order mark; line ends as they are."""
    found = {}
    for path, content in files.items():
        if kind_of(path) == "binary":
            continue
        try:
            text = content.decode("utf-8") if isinstance(content, bytes) else content
        except UnicodeDecodeError:
            continue  # refused by the workspace's own rules
        found[path] = text.removeprefix("\ufeff")
    return found


def last_line(text: str) -> int:
    """The number of the last line that is not blank, from 1."""
    return text.rstrip().count("\n") + 1


def shown(text: str, limit: int = 60) -> str:
    """The start of a text on one line, for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[:limit]}..."
