"""An import of what a module does not export: the name it has, the module that has the name, or the way it gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import closest
from gencode_graph.healing.web.app import exporters, exports, source_for, takers
from gencode_graph.healing.web.bindings import names, only_typed, unbound
from gencode_graph.healing.web.importing import Named, Statement, imports_of, renewed, with_import, without
from gencode_graph.healing.web.missing_import import origin
from gencode_graph.healing.web.packages import packages
from gencode_graph.healing.web.source import Repair, above, edited, over, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind, kind_of
from gencode_graph.validation.script_imports import target_of

if TYPE_CHECKING:
    from tree_sitter import Node

_NO_NAME = re.compile(
    r"^(?:Module )?'?\"(?P<module>[^\"]+)\"'? has no exported member (?:named )?'(?P<name>[\w$]+)'"
    r"(?:\. Did you mean (?:'(?P<meant>[\w$]+)'|to use 'import (?P<default>[\w$]+) from))?"
    r"|^(?P<file>\S+) does not export (?P<lost>[\w$]+)"
)
_NO_DEFAULT = re.compile(r"^Module '\"?([^\"']+)\"?' has no default export")
_LOCAL = re.compile(r"^Module '\"?([^\"']+)\"?' declares '([\w$]+)' locally, but it is not exported")
_TWICE = re.compile(r"^Duplicate identifier '([\w$]+)'")
_TYPE = re.compile(r"^'([\w$]+)' is a type and must be imported using a type-only import")
_VALUE = re.compile(r"^'([\w$]+)' cannot be used as a value because it was imported using 'import type'")


def import_name(finding: Finding, patient: Patient) -> Repair:
    """The script with the import as the other module, or another one, has the name."""
    at = script(finding, patient)
    if at is None:
        return {}
    path, kind, text = at
    if said := _NO_NAME.search(finding.message):
        name = said["name"] or said["lost"]
        one = _statement(kind, text, name, finding.line)
        if one is None:
            return {}
        if said["default"] is not None:
            return _as_default(one, name, path, patient)
        if name == "default":
            return _as_named(one, path, patient)
        return _otherwise(one, name, said["meant"], path, patient)
    if _NO_DEFAULT.search(finding.message):
        one = _statement(kind, text, "default", finding.line)
        return _as_named(one, path, patient) if one is not None else {}
    if said := _LOCAL.search(finding.message):
        one = _statement(kind, text, said[2], finding.line)
        return _exported(one, said[2], path, patient) if one is not None else {}
    if finding.rule == "tsc/TS2300":
        return _once(finding, path, patient)
    for pattern, typed in ((_TYPE, True), (_VALUE, False)):
        if said := pattern.search(finding.message):
            return _typed(said[1], typed, path, patient)
    return {}


def _once(finding: Finding, path: str, patient: Patient) -> Repair:
    """The statement with a name that it brings twice as the one that is missing, or without it."""
    kind, text = kind_of(path), patient.files[path]
    said = _TWICE.search(finding.message)
    for one in imports_of(kind, text) if said is not None else ():
        twice = [named for named in one.named if said is not None and named.local == said[1]]
        if len(twice) > 1:
            left = list(one.named)
            left.remove(twice[0])
            have = _exports(one.source, path, patient)
            lost = [name for name in unbound(kind, text) if name in have]
            if (name := closest(twice[0].local, lost)) is not None:
                left.append(Named(name=name, local=name, typed=twice[0].typed))
            return repaired(patient, path, edited(text, [renewed(one, one.source, left)]))
    return {}


def _statement(kind: Kind, text: str, name: str, line: int | None) -> Statement | None:
    """The statement that imports a name, the one nearest to a line."""
    found = [one for one in imports_of(kind, text) if name in one.brings]
    return min(found, key=lambda one: abs(one.line - (line or 0)), default=None)


def _rewritten(one: Statement, old: str, new: Named, path: str, patient: Patient) -> Repair:
    """The statement with one of its names in another way."""
    text = patient.files[path]
    named = [new if known.name == old else known for known in one.named]
    return repaired(patient, path, edited(text, [renewed(one, one.source, named)]))


def _as_default(one: Statement, name: str, path: str, patient: Patient) -> Repair:
    local = next(named for named in one.named if named.name == name)
    if "default" in one.brings:
        return {}
    return _rewritten(one, name, Named(name="default", local=local.local, typed=local.typed), path, patient)


def _as_named(one: Statement, path: str, patient: Patient) -> Repair:
    local = next(named for named in one.named if named.name == "default")
    have = _exports(one.source, path, patient)
    name = local.local if local.local in have else closest(local.local, have)
    if name is None and len(have) == 1:
        (name,) = have
    if name is None or name in one.brings:
        return {}
    return _rewritten(one, "default", Named(name=name, local=local.local, typed=local.typed), path, patient)


def _exports(source: str, path: str, patient: Patient) -> frozenset[str]:
    """What a module of the app or a package exports by name, as far as that is known."""
    files = patient.files
    place = target_of(path, source, files)
    if place is not None:
        return exports(place, files) - {"default"}
    known = packages()[source].names if source in packages() else frozenset()
    taken = {
        named.name
        for other, text in files.items()
        if other != path and kind_of(other) in ("ts", "tsx") and not other.endswith(".d.ts")
        for one in imports_of(kind_of(other), text)
        if one.source == source
        for named in one.named
    }
    return (known | taken) - {"default", "*"}


def _otherwise(one: Statement, name: str, meant: str | None, path: str, patient: Patient) -> Repair:
    kind, text, files = kind_of(path), patient.files[path], patient.files
    local = next(named for named in one.named if named.name == name)
    bound, used = names(kind, text)
    have = _exports(one.source, path, patient)
    place = target_of(path, one.source, files)
    if name in have:
        return {}
    lost = unbound(kind, text)
    wanted = [other for other in lost if other in have or place is None]
    if local.local not in used:
        for better in (closest(name, wanted), wanted[0] if len(wanted) == 1 and place else None, meant):
            if better is not None and better not in bound:
                return _rewritten(one, name, Named(name=better, local=better, typed=local.typed), path, patient)
        return repaired(patient, path, without(text, one, local.local))
    where = origin(local.local, path, patient)
    if where is not None and where[0] not in (place, one.source):
        new = Named(name=where[1], local=local.local, typed=local.typed)
        return _from(where[0], one, new, path, patient)
    better = meant or closest(name, have)
    if better is None or (place is not None and better not in have):
        return {}
    if place is not None and (treated := _as_wanted(name, better, place, patient)):
        return treated
    if local.local != name:
        return _rewritten(one, name, Named(name=better, local=local.local, typed=local.typed), path, patient)
    return _renamed(one, name, better, path, patient)


def _as_wanted(name: str, given: str, place: str, patient: Patient) -> Repair:
    """The other module with its export called as several want it, where none takes it as it is called there."""
    files = patient.files
    wanting = {other for (at, one, other) in takers(files) if at == place and one == name}
    having = {other for (at, one, other) in takers(files) if at == place and one == given}
    if having or len(wanting) < 2 or not patient.treatable(place):
        return {}
    kind, text = kind_of(place), files[place]
    bound, used = names(kind, text)
    if name in bound or len(bound[given]) != 1:
        return {}
    edits = [over(bound[given][0], name), *(_use(node, name) for node in used.get(given, ()))]
    return repaired(patient, place, edited(text, edits))


def _from(place: str, one: Statement, local: Named, path: str, patient: Patient) -> Repair:
    """The name taken from another module."""
    kind, text = kind_of(path), patient.files[path]
    source = source_for(place, path, patient.files) if place in patient.files else place
    return repaired(patient, path, with_import(kind, without(text, one, local.local), source, local))


def _renamed(one: Statement, name: str, better: str, path: str, patient: Patient) -> Repair:
    """The name as the module has it, in the import and wherever it is used."""
    kind, text = kind_of(path), patient.files[path]
    bound, used = names(kind, text)
    if len(bound[name]) > 1 or (better in bound and better not in {named.local for named in one.named}):
        return {}
    named = [Named(name=better, local=better, typed=n.typed) if n.name == name else n for n in one.named]
    edits = [renewed(one, one.source, dict.fromkeys(named))]
    return repaired(patient, path, edited(text, edits + [_use(node, better) for node in used[name]]))


def _use(node: Node, better: str) -> tuple[int, int, str]:
    short = node.type == "shorthand_property_identifier"
    return over(node, f"{(node.text or b'').decode()}: {better}" if short else better)


def _exported(one: Statement, name: str, path: str, patient: Patient) -> Repair:
    """The other module with what it declares exported; or the name from the module that does export it."""
    files = patient.files
    place = target_of(path, one.source, files)
    elsewhere = [other for other in exporters(name, files) if other not in (path, place)]
    if place is None:
        return _otherwise(one, name, None, path, patient)
    if not patient.treatable(place):
        return {}
    text = files[place]
    bound, _ = names(kind_of(place), text)
    if any(named.local == name for known in imports_of(kind_of(place), text) for named in known.named):
        local = next(named for named in one.named if named.name == name)
        return _from(elsewhere[0], one, local, path, patient) if len(elsewhere) == 1 else {}
    for node in bound.get(name, ()):
        declaration = above(node, *_DECLARATIONS)
        if declaration is not None and declaration.parent == root_of(kind_of(place), text):
            start = declaration.start_byte
            return repaired(patient, place, edited(text, [(start, start, "export ")]))
    return {}


_DECLARATIONS = (
    "lexical_declaration", "function_declaration", "class_declaration", "interface_declaration",
    "type_alias_declaration", "enum_declaration", "variable_declaration", "abstract_class_declaration",
)  # fmt: skip


def _typed(local: str, typed: bool, path: str, patient: Patient) -> Repair:
    """The import of a type as one, or of a value as one."""
    kind, text = kind_of(path), patient.files[path]
    _, used = names(kind, text)
    if typed and not only_typed(used.get(local, [])):
        return {}
    for one in imports_of(kind, text):
        for known in one.named:
            if known.local == local and known.typed is not typed:
                new = Named(name=known.name, local=local, typed=typed)
                others = [new if named == known else named for named in one.named]
                return repaired(patient, path, edited(text, [renewed(one, one.source, others)]))
    return {}
