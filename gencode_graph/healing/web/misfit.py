"""A value that is worked out and of the wrong type: turned into the one that is wanted, or not turned away from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.initial import begins_as
from gencode_graph.healing.web.source import Edit, Repair, edited, over, repaired, root_of, script
from gencode_graph.healing.web.values import MISFIT, bare, parts, put, taken_on
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_TURNED = {
    "String": "string", "Number": "number", "Boolean": "boolean", "parseInt": "number", "parseFloat": "number",
}  # fmt: skip
_METHODS = {"toString": "string", "join": "string", "toFixed": "string", "toISOString": "string", "getTime": "number"}
_FUNCTIONS = {"string": "String", "number": "Number", "boolean": "Boolean"}
_WRITTEN = {
    "string": ("string", "template_string"), "number": ("number",), "boolean": ("true", "false"),
    "list": ("array",), "function": ("arrow_function", "function_expression"),
}  # fmt: skip
_DURATION = re.compile(r"(\d+) ?(ms|s|sec|m|min|h|d)")
_MILLISECONDS = {"ms": 1, "s": 1000, "sec": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_LASTS = re.compile(r"(?:time|timeout|delay|interval|duration|age|wait|ms)$", re.IGNORECASE)
_CODES = frozenset(f"tsc/TS{code}" for code in (2322, 2345))


def misfit(finding: Finding, patient: Patient) -> Repair:
    """The script with the value in the type that is wanted; nothing where more than one could be meant."""
    at = script(finding, patient)
    if at is None:
        return {}
    path, kind, text = at
    if finding.rule in ("tsc/TS18046", "tsc/TS2571"):
        edits = _caught(kind, text, finding)
        return repaired(patient, path, edited(text, edits)) if edits else {}
    if finding.rule not in _CODES:
        return {}
    on_line = taken_on(kind, text, finding, arguments=finding.rule == "tsc/TS2345")
    read = {source_of(one) for value in on_line for one in walk(value) if one.type == "identifier"}
    for said in reversed(list(MISFIT.finditer(finding.message))):
        if any(begins_as(name, kind, text) in parts(said[2]) for name in read):
            return {}  # put right already, where the state begins
        for edit in _fitting(said[1], said[2], on_line):
            return repaired(patient, path, edited(text, [edit]))
    return {}


def _fitting(given: str, wanted: str, on_line: list[Node]) -> list[Edit]:
    """The edit for one thing that was said, or nothing."""
    kinds = parts(wanted) - {"undefined", "null"}
    if not kinds or parts(given) & {"undefined", "null"}:
        return []
    simple = _simple(given)
    turned = [node for node in on_line if _turned(node) == simple]
    inner = _inside(turned[0]) if len(turned) == 1 and simple not in kinds else None
    if inner is not None:
        return [put(turned[0], inner)]
    lists = {one.removeprefix("readonly ").removesuffix("[]") for one in kinds if one.endswith("[]")}
    if given in lists or (simple in lists and simple == given):
        return _wrapped(_likely(on_line, simple))
    if given.endswith("[]") and kinds <= {"string", given[:-2]}:
        return _unwrapped([node for node in on_line if bare(node).type == "array"], kinds)
    if given == "void" and any("=>" in one or one.endswith("Handler") or "EventHandler<" in one for one in kinds):
        calls = [node for node in on_line if node.type == "call_expression"]
        return [put(calls[0], f"() => {source_of(calls[0])}")] if len(calls) == 1 else []
    if re.fullmatch(r"\(\) => [\w\[\]]+", given) and given[6:] in kinds:
        named = [node for node in on_line if node.type in ("identifier", "member_expression")]
        return [put(named[0], f"{source_of(named[0])}()")] if len(named) == 1 else []
    if given.startswith('"') and (edit := _duration(on_line)) is not None:
        return [edit]
    return _converted(simple, kinds, on_line)


def _simple(given: str) -> str:
    """A type without what its value says."""
    if given.startswith('"'):
        return "string"
    if given in ("true", "false"):
        return "boolean"
    return "number" if re.fullmatch(r"-?\d+(\.\d+)?", given) else given


def _turned(node: Node) -> str | None:
    """The type that a value was turned into by a call."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    if function is None:
        return "string" if _only_part(node) is not None else None
    if function.type == "member_expression":
        return _METHODS.get(source_of(function.child_by_field_name("property")))
    return _TURNED.get(source_of(function))


