"""A name that nothing in a script binds, and that one module alone, or one that all others take it from, exports."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Mapping

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.app import exporters, source_for, statements, stem_of, ways
from gencode_graph.healing.web.bindings import names, only_typed
from gencode_graph.healing.web.importing import Named, imports_of, with_import
from gencode_graph.healing.web.manifests import declared, package_of
from gencode_graph.healing.web.packages import ICONS, packages, providers
from gencode_graph.healing.web.source import SCOPES, Repair, above, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind, kind_of
from gencode_graph.validation.script_imports import target_of
from gencode_graph.validation.scripts import source_of, walk

RULES = {"tsc/TS2304", "tsc/TS2552", "tsc/TS2503", "tsc/TS18004", "tsc/TS2686", "tsc/TS2749", "names/undefined"}
_NAME = re.compile(
    r"Cannot find (?:name|namespace) '([\w$]+)'|shorthand property '([\w$]+)'|undefined name '([\w$]+)'"
    r"|^'(\w+)' refers to a (?:UMD global|value, but is being used as a type)"
)


def undefined(finding: Finding) -> str | None:
    """The name that a finding says is not defined; None for any other finding."""
    said = _NAME.search(finding.message) if finding.rule in RULES else None
    return next(filter(None, said.groups()), None) if said is not None else None


def missing_import(finding: Finding, patient: Patient) -> Repair:
    """The script with the import, beside others from the same module where there are."""
    name, at = undefined(finding), script(finding, patient)
    if name is None or at is None:
        return {}
    path, kind, text = at
    bound, used = names(kind, text)
    if name not in used or any(named.local == name for one in imports_of(kind, text) for named in one.named):
        return {}
    if any(above(node, *SCOPES) is None for node in bound.get(name, ())):
        return {}
    where = origin(name, path, patient)
    if where is None:
        return {}
    place, exported = where
    source = source_for(place, path, patient.files) if place in patient.files else place
    new = Named(name=exported, local=name, typed=only_typed(used[name]))
    return repaired(patient, path, with_import(kind, text, source, new))


def origin(name: str, path: str, patient: Patient) -> tuple[str, str] | None:
    """File or package that a script should take a name from, and the name there; None where it is not certain."""
    files = patient.files
    if path in patient.green and (before := _before(name, path, patient)) is not None:
        return before
    own = {(one, name) for one in exporters(name, files) if one != path}
    others = ways(name, path, files)
    given = _attributes(name, kind_of(path), files[path])
    unfit = {one for one in own if not _takes(given, *one, files)}
    own -= unfit
    others = Counter({one: count for one, count in others.items() if one not in unfit})
    beside = {one for one in own if posixpath.dirname(one[0]) == posixpath.dirname(path)}
    for some in (own | set(others), beside):
        if len(some) == 1:
            return some.pop()
    aliased = all(one != name for _, one in others)
    if own or (others and not aliased):
        first, second, *_ = [*others.most_common(2), (None, 0), (None, 0)]
        return first[0] if first[1] > second[1] * 2 else None
    have = declared(files)
    known = [one for one in providers(name) if package_of(one[0]) in have]
    if len(known) > 1:
        here = {one.source for one in imports_of(kind_of(path), files[path])}
        known = [one for one in known if one[0] in here]
    return known[0] if len(known) == 1 else _renamed(name, path, have, files)


_SUFFIXES = ("Primitive", "Slot", "Base", "Root")
"""What scripts put behind the name of a part of a package that they build their own on."""


def _renamed(name: str, path: str, have: Collection[str], files: Mapping[str, str]) -> tuple[str, str] | None:
    """The part of a package that is taken under another name: by the usual endings, or by what the file is called."""
    stem = posixpath.basename(stem_of(path))
    called = "".join(word[:1].upper() + word[1:] for word in stem.split("-"))
    shorter = {name.removesuffix(one) for one in _SUFFIXES} - {name, ""}
    aliased = {source for source, _ in ways(name, path, files)}
    taken = {source for end in _SUFFIXES for source in _aliasing(end, files)} | {
        one.source for one in imports_of(kind_of(path), files[path])
    }
    found = {
        (source, part)
        for source, package in packages().items()
        if package_of(source) in have and source != ICONS
        for part in shorter | {called}
        if part in package.names
        and (
            (part in shorter and source in taken) or (part == called and (source in aliased or name.lower() == source))
        )
    }
    return found.pop() if len(found) == 1 else None


def _aliasing(ending: str, files: Mapping[str, str]) -> set[str]:
    """The packages of which scripts take parts under their name with an ending."""
    return {one.source for _, one in statements(files) for n in one.named if n.local == n.name + ending}


def _before(name: str, path: str, patient: Patient) -> tuple[str, str] | None:
    """Where the script took a name from when it last passed, if that is still there."""
    for one in imports_of(kind_of(path), patient.green[path]):
        for named in one.named:
            if named.local == name:
                place = target_of(path, one.source, patient.files)
                return (place or one.source, named.name) if place or not one.source.startswith((".", "@/")) else None
    return None


def _attributes(name: str, kind: Kind, text: str) -> set[str]:
    """The attributes that a script gives to elements of a name."""
    return {
        source_of(attribute.named_children[0])
        for node in walk(root_of(kind, text))
        if node.type in ("jsx_opening_element", "jsx_self_closing_element")
        and source_of(node.child_by_field_name("name")) == name
        for attribute in node.named_children
        if attribute.type == "jsx_attribute"
    } - {"key", "ref", "children"}


def _takes(given: set[str], path: str, name: str, files: Mapping[str, str]) -> bool:
    """Whether a component of the app takes some attributes, as far as its first line tells."""
    for node in walk(root_of(kind_of(path), files[path])) if given else ():
        if node.type == "function_declaration" and source_of(node.child_by_field_name("name")) == name:
            pattern = next((one for one in walk(node) if one.type == "object_pattern"), None)
            parameters = node.child_by_field_name("parameters")
            if pattern is None or parameters is None or pattern.end_byte > parameters.end_byte:
                return True
            if any(child.type == "rest_pattern" for child in pattern.named_children):
                return True
            known = {source_of(child).partition(":")[0].partition("=")[0].strip() for child in pattern.named_children}
            return given <= known
    return True
