"""The app's own scripts: what each exports, how others name it, and what is imported from where."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping

from gencode_graph.healing.patient import is_judge
from gencode_graph.healing.web.importing import Statement, imports_of
from gencode_graph.validation.kinds import SCRIPTS, kind_of
from gencode_graph.validation.script_imports import exports_of, is_own, target_of
from gencode_graph.validation.script_modules import script_module

ALIAS = "@/"
_ENDINGS = (".d.ts", ".tsx", ".ts", ".jsx", ".js", ".mts")


def scripts(files: Mapping[str, str]) -> Iterator[str]:
    """The app's scripts that others may import: no tests, no configuration."""
    for path in files:
        if kind_of(path) in SCRIPTS and "/src/" in f"/{path}" and not is_judge(path):
            yield path


def exporters(name: str, files: Mapping[str, str]) -> list[str]:
    """The scripts that export a name; an index only where no other does, as it hands on what others export."""
    found = sorted(path for path in scripts(files) if name in exports(path, files))
    return [path for path in found if not posixpath.basename(path).startswith("index.")] or found


def exports(path: str, files: Mapping[str, str]) -> frozenset[str]:
    """What a script exports, as far as that can be told."""
    known = exports_of(path, files)
    return script_module(kind_of(path), files[path]).exports if known is None else known


def source_for(wanted: str, path: str, files: Mapping[str, str]) -> str:
    """How a script names a file of the app: as it does already, beside it by ``./``, or by the alias."""
    for one in imports_of(kind_of(path), files[path]):
        if target_of(path, one.source, files) == wanted:
            return one.source
    stem = stem_of(wanted)
    folder = posixpath.dirname(path)
    if posixpath.dirname(wanted) == folder:
        return "./" + posixpath.basename(stem)
    head, _, inner = f"/{stem}".rpartition("/src/")
    alias = f"{ALIAS}{inner}"
    if head and target_of(path, alias, files) == wanted:
        return alias
    relative = posixpath.relpath(stem, folder)
    return relative if relative.startswith(".") else f"./{relative}"


def stem_of(path: str) -> str:
    """A path as imports have it: without the ending of a script, and without ``/index``."""
    ending = next((one for one in _ENDINGS if path.endswith(one)), "")
    return path.removesuffix(ending).removesuffix("/index") if ending else path


def statements(files: Mapping[str, str], but: str = "") -> Iterator[tuple[str, Statement]]:
    """All import statements of the app's scripts, one file left out."""
    for path, text in files.items():
        if path != but and kind_of(path) in SCRIPTS and not path.endswith(".d.ts"):
            for one in imports_of(kind_of(path), text):
                yield path, one


def ways(local: str, path: str, files: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """Where the other scripts take what they call by a name: file or package, and the name there; how often."""
    found: Counter[tuple[str, str]] = Counter()
    for other, one in statements(files, but=path):
        for named in one.named:
            if named.local == local:
                own = target_of(other, one.source, files)
                if own is not None or not is_own(other, one.source, files):
                    found[(own or one.source, named.name)] += 1
    return found


def takers(files: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Who takes what: a file of the app, a name as it exports it, the script that imports it; tests too."""
    for other, one in statements(files):
        own = target_of(other, one.source, files)
        for named in one.named if own is not None else ():
            yield str(own), named.name, other
