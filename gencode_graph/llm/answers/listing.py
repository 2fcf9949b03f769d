"""Files that an answer lists as JSON, also as JSON that is broken or cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gencode_graph.errors import PathError
from gencode_graph.llm.answers.languages import is_path
from gencode_graph.llm.salvage import salvage
from gencode_graph.workspace import check_path

PATHS = (
    "path",
    "file",
    "filename",
    "file_path",
    "filePath",
    "filepath",
    "file_name",
    "fileName",
    "name",
    "relative_path",
)
CONTENTS = ("content", "contents", "code", "text", "source", "body", "data", "file_content", "file_text", "new_content")
_PATH_KEY = rf"[\"']?(?:{'|'.join(PATHS)})[\"']?"
_CONTENT_KEY = rf"[\"']?(?:{'|'.join(CONTENTS)})[\"']?"
_PAIR = re.compile(
    rf"{_PATH_KEY}\s*:\s*(?P<q>[\"'`])(?P<path>[^\"'`\n]{{1,300}})(?P=q)\s*,\s*(?://[^\n]*)?"
    rf"\s*(?:[\"']?\w+[\"']?\s*:\s*[\"'][^\"'\n]*[\"']\s*,\s*)?"
    rf"{_CONTENT_KEY}\s*:\s*(?P<open>\"\"\"|[\"'`])"
)
_LOOKS = re.compile(r"^\s*[\[{]")
_ENDINGS = {
    quote: re.compile(
        rf"{quote}[ \t\r\n]*,?[ \t\r\n]*(?://[^\n]*[ \t\r\n]*)?"
        rf"(?:[\"']\w+[\"'][ \t\r\n]*:[^{{}}]{{0,200}})?\}}[ \t\r\n]*(?:[,\]}}\[{{]|//|$)"
    )
    for quote in ('"', "'", "`", '"""')
}
_STRING = re.compile(r"((?:[^\"\\]|\\.)*)\"\s*(?:,\s*\"\w+\"\s*:|,?\s*[}\]]|,?\s*$)", re.DOTALL)
_ENTRY = re.compile(r"\"([^\"\n\\]{1,300})\"\s*:\s*\"((?:[^\"\\]|\\.)*)\\?(\"|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One file of a listing."""

    path: str
    content: str
    complete: bool = True


def listed(text: str) -> tuple[list[Listed], bool] | None:
    """The files and whether the listing lacks its end; None for a text that lists none."""
    if not _LOOKS.match(text) or not re.search(rf"{_CONTENT_KEY}\s*:|[\"'][\w./-]+\.\w{{1,6}}[\"']\s*:", text):
        return None
    values = _strictly(text)
    if values is not None:
        found = [item for value in values for item in _files(value)]
        return (found, False) if found else None
    cut = _open_end(text)
    if found := _pairs(text) or _entries(text):
        return found, cut
    try:
        found = list(_files(salvage(text)))
    except ValueError:
        return None
    return (found, cut) if found else None


def _strictly(text: str) -> list[Any] | None:
    """The values of a text that is JSON, or of one with a value on each line."""
    try:
        return [json.loads(text, strict=False, object_pairs_hook=_apart)]
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line, object_pairs_hook=_apart) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return None


def _apart(pairs: list[tuple[str, Any]]) -> Any:
    """An object; one that says something twice is read as two, so that neither is taken for the other unseen."""
    first, last = dict(reversed(pairs)), dict(pairs)
    return last if len(last) == len(pairs) else [first, last]


def _files(value: Any, depth: int = 0) -> Iterator[Listed]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from _files(item, depth + 1)
    elif isinstance(value, Mapping):
        path = next(
            (value[key] for key in PATHS if isinstance(value.get(key), str) and is_path(value[key], loose=True)), None
        )
        content = next((value[key] for key in CONTENTS if isinstance(value.get(key), str)), None)
        path = path if path is not None else _unsafe(value)
        if path is not None and content is not None:
            yield Listed(path=path, content=content)
            return
        for key, item in value.items():
            if isinstance(item, str) and is_path(str(key)) and ("\n" in item or "/" in str(key)):
                yield Listed(path=str(key), content=item)
            elif isinstance(item, (list, Mapping)):
                inner = item.get("content", item.get("code")) if isinstance(item, Mapping) else None
                if isinstance(inner, str) and is_path(str(key)):
                    yield Listed(path=str(key), content=inner)
                else:
                    yield from _files(item, depth + 1)


def _unsafe(value: Mapping[str, Any]) -> str | None:
    """What is given as a path and never can be one: to be refused by its name, not passed over."""
    for key in PATHS:
        if key != "name" and isinstance(name := value.get(key), str):
            try:
                check_path(name)
            except PathError:
                return name
    return None


def _pairs(text: str) -> list[Listed]:
    """Path and content side by side, however broken the JSON around and inside them is."""
    found: list[Listed] = []
    matches = list(_PAIR.finditer(text))
    for number, match in enumerate(matches):
        limit = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        body = text[match.end() : limit]
        quote = match["open"]
        if quote == '"' and (whole := _STRING.match(body)) is not None:
            found.append(Listed(path=match["path"], content=_unescaped(whole[1])))
            continue
        ends = [end for end in _ENDINGS[quote].finditer(body) if not _escaped(body, end.start())]
        if ends:
            raw, complete = (
                body[: ends[-1 if number + 1 < len(matches) else 0 if quote == '"' and len(ends) == 1 else -1].start()],
                True,
            )
        else:
            close = body.rstrip().rstrip(",}]").rstrip()
            complete = close.endswith(quote) and not _escaped(close, len(close) - len(quote))
            raw = close[: -len(quote)] if complete else body
        found.append(Listed(path=match["path"], content=_unescaped(raw), complete=complete))
    return found


def _entries(text: str) -> list[Listed]:
    """Paths as keys with contents as values; only the last can lack its end."""
    return [
        Listed(path=match[1], content=_unescaped(match[2]), complete=bool(match[3]))
        for match in _ENTRY.finditer(text)
        if is_path(match[1])
    ]


def _escaped(text: str, at: int) -> bool:
    back = 0
    while at - back - 1 >= 0 and text[at - back - 1] == "\\":
        back += 1
    return back % 2 == 1


def _unescaped(raw: str) -> str:
    """A JSON string's meaning; an escape that JSON does not know stands for its character."""

    def one(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] == "u" and len(code) == 5:
            return chr(int(code[1:], 16))
        return _ESCAPES.get(code, code)

    text = _ESCAPE.sub(one, raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _open_end(text: str) -> bool:
    """Whether the last bracket is missing."""
    return not text.rstrip().rstrip(";`").rstrip().endswith(("}", "]"))
