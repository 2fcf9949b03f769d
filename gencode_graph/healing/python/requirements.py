"""A package that is imported and not required: its line is added, or the misspelt one put right."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files as resources

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import sources
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.imports import imports_of
from gencode_graph.types import Finding

_NEEDED = re.compile(r"^(\w+) is not declared in |No module named '(\w+)")
_WRONG = re.compile(
    r"(?:No matching distribution found for|Could not find a version that satisfies the requirement|Because) ([\w.-]+)"
)
_UNKNOWN = re.compile(r"^([\w.-]+) is not among the packages")
_LINE = re.compile(r"\s*([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?\s*(.*)$")
DISTRIBUTIONS = {
    "yaml": "pyyaml", "dotenv": "python-dotenv", "jose": "python-jose", "PIL": "pillow", "dateutil": "python-dateutil",
    "bs4": "beautifulsoup4", "jwt": "pyjwt", "multipart": "python-multipart", "psycopg2": "psycopg2-binary",
    "pydantic_settings": "pydantic-settings", "starlette": "fastapi", "pydantic_core": "pydantic",
    "sklearn": "scikit-learn",
}  # fmt: skip
"""Names of imports -> of packages, where the two differ."""


def requirements(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The list of requirements with what the app imports, in the version that is known to fit."""
    said = _NEEDED.search(finding.message) or _WRONG.search(finding.message)
    where = _list_for(finding.path or "", patient)
    if said is None or where is None or not patient.treatable(where):
        return {}
    head = next(filter(None, said.groups()))
    package = DISTRIBUTIONS.get(head, head).lower().replace("_", "-")
    lines = patient.files[where].splitlines()
    names = [_name(line) for line in lines]
    used = {
        one.module.partition(".")[0].lower() for text in sources(patient.files).values() for one in imports_of(text)
    }
    unused = [name for name in names if name and name.replace("-", "_") not in used and name not in _known(patient)]
    wrong = closest(package, unused)
    version = _version(package, where, patient)
    if version is None or package in names:  # a name that nobody vouches for may be anybody's
        return {}
    if wrong is None:
        lines.append(f"{package}=={version}")
    else:
        rest = _LINE.match(lines[at := names.index(wrong)])
        lines[at] = f"{package}{(rest[2] or '') if rest else ''}=={version}"
    return {where: "\n".join(lines) + "\n"}


def unvouched(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The list of requirements without a package that nobody vouches for and that nothing imports."""
    said, path = _UNKNOWN.search(finding.message), finding.path or ""
    if said is None or finding.rule != "dependencies/unknown" or "requirements" not in path:
        return {}
    name = said[1].lower().replace("_", "-")
    imported = {DISTRIBUTIONS.get(head, head).lower().replace("_", "-") for head in _heads(patient)}
    if name in imported or not patient.treatable(path):
        return {}
    lines = [line for line in patient.files[path].splitlines() if _name(line) != name]
    return {path: "\n".join(lines) + "\n"}


def _list_for(path: str, patient: Patient) -> str | None:
    """The requirements next above a file."""
    folder = posixpath.dirname(path)
    while True:
        place = posixpath.join(folder, "requirements.txt")
        if place in patient.files:
            return place
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _version(package: str, where: str, patient: Patient) -> str | None:
    """What another list beside it pins, or else the built-in templates."""
    for path, text in sorted(patient.files.items()):
        if posixpath.dirname(path) == posixpath.dirname(where) and "requirements" in path and path != where:
            for name, version in _pinned(text):
                if name == package:
                    return version
    return _templates().get(package)


def _pinned(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if found := re.match(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([\w.]+)", line):
            yield found[1].lower().replace("_", "-"), found[2]


def _known(patient: Patient) -> set[str]:
    """Packages that are right for sure: those of the templates, and of other lists."""
    listed = {name for path, text in patient.files.items() if "requirements-" in path for name, _ in _pinned(text)}
    return {*_templates(), *listed}


def _heads(patient: Patient) -> set[str]:
    """The packages that the app imports."""
    return {one.module.partition(".")[0] for text in sources(patient.files).values() for one in imports_of(text)}


@cache
def _templates() -> dict[str, str]:
    """What the built-in drafts pin."""
    folder = resources("gencode_graph") / "templates/app/backend_models/backend"
    lists = [folder / f"requirements{kind}.txt" for kind in ("-dev", "-postgres", "")]
    return dict(pin for one in lists for pin in _pinned(one.read_text(encoding="utf-8")))


def _name(line: str) -> str:
    found = _LINE.match(line)
    return found[1].lower().replace("_", "-") if found and not line.startswith(("-", "#")) else ""
