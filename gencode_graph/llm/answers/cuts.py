"""Whether the end of an answer is missing, by the look of it."""

from __future__ import annotations

import ast
import re
import warnings

from gencode_graph.llm.answers.languages import language_name, language_of

_STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|//[^\n]*|/\*.*?\*/", re.DOTALL)
_ENDED = (
    ".",
    "!",
    "?",
    ":",
    ";",
    ")",
    "]",
    "}",
    ">",
    "`",
    "*",
    "|",
    "。",
    "！",
    "？",
    "…",
    "”",
    '"',
    "'",
    "’",
    "）",
    "\\",
    "~",
)
_WORDS = ("...", "pass", "return", "continue", "break", "raise")
_HALF_TAG = re.compile(r"<[/!]?[A-Za-z][\w-]*(?:\s[^<>]*)?\Z|</?\Z")
_LEADING = frozenset(
    {
        "a",
        "an",
        "the",
        "to",
        "of",
        "and",
        "or",
        "in",
        "for",
        "with",
        "this",
        "your",
        "is",
        "are",
        "by",
        "on",
        "as",
        "be",
    }
    | {"that", "it", "from", "will", "can", "our", "its", "their", "if", "when", "which", "into", "at", "but", "not"}
    | {"called", "named", "such", "these", "using", "than", "so", "i", "we", "you", "let"}
)
"""Words that no sentence ends with."""
_OPENING = frozenset(
    {
        "this",
        "these",
        "the",
        "you",
        "to",
        "in",
        "it",
        "here",
        "now",
        "i",
        "we",
        "for",
        "if",
        "when",
        "after",
        "make",
        "then",
    }
)
"""Words that begin a sentence, not a sign-off."""
_ITEM = re.compile(r"^\s*(?:[-*•+]|\d{1,3}[.)])\s+|^\s*#")


def looks_whole(text: str, language: str, path: str | None) -> bool:
    """Whether code that nothing ends seems to be all there."""
    body = text.rstrip()
    last = body.rpartition("\n")[2].strip()
    if not last:
        return False
    name = language_name(language) if language else language_of(path or "") or ""
    if re.search(r"[ \t]\Z", text):
        return False
    if name == "python" or (not name and re.match(r"\s*(?:import|from|def|class)\s", body)):
        ended = body == last or last in _WORDS or last.endswith((")", "]", "}", '"', "'", *"0123456789"))
        return ended and not last.startswith("#") and parses(body)
    if name in ("markdown", "text", "", "ini", "yaml", "toml", "shell", "html"):
        return name == "html" and last.lower().endswith(("</html>", "</template>", "</script>"))
    return last.endswith((";", "}", ">", ")")) and _balanced(body)


def parses(text: str) -> bool:
    """Whether a text is Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _balanced(text: str) -> bool:
    bare = _STRINGS.sub("", text)
    return all(bare.count(one) == bare.count(other) for one, other in ("()", "[]", "{}"))


def ends_early(prose: str) -> bool:
    """Whether the last line of an answer, prose, breaks off."""
    *others, line = prose.rstrip().split("\n")
    line = line.strip()
    if not line or not line.strip("`~"):
        return 0 < len(line) < 3
    if line.count("`") % 2 or line.count("**") % 2 or line.count("(") > line.count(")") or _HALF_TAG.search(line):
        return True
    words = line.split()
    if len(words) > 1 and (line.endswith((",", "/", "-", "(", "[", "{", "=", "\\")) or words[-1].lower() in _LEADING):
        return True
    if line.endswith(_ENDED):
        return line.endswith((":", "：")) and len(words) > 3 and not line.startswith("#")
    if line.startswith("#") or len(words) < 4:
        if len(words) > 1 and words[0].lower() in _OPENING and words[-1][:1].islower():
            return True
        return bool(re.fullmatch(r"#+|[-*•]|\d{1,3}[.)]", line)) or (len(line) > 12 and not line[-1].isascii())
    if _ITEM.match(line):
        return _unlike(others, len(words))
    return line[-1].isalnum()


def _unlike(others: list[str], words: int) -> bool:
    """Whether the items of a list end with a mark, and the last does not."""
    items = [line.rstrip() for line in others[-40:] if _ITEM.match(line) and not line.lstrip().startswith("#")]
    marked = sum(line.endswith((".", "!", "?", ";", "。")) for line in items)
    return marked * 2 > len(items) if items else words > 7
