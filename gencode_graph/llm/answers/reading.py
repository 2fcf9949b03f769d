"""From the text of an answer to its operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from gencode_graph.llm.answers.around import Around
from gencode_graph.llm.answers.blocks import operations
from gencode_graph.llm.answers.cuts import ends_early
from gencode_graph.llm.answers.languages import is_path
from gencode_graph.llm.answers.listing import Listed, listed
from gencode_graph.llm.answers.naming import clean
from gencode_graph.llm.answers.operations import Answer, Operation
from gencode_graph.llm.answers.ruled import marked, ruled, unfenced
from gencode_graph.llm.answers.scanning import Block, blocks
from gencode_graph.types import Finish

_DELETE = re.compile(r"^\s*(?:[-*]\s+)?[`*]*(?:DELETE|REMOVE)(?: FILE)?:?[`*]*\s+[`*\"']*([^\s`*\"']+)[`*\"']*\s*$")
_RENAME = re.compile(
    r"^\s*(?:[-*]\s+)?[`*]*(?:RENAME|MOVE)(?: FILE)?:?[`*]*\s+`?([^\s`]+)`?\s*(?:->|→|=>|to|TO)\s*`?([^\s`]+)`?\s*$"
)
_LIST = re.compile(r"^#{1,6}\s*(Move|Rename|Remove|Delete)d?\s+Files?\b", re.IGNORECASE)
_MOVED = re.compile(r"^\s*[-*]\s+`?([^\s`]+)`?\s*(?:->|→|=>)\s*`?([^\s`]+)`?\s*$")
_ITEM = re.compile(r"^\s*[-*]\s+`?([^\s`]+)`?\s*$")


def read_answer(text: str, *, finish: Finish = "stop", known: Collection[str] = ()) -> Answer:
    """Everything that an answer asks for; ``known`` are the paths that exist, for names without a folder."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    cut = finish in ("length", "missing")
    if (files := _listing(text)) is not None:
        found = [_written(path=item.path, content=item.content, complete=item.complete) for item in files[0]]
        return Answer(operations=_merged(found), truncated=cut or files[1], twice=_twice(found))
    found_blocks = [block for block in blocks(text) if not _stray(text, block)]
    if not any(block.kind != "thought" for block in found_blocks):
        found_blocks = sorted([*found_blocks, *_plain(text, found_blocks)], key=lambda block: block.start)
    return _answer(text, found_blocks, cut, known)


_LISTING = re.compile(r"^[ \t]*[\[{]\s*(?:\{\s*)?[\"']\w", re.MULTILINE)
_OUTER = re.compile(r"^\s*```(?:json\w*)?[ \t]*\n(.*?)(?:\n```)?\s*$", re.DOTALL)


def _listing(text: str) -> tuple[list[Listed], bool] | None:
    """The files of an answer that is a listing, in a fence or after prose too."""
    if (fenced := _OUTER.match(text)) is not None:
        return listed(fenced[1])
    begin = _LISTING.search(text)
    if begin is None or "```" in text[: begin.start()] or "<" in text[: begin.start()]:
        return None
    return listed(text[begin.start() :])


def _stray(text: str, block: Block) -> bool:
    """Whether a block is only a fence that closes once too often, at the end."""
    if block.kind != "fence" or block.closed or block.info or block.text.strip():
        return False
    return not text[: block.start].rstrip().endswith(":")


def _plain(text: str, thoughts: list[Block]) -> list[Block]:
    if thoughts:
        return []
    between = list(marked(text)) or list(ruled(text))
    whole = None if between else unfenced(text)
    return between if whole is None else [whole]


def _answer(text: str, found: list[Block], cut: bool, known: Collection[str]) -> Answer:
    around = Around(text, found, cut=cut)
    done: list[Operation] = []
    prose: list[str] = []
    at = 0
    for number, block in enumerate(found):
        done += _said(text[at : block.start], around.line(at), prose)
        read = operations(block, number, around)
        around.note(read)
        done += read
        at = block.end
    done += _said(text[at:], around.line(at), prose)
    spoken = "\n".join(prose).strip()
    rest = text[at:] if found else text
    broken = (
        any(not operation.complete for operation in done)
        or any(not block.closed for block in found if block.kind == "thought")
        or (bool(found) and not found[-1].closed and not found[-1].text.strip() and found[-1].info != "")
        or (ends_early(rest) and (not found or found[-1].closed))
    )
    done = list(map(_resolver(known), done))
    return Answer(operations=_merged(done), truncated=cut or broken, twice=_twice(done), prose=spoken)


def _said(text: str, first: int, prose: list[str]) -> Iterator[Operation]:
    """Operations that prose asks for in lines of their own; the rest is added to ``prose``."""
    listing = ""
    for number, line in enumerate(text.split("\n"), start=first):
        operation: Operation | None = None
        if (match := _DELETE.match(line)) and is_path(clean(match[1]), loose=True):
            operation = Operation(op="delete", path=clean(match[1]), line=number)
        elif match := _RENAME.match(line):
            operation = Operation(op="rename", path=clean(match[1]), to=clean(match[2]), line=number)
        elif match := _LIST.match(line):
            listing = match[1].lower()
        elif listing in ("move", "rename") and (match := _MOVED.match(line)):
            operation = Operation(op="rename", path=clean(match[1]), to=clean(match[2]), line=number)
        elif listing in ("remove", "delete") and (match := _ITEM.match(line)) and is_path(clean(match[1])):
            operation = Operation(op="delete", path=clean(match[1]), line=number)
        elif line.startswith("#"):
            listing = ""
        if operation is None:
            prose.append(line)
        else:
            yield operation


def _written(*, path: str, content: str, complete: bool) -> Operation:
    text = content.strip("\n").rstrip()
    return Operation(op="write", path=clean(path), content=f"{text}\n" if text else "", complete=complete)


def _resolver(known: Collection[str]) -> Callable[[Operation], Operation]:
    """Finds the one known file of a name, where a name without its folder is all that is said."""
    by_name: dict[str, list[str]] = {}
    for path in known:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def resolved(operation: Operation) -> Operation:
        path = operation.path
        if path is None or not by_name or path in by_name.get(path.rpartition("/")[2], ()) or operation.op == "write":
            return operation
        same = [
            name for name in by_name.get(path.rpartition("/")[2], ()) if f"/{name}".endswith(f"/{path.lstrip('/')}")
        ]
        return replace(operation, path=same[0]) if len(same) == 1 else operation

    return resolved


def _merged(found: list[Operation]) -> tuple[Operation, ...]:
    """Without what a later whole file of the same path makes useless, and without the same thing twice."""
    last = {
        operation.path: number
        for number, operation in enumerate(found)
        if operation.op == "write" and operation.complete
    }
    kept: list[Operation] = []
    seen: set[tuple[object, ...]] = set()
    for number, operation in enumerate(found):
        if operation.op in ("write", "edit") and number < last.get(operation.path, -1):
            continue
        key = (operation.op, operation.path, operation.content, operation.search, operation.to)
        if operation.op in ("write", "fragment", "delete", "rename") and key in seen:
            continue
        seen.add(key)
        kept.append(operation)
    return tuple(kept)


def _twice(found: list[Operation]) -> tuple[str, ...]:
    """The paths of whole files that are given with several contents."""
    contents: dict[str, set[str]] = {}
    for operation in found:
        if operation.op == "write" and operation.path is not None and operation.complete:
            contents.setdefault(operation.path, set()).add(operation.content)
    return tuple(path for path, each in contents.items() if len(each) > 1)
