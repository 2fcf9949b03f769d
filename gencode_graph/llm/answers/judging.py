"""What a block is: a whole file, part of one, commands, or only a sample."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from gencode_graph.llm.answers.languages import PLAIN, extension

_LEADER = r"(?://+|#+|/\*+|<!--|--|;+|%+|\{/\*|\"\"\"|'''|\*)"
_PARTS = (
    r"(?:code|file|methods?|functions?|class(?:es)?|content|imports?|component|implementation|logic|styles?"
    r"|rules?|routes?"
    r"|config\w*|markup|template|tests?|module|script|body|document|fields?|props|settings|options|endpoints?"
    r"|properties)"
)
_LEFT = (
    r"(?:existing|rest|remaining|remainder|previous|unchanged|omitted|same|other|more|snip|keep|your|no changes?"
    r"|and so on|etc)"
)
_KEPT = (
    r"(?:here|unchanged|untouched|omitted|below|above|follows|as (?:before|is|it was)"
    r"|(?:remains?|stays?|is|are|goes)\s+(?:the same|unchanged|untouched|omitted|kept|here|below|above|as))"
)
_ELIDED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # dots and nothing else in a comment
        rf"^\s*{_LEADER}\s*(?:\.{{3}}|…)\s*(?:\*/\}}?|-->|\"\"\")?\s*$",
        # dots with words that say what is left out
        rf"^\s*(?:{_LEADER}\s*)?[(\[<]?\s*(?:\.{{3}}|…)\s*[(\[]?\s*(?:(?:the|all|any|of|with)\s+)*{_LEFT}\b.*$",
        rf"^\s*{_LEADER}\s*(?:(?:the|all|any)\s+)*{_LEFT}\b[^.…]*(?:\.{{3}}|…)\s*(?:\*/\}}?|-->)?\s*$",
        # a comment that says it without dots
        rf"^\s*{_LEADER}\s*[(\[<]?\s*(?:(?:the|all)\s+)?(?:rest|remainder) of (?:(?:the|your|my|this|existing"
        rf"|original)\s+)*"
        rf"(?:\w+\s+)?{_PARTS}\b(?:\s+{_KEPT}\b.*)?[\s)\]>.]*(?:\*/\}}?|-->)?\s*$",
        rf"^\s*{_LEADER}\s*[(\[<]?\s*(?:(?:the|all|your)\s+)*(?:existing|previous|remaining)\s+(?:\w+\s+)?"
        rf"{_PARTS}\b(?:\s+{_KEPT}\b.*)?[\s)\]>.]*(?:\*/\}}?|-->)?\s*$",
        rf"^\s*{_LEADER}\s*[(\[<]?\s*(?:keep|leave) (?:the |all |your )?(?:rest|existing|remaining|other)\b",
        rf"^\s*{_LEADER}.*\b(?:omitted for (?:brevity|clarity)|(?:code|rest|methods) (?:remains?"
        rf"|stays?) (?:the same|unchanged))\b",
    )
)
_DOTS = re.compile(r"^\s*(?:\.{3}|…)\s*$")
_DOCUMENTS = frozenset({"md", "mdx", "markdown", "rst", "txt", "tex", "adoc"})
_CREATES = re.compile(
    r"\b(?:creat\w+|new file|sav(?:e|ed|ing)|nam(?:e|ed)|called|call it|complete|full|entire|whole|updated|replac\w+"
    r"|rewrit\w+|contents? of|looks? like|following content|translat\w+|traduction|write|made|generat\w+"
    r"|implement\w*)\b",
    re.IGNORECASE,
)
CREATES = re.compile(
    r"\b(?:new (?:\w+ ){0,3}file|(?:creat\w+|mak(?:e|ing)|write|build) (?:a|an|the|another"
    r"|your)\b[^.\n]{0,60}\b(?:file|script|module|page|called|named)\b"
    r"|(?:called|named)\b|sav(?:e|ed|ing)\b|replac\w+ (?:the |your )?(?:existing|entire|whole|all|content|code)"
    r"|(?:complete|full|entire|whole) (?:\w+ ){0,2}(?:file|code|script|content|version|source))",
    re.IGNORECASE,
)
"""Words that announce a whole file."""
_CHANGES = re.compile(
    r"\b(?:add(?:ing|s)?|append|insert|modif(?:y|ied|ying)|updat(?:e|ing)|chang(?:e|ing)|import|includ(?:e|ing)"
    r"|extend|edit"
    r"|adjust|set up|configur\w+|declare|register|remove|fix|replace the|in your|to your|tweak)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:bug|error|problem|issue|lines?|explain\w*|how to use|usage|function|method|the part|excerpt|snippet)\b",
    re.IGNORECASE,
)
"""Words of prose that speaks about a file that is there."""
_WHOLE = re.compile(
    r"^\s*(?:module\.exports\s*=|export default\b|<!doctype html|<html\b|(?-i:FROM \S+)|package \w+;?\s*$"
    r"|@model |@page\b|namespace [\w.]+|#!/"
    r"|fn main\(|func main\(|int main\(|if __name__ ==|<project\b|<manifest\b|\[package\]|\[project\]|\[build-system\]"
    r"|public static void main|server \{|apply plugin|plugins \{|\[Unit\]|version: ['\"]?\d|services:\s*$|@tailwind )",
    re.IGNORECASE | re.MULTILINE,
)
_TREE = re.compile(r"[├└│]──?|^\s*[|`+]-- |^\s*\\--- ", re.MULTILINE)
_TO_COME = re.compile(
    rf"^\s*{_LEADER}\s*(?:your|insert|add|put|write|place) (?:your |the )?(?:\w+ ){{0,2}}(?:code|logic|content"
    rf"|implementation) (?:goes )?here"
    r"|\b(?:implementation|code|content|logic) (?:goes|comes) here\b|\bto be implemented\b"
    r"|\bplaceholder (?:file|for the)\b",
    re.IGNORECASE,
)


def elided(lines: Sequence[str], path: str | None = None) -> bool:
    """Whether lines stand for others that were left out: ``... existing code ...`` and its like."""
    if path is not None and extension(path) in _DOCUMENTS:
        return False
    before = ""
    for line in lines:
        if len(line) < 300:
            if _DOTS.match(line) and not before.rstrip().endswith((":", '"""', "'''", "=")):
                return True
            if ("..." in line or "…" in line or _COMMENTED.match(line)) and any(one.match(line) for one in _ELIDED):
                return True
        before = line if line.strip() else before
    return False


