"""A route that is not the contract's: its path, its method, the prefix of its router, or the list of routers."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import PACKAGE, modules
from gencode_graph.healing.python.closeness import distance
from gencode_graph.healing.python.imports import Import, imports_of, with_import
from gencode_graph.healing.python.source import Edit, edited, over, span, tree_of
from gencode_graph.types import Finding
from gencode_graph.validation.openapi import CONTRACT, METHODS, operations, shape_of
from gencode_graph.validation.routers import Route, published
from gencode_graph.validation.routes import routes

_ROOT = "backend/"
_EXTRA = re.compile(r"^([A-Z]+) (/\S*) is not in ")
_MISSING = re.compile(r"^no router has ([A-Z]+) (/\S*),")
_WRITTEN = re.compile(r"^/paths/(\S+) is in the (contract|API), and the (?:API|contract) does not have it")
Key = tuple[str, str]
TRIED = 40
"""Changes at most that are compared with the contract."""


def route(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the route as the contract has it; the change after which least of the contract is missing."""
    if not (_EXTRA.search(finding.message) or _MISSING.search(finding.message) or _WRITTEN.search(finding.message)):
        return {}
    mine = {p: t for p, t in patient.files.items() if p == CONTRACT or (p.startswith(_ROOT) and p.endswith(".py"))}
    return dict(_repair(frozenset(mine.items()), patient.may_write))


