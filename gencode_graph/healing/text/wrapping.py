"""What answers put around a file, or leave in it: fences, sentences, tags, marks of a merge; the file is inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.reading import first_problem
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.MULTILINE)
_BLOCK = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"^\s*</?(?:file|content|code|write_file|answer|artifact|output|response)\b[^>]*>\s*$", re.IGNORECASE)
_MERGE = re.compile(
    r"^<{5,9}[^\n]*\n(?P<ours>.*?)(?:^\|{5,9}[^\n]*\n.*?)?^={5,9}[^\n]*\n(?P<theirs>.*?)^>{5,9}[^\n]*$\n?",
    re.MULTILINE | re.DOTALL,
)
_SENTENCE = re.compile(
    r"^\s*(?:[A-Z*#>`-][\w'’*`,()/.-]*(?:\s+[\w'’*`,()/.:-]+){2,}[.:!?*`)]*|#{1,6} .*|\*\*.*\*\*:?|---+|[A-Z]\w+[!.:]"
    r"|[A-Z][a-z]+(?: [a-z]+)*[:.!?]|[-*] .*|\d+\. .*)\s*$"
)
_LEAST = 0.4
"""Of a text that has to remain."""


def wrapping(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file without what is around it and no part of it; only where it can be read then."""
    path = finding.path or ""
    text = patient.files.get(path, "")
    if kind_of(path) in ("markdown", "text", "binary") or not text.strip() or not patient.treatable(path):
        return {}
    if first_problem(path, text) is None and not finding.rule.startswith("file/shape"):
        return {}
    for inner in _ways(path, text):
        if len(inner.strip()) >= _LEAST * len(text.strip()) and inner != text and first_problem(path, inner) is None:
            return {path: inner}
    return {}


def _ways(path: str, text: str) -> Iterator[str]:
    """Texts that may be the file alone, the likeliest first."""
    if _MERGE.search(text):
        for side in ("theirs", "ours"):
            yield _MERGE.sub(lambda match, side=side: match[side], text)  # type: ignore[misc]
    blocks = sorted((match[2] for match in _BLOCK.finditer(text)), key=len, reverse=True)
    yield from blocks[:1]
    for match in _FENCE.finditer(text):
        yield text[match.end() :].lstrip("\n")
        yield text[: match.start()]
    bare = _FENCE.sub("", text)
    yield _whole(bare)
    yield _without_tags(bare)
    yield _without_sentences(path, _without_tags(bare))
    yield from _trimmed(bare)


def _whole(text: str) -> str:
    return text.strip("\n") + "\n"


def _without_tags(text: str) -> str:
    return _whole("\n".join(line for line in text.split("\n") if not _TAG.match(line)))


def _without_sentences(path: str, text: str) -> str:
    """A text without the lines that are no code, as long as there is one where reading ends."""
    for _ in range(40):
        line = first_problem(path, text)
        lines = text.split("\n")
        if line is None:
            break
        near = [n for n in (line, line - 1, line + 1) if 0 < n <= len(lines) and _SENTENCE.match(lines[n - 1])]
        if not near:
            break
        del lines[near[0] - 1]
        text = "\n".join(lines)
    return _whole(text)


def _trimmed(text: str) -> Iterator[str]:
    """Without the first, and the last, few lines, where those are sentences or blank."""
    lines = text.strip("\n").split("\n")
    first = _leading(lines)
    last = len(lines) - _leading(lines[::-1])
    for start, end in ((first, last), (first, len(lines)), (0, last)):
        if (start, end) != (0, len(lines)):
            yield _whole("\n".join(lines[start:end]))


def _leading(lines: list[str]) -> int:
    for index, line in enumerate(lines):
        if line.strip() and not _SENTENCE.match(line) and not _TAG.match(line):
            return index
    return 0
