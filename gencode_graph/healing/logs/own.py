"""Own: which paths and modules of a log are the project's, and what they are called in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_FOREIGN = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|\.venv|venv|\.tox|\.cargo|\.rustup|\.m2|\.nuget|\.pnpm|\.yarn"
    r"|\.npm|\.cache|pkg/mod|rustc|bower_components|vendor/bundle|gems|__pycache__)/"
    r"|^(?:/usr/(?!src/app)|/opt/(?!app/)|/lib|/proc/|/dev/|/etc/|/System/|/Library/|node:|internal/(?:modules|process|main|bootstrap|timers|util|streams|deps|crypto|fs|errors)/|webpack:|<|/rustc/|java\.base/)"
    r"|(?:^|/)(?:lib/)?python3?\.?\d*/(?!.*/app/)|(?:^|/)lib/python\d|^_testmain\.go$|/pyenv/|/go/src/(?:runtime|testing)/"
)
_ROOTS = (
    re.compile(r"^rootdir: (?P<root>/[^\s,]+)", re.M),
    re.compile(r"^\s*RUN\s+v\d[\w.-]*\s+(?P<root>/\S+)", re.M),
    re.compile(r"^In (?P<root>/\S+)$", re.M),
    re.compile(r"^npm (?:error|ERR!) path (?P<root>/\S+?)/package\.json$", re.M),
)
_COMMON_ROOT = re.compile(
    r"^/(?:usr/src/app|opt/app|app|workspace|workdir|project|code|repo|src|work|build|srv/app)/(?=.)"
)
_FILE = re.compile(
    r"(?<![\w/.@-])(?:\./)?((?:[\w.@-]{1,80}/){0,12}[\w.@-]{1,80})\.(?:py|tsx?|jsx?|mjs|cjs|go|java|cs|rs)\b"
)
_WINDOWS = re.compile(r"^[A-Za-z]:[\\/]")


@cache
def names(kind: str) -> frozenset[str]:
    """A list of names out of the data file: ``local``, ``python`` or ``java``."""
    data: dict[str, Any] = yaml.safe_load((files("gencode_graph.healing") / "errors/names.yaml").read_text("utf-8"))
    return frozenset(data[kind].split())


def plain(path: str) -> str:
    """A path with forward slashes, without ``file://``, ``./`` and a query."""
    path = path.strip().strip("\"'`()[]")
    path = path.removeprefix("file://").replace("\\", "/")
    path = path.split("?", 1)[0] if "?" in path else path
    while path.startswith("./"):
        path = path[2:]
    return path


@dataclass(frozen=True, kw_only=True)
class Own:
    """The project as a log shows it."""

    project: frozenset[str]
    root: str | None
    seen: frozenset[str]
    """Stems of own files that the log names, and the folders on their way."""

    @classmethod
    def of(cls, text: str, *, project: Collection[str], root: str | None, command: str) -> Own:
        """Read root and names out of a log."""
        found = root
        for pattern in _ROOTS if not found else ():
            if match := pattern.search(text):
                found = match["root"]
                break
        own = cls(
            project=frozenset(plain(p) for p in project), root=found.rstrip("/") if found else None, seen=frozenset()
        )
        heard = f"{text[:300_000]}\n{command[:2_000]}"
        parts: set[str] = set()
        for match in _FILE.finditer(heard):
            path = own.relative(match[0])
            if path:
                parts.update(path.rsplit(".", 1)[0].split("/"))
        for match in re.finditer(r"(?:file://)?(/[\w.@/-]{1,200})\.(?:py|tsx?|jsx?|mjs|cjs)\b", heard):
            path = own.relative(match[0])
            if path and not path.startswith("/"):
                parts.update(path.rsplit(".", 1)[0].split("/"))
        return cls(
            project=own.project, root=own.root, seen=frozenset(parts - {"", "src", "lib", "index", "main", "__init__"})
        )

    def relative(self, path: str | None) -> str | None:
        """An own path as the project calls it; None for what is a library's, the language's or no file at all."""
        if not path or path.startswith("<") or "\n" in path:
            return None
        path = plain(path)
        path = re.sub(
            r"(?:node_modules/\.vite-temp/)?([^/]{1,100}\.[cm]?[jt]s)\.timestamp-[\w-]{1,80}\.mjs$", r"\1", path
        )
        if not path or path.startswith(("node:", "webpack/", "<")):
            return None
        if self.root and path.startswith(f"{self.root}/"):
            inner = path[len(self.root) + 1 :]
            return None if _FOREIGN.search(inner) else inner
        bare = re.sub(r"^(?:\.\./)+", "", path)
        if self.project and (known := self._known(bare)):
            return known
        if _FOREIGN.search(path) or (path != bare and _FOREIGN.search(f"/{bare}")):
            return None
        path = _COMMON_ROOT.sub("", path) if not _WINDOWS.match(path) else path
        return None if _FOREIGN.search(path) else path

    def _known(self, path: str) -> str | None:
        """The project's file that a path of the log ends in, or that ends in it."""
        if path in self.project:
            return path
        ends = [file for file in self.project if path.endswith(f"/{file}") and "." in file.rsplit("/", 1)[-1]]
        return max(ends, key=len) if ends else None

    def module(self, name: str) -> bool:
        """Whether a dotted Python module is the project's own, as far as can be told."""
        head, *rest = name.split(".")
        if self.project:
            heads = {re.sub(r"\.pyi?$", "", part) for file in self.project for part in re.split(r"[/]", file)}
            heads |= {file.split(".")[0] for file in self.project}
            return head in heads
        if head in names("python"):
            return False
        return head in self.seen or _sounds_local(head) or (bool(rest) and any(_sounds_local(part) for part in rest))

    def missing(self, name: str) -> str:
        """What a missing JavaScript module is: ``file`` (own), ``alias`` (own, by a prefix) or ``package``."""
        if name.startswith((".", "/", "file:")) or _WINDOWS.match(name):
            return "file"
        if name.startswith(("@/", "~/", "#", "$")) or re.match(r"^(?:src|app|components|lib|utils|pages)/", name):
            return "alias"
        return "package"


def _sounds_local(name: str) -> bool:
    """Whether a module is called what people call their own: ``utils``, ``my_models``."""
    return name in names("local") or ("_" in name and bool(set(name.split("_")) & names("local")))