@lru_cache(maxsize=8)
def _repair(files: frozenset[tuple[str, str]], may_write: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The best change of an app; asked for again with every finding about a route."""
    patient = Patient(files=dict(sorted(files)), may_write=may_write)
    agreed = operations(patient.files.get(CONTRACT, ""))
    made = published(_code(patient.files), _ROOT)
    if agreed is None or made is None:
        return ()
    best = min(_tried(set(agreed), made, patient), key=lambda one: one[0], default=None)
    if best is None or best[0][0] >= _wrong(patient, {}):
        return ()
    return tuple(best[1].items())


def _code(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith(f"{_ROOT}app/") and path.endswith(".py")}


def _tried(agreed: set[Key], made: list[Route], patient: Patient) -> Iterator[tuple[tuple[int, float], dict[str, str]]]:
    """Changes with what is wrong after each, and how far they go; first those that mend several routes."""
    cheapest: dict[tuple[str, str], float] = {}
    votes: Counter[tuple[str, str]] = Counter()
    for cost, path, text in _changes(agreed, made, patient):
        if patient.treatable(path) and text != patient.files[path]:
            cheapest[path, text] = min(cost, cheapest.get((path, text), cost))
            votes[path, text] += 1
    ranked = sorted(cheapest.items(), key=lambda one: (one[1] - 4 * (votes[one[0]] - 1), one[0]))
    for (path, text), cost in ranked[:TRIED]:
        yield (_wrong(patient, {path: text}), cost), {path: text}


def _wrong(patient: Patient, change: dict[str, str]) -> int:
    """Routes that are missing, too many, or written otherwise than in the contract."""
    files = {**patient.files, **change}
    made = {(one.method, one.path) for one in published(_code(files), _ROOT) or ()}
    agreed = set(operations(files[CONTRACT]) or ())
    return 4 * len(routes(files)) + len(agreed ^ made)


def _changes(agreed: set[Key], made: list[Route], patient: Patient) -> Iterator[tuple[float, str, str]]:
    here = {(one.method, one.path): one for one in made}
    missing = sorted(agreed - here.keys())
    often = Counter((one.method, one.path) for one in made)
    for one in made:
        key = one.method, one.path
        if key in agreed and often[key] == 1:
            continue
        for wanted in missing:
            if key not in agreed or _named(one, patient.files[one.file]) == _name_of(wanted, patient):
                yield from _as_wanted(one, wanted, patient)
    if missing:
        yield from _listed(patient)
        yield from _decorated(missing, here, patient)


def _named(one: Route, text: str) -> str:
    """The name of a route's function."""
    functions = (node for node in ast.walk(tree_of(text) or ast.Module([], [])) if hasattr(node, "decorator_list"))
    named = [getattr(node, "name", "") for node in functions if one.line in {it.lineno for it in node.decorator_list}]
    return named[0] if named else ""


def _name_of(wanted: Key, patient: Patient) -> str | None:
    """What the contract calls an operation."""
    method, path = wanted
    name = json.loads(patient.files[CONTRACT])["paths"][path][method.lower()].get("operationId")
    return str(name) if name else None


def _as_wanted(one: Route, wanted: Key, patient: Patient) -> Iterator[tuple[float, str, str]]:
    """A route with another method, path or prefix: where one of them is right already."""
    text = patient.files[one.file]
    method, path = wanted
    if shape_of(one.path) == shape_of(path) and one.method != method:
        yield 1.0, one.file, _decorator(text, one.line, method=method.lower())
    far = distance(one.path[-200:], path[-200:])
    if one.method != method or far > 12:
        return
    prefix = _prefix_of(one, text)
    if path.startswith(prefix):
        yield 1.0 + far, one.file, _decorator(text, one.line, path=path[len(prefix) :])
    old, new = one.path.split("/"), path.split("/")
    differ = [i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    if len(old) == len(new) and len(differ) == 1:
        for place in _router_files(patient):
            yield 1.2 + far, place, _prefixed(patient.files[place], old[differ[0]], new[differ[0]])
    elif len(old) != len(new):
        for place in _router_files(patient):
            for changed in _prefixes(patient.files[place], old, new):
                yield 1.4 + far + 0.1 * (place != one.file), place, changed


def _router_files(patient: Patient) -> list[str]:
    return sorted(path for path in modules(patient.files).values() if "APIRouter(" in patient.files[path])


def _prefix_of(one: Route, text: str) -> str:
    """The part of a route's path that its decorator does not have."""
    for decorator in _decorators(text):
        given = decorator.args[0] if decorator.args else None
        if decorator.lineno == one.line and isinstance(given, ast.Constant) and given.value:
            return one.path.removesuffix(str(given.value))
    return one.path


def _literal(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)


def _decorators(text: str) -> list[ast.Call]:
    return [
        one
        for node in ast.walk(tree_of(text) or ast.Module([], []))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for one in node.decorator_list
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in METHODS
    ]


def _decorator(text: str, line: int, *, method: str = "", path: str | None = None) -> str:
    """A module with another method, or path, in the decorator on a line; parameters called as the path has them."""
    edits: list[Edit] = []
    for one in _decorators(text):
        if one.lineno != line or not isinstance(one.func, ast.Attribute):
            continue
        if method:
            end = span(text, one.func)[1]
            edits.append(Edit(end - len(one.func.attr), end, method))
        if path is not None and _literal(one):
            edits.append(over(text, one.args[0], f'"{path}"'))
    return edited(text, edits)


def _prefixed(text: str, old: str, new: str) -> str:
    """A module whose router's prefix has another segment."""
    edits = []
    for value in _given_prefixes(text):
        parts = str(value.value).split("/")
        if old in parts:
            edits.append(over(text, value, '"' + "/".join(new if part == old else part for part in parts) + '"'))
    return edited(text, edits)


def _prefixes(text: str, old: list[str], new: list[str]) -> Iterator[str]:
    """Modules whose router has a prefix with one segment more, or one fewer."""
    for value in _given_prefixes(text):
        whole = str(value.value)
        parts = whole.split("/")
        more = [part for part in new if part not in old and "{" not in part]
        for part in more if len(new) > len(old) else ():
            yield edited(text, [over(text, value, f'"{whole}/{part}"')])
            yield edited(text, [over(text, value, f'"/{part}{whole}"')])
        for index in range(1, len(parts)) if len(old) > len(new) else ():
            yield edited(text, [over(text, value, '"' + "/".join(parts[:index] + parts[index + 1 :]) + '"')])
    if not list(_given_prefixes(text)):
        for node in ast.walk(tree_of(text) or ast.Module([], [])):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("APIRouter"):
                start = span(text, node.func)[1] + 1
                for part in [part for part in new if part not in old and part and "{" not in part]:
                    rest = ", " if node.args or node.keywords else ""
                    yield edited(text, [Edit(start, start, f'prefix="/{part}"{rest}')])


def _given_prefixes(text: str) -> Iterator[ast.Constant]:
    for node in ast.walk(tree_of(text) or ast.Module([], [])):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("APIRouter", "include_router"):
            for given in node.keywords:
                value = given.value
                if given.arg == "prefix" and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value


def _listed(patient: Patient) -> Iterator[tuple[float, str, str]]:
    """The list of routers with one that it leaves out; its import, too, where that is missing."""
    for package, path in modules(patient.files).items():
        text = patient.files[path]
        tree = tree_of(text)
        inner = sorted(m.rpartition(".")[2] for m in modules(patient.files) if m.rpartition(".")[0] == package)
        for node in ast.walk(tree) if tree is not None and path.endswith(PACKAGE) else ():
            if not (isinstance(node, ast.For) and "include_router" in ast.unparse(node)):
                continue
            if not isinstance(node.iter, ast.Tuple | ast.List):
                continue
            there = {ast.unparse(one) for one in node.iter.elts}
            for name in inner:
                if name not in there and "APIRouter(" in patient.files[modules(patient.files)[f"{package}.{name}"]]:
                    end = span(text, node.iter.elts[-1])[1]
                    new = edited(text, [Edit(end, end, f", {name}")])
                    yield 1.0, path, _with_module(new, package, name)


def _with_module(text: str, package: str, name: str) -> str:
    if name in {one.bound for one in imports_of(text)}:
        return text
    return with_import(text, Import(package, name, name))


def _decorated(missing: list[Key], here: dict[Key, Route], patient: Patient) -> Iterator[tuple[float, str, str]]:
    """A function without its decorator, which the contract knows by its name."""
    for method, path in missing:
        name = _name_of((method, path), patient)
        for file in sorted(modules(patient.files).values()):
            text = patient.files[file]
            prefix = next((_prefix_of(one, text) for one in here.values() if one.file == file), None)
            for node in (tree_of(text) or ast.Module([], [])).body if prefix is not None else ():
                bare = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list
                if bare and getattr(node, "name", "") == name and path.startswith(prefix or ""):
                    start, inner = span(text, node)[0], path[len(prefix or "") :]
                    yield 1.0, file, edited(text, [Edit(start, start, f'@router.{method.lower()}("{inner}")\n')])
