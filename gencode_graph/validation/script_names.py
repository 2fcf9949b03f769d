"""Names that a script uses as components, classes, functions or objects, and that nothing binds."""

from __future__ import annotations

import re

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, kind_of
from gencode_graph.validation.script_globals import GLOBALS
from gencode_graph.validation.scripts import matches, source_of, tree

_TAGS = """
(jsx_opening_element name: (identifier) @tag)
(jsx_self_closing_element name: (identifier) @tag)
"""
_USES = """
(new_expression constructor: (identifier) @use)
(call_expression function: (identifier) @use)
(member_expression object: (identifier) @use)
"""
_BINDINGS = """
[(identifier) (type_identifier) (shorthand_property_identifier_pattern)] @name
"""
_USING = frozenset({
    "call_expression", "new_expression", "member_expression", "jsx_opening_element", "jsx_self_closing_element",
    "jsx_closing_element", "arguments", "binary_expression", "return_statement", "jsx_expression",
    "unary_expression", "template_substitution", "ternary_expression", "spread_element", "subscript_expression",
    "await_expression", "parenthesized_expression", "array", "non_null_expression", "as_expression",
    "update_expression", "expression_statement", "satisfies_expression", "optional_chain", "type_query",
    "nested_type_identifier", "generic_type", "extends_clause", "class_heritage", "type_arguments",
    "type_annotation", "type_parameters",
})  # fmt: skip
"""What a name stands in when it is used rather than bound."""
_COMPONENT = re.compile(r"[A-Z]")


def script_names(path: str, text: str) -> list[Finding]:
    """A finding for each name that is used and neither bound anywhere in the file nor known everywhere.

    Only modules are judged (they import or export), and a binding counts in the whole file: some mistakes pass, and
    nothing right is refused.
    """
    kind = kind_of(path)
    if kind not in SCRIPTS or path.endswith(".d.ts"):
        return []
    root = tree(kind, text).root_node
    if root.has_error or not any(child.type in ("import_statement", "export_statement") for child in root.children):
        return []
    bound = {
        source_of(node)
        for node in matches(kind, _BINDINGS, root).get("name", [])
        if node.parent is not None and node.parent.type not in _USING
    }
    tags = matches(kind, _TAGS, root).get("tag", []) if kind == "tsx" else []
    uses = matches(kind, _USES, root).get("use", [])
    first: dict[str, int] = {}
    for node in (*(tag for tag in tags if _COMPONENT.match(source_of(tag))), *uses):
        name, line = source_of(node), node.start_point[0] + 1
        if name not in bound and name not in GLOBALS:
            first[name] = min(line, first.get(name, line))
    return [
        Finding(
            rule="names/undefined",
            message=f"undefined name {name!r}",
            path=path,
            line=line,
            hint="import it or define it before its use",
        )
        for name, line in first.items()
    ]
