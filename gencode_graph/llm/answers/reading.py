"""From the text of an answer to its operations."""

from __future__ import annotations

import re
from collections.abc import Collection

from gencode_graph.llm.answers.edits import is_start, swaps
from gencode_graph.llm.answers.languages import SHELLS
from gencode_graph.llm.answers.operations import Answer, Operation
from gencode_graph.llm.answers.scanning import Block, fenced
from gencode_graph.types import Finish

_PATH = re.compile(r"""(?:path|file|filename|title)\s*[=:]\s*["']?([^\s"'}]+)""")
_DELETE = re.compile(r"^\s*(?:[-*]\s+)?`?DELETE:?\s+`?([^\s`]+)`?\s*$")


def read_answer(text: str, *, finish: Finish = "stop", known: Collection[str] = ()) -> Answer:
    """Everything that an answer asks for; ``known`` are the paths that exist."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks = fenced(lines)
    found: list[Operation] = []
    prose: list[str] = []
    at = 0
    for block in blocks:
        found += _between(lines, at, block.start, prose)
        found += _operations(block)
        at = block.end
    found += _between(lines, at, len(lines), prose)
    cut = finish in ("length", "missing") or any(not operation.complete for operation in found)
    return Answer(operations=tuple(found), truncated=cut, prose="\n".join(prose).strip())


def _between(lines: list[str], start: int, end: int, prose: list[str]) -> list[Operation]:
    found: list[Operation] = []
    for at in range(start, end):
        if match := _DELETE.match(lines[at]):
            found.append(Operation(op="delete", path=match[1], line=at + 1))
        else:
            prose.append(lines[at])
    return found


def _operations(block: Block) -> list[Operation]:
    match = _PATH.search(block.info)
    path = match[1] if match else None
    language = block.info.split()[0] if block.info else None
    if any(is_start(line) for line in block.lines):
        return [
            Operation(
                op="edit",
                path=path,
                content=swap.replace,
                search=swap.search,
                complete=swap.complete,
                line=block.start + 2 + swap.at,
            )
            for swap in swaps(block.lines)
        ]
    content = "\n".join(block.lines).rstrip() + "\n"
    kind = "write" if path else "shell" if language in SHELLS else "snippet"
    return [
        Operation(
            op=kind,  # type: ignore[arg-type]
            path=path,
            content=content,
            language=language,
            complete=block.closed,
            line=block.start + 1,
        )
    ]
