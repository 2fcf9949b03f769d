"""The path of a block: from its info string, its first line, a label before it, or the prose around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gencode_graph.llm.answers.languages import fits, is_path, is_product, language_name

Source = Literal["info", "tag", "label", "comment", "prose", "after"]
_KEYS = r"(?:path|file|filename|file_name|file_path|filepath|filePath|title|name|src|target)"
_ATTRIBUTE = re.compile(rf"""\b{_KEYS}\s*[=:]\s*(?:"([^"]+)"|'([^']+)'|([^\s"'}},]+))""")
_LINES = re.compile(r"^\d+:\d+:(\S+)$")
_COLON = re.compile(r"^([\w+#-]*):(\S.*)$")
_VERBS = frozenset(
    {"save", "write", "append", "patch", "create", "edit", "update", "diff", "file", "replace", "delete"}
)
_LEADERS = r"(?://+!?|#+!?|/\*+|<!--|--|;+|%+|\"\"\"|'''|\{/\*|@\*|REM)"
_WORDS = r"(?:file ?name|file ?path|file|path|name|code|title|module|script|source|location)"
_COMMENT = re.compile(
    rf"^\s*{_LEADERS}\s*(?:{_WORDS}\s*[:=]?\s+|{_WORDS}\s*[:=]\s*)?[`'\"]?(?P<path>[^\s`'\"*:]+)[`'\"]?:?"
    r"\s*(?P<more>[(\[—–-].*?)?\s*(?:\*/\}?|-->|\"\"\"|'''|\*@)?\s*$",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"^\s*(?:#!.*|<\?php|<\?xml.*|['\"]use \w+['\"];?|# -\*-.*|<!doctype.*|@?charset.*)\s*$", re.I)
_NUMBER = re.compile(r"^(?:step\s+)?\d{1,3}\s*[.):]\s+|^[-*+•]\s+|^[a-z]\)\s+", re.IGNORECASE)
_PREFIX = re.compile(
    r"^(?:(?:here(?:'s|’s| is| are)|create|update|edit|new|updated?|complete|full|final|modified|rewritten|the"
    r"|in|for)\s+)*"
    r"(?:(?:rewrite|rewritten|updated|new|source|full|complete)\s+)*"
    r"(?:file ?names?|file ?path|files?|path|code|module|script|contents? of|name|updating|creating|title)?\s*[:=]?\s*"
    r"(?:(?:the|your|a|new)\s+)*",
    re.IGNORECASE,
)
_STRIP = "*_`'\"“”‘’[]()<>#:：=-—–,.;|!~ \t"
_TOKEN = re.compile(
    r"`(?P<tick>[^`\n]{1,200})`|[\"“](?P<quote>[^\"“”\n]{1,200})[\"”]|'(?P<single>[\w./\\@-]{1,200})'"
    r"|\*\*(?P<bold>[^*\n]{1,200})\*\*|(?<![\w./\\@-])(?P<word>[.\w@~/\\\[-][\w./\\@+\-\[\]]*[\w\]])"
)
_FOLDER = re.compile(
    r"\b(?:in|under|inside|into|within|to)\s+(?:the\s+|your\s+"
    r"|a\s+)?[`\"'“]([\w.@~/-]+/[\w.@~-]*)/?[`\"'”]\s*(?:folder|director)"
)
_AWAY = re.compile(
    r"(?:\b(?:from|like|import|imports|importing|reads?|reading|run|running|using|than|via|requires?|loads?"
    r"|visit|see|refer to|based on|similar to|called by|used by|instead of|parse|compile|execute"
    r"|start)\s+(?:the\s+|your\s+|a\s+)?[`\"'“*]*)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\b(?:currently|at the moment|originally|as it (?:is|stands) now|the (?:original|existing) (?:version"
    r"|content) of)\b",
    re.I,
)
_LONG = 1500
"""Characters of a line of prose that are read."""
REACH = 3
"""Lines of prose before a block in which its name may stand."""


@dataclass(frozen=True, kw_only=True)
class Name:
    """A path and where it was found."""

    path: str
    source: Source
    sentence: str = ""
    """The line of prose that holds it."""


def clean(path: str) -> str:
    """A path without decoration: quotes, a leading ``./``, backslashes."""
    path = path.strip().strip("`'\"").strip()
    if "\\" in path and "/" not in path:
        path = path.replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    return path


def from_info(info: str) -> tuple[str | None, str]:
    """The path and the language that an info string names."""
    if not info:
        return None, ""
    first, _, rest = info.partition(" ")
    word = first.partition("{")[0]
    if match := _ATTRIBUTE.search(info):
        path = clean(match[1] or match[2] or match[3])
        if is_path(path, loose=True) or (path and "title" not in match[0] and "name" not in match[0]):
            language = word if "=" not in word else ""
            return path, language
    if match := _LINES.match(first):
        return clean(match[1]), ""
    if (match := _COLON.match(first)) and is_path(clean(match[2]), loose=True):
        return clean(match[2]), match[1]
    rest = rest.strip().removeprefix("//").removeprefix("#").strip()
    last = clean(rest.strip("[](){}*"))
    if last and (
        is_path(last)
        or (is_path(last, loose=True) and first.lower() in _VERBS)
        or last.lower() in ("dockerfile", "makefile")
    ):
        return last, "" if first.lower() in _VERBS else word
    if first.lower() in _VERBS and rest and " " not in rest and "/" in rest:
        return clean(rest), ""
    name = clean(first.strip("[]*"))
    if is_path(name) and ("." in name.strip(".") or name.startswith(".")) and not is_product(name):
        return name, ""
    return None, word


