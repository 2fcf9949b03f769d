"""One block of an answer as operations: what it is, and which file it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gencode_graph.llm.answers import tags
from gencode_graph.llm.answers.cuts import looks_whole
from gencode_graph.llm.answers.diffs import is_diff
from gencode_graph.llm.answers.diffs import operations as diff_operations
from gencode_graph.llm.answers.edits import is_start, swaps
from gencode_graph.llm.answers.judging import CREATES, changes, elided, is_commands, is_part, is_tree
from gencode_graph.llm.answers.languages import SHELLS, fits, guess, is_path, language_of
from gencode_graph.llm.answers.listing import listed
from gencode_graph.llm.answers.naming import Name, clean, from_after, from_comment, from_info, from_prose, mentions
from gencode_graph.llm.answers.operations import Operation
from gencode_graph.llm.answers.scanning import Block

_INNER = re.compile(r"^\s*```([^\n`]*)\n(.*?)\n?[ \t]*```\s*$", re.DOTALL)
_OUTPUT = re.compile(
    r"\b(?:output|result|prints?|returns?|response|structure|directory|error|traceback|log)\b[^.]*:?\s*$", re.IGNORECASE
)
_ATTRIBUTE_LINE = re.compile(r"^\s*\{\s*(?:path|file|filename)\s*=\s*[\"']?([^\"'}\s]+)[\"']?\s*\}\s*$")


class Context:
    """An answer around its blocks."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self.text = text
        self.blocks = blocks
        self.carried: str | None = None
        """The path that a block held and nothing else."""

    def line(self, at: int) -> int:
        """Number of the line at an offset, from 1."""
        return self.text.count("\n", 0, at) + 1

    def before(self, number: int) -> list[str]:
        """The lines between a block and the one before it."""
        start = self.blocks[number - 1].end if number else 0
        return self.text[start : self.blocks[number].start].split("\n")

    def after(self, number: int) -> list[str]:
        """The prose after a block, and commands in it, up to the next block that is no command."""
        lines: list[str] = []
        for at in range(number, min(len(self.blocks), number + 4)):
            if at > number:
                block = self.blocks[at]
                inside = block.text.split("\n")
                if block.kind != "fence" or not is_commands(inside):
                    break
                lines += inside
            end = self.blocks[at + 1].start if at + 1 < len(self.blocks) else len(self.text)
            lines += self.text[self.blocks[at].end : end].split("\n")
        return lines


def operations(block: Block, number: int, context: Context, done: Sequence[Operation]) -> list[Operation]:
    """What a block asks for; ``done`` is what those before it did."""
    if block.kind == "thought":
        return []
    if block.kind == "tag":
        return _tag(block, number, context, done)
    info, text = block.info, block.text
    path, language = from_info(info) if block.kind == "fence" else (None, "")
    lines = text.split("\n")
    if path is None and (match := _ATTRIBUTE_LINE.match(lines[0])):
        path, lines = clean(match[1]), lines[1:]
    name = Name(path=path, source="info") if path is not None else None
    return _content(block, lines, name, language, number, context, done)


def _content(
    block: Block,
    lines: list[str],
    name: Name | None,
    language: str,
    number: int,
    context: Context,
    done: Sequence[Operation],
) -> list[Operation]:
    line = context.line(block.start)
    complete = block.closed
    before = context.before(number)
    if any(is_start(one) for one in lines):
        if name is None and lines and is_path(clean(lines[0])):
            name = Name(path=clean(lines[0]), source="info")
        return _edits(lines, _path(name or from_prose(before, "")), line, complete)
    if is_diff(lines):
        return list(diff_operations(lines, _path(name or from_prose(before, "")), line, complete))
    if name is None and (files := listed("\n".join(lines))) is not None and files[0]:
        return [
            Operation(
                op="write",
                path=clean(item.path),
                content=_tidy(item.content),
                complete=item.complete and (complete or not files[1]),
                line=line,
            )
            for item in files[0]
        ]
    return [_file(block, lines, name, language, number, context, done)]


def _path(name: Name | None) -> str | None:
    return None if name is None else name.path


def _tidy(content: str) -> str:
    text = content.strip("\n").rstrip()
    return f"{text}\n" if text else ""


def _edits(lines: list[str], path: str | None, line: int, complete: bool) -> list[Operation]:
    return [
        Operation(
            op="edit", path=path, content=swap.replace, search=swap.search, complete=swap.complete, line=line + swap.at
        )
        for swap in swaps(lines)
    ]


