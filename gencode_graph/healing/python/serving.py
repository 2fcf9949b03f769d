"""How an app is reached: a page of the same machine that its API refuses, and a port that somebody else has."""

from __future__ import annotations

import ast
import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import modules
from gencode_graph.healing.python.imports import Import, with_import
from gencode_graph.healing.python.source import Edit, edited, over, span, tree_of
from gencode_graph.types import Finding

_BLOCKED = re.compile(r"from origin '(https?://(?:localhost|127\.0\.0\.1)(?::\d+)?)' has been blocked by CORS policy")
_TAKEN = re.compile(r"[Aa]ddress already in use|EADDRINUSE|[Pp]ort \d+ is (?:already )?in use")


def origin(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The API with the page's origin among those it answers; only of this machine, and only the one that asked."""
    said = _BLOCKED.search(finding.message)
    if said is None:
        return {}
    own = [path for path in modules(patient.files).values() if patient.treatable(path)]
    for path in own:
        text = patient.files[path]
        for node in ast.walk(tree_of(text) or ast.Module([], [])):
            call = isinstance(node, ast.Call) and "CORSMiddleware" in ast.unparse(node)
            for given in node.keywords if call and isinstance(node, ast.Call) else ():
                if given.arg == "allow_origins":
                    return _among(given.value, path, said[1], own, patient)
    for path in own:
        text = patient.files[path]
        for node in (tree_of(text) or ast.Module([], [])).body:
            made = isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("FastAPI(")
            if made and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                allowed = f'allow_origins=["{said[1]}"], allow_methods=["*"], allow_headers=["*"]'
                end = span(text, node)[1]
                line = f"\n{node.targets[0].id}.add_middleware(CORSMiddleware, {allowed})"
                new = edited(text, [Edit(end, end, line)])
                return {path: with_import(new, Import("fastapi.middleware.cors", "CORSMiddleware", "CORSMiddleware"))}
    return {}


def _among(value: ast.expr, path: str, page: str, own: list[str], patient: Patient) -> dict[str, str | None]:
    """A list of origins with one more: where it is written, or in the settings that it is taken from."""
    if isinstance(value, ast.List):
        return _added(value, path, page, patient)
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    for other in own:
        for node in ast.walk(tree_of(patient.files[other]) or ast.Module([], [])):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.List):
                continue
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id == name:
                return _added(node.value, other, page, patient)
    return {}


def _added(listed: ast.List, path: str, page: str, patient: Patient) -> dict[str, str | None]:
    text = patient.files[path]
    if page in [getattr(one, "value", None) for one in listed.elts]:
        return {}
    end = span(text, listed)[1] - 1
    return {path: edited(text, [Edit(end, end, f'{", " if listed.elts else ""}"{page}"')])}


def port(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """A server that is started by the app itself, on the port that ``PORT`` names; the written one without it."""
    if not _TAKEN.search(finding.message):
        return {}
    repair: dict[str, str | None] = {}
    for path in modules(patient.files).values():
        text = patient.files[path]
        for node in ast.walk(tree_of(text) or ast.Module([], [])):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "uvicorn.run" and patient.treatable(path)):
                continue
            for given in node.keywords:
                if given.arg == "port" and isinstance(given.value, ast.Constant):
                    read = f'int(os.environ.get("PORT", "{ast.unparse(given.value)}"))'
                    new = edited(text, [over(text, given.value, read)])
                    repair[path] = with_import(new, Import("os", None, "os"))
    return repair
