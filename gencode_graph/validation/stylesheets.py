"""CSS: brackets and strings closed, and nothing open at the end: a rule put behind it stays a rule of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from gencode_graph.validation.kinds import Problem, last_line

_SENTINEL = "gencode-end"


def problems(text: str) -> list[Problem]:
    """Nothing for a style sheet whose every block, string and comment is closed."""
    import tinycss2

    rules = tinycss2.parse_stylesheet(f"{text}\n.{_SENTINEL}{{}}", skip_comments=True, skip_whitespace=True)
    last = rules[-1] if rules else None
    whole = last is not None and last.type == "qualified-rule" and _prelude(last) == f".{_SENTINEL}"
    if not whole:
        line = last_line(text) if last is None else min(int(last.source_line), last_line(text))
        if text.rfind("/*") > text.rfind("*/"):
            line = text.count("\n", 0, text.rfind("/*")) + 1
        return [Problem(message="the rule, string or comment that starts here is never closed", line=line, at_end=True)]
    return [Problem(message=str(e.message), line=int(e.source_line)) for e in _errors(rules)][:5]


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of each comment, those inside rules included."""
    import tinycss2

    for token in _all(tinycss2.parse_component_value_list(text)):
        if token.type == "comment":
            yield int(token.source_line), str(token.value)


def _prelude(rule: Any) -> str:
    import tinycss2

    return str(tinycss2.serialize(rule.prelude)).strip()


def _errors(tokens: Iterable[Any]) -> Iterator[Any]:
    return (token for token in _all(tokens) if token.type == "error")


def _all(tokens: Iterable[Any]) -> Iterator[Any]:
    """Every token in the order of the text, however deep: without calling itself."""
    waiting = list(tokens)[::-1]
    while waiting:
        token = waiting.pop()
        yield token
        lists = [getattr(token, name, None) for name in ("prelude", "content", "arguments")]
        waiting += [inner for some in reversed(lists) if isinstance(some, list) for inner in reversed(some)]


def imported(text: str) -> Iterator[tuple[int, str]]:
    """Line and source of each ``@import``."""
    import tinycss2

    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            for token in rule.prelude:
                if token.type in ("string", "url"):
                    yield int(token.source_line), str(token.value)
                    break