_COMMENTED = re.compile(rf"^\s*{_LEADER}")


def placeholder(lines: Sequence[str]) -> bool:
    """Whether a text says that its content is still to come."""
    return any(len(line) < 300 and bool(_TO_COME.search(line)) for line in lines)


def is_tree(lines: Sequence[str]) -> bool:
    """Whether lines draw a folder."""
    return bool(_TREE.search("\n".join(lines[:40])))


def is_whole(text: str, path: str) -> bool:
    """Whether a text shows that it is all of the file."""
    ending = extension(path)
    if ending == "json":
        try:
            return len(json.loads(text)) > 1
        except (ValueError, TypeError, RecursionError):
            return False
    if ending == "vue":
        return "<template" in text and "</" in text
    return bool(_WHOLE.search(text))


def is_part(text: str, path: str, sentence: str, *, again: bool) -> bool:
    """Whether the prose before a block speaks of a change to a file, and the block is not all of it."""
    if is_whole(text, path):
        return False
    changes, creates = _CHANGES.search(sentence), _CREATES.search(sentence)
    if again:
        return changes is not None or creates is None
    if CREATES.search(sentence):
        return False
    if changes is None:
        return creates is None and _ABOUT.search(sentence) is not None
    return creates is None or changes.start() < creates.start()


def changes(sentence: str) -> bool:
    """Whether a sentence speaks of changing code that is there."""
    return bool(_CHANGES.search(sentence)) and not CREATES.search(sentence)


def is_plain(language: str) -> bool:
    """Whether an info word says nothing of the language."""
    return language.lower() in PLAIN
