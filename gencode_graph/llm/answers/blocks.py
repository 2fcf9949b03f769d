"""One block of an answer as operations: what it is, and which file it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gencode_graph.llm.answers import tags
from gencode_graph.llm.answers.around import Around
from gencode_graph.llm.answers.commands import is_commands
from gencode_graph.llm.answers.cuts import looks_whole
from gencode_graph.llm.answers.diffs import is_diff
from gencode_graph.llm.answers.diffs import operations as diff_operations
from gencode_graph.llm.answers.edits import is_start, swaps
from gencode_graph.llm.answers.judging import CREATES, elided, is_part, is_tree
from gencode_graph.llm.answers.languages import SHELLS, guess, is_path, language_of
from gencode_graph.llm.answers.listing import listed
from gencode_graph.llm.answers.naming import Name, clean, from_after, from_comment, from_info, from_prose
from gencode_graph.llm.answers.operations import Kind, Operation
from gencode_graph.llm.answers.scanning import Block

_INNER = re.compile(r"^\s*```([^\n`]*)\n(.*?)\n?[ \t]*```\s*$", re.DOTALL)
_OUTPUT = re.compile(
    r"\b(?:output|results?|prints?|returns?|response|structure|directory|errors?|traceback|logs?)\b.{0,80}$",
    re.IGNORECASE,
)
_ATTRIBUTE_LINE = re.compile(r"^\s*\{\s*(?:path|file|filename)\s*=\s*[\"']?([^\"'}\s]+)[\"']?\s*\}\s*$")


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A block in its answer."""

    block: Block
    number: int
    around: Around

    @property
    def line(self) -> int:
        return self.around.line(self.block.start)


def operations(block: Block, number: int, around: Around) -> list[Operation]:
    """What a block asks for; ``around`` knows what those before it did."""
    if block.kind == "thought":
        return []
    place = _Place(block=block, number=number, around=around)
    if block.kind == "tag":
        return _tag(place)
    path, language = from_info(block.info) if block.kind == "fence" else (None, "")
    if path is not None and block.info.lower().startswith("delete") and not block.text.strip():
        return [Operation(op="delete", path=path, line=place.line)]
    lines = block.text.split("\n")
    if path is None and (match := _ATTRIBUTE_LINE.match(lines[0])):
        path, lines = clean(match[1]), lines[1:]
    return _content(place, lines, Name(path=path, source="info") if path is not None else None, language)


def _content(place: _Place, lines: list[str], name: Name | None, language: str) -> list[Operation]:
    complete = place.block.closed
    before = place.around.before(place.number)
    if any(is_start(one) for one in lines):
        if name is None and is_path(clean(lines[0])):
            name = Name(path=clean(lines[0]), source="info")
        return _edits(lines, _path(name or from_prose(before, "")), place.line)
    if place.block.kind == "patch" or is_diff(lines):
        return list(diff_operations(lines, _path(name or from_prose(before, "")), place.line, complete))
    if name is None and (files := listed("\n".join(lines))) is not None and files[0]:
        return [
            Operation(
                op="write",
                path=clean(item.path),
                content=_tidy(item.content),
                complete=item.complete and (complete or not files[1]),
                line=place.line,
            )
            for item in files[0]
        ]
    return [_file(place, lines, name, language)]


def _path(name: Name | None) -> str | None:
    return None if name is None else name.path


def _tidy(content: str) -> str:
    text = content.strip("\n").rstrip()
    return f"{text}\n" if text else ""


def _edits(lines: list[str], path: str | None, line: int) -> list[Operation]:
    return [
        Operation(
            op="edit", path=path, content=swap.replace, search=swap.search, complete=swap.complete, line=line + swap.at
        )
        for swap in swaps(lines)
    ]


