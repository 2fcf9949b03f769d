"""Scripts that nothing can come of: a module of declarations without an export, an effect or a use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.validation.scripts import source_of

if TYPE_CHECKING:
    from tree_sitter import Node

_DECLARATIONS = frozenset({
    "import_statement", "function_declaration", "generator_function_declaration", "class_declaration",
    "abstract_class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration", "comment",
    "hash_bang_line", "empty_statement", "function_signature",
})  # fmt: skip
_MAKERS = re.compile(
    r"require|Object\.\w+|Symbol(\.for)?|(?:Weak)?(?:Map|Set)|(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array|Float\d+Array|Array|RegExp"
    r"|Date|Error|Text(?:En|De)coder|Intl\.\w+|Number|String|Boolean"
)
"""What is called or constructed without an effect."""
_PLAIN = frozenset({
    "string", "number", "true", "false", "null", "undefined", "regex", "identifier", "arrow_function",
    "function_expression", "array", "object", "template_string", "class", "unary_expression", "binary_expression",
    "as_expression", "satisfies_expression",
})  # fmt: skip
"""Values that do nothing by being there."""


def exports_nothing(root: Node) -> int | None:
    """The line of the last declaration of a module that ends without any way in; None for every other text."""
    last: Node | None = None
    declares = False
    for child in root.children:
        if child.type in _DECLARATIONS:
            if child.type == "import_statement" and child.named_child_count == 1:
                return None  # imported for its effect
            declares = declares or child.type not in ("comment", "empty_statement", "import_statement")
        elif child.type in ("lexical_declaration", "variable_declaration"):
            if not all(_harmless(declarator) for declarator in child.named_children):
                return None
            declares = True
        elif child.type == "expression_statement" and _is_directive(child):
            continue
        else:
            return None
        last = child
    return last.start_point[0] + 1 if last is not None and declares else None


def _harmless(declarator: Node) -> bool:
    value = declarator.child_by_field_name("value")
    return declarator.type == "comment" or value is None or value.type in _PLAIN or _is_made(value)


def _is_made(value: Node) -> bool:
    maker = value.child_by_field_name("function") or value.child_by_field_name("constructor")
    return maker is not None and _MAKERS.fullmatch(source_of(maker)) is not None


def _is_directive(statement: Node) -> bool:
    return statement.named_child_count == 1 and statement.named_children[0].type == "string"


_PROMISED = re.compile(r"^(?:exports\.\w+ = )+void 0;$", re.MULTILINE)


def never_exported(text: str) -> str | None:
    """A name that a compiled CommonJS module announces at its top and never sets; None where there is none."""
    for match in _PROMISED.finditer(text):
        rest = text[: match.start()] + text[match.end() :]
        for name in re.findall(r"exports\.(\w+)", match[0]):
            if not re.search(rf"exports\.{name} =|exports, \"{name}\"", rest):
                return str(name)
    return None
