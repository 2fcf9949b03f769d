"""Brackets: one that is missing, one too many, one of the wrong kind; a comma that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.python.slips.slip import Change, Slip, code_end, indent_of

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_REACH = 60
"""Lines that one pair of brackets may span."""


def brackets(slip: Slip) -> Iterator[Change]:
    """Changes for what Python says of brackets."""
    if found := re.match(r"'([(\[{])' was never closed", slip.message):
        yield from _closed(slip, slip.line, _PAIRS[found[1]])
    elif found := re.match(
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'(?: on line (\d+))?", slip.message
    ):
        line, right = slip.here(), _PAIRS[found[2]]
        at = _sign(line, found[1], slip.column)
        yield 1.0, slip.with_line(line[:at] + right + line[at + 1 :])
        yield 1.1, slip.with_line(line[:at] + right + line[at:])
        yield 1.4, slip.with_line(line[:at] + line[at + 1 :])
        yield from _opened(slip, found[1], at)
        yield from _closed(slip, int(found[3] or slip.line), right, 1.3)
    elif found := re.match(r"unmatched '(.)'", slip.message):
        line = slip.here()
        at = _sign(line, found[1], slip.column)
        yield 1.2, slip.with_line(line[:at] + line[at + 1 :])
        yield from _opened(slip, found[1], at)
    elif "comma" in slip.message or "invalid syntax" in slip.message or "expected" in slip.message:
        yield from _commas(slip)
        yield from _unclosed_above(slip)


def _sign(line: str, sign: str, column: int) -> int:
    return column if line[column : column + 1] == sign else max(line.rfind(sign), 0)


def _closed(slip: Slip, first: int, sign: str, cost: float = 1.0) -> Iterator[Change]:
    """The sign at the end of a line, from the opening one on; where the indentation goes back, first."""
    base = indent_of(slip.here(first))
    for line in range(first, min(first + _REACH, len(slip.lines) + 1)):
        text = slip.here(line)
        if not text.strip():
            continue
        if line > first and indent_of(text) < base:
            return
        end = code_end(text)
        following = next((one for one in slip.lines[line:] if one.strip()), "")
        back = 0.0 if indent_of(following) <= base else 0.4
        for place in dict.fromkeys([*_before_colon(text, end), end, *_before_comma(text, end), *_inside(text, end)]):
            yield (
                cost + back + 0.02 * (line - first) + 0.05 * (place != end),
                slip.with_line(text[:place] + sign + text[place:], line),
            )


def _before_colon(text: str, end: int) -> list[int]:
    return [end - 1] if text[:end].endswith(":") else []


def _before_comma(text: str, end: int) -> list[int]:
    return [end - 1] if text[:end].endswith(",") else []


def _inside(text: str, end: int) -> list[int]:
    return [match.start() for match in re.finditer(r" for | if | else |, |\)|\]|\}|\.| = | == | -> |:", text[:end])][
        :12
    ]


def _opened(slip: Slip, sign: str, at: int) -> Iterator[Change]:
    """The opening sign somewhere before the closing one: where words end, first; where it stands for a blank, too."""
    opening = next(one for one, other in _PAIRS.items() if other == sign)
    for line in range(slip.line, max(slip.line - 12, 0), -1):
        text, away = slip.here(line), 0.1 * (slip.line - line)
        reach = at if line == slip.line else len(text)
        for place in range(indent_of(text), reach + 1):
            word_ends = text[place - 1 : place].isidentifier() and not text[place : place + 1].isidentifier()
            yield 1.3 + away + 0.1 * (not word_ends), slip.with_line(text[:place] + opening + text[place:], line)
            if text[place : place + 1] == " ":
                yield 1.3 + away, slip.with_line(text[:place] + opening + text[place + 1 :], line)


def _commas(slip: Slip) -> Iterator[Change]:
    """A comma at the end of the line, of the one before, or between two values that stand side by side."""
    for line in (slip.line, slip.line - 1, *range(slip.line + 1, slip.line + 4)):
        text = slip.here(line)
        end = code_end(text)
        if text.strip() and text[end - 1 : end] not in ",([{:":
            yield 1.1, slip.with_line(text[:end] + "," + text[end:], line)
    text = slip.here()
    for match in re.finditer(r"(?<=[\w\"')\]}]) +(?=[\w\"'(\[{*])", text):
        yield 1.3, slip.with_line(text[: match.start()] + "," + text[match.start() :])


def _unclosed_above(slip: Slip) -> Iterator[Change]:
    """A bracket of a line above that is still open where something new starts."""
    stack: list[tuple[str, int]] = []
    for number, text in enumerate(slip.lines[: slip.line], start=1):
        for sign in re.sub(r"#.*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", "", text):
            if sign in _PAIRS:
                stack.append((_PAIRS[sign], number))
            elif stack and sign == stack[-1][0]:
                stack.pop()
    for sign, number in reversed(stack[-3:]):
        if number >= slip.line - _REACH:
            yield from _closed(slip, number, sign, 1.15)
