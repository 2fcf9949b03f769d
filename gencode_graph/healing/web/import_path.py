"""An import that leads nowhere: the file that has what it names, or the only one whose path is close."""

from __future__ import annotations

import posixpath
import re

from gencode_graph.healing.patient import Patient, is_judge
from gencode_graph.healing.web.alike import closest
from gencode_graph.healing.web.app import exporters, scripts, source_for, stem_of
from gencode_graph.healing.web.importing import imports_of, resourced
from gencode_graph.healing.web.manifests import declared, package_of
from gencode_graph.healing.web.source import Repair, repaired, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.script_imports import is_own, target_of

_SAID = re.compile(
    r"Cannot find module '([^']+)'|^(\S+) leads to no file of the app|side-effect import of '([^']+)'"
    r"|^(\S+) is not declared in |path can only end with a '(\.tsx?)'"
)
_ENDING = re.compile(r"\.(?:d\.ts|[cm]?[jt]sx?)$")
_SOURCE = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")


def import_path(finding: Finding, patient: Patient) -> Repair:
    """The script with the right source in all its imports of that module."""
    said, at = _SAID.search(finding.message), script(finding, patient)
    if said is None or at is None:
        return {}
    path, kind, text = at
    wrong = said[1] or said[2] or said[3]
    if wrong is None:
        wrong = _on_line(text, finding.line, said[4] or said[5])
    if wrong is None or (target_of(path, wrong, patient.files) is not None and not said[5]):
        return {}
    right = _right(wrong, path, patient)
    if right is None or right == wrong:
        return {}
    return repaired(patient, path, resourced(kind, text, wrong, right))


def _on_line(text: str, line: int | None, part: str) -> str | None:
    """The source on a line that a package or an ending belongs to."""
    lines = text.splitlines()
    here = lines[line - 1] if line and line <= len(lines) else ""
    found = {source for source in _SOURCE.findall(here) if package_of(source) == part or source.endswith(part)}
    return found.pop() if len(found) == 1 else None


def _right(wrong: str, path: str, patient: Patient) -> str | None:
    files, bare = patient.files, _ENDING.sub("", wrong)
    if bare != wrong and target_of(path, bare, files):
        return bare
    if not is_own(path, wrong, files):
        have = declared(files)
        if package_of(wrong) in have:
            return None
        meant = closest(package_of(wrong), have)
        if meant is not None:
            return meant + wrong.removeprefix(package_of(wrong))
    names = {named.name for one in imports_of(kind_of(path), files[path]) if one.source == wrong for named in one.named}
    place = _place(wrong, names - {"*"}, path, patient)
    return source_for(place, path, files) if place is not None else None


def _place(wrong: str, names: set[str], path: str, patient: Patient) -> str | None:
    """The file that is meant: it has the names; of several, the one called so, then the one with the closest path."""
    files = patient.files
    ending = posixpath.splitext(wrong)[1] if not _ENDING.search(wrong) else ""
    if ending in (".css", ".json", ".svg", ".png"):
        able = {one for one in files if one.endswith(ending) and "/src/" in one}
    elif names:
        able = set.intersection(*(set(exporters(name, files)) for name in names))
    else:
        able = {one for one in scripts(files) if not one.endswith(".d.ts")}
    able -= {path}
    able = {one for one in able if not is_judge(one)}
    if names - {"default"} and len(able) == 1 and "/" in wrong:
        return able.pop()
    stem = posixpath.basename(stem_of(_ENDING.sub("", wrong)))
    same = {one for one in able if posixpath.basename(stem_of(one)) == stem}
    if len(same) == 1:
        return same.pop()
    meant = _meant(wrong, path)
    by_stem = {stem_of(one): one for one in same or able}
    near = closest(meant, by_stem)
    return by_stem[near] if near is not None else None


def _meant(wrong: str, path: str) -> str:
    """The path that a source would stand for, without its ending."""
    bare = _ENDING.sub("", wrong)
    if bare.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(path), bare))
    head = f"/{path}".rpartition("/src/")[0].removeprefix("/")
    inner = re.sub(r"^(?:[@~#]/?|src/|/)+", "", bare)
    return posixpath.join(head, "src", inner)