def from_comment(lines: Sequence[str]) -> str | None:
    """The path in a comment that says nothing else, on the first line or after a shebang or its like."""
    for line in [line for line in lines[:8] if line.strip()][:2]:
        match = _COMMENT.match(line[:_LONG])
        if match and is_path(clean(match["path"])) and not is_product(match["path"]):
            return clean(match["path"])
        if not _PREAMBLE.match(line):
            break
    return None


def label(line: str) -> str | None:
    """The path of a line that does little more than name it: a heading, a bold or quoted name, ``File: name``."""
    text = line.strip()[:_LONG]
    for _ in range(2):
        text = _NUMBER.sub("", text.lstrip("#>| \t").strip("*_ \t"), count=1)
    if not text or text.endswith(("?", "!")):
        return None
    inner = re.search(r"[(（]([^()（）\s]+)[)）]\W*$", text)
    if inner and is_path(clean(inner[1].strip("`*\"'"))) and len(text.split()) <= 8:
        return clean(inner[1].strip("`*\"'"))
    candidates = [text, _PREFIX.sub("", text, count=1)]
    for candidate in candidates:
        bracketed = candidate.strip("*_`'\"“” \t:：")
        for name in (bracketed, candidate.strip(_STRIP), _unbracketed(bracketed)):
            name = clean(name.strip("`*"))
            if " " not in name and is_path(name) and not (is_product(name) and name == text):
                return name
        match = re.match(r"^[`*\"'“]{1,3}([^`*\"'“”\s]+)[`*\"'”]{1,3}\s*[:：]?\s*[(—–:-]", candidate)
        if match and is_path(clean(match[1])):
            return clean(match[1])
        match = re.match(r"^[`*]{0,3}([^`*\s:]+)[`*]{0,3}\s+[(\[].{1,60}[)\]]\W*$", candidate)
        if match and is_path(clean(match[1])):
            return clean(match[1])
    return None


def _unbracketed(text: str) -> str:
    if text.startswith("[") and text.endswith("]"):
        return _PREFIX.sub("", text[1:-1].strip(), count=1).strip()
    return text


def mentions(line: str) -> list[tuple[str, int]]:
    """The paths that a line of prose names, and where."""
    line = line[:_LONG]
    found: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(line):
        text = match[match.lastgroup or 0]
        word = match.lastgroup == "word"
        path = clean(text.rstrip(".,:;"))
        if not is_path(path) or (word and is_product(path)) or (is_product(path) and "/" not in path):
            continue
        if (
            word
            and "." not in path.strip(".")
            and path.lower() not in ("dockerfile", "makefile", "procfile", ".gitignore", ".env")
        ):
            continue
        if word and path[0].isupper() and "." not in path and path != path.capitalize():
            continue
        found.append((path, match.start()))
    return found


def from_prose(lines: Sequence[str], language: str) -> Name | None:
    """What the lines before a block call it: the nearest label, else the last fitting path in the nearest sentence."""
    seen = 0
    spoken: Name | None = None
    for line in reversed(lines):
        if not line.strip() or set(line.strip()) <= set("-─━═=—_*"):
            continue
        seen += 1
        path = label(line)
        if path is not None and (seen == 1 or fits(path, language)):
            return Name(path=path, source="label", sentence=line)
        if (
            spoken is None
            and (spoken := _in_sentence(line, language)) is not None
            and line.rstrip().endswith((":", "："))
        ):
            return spoken
        heading = re.match(r"^\s*(?:#|\d{1,3}[.)]\s|\*\*)", line)
        if seen == REACH or heading:
            break
    return spoken


def _in_sentence(line: str, language: str) -> Name | None:
    if _QUOTED.search(line):
        return None
    fitting = [
        (path, at)
        for path, at in mentions(line)
        if fits(path, language) and not _AWAY.search(line[max(0, at - 40) : at])
    ]
    if not fitting:
        return None
    path = fitting[-1][0]
    if "/" not in path and (folder := _FOLDER.search(line)):
        path = f"{folder[1].rstrip('/')}/{path}"
    return Name(path=path, source="prose", sentence=line)


_SAVED = re.compile(
    r"\b(?:sav(?:e|ing)|stor(?:e|ing)|put|copy|paste|writ(?:e|ing)|place|name|naming)\b[^.\n]{0,80}?"
    r"\b(?:as|to|in|into|file|named|called|say|it)\b",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"(?:^|[\s`“\"$>])(?:python3?|node|deno run|bun(?: run)?|ts-node|ruby|perl|php|bash|sh|zsh|streamlit run"
    r"|go run|Rscript"
    r"|lua|zig build-exe|zig run|swift|dart|julia|gcc|g\+\+|rustc|javac|uvicorn|gradio"
    r"|flask --app)\s+(?P<path>[\w./~-]+\.\w{1,5})\b"
)
_EXECUTABLE = re.compile(r"\bchmod\s+(?:\S+)\s+(?P<path>[\w./~-]+)")


def from_after(lines: Sequence[str], language: str, shebang: bool) -> str | None:
    """What the lines after a block, commands among them, say that it is saved as."""
    if not language:
        return None
    for line in lines:
        line = line[:_LONG]
        if saved := _SAVED.search(line):
            for path, at in mentions(line):
                if at >= saved.start() and fits(path, language) and not is_product(path):
                    return path
        for run in _RUN.finditer(line):
            path = clean(run["path"])
            if is_path(path) and fits(path, language) and language_name(language) not in ("shell",):
                return None if path.lower().startswith("your") else path
        if shebang and (match := _EXECUTABLE.search(line)) and is_path(clean(match["path"])):
            return clean(match["path"])
    return None
