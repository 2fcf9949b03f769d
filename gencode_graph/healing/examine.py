"""Examination: what is wrong with an app that can be told from its files alone, in a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gencode_graph.healing.classify import findings
from gencode_graph.healing.python.examine import by_origin, suspicions
from gencode_graph.types import Finding
from gencode_graph.validation.identifiers import identifiers
from gencode_graph.validation.kinds import SCRIPTS, kind_of
from gencode_graph.validation.preflight import TOGETHER
from gencode_graph.validation.preflight import alone as parts
from gencode_graph.validation.python_awaits import python_awaits
from gencode_graph.validation.python_imports import python_imports
from gencode_graph.validation.python_members import python_members
from gencode_graph.validation.routes import routes
from gencode_graph.validation.shape import shape

CONTRACT = "openapi.json"


def examine(files: Mapping[str, str], side: str) -> list[Finding]:
    """Errors of one side of an app, ``backend`` or ``frontend``, or of all of it where the side is empty."""
    mine = {path: text for path, text in files.items() if path == CONTRACT or path.startswith(side)}
    found = [finding for path, text in mine.items() for finding in _alone(path, text)]
    rules = (python_imports, python_members, python_awaits, routes) if side == "backend" else TOGETHER
    found += [finding for rule in rules for finding in rule(mine)]
    found += suspicions(mine) if side != "frontend" else []
    return by_origin([finding for finding in found if finding.severity == "error"], mine)


def side_of(paths: Iterable[str | None]) -> str:
    """The side that all paths belong to; empty where they are not of one side."""
    heads = {(path or "").partition("/")[0] for path in paths}
    return heads.pop() if heads in ({"backend"}, {"frontend"}) else ""


def _alone(path: str, text: str) -> list[Finding]:
    found = shape(path, text) or [*parts(path, text), *identifiers(path, text)]
    return found if kind_of(path) in ("python", *SCRIPTS) else [f for f in found if f.severity == "error"]


def read_out(finding: Finding, files: Mapping[str, str]) -> list[Finding]:
    """A finding, and what the log in it says once it is read: which file and line, and why."""
    if "\n" not in finding.message:
        return [finding]
    root = "backend/" if (finding.path or "").startswith("backend") else ""
    known = [path.removeprefix(root) for path in files if path.startswith(root)]
    told = findings(finding.message, project=known)
    placed = [one.model_copy(update={"path": f"{root}{one.path}"}) for one in told if one.path]
    return [*(one for one in placed if one.path in files), finding]
