"""JSON, YAML and TOML, by their own parsers; a key given twice is a problem too."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from gencode_graph.validation import scripts
from gencode_graph.validation.kinds import Problem, last_line

DEEPEST = 200
"""Levels of a document."""
_LONG_KEY = re.compile(r"(?:[\w-]\s*\.\s*){100}")
MOST_DIGITS = 40
"""Of a whole number; more are no number that an app has to do with."""


def json_problems(text: str) -> list[Problem]:
    """Nothing for one JSON value without a repeated key."""
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(key for key, _ in found)
        twice.extend(key for key, count in counts.items() if count > 1)
        return dict(found)

    def number(digits: str) -> int:
        if len(digits) > MOST_DIGITS:
            raise json.JSONDecodeError(f"a number of {len(digits)} digits", text, text.find(digits))
        return int(digits)

    def constant(word: str) -> None:
        raise json.JSONDecodeError(f"{word} is no JSON value", text, text.find(word))

    try:
        json.loads(text, object_pairs_hook=pairs, parse_int=number, parse_constant=constant)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        return [Problem(message=error.msg, line=error.lineno, at_end=at_end)]
    except RecursionError:
        return [Problem(message="it is nested too deeply", line=1)]
    return [Problem(message=f"the key {key!r} is given twice in one object") for key in twice[:5]]


def jsonc_problems(text: str) -> list[Problem]:
    """JSON with comments and trailing commas, as tools' configurations have it."""
    if not text.strip():
        return [Problem(message="there is no value", line=1, at_end=True)]
    return scripts.problems("tsx", f"({text}\n)")


def toml_problems(text: str) -> list[Problem]:
    """Nothing for a TOML document."""
    if deep := _LONG_KEY.search(text):  # read in time that grows with the square of the dots
        return [Problem(message="a key has too many parts", line=text.count("\n", 0, deep.start()) + 1)]
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        line = int(message.rpartition("at line ")[2].split(",")[0]) if "at line " in message else last_line(text)
        return [Problem(message=message, line=line, at_end="at end of document" in message)]
    return []


def yaml_problems(text: str) -> list[Problem]:
    """Nothing for YAML documents whose mappings have each key once; tags are not acted on."""
    import yaml

    try:
        documents = yaml_nodes(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else last_line(text)
        return [Problem(message=str(error.problem or error), line=line, at_end=line > last_line(text))]
    except (yaml.YAMLError, RecursionError) as error:
        return [Problem(message=str(error) or "it is nested too deeply", line=1)]
    return [
        Problem(message=f"the key {key.value!r} is given twice in one mapping", line=key.start_mark.line + 1)
        for key in sorted(_repeated(documents), key=lambda key: key.start_mark.index)
    ][:5]


def yaml_nodes(text: str) -> list[Any]:
    """The root nodes of YAML documents, nothing built of them; ``yaml.YAMLError`` for what is none or too deep.

    The depth is counted on events first: the parser of nodes calls itself, and its end would be ours.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        opens = isinstance(event, yaml.CollectionStartEvent)
        depth += opens - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError("it is nested too deeply")
    return [node for node in yaml.compose_all(text, Loader=loader) if node is not None]


def _repeated(documents: list[Any]) -> Iterator[Any]:
    """Each node once, however many aliases lead to it: they may lead round in circles, or to a billion laughs."""
    import yaml

    waiting, known = list(documents), set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                    if key.value in seen:
                        yield key
                    seen.add(key.value)
                waiting.append(value)