def _file(place: _Place, lines: list[str], name: Name | None, language: str) -> Operation:
    """A block without edits: a file, a part of one, commands, or a sample."""
    block, around = place.block, place.around
    if not block.closed and lines and lines[-1].strip() in ("```", "~~~"):
        lines = lines[:-1]
    text = _tidy("\n".join(lines))
    carried, around.carried = around.carried, None
    name = name or _commented(lines)
    op: Kind = "snippet"
    path = None
    if name is None and len(text.split()) == 1 and "/" in text and is_path(text.strip()):
        around.carried = text.strip()
    elif name is None and (language.lower() in SHELLS or not language) and _is_script(lines):
        op = "shell"
    elif name is not None or not is_tree(lines):
        name = name or _named_around(place, text, language)
        if name is not None:
            path = name.path
            op = "fragment" if _is_part(place, lines, text, name) else "write"
        elif language.lower() in SHELLS:
            op = "shell"
        else:
            path = carried or (around.goes_on(around.before(place.number), language) if language else None)
            op = "snippet" if path is None else "fragment"
    return Operation(
        op=op,
        path=path,
        content=text,
        language=language or None,
        complete=block.closed
        or (block.kind == "fence" and not around.cut and looks_whole("\n".join(lines), language, path)),
        line=place.line,
    )


def _commented(lines: list[str]) -> Name | None:
    path = from_comment(lines)
    return None if path is None else Name(path=path, source="comment")


def _is_script(lines: list[str]) -> bool:
    return bool(lines) and not lines[0].startswith("#!") and is_commands(lines)


def _named_around(place: _Place, text: str, language: str) -> Name | None:
    """The name that the prose before or after a block gives it."""
    name = from_prose(place.around.before(place.number), language)
    if name is not None and not (name.source == "prose" and _is_output(name.sentence, language)):
        return name
    if place.around.carried is not None:
        return None
    script = text.startswith("#!") or language.lower() in SHELLS
    path = from_after(place.around.after(place.number), language or guess(text), script)
    return Name(path=path, source="after") if path is not None and path not in place.around.taken else None


def _is_part(place: _Place, lines: list[str], text: str, name: Name) -> bool:
    if place.block.info.lower().startswith(("append", "patch ", "edit ")) or elided(lines, name.path):
        return True
    again = name.path in place.around.taken
    return name.source == "prose" and is_part(text, name.path, name.sentence, again=again)


def _is_output(sentence: str, language: str) -> bool:
    return not language and bool(_OUTPUT.search(sentence)) and not CREATES.search(sentence)


def _tag(place: _Place) -> list[Operation]:
    attributes, name = place.block.attributes, place.block.info
    path = next((clean(attributes[key]) for key in tags.PATHS if attributes.get(key)), None)
    if path is None and is_path(attributes.get("title", "")):
        path = attributes["title"]
    to = next((clean(attributes[key]) for key in tags.TARGETS if attributes.get(key)), None)
    if name in tags.DELETES:
        return [Operation(op="delete", path=path, line=place.line)] if path else []
    if name in tags.RENAMES:
        return [Operation(op="rename", path=path, to=to, line=place.line)] if path and to else []
    text, closed = place.block.text, place.block.closed
    if name in tags.SHELLS or attributes.get("type") in ("shell", "start"):
        return [Operation(op="shell", content=_tidy(text), complete=closed, line=place.line, language="shell")]
    language = next((attributes[key] for key in ("info", "lang", "language") if attributes.get(key)), "")
    if match := _INNER.match(text):
        text, language = match[2], language or match[1]
    lines = _dedented(text).strip("\n").split("\n")
    found = _content(place, lines, Name(path=path, source="tag") if path else None, language)
    return [replace(one, language=one.language or language_of(one.path or "")) for one in found]


def _dedented(text: str) -> str:
    """Lines without the indentation of the tag, where every line has it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return text
    first = lines[0]
    lead = first[: len(first) - len(first.lstrip())]
    if lead and all(line.startswith(lead) for line in lines):
        return "\n".join(line.removeprefix(lead) for line in text.split("\n"))
    return text
