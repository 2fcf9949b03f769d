"""A file that others import and that is gone: as it was when all was green, or as the built-in draft has it."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from gencode_graph.errors import GencodeError
from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import absolute, roots
from gencode_graph.healing.python.ruff import fixed, tidied
from gencode_graph.spec import AppSpec
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import texts

SPEC = "appspec.json"
_MODULE = re.compile(r"there is no module (\S+)|No module named '([\w.]+)'")
_SCRIPT = re.compile(r"^([@.][\w@./-]+) leads to no file|Cannot find module '([@.][^']+)'")
_SUFFIXES = ("", ".ts", ".tsx", "/index.ts", "/index.tsx", ".css", ".json")


def missing_file(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file that an import leads to; nothing where it is not known that there was one."""
    path = finding.path or ""
    wanted = [one for one in _places(finding, path, patient) if one not in patient.files and patient.treatable(one)]
    for place in wanted:
        if place in patient.green:
            return {place: patient.green[place]}
    built = _built(patient) if wanted else {}
    for place in wanted:
        if place in built:
            text = built[place]
            if place.endswith(".py"):
                text = tidied(fixed(text, ["F401"], place, patient.files), place, patient.files)
            return {place: text}
    return {}


def _places(finding: Finding, path: str, patient: Patient) -> list[str]:
    """Where the file that an import names would be."""
    if path.endswith(".py") and (said := _MODULE.search(finding.message)):
        inner = absolute(said[1] or said[2], path, patient.files).replace(".", "/")
        return [f"{root}{inner}{end}" for root in roots(patient.files) for end in (".py", "/__init__.py")]
    if said := _SCRIPT.search(finding.message):
        name = said[1] or said[2]
        root = path.partition("/src/")[0]
        place = f"{root}/src/{name[2:]}" if name.startswith("@/") else posixpath.join(posixpath.dirname(path), name)
        return [posixpath.normpath(place) + end for end in _SUFFIXES]
    return []


def _built(patient: Patient) -> dict[str, str]:
    """The built-in drafts of all steps; nothing without a specification."""
    source = patient.spec.model_dump_json() if patient.spec is not None else patient.files.get(SPEC)
    return dict(_rendered(source)) if source is not None else {}


@lru_cache(maxsize=4)
def _rendered(source: str) -> tuple[tuple[str, str], ...]:
    from gencode_graph.blueprint.render import render_all

    try:
        return tuple(texts(render_all(AppSpec.model_validate_json(source))).items())
    except (GencodeError, ValueError):
        return ()
