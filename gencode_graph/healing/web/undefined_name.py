"""A name that nothing binds, close to one that could stand there: misspelt where it is used, or where it is bound."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import likeness
from gencode_graph.healing.web.app import exports, scripts
from gencode_graph.healing.web.bindings import KNOWN_TYPES, names, visible
from gencode_graph.healing.web.importing import imports_of
from gencode_graph.healing.web.missing_import import missing_import, undefined
from gencode_graph.healing.web.packages import packages
from gencode_graph.healing.web.source import Repair, edited, over, repaired, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.script_globals import GLOBALS

if TYPE_CHECKING:
    from tree_sitter import Node

NEAR = 0.76
AHEAD = 0.06
HERE = 0.1
"""What a name counts more for being in the script already."""
_MEANT = re.compile(r"Did you mean (?:the instance member |the static member )?'(?:this\.)?([\w$]+)'")


def undefined_name(finding: Finding, patient: Patient) -> Repair:
    """The script with the name as it is bound; or bound as it is used, where nothing uses what is bound."""
    name, at = undefined(finding), script(finding, patient)
    if name is None or at is None:
        return {}
    path, kind, text = at
    bound, used = names(kind, text)
    if name not in used or any(visible(one, use) for one in bound.get(name, ()) for use in used[name]):
        return {}
    here = {one for one, nodes in bound.items() if any(visible(node, use) for node in nodes for use in used[name])}
    said = _MEANT.search(finding.message)
    known = said is not None and (said[1] in here or said[1] in GLOBALS or said[1] in KNOWN_TYPES)
    meant = said[1] if said is not None and known else _closest(name, here, path, kind, patient)
    if meant is None:
        return {}
    if meant in here and not used.get(meant) and len(bound[meant]) == 1 and _may_be_renamed(bound[meant][0]):
        return repaired(patient, path, edited(text, [over(bound[meant][0], name)]))
    new = edited(text, [over(node, meant) for node in used[name]])
    if meant in here or meant in GLOBALS or meant in KNOWN_TYPES:
        return repaired(patient, path, new)
    after = replace(patient, files={**patient.files, path: new})
    lost = Finding(rule="names/undefined", message=f"undefined name {meant!r}", path=path, line=finding.line)
    return missing_import(lost, after)


def _may_be_renamed(binding: Node) -> bool:
    """Whether a binding is the script's own: no import, no export, no parameter that others name."""
    node: Node | None = binding
    while node is not None and node.type != "program":
        if node.type in ("import_statement", "export_statement"):
            return node.type == "export_statement" and binding.type == "shorthand_property_identifier_pattern"
        if node.type.endswith(("_declaration", "function", "statement_block")):
            outer = node.parent
            return (
                outer is None
                or outer.type != "export_statement"
                or node.type == "statement_block"
                or _inner(binding, node)
            )
        node = node.parent
    return True


def _inner(binding: Node, declaration: Node) -> bool:
    return (
        declaration.child_by_field_name("name") != binding
        and binding.parent is not None
        and binding.parent.type != "variable_declarator"
    )


def _closest(name: str, here: Iterable[str], path: str, kind: Kind, patient: Patient) -> str | None:
    """The one name that is meant, of those in the script, those it may import and those known everywhere."""
    files = patient.files
    ranked = {one: likeness(name, one) + HERE for one in here}
    sources = {one.source for one in imports_of(kind, files[path])}
    others = {one for other in scripts(files) if other != path for one in exports(other, files)}
    others |= {one for source in sources & packages().keys() for one in packages()[source].names}
    for one in others | GLOBALS | KNOWN_TYPES:
        ranked.setdefault(one, likeness(name, one) if abs(len(one) - len(name)) < 4 else 0)
    ranked.pop(name, None)
    ranked.pop("default", None)
    best = sorted(ranked, key=lambda one: ranked[one], reverse=True)[:2]
    if not best or ranked[best[0]] < NEAR + (HERE if best[0] in here else 0):
        return None
    return best[0] if len(best) == 1 or ranked[best[0]] - ranked[best[1]] >= AHEAD else None
