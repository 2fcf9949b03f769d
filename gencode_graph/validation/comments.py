"""The comments of a text, found by its own grammar, so that strings are never taken for one."""

from __future__ import annotations

import io
import re
import tokenize

from gencode_graph.validation import markup, scripts, stylesheets
from gencode_graph.validation.kinds import SCRIPTS, Kind

_EDGES = re.compile(r"^(?:#+|//+|/\*+|<!--|[ \t]*\*)+|(?:\*+/|-->)$")
_HASHED: tuple[Kind, ...] = ("yaml", "toml", "dockerfile", "text")


def comments(kind: Kind, text: str) -> list[tuple[int, str]]:
    """Line, from 1, and words of each comment without its signs."""
    if kind in SCRIPTS:
        found = _of_scripts(kind, text)
    elif kind == "python":
        found = _of_python(text)
    elif kind == "css":
        found = list(stylesheets.comments(text))
    elif kind == "html":
        found = markup.comments(text)
    elif kind in _HASHED:
        lines = enumerate(text.splitlines(), start=1)
        found = [(number, line.strip()) for number, line in lines if line.lstrip().startswith("#")]
    else:
        found = []
    return [(line, _EDGES.sub("", words.strip()).strip()) for line, words in found]


def _of_scripts(kind: Kind, text: str) -> list[tuple[int, str]]:
    nodes = scripts.matches(kind, "(comment) @comment", scripts.tree(kind, text).root_node).get("comment", [])
    return [(node.start_point[0] + 1, scripts.source_of(node)) for node in nodes]


def _of_python(text: str) -> list[tuple[int, str]]:
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0], token.string))
    except (tokenize.TokenError, SyntaxError):
        pass  # what came before the break counts; the break is the syntax check's
    return found


def without_words(kind: Kind, text: str) -> list[tuple[int, str]]:
    """Line and text of each name in Python or a script: not what stands in strings and comments."""
    if kind in SCRIPTS:
        kinds = "[(identifier) (property_identifier) (type_identifier) (shorthand_property_identifier)] @name"
        nodes = scripts.matches(kind, kinds, scripts.tree(kind, text).root_node).get("name", [])
        return [(node.start_point[0] + 1, scripts.source_of(node)) for node in nodes]
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                found.append((token.start[0], token.string))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