def _only_part(node: Node) -> str | None:
    """What a template consists of, if that is one value and nothing else."""
    if node.type != "template_string" or node.named_child_count != 1:
        return None
    part = node.named_children[0]
    whole = part.type == "template_substitution" and source_of(node) == f"`{source_of(part)}`"
    return source_of(part.named_children[0]) if whole and part.named_child_count else None


def _inside(node: Node) -> str | None:
    """The value that was turned into another one."""
    if node.type == "template_string":
        return _only_part(node)
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is not None and function.type == "member_expression":
        return source_of(function.child_by_field_name("object"))
    given = arguments.named_children if arguments is not None else []
    return source_of(given[0]) if given else None


def _likely(on_line: list[Node], simple: str) -> list[Node]:
    """The values that may be of a type: those written in it, else those that are not written out at all."""
    if written := [node for node in on_line if bare(node).type in _WRITTEN.get(simple, ())]:
        return written
    fixed = {one for some in _WRITTEN.values() for one in some} | {"object", "null", "undefined"}
    return [n for n in on_line if bare(n).type not in fixed and not bare(n).type.startswith("jsx_")]


def _wrapped(nodes: list[Node]) -> list[Edit]:
    return [put(nodes[0], f"[{source_of(nodes[0])}]")] if len(nodes) == 1 else []


def _unwrapped(nodes: list[Node], kinds: set[str]) -> list[Edit]:
    """The only item of a list, or all of them as one text."""
    if len(nodes) != 1:
        return []
    items = bare(nodes[0]).named_children
    if len(items) == 1 and items[0].type != "spread_element":
        return [put(nodes[0], source_of(items[0]))]
    return [put(nodes[0], f'{source_of(nodes[0])}.join(" ")')] if "string" in kinds and items else []


def _duration(on_line: list[Node]) -> Edit | None:
    """A time in words, as milliseconds."""
    for node in on_line:
        said = _DURATION.fullmatch(source_of(node)[1:-1]) if node.type == "string" else None
        key = node.parent.child_by_field_name("key") if node.parent is not None else None
        if said is not None and key is not None and _LASTS.search(source_of(key)):
            return over(node, f"{int(said[1]) * _MILLISECONDS[said[2]]:_}")
    return None


def _converted(given: str, kinds: set[str], on_line: list[Node]) -> list[Edit]:
    """A value turned by the language's own function, where there is one for that."""
    if len(kinds) != 1:
        return []
    wanted, nodes = next(iter(kinds)), _likely(on_line, given)
    if len(nodes) != 1 or wanted == given:
        return []
    value = source_of(nodes[0])
    if wanted == "Date" and given in ("string", "number"):
        return [put(nodes[0], f"new Date({value})")]
    if given == "Date" and wanted == "string" and nodes[0].type in ("identifier", "member_expression"):
        return [put(nodes[0], f"{value}.toISOString()")]
    written = bare(nodes[0]).type in ("string", "true", "false", "object", "array")
    simple = given in _FUNCTIONS or (wanted == "boolean" and nodes[0].type in ("identifier", "member_expression"))
    if wanted in _FUNCTIONS and simple and not written:
        return [put(nodes[0], f"{_FUNCTIONS[wanted]}({value})")]
    return []


def _caught(kind: Kind, text: str, finding: Finding) -> list[Edit]:
    """The message of what was caught, whatever that is."""
    said = re.search(r"^'([\w$]+)' is of type 'unknown'", finding.message)
    caught = {
        source_of(node.child_by_field_name("parameter"))
        for node in walk(root_of(kind, text))
        if node.type == "catch_clause"
    }
    if said is None or said[1] not in caught:
        return []
    return [
        over(node, f"({said[1]} instanceof Error ? {said[1]}.message : String({said[1]}))")
        for node in walk(root_of(kind, text))
        if node.type == "member_expression"
        and node.start_point[0] + 1 == finding.line
        and source_of(node) == f"{said[1]}.message"
    ]
