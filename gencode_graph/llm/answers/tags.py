"""Tags that hold files: ``<file path="...">``, ``<write_to_file>`` with child elements, and the like."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from gencode_graph.llm.answers.languages import is_path

WRITES = frozenset(
    {
        "dyad-write",
        "lov-write",
        "write_to_file",
        "write-file",
        "write_file",
        "create_file",
        "create-file",
        "file",
        "save",
    }
    | {"boltaction", "plandexblock", "new_file", "full_file", "codefile", "write", "create", "artifact", "antartifact"}
    | {"file_content", "file-content", "save_file", "codeblock", "create-new-file"}
)
EDITS = frozenset(
    {"dyad-search-replace", "dyad-edit", "replace_in_file", "edit_file", "edit-file", "search_replace", "apply_diff"}
    | {"edit", "str_replace", "search-replace", "search_and_replace", "patch", "lov-search-replace"}
)
DELETES = frozenset({"dyad-delete", "lov-delete", "delete_file", "delete-file", "delete", "remove_file", "remove-file"})
RENAMES = frozenset(
    {"dyad-rename", "lov-rename", "rename_file", "rename-file", "rename", "move_file", "move-file", "move"}
)
SHELLS = frozenset({"execute_command", "command", "run_command", "bash", "shell", "terminal", "execute_bash", "run"})
THOUGHTS = frozenset({"think", "thinking", "reasoning", "scratchpad", "thought", "reflection", "analysis"})
FENCES = frozenset({"source", "code"})
"""Tags that some take for a fence: the language follows at once."""
_NAMED = WRITES | EDITS | DELETES | RENAMES | SHELLS | THOUGHTS | FENCES
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]{0,40})")
_ATTRIBUTES = re.compile(r"((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
_CHILD = re.compile(
    r"<(path|file_path|file|filename|filepath|from|to|old_path|new_path|source|target|destination)>\s*([^<\n]{1,300}?)\s*</\1>",
    re.I,
)
_CONTENT = re.compile(r"<(content|contents|code|file_content|file_text|diff|changes|text)>", re.I)
_WRAPPED = re.compile(r"^\s*<!\[CDATA\[(.*)\]\]>\s*$", re.DOTALL)
PATHS = ("path", "filepath", "file_path", "filename", "file", "target_file", "name", "from", "old_path", "source")
TARGETS = ("to", "new_path", "target", "destination")
_INDENT = 200
"""Characters before a tag that are looked at for whether it starts its line."""
_LONGEST = 4000
"""Characters that the attributes of a tag may take."""


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """One element."""

    name: str
    text: str
    start: int
    end: int
    closed: bool
    thought: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


class Tags:
    """All tags of a text that may hold files."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._alone: set[int] = set()
        self._opens: list[tuple[int, int, str]] = []
        self._closes: dict[str, list[int]] = defaultdict(list)
        self._own_line: dict[str, list[int]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        for match in _TAG.finditer(text):
            name = match[2].lower()
            floor = max(0, match.start() - _INDENT)
            begins = not text[max(floor, text.rfind("\n", floor, match.start()) + 1) : match.start()].strip()
            if match[1]:
                self._closes[name].append(match.start())
                if begins:
                    self._own_line[name].append(match.start())
            else:
                self._opens.append((match.start(), match.end(), name))
                if begins:
                    self._alone.add(match.start())
                    self._starts[name].append(match.start())
        self._offsets = [start for start, _, _ in self._opens]

    def opening(self, start: int, end: int) -> Tagged | None:
        """The first element that opens between two offsets and holds a file, commands or thoughts."""
        for index in range(bisect_left(self._offsets, start), len(self._opens)):
            at, after, name = self._opens[index]
            if at >= end:
                return None
            attributes = _ATTRIBUTES.match(self._text, after, min(len(self._text), after + _LONGEST))
            if attributes is None:
                continue
            if (element := self._element(at, name, attributes)) is not None:
                return element
        return None

    def _element(self, at: int, name: str, match: re.Match[str]) -> Tagged | None:
        values = {key.lower(): one or two or three for key, one, two, three in _ATTRIBUTE.findall(match[1])}
        named = next(
            (values[key] for key in ("path", "filepath", "file_path", "filename", "file") if key in values), ""
        )
        if name not in _NAMED and not is_path(named):
            return None
        alone = at in self._alone
        if match[2]:
            return (
                Tagged(name=name, text="", start=at, end=match.end(), closed=True, attributes=values)
                if values
                else None
            )
        stop, after, closed = self._close(name, match.end())
        if name in THOUGHTS:
            if not alone:
                return None
            return Tagged(name=name, text="", start=at, end=after, closed=closed, thought=True)
        if name in FENCES and not named:
            return self._fence(at, match.end(), stop, after, closed=closed) if alone and not values else None
        body = self._text[match.end() : stop]
        values = {**{child.lower(): value for child, value in _CHILD.findall(body[:_LONGEST])}, **values}
        said = any(key in values for key in PATHS)
        if not (said or (name in SHELLS and closed) or (values and (closed or alone))):
            return None
        if not closed and not alone:
            return None
        return Tagged(name=name, text=_content(body, closed), start=at, end=after, closed=closed, attributes=values)

    def _fence(self, at: int, begin: int, stop: int, after: int, *, closed: bool) -> Tagged | None:
        info, feed, body = self._text[begin:stop].partition("\n")
        if not feed or (info.strip() and not re.fullmatch(r"[\w+#.-]{1,20}", info.strip())):
            return None
        return Tagged(name="source", text=body, start=at, end=after, closed=closed, attributes={"info": info.strip()})

    def _close(self, name: str, begin: int) -> tuple[int, int, bool]:
        """Where the content ends, where the element ends, and whether a closing tag says so."""
        line_end = self._text.find("\n", begin)
        line_end = len(self._text) if line_end < 0 else line_end
        again = _next(self._starts[name], begin)
        stop = _next(self._closes[name], begin)
        own = _next(self._own_line[name], begin)
        if stop is not None and stop > line_end and own is not None and (again is None or own < again):
            stop = own
        if stop is None or (again is not None and again < stop and name not in THOUGHTS):
            end = len(self._text) if again is None else again
            return end, end, False
        close = self._text.find(">", stop)
        return stop, len(self._text) if close < 0 else close + 1, True


def _next(offsets: list[int], begin: int) -> int | None:
    index = bisect_left(offsets, begin)
    return offsets[index] if index < len(offsets) else None


def _content(body: str, closed: bool) -> str:
    """What a content element of the body holds, or the body without its child elements."""
    head = body[:_LONGEST]
    if (match := _CONTENT.search(head)) and not _CHILD.sub("", head[: match.start()]).strip():
        close = body.rfind(f"</{match[1]}>")
        inner = body[match.end() : close if close >= 0 else len(body)]
    else:
        inner = _CHILD.sub("", head, count=2) + body[_LONGEST:] if _CHILD.match(head.lstrip()) else body
    wrapped = _WRAPPED.match(inner) if "CDATA" in inner[:200] else None
    return wrapped[1] if wrapped else inner
