"""Words and signs: keywords misspelt, those of other languages, quotes that do not end, Python 2."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from gencode_graph.healing.python.closeness import distance
from gencode_graph.healing.python.slips.slip import Change, Slip, code_end

_KEYWORDS = [*keyword.kwlist, "match", "case"]
_FOREIGN = (
    (r"\belse if\b|\belseif\b|\belsif\b", "elif"), (r"&&", "and"), (r"\|\|", "or"), (r"===", "=="), (r"!==", "!="),
    (r"!(?=[\w(])", "not "), (r"\b(?:function|func|fn) (?=\w+\()", "def "), (r"(?<!:)//(?=.*$)", "#"),
    (r"\bcatch\b", "except"), (r"\bnew (?=[A-Z])", ""), (r"\b(?:const|let|var) (?=\w+ *=)", ""), (r"<>", "!="),
    (r"\+\+(?=\s*$)", " += 1"), (r"\bthrow (?:new )?", "raise "), (r"=>", "->"), (r"\s*\{\s*$", ":"), (r";\s*$", ""),
)  # fmt: skip
_BEFORE = ("(", "[", "{", "=", ",", " ", ":")
_AFTER = ("", " ", ",", ")", "]", "}", ":")
_QUOTES = re.compile(r"[\"']")


def words(slip: Slip) -> Iterator[Change]:
    """Changes of the words and quotes at and around the place."""
    if "unterminated triple-quoted" in slip.message or "unterminated f-string" in slip.message:
        yield from _triple(slip)
    if (
        "string literal" in slip.message
        or "EOL" in slip.message
        or "invalid syntax" in slip.message
        or "continuation" in slip.message
    ):
        yield from _quotes(slip)
    if "f-string" in slip.message:
        yield from _braces(slip)
    yield from _python_two(slip)
    if "==" in slip.message or "cannot assign" in slip.message:
        line = slip.here()
        for match in re.finditer(r"(?<![=!<>:])=(?!=)", line):
            yield 1.0, slip.with_line(f"{line[: match.start()]}=={line[match.end() :]}")
    for number in (slip.line, slip.line - 1, slip.line + 1):
        yield from _keywords(slip, number)
        yield from _foreign(slip, number)
    yield from _sides(slip)


def _keywords(slip: Slip, number: int) -> Iterator[Change]:
    """Each word that is close to a keyword as that, the first of a line at the least cost."""
    line = slip.here(number)
    for index, match in enumerate(re.finditer(r"[A-Za-z]+", line[: code_end(line)])):
        word = match[0]
        if word in keyword.kwlist or index > 8:
            continue
        for meant in _KEYWORDS:
            if distance(word, meant) <= (2 if len(word) > 4 else 1):
                cost = 0.8 + 0.1 * (index > 0) + 0.2 * distance(word, meant) + 0.1 * (number != slip.line)
                yield cost, slip.with_line(line[: match.start()] + meant + line[match.end() :], number)
    glued = re.match(r"(\s*)(def|class|return|import|from|async|await|elif|if|for|while|raise|with)(\w+.*)", line)
    if glued:
        yield 1.1, slip.with_line(f"{glued[1]}{glued[2]} {glued[3]}", number)


def _foreign(slip: Slip, number: int) -> Iterator[Change]:
    line = slip.here(number)
    whole = line
    for pattern, own in _FOREIGN:
        new = re.sub(pattern, own, line)
        whole = re.sub(pattern, own, whole)
        if new != line:
            yield 0.9 + 0.1 * (number != slip.line), slip.with_line(new, number)
    if whole != line:
        yield 1.2, slip.with_line(whole, number)


def _quotes(slip: Slip) -> Iterator[Change]:
    """One more quote: at the end, before what closes the line, between words, or at the start of a word."""
    line = slip.here()
    end = code_end(line) if "#" not in line else len(line.rstrip())
    signs = [line[slip.column : slip.column + 1]] if line[slip.column : slip.column + 1] in ("'", '"') else []
    signs += [sign for sign in dict.fromkeys(_QUOTES.findall(line)) if sign not in signs]
    for sign in signs:
        tail = re.search(r"[)\]}:,]*\s*$", line[:end])
        places = list(range(tail.start(), end + 1)) if tail else [end]
        for place in places:
            yield 1.0 + 0.01 * (place - places[0]), slip.with_line(line[:place] + sign + line[place:])
        for place in range(len(line) - len(line.lstrip()), end + 1):
            before, after = line[place - 1 : place], line[place : place + 1]
            starts, doubled = before in _BEFORE and after not in _AFTER, sign in (before, after)
            yield (
                1.2 - 0.1 * starts - 0.05 * (before == "=") + 0.2 * doubled,
                slip.with_line(line[:place] + sign + line[place:]),
            )
        if len(signs) > 1:
            for match in _QUOTES.finditer(line):
                yield 1.1, slip.with_line(line[: match.start()] + sign + line[match.end() :])
        for match in re.finditer(re.escape(sign), line):
            yield 1.3, slip.with_line(line[: match.start()] + line[match.end() :])


def _triple(slip: Slip) -> Iterator[Change]:
    """The end of a long string: behind its first line, or one further down; or two quotes where three are."""
    for number, line in enumerate(slip.lines, start=1):
        for match in re.finditer(r"(?<!\")\"\"(?!\")(?=\w)|(?<=[\w.])\"\"(?!\")(?=\s*$)", line):
            yield 0.9, slip.with_line(f'{line[: match.start()]}"{line[match.start() :]}', number)
    opened = [
        (number, match) for number, line in enumerate(slip.lines, start=1) for match in re.finditer(r"\"\"\"|'''", line)
    ]
    for number, match in opened:
        line = slip.here(number)
        if len(re.findall(re.escape(match[0]), line)) % 2:
            bare = line.rstrip().removesuffix('"').removesuffix('"').removesuffix("'")
            yield 0.9, slip.with_line(bare + match[0], number)
            for further in range(number + 1, min(number + 25, len(slip.lines) + 1)):
                text = slip.here(further)
                if not text.strip():
                    yield 1.2 + 0.01 * further, slip.with_line(slip.here(further - 1) + match[0], further - 1)
                    break


def _braces(slip: Slip) -> Iterator[Change]:
    """Braces of an f-string: one closed behind a name, one doubled, one taken away."""
    for number in (slip.line, slip.line - 1):
        line = slip.here(number)
        for match in re.finditer(r"(?<=\{)[\w.\[\]()]+(?!\})(?=[^\w.\[\]()}!:])", line):
            yield 1.0, slip.with_line(line[: match.end()] + "}" + line[match.end() :], number)
        for match in re.finditer(r"(?<!\{)\b(\w+)\}", line):
            yield 1.1, slip.with_line(line[: match.start()] + "{" + line[match.start() :], number)
        for match in re.finditer(r"[{}]", line):
            yield 1.2, slip.with_line(line[: match.start()] + line[match.end() :], number)


def _python_two(slip: Slip) -> Iterator[Change]:
    line = slip.here()
    if match := re.match(r"(\s*)(print|exec)\s+(?!\()(.*?)(\s*#.*)?$", line):
        yield 0.6, slip.with_line(f"{match[1]}{match[2]}({match[3].rstrip().rstrip(',')}){match[4] or ''}")
    if match := re.match(r"(\s*except\s+[\w.]+)\s*,\s*(\w+)\s*:(.*)$", line):
        yield 0.6, slip.with_line(f"{match[1]} as {match[2]}:{match[3]}")
    if match := re.match(r"(\s*raise\s+[\w.]+)\s*,\s*(.+)$", line):
        yield 0.6, slip.with_line(f"{match[1]}({match[2]})")


def _sides(slip: Slip) -> Iterator[Change]:
    """Signs that stand at the place for nothing."""
    line = slip.here()
    at = min(slip.column, max(len(line) - 1, 0))
    for place in (at, at - 1):
        if 0 <= place < len(line) and line[place] in ",.:;=)]}`$?\\@":
            yield 1.4, slip.with_line(line[:place] + line[place + 1 :])
    if re.fullmatch(r"\s*[)\]}`;.,\w]{1,3}\s*", line):
        yield 1.5, slip.with_line("")
    if re.match(r"\s*def \w+\s*:", line):
        yield 1.0, slip.with_line(re.sub(r"(def \w+)\s*:", r"\1():", line, count=1))
