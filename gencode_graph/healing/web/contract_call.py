"""A call that the contract does not have: the path, the method or the field that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import closest
from gencode_graph.healing.web.property_name import renamed
from gencode_graph.healing.web.source import Edit, Repair, above, edited, line_of, over, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.openapi import CONTRACT, Operation, operations, shape_of
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NO_PATH = re.compile(rf"^(/\S*) is no path of {re.escape(CONTRACT)}")
_NO_METHOD = re.compile(rf"^(/\S*) has no (\w+) in {re.escape(CONTRACT)}, only ([\w, ]+)")
_NO_FIELD = re.compile(r"^(\w+) (/\S*) has no (\S+) in its (\w+); it has (.*)$")
_TYPED = ("GET", "POST", "PUT", "PATCH", "DELETE")
_VERBS = {
    "GET": ("quer", "list", "get", "load", "fetch", "detail"), "POST": ("create", "add", "new"),
    "PATCH": ("update", "edit", "save", "change"), "PUT": ("replace",), "DELETE": ("delete", "remove"),
}  # fmt: skip
"""Words in the names of functions that call by a method."""
_TYPED_PATH = re.compile(r"^Argument of type '\"([^\"]*)\"' is not assignable to .*'PathsWithMethod<paths, \"(\w+)\">'")
_NEEDS = re.compile(r"^(\w+) (/\S*) needs (\w+) in its (path|query)$")
_NO_BODY = re.compile(r"^(\w+) (/\S*) needs a body$")
_OPTIONS = frozenset(
    {
        "params",
        "body",
        "headers",
        "signal",
        "baseUrl",
        "fetch",
        "parseAs",
        "querySerializer",
        "bodySerializer",
        "credentials",
        "cache",
    }
)
_BODY = ("POST", "PUT", "PATCH")


def contract_call(finding: Finding, patient: Patient) -> Repair:
    """The script with the call as the contract has it."""
    at = script(finding, patient)
    known = operations(patient.files.get(CONTRACT, ""))
    if at is None or known is None:
        return {}
    path, kind, text = at
    if finding.rule == "tsc/TS2345" and (said := _TYPED_PATH.search(finding.message)):
        able = {one.path for one in known.values() if one.method == said[2].upper()}
        meant = _meant(shape_of(f"/{said[1].strip('/')}"), able)
        nodes = _routes(kind, text, finding.line, said[1])
        typed = [over(node, f'"{meant}"') for node in nodes] if meant and len(nodes) == 1 else []
        return repaired(patient, path, edited(text, typed)) if typed else {}
    if finding.rule not in ("contract/call", "contract/field"):
        return {}
    edits: Iterable[Edit] = ()
    if said := _NO_PATH.search(finding.message):
        edits = _path(kind, text, finding.line, said[1], known.values())
    elif said := _NO_METHOD.search(finding.message):
        edits = _method(kind, text, finding.line, said[1], said[2], said[3].split(", "))
    elif said := _NO_FIELD.search(finding.message):
        edits = _field(kind, text, finding.line, said[3], said[5].split(", "))
    elif said := _NEEDS.search(finding.message):
        edits = _needed(kind, text, finding.line, said[2], said[3], said[4])
    elif said := _NO_BODY.search(finding.message):
        edits = _body(kind, text, finding.line, said[2])
    return repaired(patient, path, edited(text, edits))


def _routes(kind: Kind, text: str, line: int | None, route: str) -> list[Node]:
    """The strings and templates on a line that name a route."""
    return [
        node
        for node in walk(root_of(kind, text))
        if node.type in ("string", "template_string")
        and line_of(node) == line
        and re.sub(r"\$\{[^}]*\}", "{}", source_of(node)[1:-1]).partition("?")[0] == route
    ]


def _path(kind: Kind, text: str, line: int | None, route: str, known: Iterable[Operation]) -> list[Edit]:
    nodes = _routes(kind, text, line, route)
    if len(nodes) != 1:
        return []
    node, asked = nodes[0], shape_of(route)
    call = above(node, "call_expression")
    method = source_of(call.child_by_field_name("function")).rpartition(".")[2].upper() if call is not None else ""
    able = [one for one in known if one.method == method] or list(known)
    meant = _meant(asked, {one.path for one in able})
    if meant is None:
        return []
    inner = source_of(node)[1:-1]
    if "${" not in inner:
        return [over(node, f"{source_of(node)[0]}{meant}{source_of(node)[-1]}")]
    if call is not None and method in _TYPED and source_of(call.child_by_field_name("function")).endswith(method):
        return _typed(node, call, meant, re.findall(r"\$\{([^}]*)\}", inner.partition("?")[0]))
    parts = re.split(r"(\$\{[^}]*\})", inner.partition("?")[0])
    filled = [part for part in parts if part.startswith("${")]
    if meant.count("{") != len(filled):
        return []
    new = re.sub(r"\{[^}]*\}", lambda match: filled.pop(0), meant)
    asks = inner[len(inner.partition("?")[0]) :]
    return [over(node, f"`{new}{asks}`")]


def _meant(asked: tuple[str, ...], paths: set[str]) -> str | None:
    """The only path that is the same but for prefixes and slashes; else the only one that is close."""
    same = {path for path in paths if _core(shape_of(path)) == _core(asked)}
    if len(same) == 1:
        return same.pop()
    for some in ({path for path in paths if len(shape_of(path)) == len(asked)}, paths):
        by_shape = {"/" + "/".join(_core(shape_of(path))): path for path in some}
        near = closest("/" + "/".join(_core(asked)), by_shape)
        if near is not None:
            return by_shape[near]
    return None


def _core(shape: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in shape if one and one != "api" and not re.fullmatch(r"v\d+", one))


def _typed(node: Node, call: Node, meant: str, values: list[str]) -> list[Edit]:
    """A call of the typed client, with its path as the contract writes it and what was in it as parameters."""
    given = re.findall(r"\{([^}]*)\}", meant)
    options = call.child_by_field_name("arguments")
    second = options.named_children[1] if options is not None and options.named_child_count > 1 else None
    written = over(node, f'"{meant}"')
    if not given or len(given) != len(values):
        return []
    inside = ", ".join(
        name if name == value.strip() else f"{name}: {value.strip()}" for name, value in zip(given, values, strict=True)
    )
    path = f"path: {{ {inside} }}"
    if second is None:
        return [(*written[:2], f"{written[2]}, {{ params: {{ {path} }} }}")]
    if second.type != "object":
        return []
    pairs = {source_of(n.child_by_field_name("key")): n for n in second.named_children if n.type == "pair"}
    params = pairs["params"].child_by_field_name("value") if "params" in pairs else None
    if params is None:
        at = second.start_byte + 1
        return [written, (at, at, f" params: {{ {path} }}{',' if second.named_child_count else ' '}")]
    if params.type != "object" or "path" in {source_of(n.child_by_field_name("key")) for n in params.named_children}:
        return [written]
    at = params.start_byte + 1
    return [written, (at, at, f" {path}{',' if params.named_child_count else ' '}")]


def _method(kind: Kind, text: str, line: int | None, route: str, wrong: str, others: list[str]) -> list[Edit]:
    nodes = _routes(kind, text, line, route)
    call = above(nodes[0], "call_expression") if len(nodes) == 1 else None
    if call is None:
        return []
    able = others
    if len(able) > 1:
        has_body = re.search(r"\bbody\b", source_of(call.child_by_field_name("arguments"))) is not None
        able = [one for one in others if (one in _BODY) == has_body]
    if len(able) > 1:
        said = " ".join(source_of(node) for node in _named(call)).lower()
        able = [one for one in others if any(word in said for word in _VERBS.get(one, ()))]
    if len(able) != 1:
        return []
    for node in walk(call):
        if node.type == "property_identifier" and source_of(node).upper() == wrong:
            return [over(node, able[0] if source_of(node).isupper() else able[0].lower())]
        if node.type == "string" and source_of(node)[1:-1].upper() == wrong:
            return [over(node, f'"{able[0]}"')]
    return []


def _named(call: Node) -> Iterator[Node]:
    """The names of what is declared around a call."""
    node: Node | None = call
    while node is not None:
        name = node.child_by_field_name("name") if node.type.endswith(("_declaration", "_declarator")) else None
        if name is not None:
            yield name
        node = node.parent


def _field(kind: Kind, text: str, line: int | None, wrong: str, known: list[str]) -> list[Edit]:
    calls = [n for n in walk(root_of(kind, text)) if n.type == "call_expression" and line_of(n) <= (line or 0)]
    around = [n for n in calls if n.end_point[0] + 1 >= (line or 0)]
    for call in reversed(around):
        keys = [
            node
            for node in walk(call)
            if node.type in ("property_identifier", "shorthand_property_identifier", "string")
            and source_of(node).strip("\"'") == wrong
            and (node.type == "shorthand_property_identifier" or _is_key(node))
        ]
        beside = {
            source_of(n).strip("\"'")
            for key in keys
            for n in walk(_object(key))
            if n.type.endswith("property_identifier")
        }
        left = [name for name in known if name not in beside]
        right = closest(wrong, left) or (left[0] if len(left) == 1 and len(known) == 1 else None)
        if keys and right is not None:
            return [renamed(key, right, kind, text) for key in keys]
    return []


def _body(kind: Kind, text: str, line: int | None, route: str) -> list[Edit]:
    """The only option that no client has, as the body."""
    for node in _routes(kind, text, line, route):
        options = node.next_named_sibling
        keys = [
            key if pair.type == "pair" else pair
            for pair in (options.named_children if options is not None and options.type == "object" else ())
            if (key := pair.child_by_field_name("key") or pair) is not None and source_of(key) not in _OPTIONS
        ]
        if len(keys) == 1 and keys[0].type in ("property_identifier", "shorthand_property_identifier"):
            return [renamed(keys[0], "body", kind, text)]
    return []


def _needed(kind: Kind, text: str, line: int | None, route: str, name: str, part: str) -> list[Edit]:
    """A parameter that stands beside where it belongs, put there."""
    for node in _routes(kind, text, line, route):
        options = node.next_named_sibling
        params = _pairs(options).get("params") if options is not None else None
        inner = params.child_by_field_name("value") if params is not None else None
        given = _pairs(inner) if inner is not None else _pairs(options) if options is not None else {}
        if name in given and part not in given:
            one = source_of(given[name])
            wrapped = f"{part}: {{ {one} }}" if inner is not None else f"params: {{ {part}: {{ {one} }} }}"
            return [over(given[name], wrapped)]
    return []


def _pairs(value: Node) -> dict[str, Node]:
    """What an object holds, by its names."""
    found = {}
    for child in value.named_children if value.type == "object" else ():
        key = child.child_by_field_name("key") if child.type == "pair" else child
        found[source_of(key)] = child
    return found


def _is_key(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "pair" and node.parent.child_by_field_name("key") == node


def _object(key: Node) -> Node:
    return above(key, "object") or key