def _file(
    block: Block,
    lines: list[str],
    name: Name | None,
    language: str,
    number: int,
    context: Context,
    done: Sequence[Operation],
) -> Operation:
    """A block without edits: a file, a part of one, commands, or a sample."""
    if not block.closed and lines[-1].strip() in ("```", "~~~"):
        lines = lines[:-1]
    text = _tidy("\n".join(lines))
    line = context.line(block.start)
    path = _path(name)
    complete = block.closed or looks_whole(text, language, path)

    def done_as(op: str, path: str | None = None) -> Operation:
        return Operation(op=op, path=path, content=text, language=language or None, complete=complete, line=line)  # type: ignore[arg-type]

    if name is not None and block.info.lower().startswith(("append", "patch ")):
        return done_as("fragment", path)
    if name is None and len(text.split()) == 1 and "/" in text and is_path(text.strip()):
        context.carried = text.strip()
        return done_as("snippet")
    if name is None and (commented := from_comment(lines)) is not None:
        name = Name(path=commented, source="comment")
    shell = language.lower() in SHELLS
    before = context.before(number)
    if name is None and (shell or not language) and is_commands(lines) and not lines[0].startswith("#!"):
        return done_as("shell")
    if name is None and is_tree(lines):
        return done_as("snippet")
    if name is None:
        name = from_prose(before, language)
        if name is not None and name.source == "prose" and _is_output(name.sentence, language):
            name = None
    carried, context.carried = context.carried, None
    if name is None and carried is not None:
        return done_as("fragment", carried)
    if name is None:
        taken = {operation.path for operation in done}
        following = from_after(context.after(number), language or guess(text), text.startswith("#!") or shell)
        if following is not None and following not in taken:
            name = Name(path=following, source="after")
    if name is None and not shell and (path := _goes_on(before, language, number, context, done)) is not None:
        return done_as("fragment", path)
    if name is None:
        return done_as("shell" if shell else "snippet")
    again = any(operation.op in ("write", "fragment") and operation.path == name.path for operation in done)
    part = name.source == "prose" and is_part(text, name.path, name.sentence, again=again)
    if elided(lines, name.path) or part:
        return done_as("fragment", name.path)
    return done_as("write", name.path)


def _goes_on(
    before: Sequence[str], language: str, number: int, context: Context, done: Sequence[Operation]
) -> str | None:
    """The file that an unnamed block changes: that of the part before it, or the only one that the prose speaks of."""
    if not language or not number and not context.blocks:
        return None
    last = next((operation for operation in reversed(done) if operation.op not in ("shell",)), None)
    if last is not None and last.op == "fragment" and last.path and last.language == language:
        return last.path
    sentence = next((line for line in reversed(before) if line.strip()), "")
    if not changes(sentence):
        return None
    ahead = context.text[: context.blocks[0].start].split("\n")
    named = {path for line in ahead if changes(line) for path, _ in mentions(line) if fits(path, language)}
    return named.pop() if len(named) == 1 else None


def _is_output(sentence: str, language: str) -> bool:
    return not language and bool(_OUTPUT.search(sentence)) and not CREATES.search(sentence)


def _tag(block: Block, number: int, context: Context, done: Sequence[Operation]) -> list[Operation]:
    attributes, name = block.attributes, block.info
    path = next((clean(attributes[key]) for key in tags.PATHS if attributes.get(key)), None)
    to = next(
        (clean(attributes[key]) for key in ("to", "new_path", "target", "destination") if attributes.get(key)), None
    )
    line = context.line(block.start)
    if name in tags.DELETES:
        return [Operation(op="delete", path=path, line=line)] if path else []
    if name in tags.RENAMES:
        return [Operation(op="rename", path=path, to=to, line=line)] if path and to else []
    if name in tags.SHELLS or attributes.get("type") in ("shell", "start"):
        return [Operation(op="shell", content=_tidy(block.text), complete=block.closed, line=line, language="shell")]
    language = attributes.get("info", attributes.get("lang", attributes.get("language", "")))
    text = block.text
    if match := _INNER.match(text):
        text = match[2]
        language = language or match[1]
    lines = _dedented(text).strip("\n").split("\n")
    named = Name(path=path, source="tag") if path else None
    found = _content(block, lines, named, language, number, context, done)
    return [
        operation if operation.language or operation.path is None else _with_language(operation) for operation in found
    ]


def _with_language(operation: Operation) -> Operation:
    from dataclasses import replace

    return replace(operation, language=language_of(operation.path or ""))


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
