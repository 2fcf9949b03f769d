"""Text of untrusted programs as JSON or XML: bounded, and unreadable input is one error of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from gencode_graph import plain as safe
from gencode_graph.errors import InputError

LINE = 2000
"""Characters of one line that are read."""
LIMIT = 16_000_000
"""Characters of one output that are read."""
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_STARTS = re.compile(r"^[ \t]*(?=[{\[])", re.MULTILINE)
_TRIES = 12
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z_][\w.-]*;")


class UnreadableError(InputError):
    """An output that is not what it was said to be."""


def plain(text: str) -> str:
    """Without byte order mark, colours and what else acts on a terminal."""
    return safe.plain(text.removeprefix("\ufeff"))


def console(text: str) -> str:
    """What a program wrote on its console, plain; lines are cut, so that reading takes time in proportion."""
    return "\n".join(line[:LINE] for line in plain(text).split("\n"))


def load_json(text: str) -> Any:
    """The JSON document in a text, which may have lines of other programs before and after it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        found = [
            one
            for match, _ in zip(_STARTS.finditer(text), range(_TRIES), strict=False)
            if (one := _decode(text, match.end()))
        ]
    if not found:
        raise UnreadableError("there is no JSON document in it")
    return max(found, key=lambda one: one[0])[1]


def json_lines(text: str) -> Iterator[dict[str, Any]]:
    """Each line that is a JSON object; lines of other programs are left out."""
    for line in text.splitlines():
        if line.lstrip().startswith("{"):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                yield value


def load_xml(text: str) -> Element:
    """The root of the XML document in a text, without what XML cannot have, and without its entities.

    No declaration reaches the parser: what stands for a file or for gigabytes becomes one replacement character.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    start = max(text.find("<"), 0)
    whole = _REFERENCE.sub(_allowed, _NOT_XML.sub("", text[start : text.rfind(">") + 1]))
    declared = _DOCTYPE.search(whole, 0, 20_000)
    if declared:
        whole = _ENTITY.sub("\ufffd", whole[: declared.start()] + whole[declared.end() :])
    try:
        root: Element = fromstring(whole)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise UnreadableError(f"it is no XML that can be read: {error}") from error
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def mapping(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The JSON objects of an array, or none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole(value: Any) -> int:
    """A number of things; 0 for what is none."""
    try:
        return max(0, int(str(value).replace(",", "").strip()))
    except ValueError:
        return 0


def line_of(value: Any) -> int | None:
    """A line number, from 1."""
    return whole(value) or None


def text_of(value: Any) -> str:
    """A string, or an empty one."""
    return value if isinstance(value, str) else ""


def _decode(text: str, start: int) -> tuple[int, Any] | None:
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return end - start, value


def _allowed(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    fine = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return match[0] if fine else ""
