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
_WORDS = ("pass", "return", "continue", "break", "raise")
_ITEM = re.compile(r"^\s*(?:[-*•+]|\d{1,3}[.)])\s+|^\s*#")


def looks_whole(text: str, language: str, path: str | None) -> bool:
    """Whether code that nothing ends seems to be all there."""
    body = text.rstrip()
    last = body.rpartition("\n")[2].strip()
    if not last:
        return False
    name = language_name(language) if language else language_of(path or "") or ""
    if name == "python" or (not name and re.match(r"\s*(?:import|from|def|class)\s", body)):
        return _parses(body) and (last == "..." or not re.fullmatch(r"[\w.]+", last) or last in _WORDS)
    if name in ("markdown", "text", "", "ini", "yaml", "toml", "shell", "html"):
        return name == "html" and last.lower().endswith(("</html>", "</template>", "</script>"))
    return last.endswith((";", "}", ">", ")")) and _balanced(body)


def _parses(text: str) -> bool:
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
    line = prose.rstrip().rpartition("\n")[2].strip()
    if not line or not line.strip("`~"):
        return False
    if line.count("`") % 2 or line.count("**") % 2 or (line.count("(") > line.count(")")):
        return True
    words = line.split()
    if line.endswith((",", "/", "-", "(", "[", "{", "=", "\\")) and len(words) > 1:
        return True
    if line.endswith(_ENDED):
        return line.endswith(":") and len(words) > 3 and not line.startswith("#")
    if _ITEM.match(line) or len(words) < 4:
        return bool(re.fullmatch(r"#+|[-*•]|\d{1,3}[.)]", line))
    return line[-1].isalnum() and line[-1].isascii()
