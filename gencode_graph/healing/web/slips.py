"""Small slips that a text may have, undone: what to insert, drop or write otherwise, the likely ones first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from gencode_graph.healing.web.layout import brackets
from gencode_graph.validation.kinds import SCRIPTS, Kind

Slip = tuple[int, int, str]
"""Characters from, characters to, and what stands there instead."""
_TAG = re.compile(r"<(/?)([A-Za-z][\w.]*)")
_PAIRS = (("{", "}"), ("(", ")"), ("[", "]"))
_TOKENS = re.compile(r"\w+|[^\w\s]")
_BEFORE = {
    "(": re.compile(r"(?:=>|return|&&|\|\||\?|:)$"),
    "{": re.compile(r"(?:=>|\)|else|try|finally|[\w>] ?=)$"),
    "[": re.compile(r"(?:=|:)$"),
}
"""What a line ends with that opens a bracket behind it."""
_ODD = re.compile(r"(?<!\\)\"")


class Lines:
    """A text by its lines, with the places where they start."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def depth(self, number: int) -> str:
        """The indentation of a line; of the next that has any, for an empty one."""
        line = next((one for one in self.lines[number:] if one.strip()), "")
        return line[: len(line) - len(line.lstrip())]

    def end(self, number: int) -> int:
        """Where a line ends, without spaces."""
        return self.starts[number] + len(self.lines[number].rstrip())


def stages(kind: Kind, text: str, near: Sequence[int], wide: Sequence[int]) -> Iterator[Iterable[Slip]]:
    """Groups of slips: those of a group are as likely as each other. ``near`` and ``wide`` are lines, from 0."""
    lines = Lines(text)
    lacking, odd = _lacking(kind, text)
    quoted = [n for n in dict.fromkeys([*near, *wide]) if len(_ODD.findall(lines.lines[n])) % 2]
    yield _quotes(lines, quoted[:6])
    open_ended = [pair for pair in lacking if pair[0] in "})]"]
    too_many = [pair for pair in lacking if pair[0] in "{(["]
    yield _closed(lines, wide, lacking)
    yield _dropped(lines, wide, too_many)
    yield _before_closers(lines, near, open_ended)
    yield _inserted(lines, near[:3], open_ended)
    if kind == "tsx":
        yield _tags(lines, wide, odd)
    yield _commas(lines, near)
    yield _inserted(lines, wide, too_many)
    yield _inserted(lines, wide, open_ended)
    yield _dropped(lines, wide, open_ended)
    if kind in SCRIPTS:
        yield _blocks(lines)
        yield _foreign(lines, range(len(lines.lines)))
    yield _changed(kind, lines, near)


def _lacking(kind: Kind, text: str) -> tuple[list[tuple[str, str]], Counter[str]]:
    """Brackets to insert, each with what to drop instead; tags, with how many more open than close."""
    counts = Counter(sign for sign, _, _ in brackets(kind, text))
    found = []
    for opening, closing in _PAIRS:
        if counts[opening] > counts[closing]:
            found.append((closing, opening))
        elif counts[opening] < counts[closing]:
            found.append((opening, closing))
    opened = Counter(m[1] for m in re.finditer(r"<([A-Za-z][\w.]*)(?=[\s>/])", text))
    closed = Counter(m[1] for m in re.finditer(r"</([A-Za-z][\w.]*)>", text))
    alone = Counter(sign[1:-2] for sign, _, _ in brackets(kind, text, alone=True) if sign.endswith("/>"))
    return found, Counter({name: opened[name] - closed[name] - alone[name] for name in opened | closed})


def _quotes(lines: Lines, numbers: Iterable[int]) -> Iterator[Slip]:
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        for match in re.finditer(r"(?<=\w)(?=\W|$)|(?<=\W)(?=\w)|(?=[;,)}\]>]|$)|(?<=[=(\[{,: ])", line):
            yield start + match.start(), start + match.start(), '"'
        for match in _ODD.finditer(line):
            yield start + match.start(), start + match.end(), ""


def _closed(lines: Lines, numbers: Iterable[int], lacking: Sequence[tuple[str, str]]) -> Iterator[Slip]:
    """The missing bracket at the end of a line, before what ends it, or on a line of its own."""
    for number in numbers:
        end, bare = lines.end(number), lines.lines[number].rstrip()
        tail = len(bare) - len(bare.rstrip(";,"))
        for missing, _ in lacking:
            if missing in "{([":
                if _BEFORE[missing].search(bare):
                    yield end, end, f" {missing}"
                continue
            yield end - tail, end - tail, missing
            for depth in dict.fromkeys(
                (lines.depth(number), lines.depth(number)[2:], lines.depth(min(number + 1, len(lines.lines) - 1))[2:])
            ):
                yield end, end, f"\n{depth}{missing}"
                for more in (";", ","):
                    yield end, end, f"\n{depth}{missing}{more}"


def _before_closers(lines: Lines, numbers: Iterable[int], lacking: Sequence[tuple[str, str]]) -> Iterator[Slip]:
    """The missing bracket before another that closes: what it was opened in ends there."""
    for number in numbers:
        for match in re.finditer(r"[)\]}]", lines.lines[number]):
            at = lines.starts[number] + match.start()
            yield from ((at, at, missing) for missing, _ in lacking)


def _dropped(lines: Lines, numbers: Iterable[int], lacking: Sequence[tuple[str, str]]) -> Iterator[Slip]:
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        for _, much in lacking:
            for at in (n for n, sign in enumerate(line) if sign == much):
                yield start + at, start + at + 1, ""
            if line.strip(" ;,") == much:
                yield start, start + len(line) + 1, ""


def _commas(lines: Lines, numbers: Iterable[int]) -> Iterator[Slip]:
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        end = lines.end(number)
        yield end, end, ","
        for match in re.finditer(r"(?<=[\w\"'`)\]}]) (?=[\w\"'`(\[{])", line):
            yield start + match.start(), start + match.start(), ","
        for match in re.finditer(r"[,;]", line):
            yield start + match.start(), start + match.end(), ""
            yield start + match.start(), start + match.end(), ",;".replace(match[0], "")
        yield end, end, ";"


def _tags(lines: Lines, numbers: Iterable[int], odd: Counter[str]) -> Iterator[Slip]:
    """Tags that are missing, too many, or called otherwise than their other one."""
    missing = [name for name, count in odd.items() if count > 0]
    much = [name for name, count in odd.items() if count < 0]
    numbers = list(numbers)
    for number in numbers:
        line, end = lines.lines[number].rstrip(), lines.end(number)
        if line.endswith(">") and not line.endswith(("/>", "=>")):
            yield end - 1, end, " />" if not line[:-1].endswith(" ") and line.strip() != ">" else "/>"
        if line.endswith("/>"):
            yield end - 2, end, ">"
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        end = lines.end(number)
        for match in _TAG.finditer(line):
            names = missing if match[1] else [*much, *missing]
            for name in names if match[2] in much or not match[1] else ():
                if name != match[2]:
                    yield start + match.start(2), start + match.end(2), name
            if match[1] and match[2] in much:
                whole = line.strip() == f"</{match[2]}>"
                yield (
                    (start, start + len(line) + 1, "")
                    if whole
                    else (start + match.start(), start + match.end() + 1, "")
                )
        for name in missing:
            yield end, end, f"</{name}>"
            for depth in dict.fromkeys((lines.depth(number), lines.depth(number)[2:])):
                yield end, end, f"\n{depth}</{name}>"
            for match in re.finditer(r"(?=</|[})])", line):
                yield start + match.start(), start + match.start(), f"</{name}>"
        yield end, end, ">"
        yield end, end, " />"
        for match in re.finditer(r"</(?=>)", line):
            for name in missing:
                yield start + match.end(), start + match.end(), name


def _inserted(lines: Lines, numbers: Iterable[int], lacking: Sequence[tuple[str, str]]) -> Iterator[Slip]:
    """The missing bracket between any two marks or words."""
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        for match in _TOKENS.finditer(line):
            for missing, _ in lacking:
                yield start + match.end(), start + match.end(), missing
                if missing in "{([":
                    yield start + match.start(), start + match.start(), missing


_FOREIGN = (
    (r"\belif\b", "else if"), (r"\band\b", "&&"), (r"\bor\b", "||"), (r"\bnot\s+", "!"), (r"\bdef\b", "function"),
    (r"#(?=\s)", "//"), (r"\bNone\b", "null"), (r"\bTrue\b", "true"), (r"\bFalse\b", "false"), (r"\bis not\b", "!=="),
    (r"\blambda (\w+):", r"(\1) =>"), (r"->", ":"), (r"\bf(?=[\"'`])", ""), (r"\bpass\b", ""), (r"\bis\b", "==="),
)  # fmt: skip
"""What Python writes, and what a script does."""


def _foreign(lines: Lines, numbers: Iterable[int]) -> Iterator[Slip]:
    """Words of another language."""
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        whole = line
        for pattern, new in _FOREIGN:
            for match in re.finditer(pattern, line):
                yield start + match.start(), start + match.end(), match.expand(new)
            whole = re.sub(pattern, new, whole)
        for one in (whole, re.sub(r"^(\s*(?:if|while|for|else if)) (.+):$", r"\1 (\2) {", whole)):
            if one != line:
                yield start, start + len(line), one


_HEAD = re.compile(r"(?P<depth>\s*)(?:\} )?(?P<word>if|elif|else if|while|for|else|try)\b *(?P<rest>.*?):\s*")


def _blocks(lines: Lines) -> Iterator[Slip]:
    """A block as Python has it, with a colon and by its depth, in braces."""
    for number, line in enumerate(lines.lines):
        said = _HEAD.fullmatch(line)
        if said is None:
            continue
        depth, rest = said["depth"], said["rest"].removeprefix("(").removesuffix(")")
        word = "else if" if said["word"] == "elif" else said["word"]
        head = f"{depth}{word} ({rest}) {{" if rest else f"{depth}{word} {{"
        end = number + 1
        while end < len(lines.lines) and (not lines.lines[end].strip() or lines.lines[end].startswith(f"{depth} ")):
            end += 1
        while end > number + 1 and not lines.lines[end - 1].strip():
            end -= 1
        body = "\n".join(lines.lines[number + 1 : end])
        yield lines.starts[number], lines.starts[end] - 1, f"{head}\n{body}\n{depth}}}"
        yield lines.starts[number], lines.starts[number + 1] - 1, head


def _changed(kind: Kind, lines: Lines, numbers: Iterable[int]) -> Iterator[Slip]:
    """Any mark dropped, swapped for one like it, or put between two others."""
    signs = (
        ("=>", "=", ":", ">", "<", "/", "'", "`", "(", ")", "{", "}", "[", "]", ".", "?")
        if kind in SCRIPTS
        else (":", '"')
    )
    for number in numbers:
        line, start = lines.lines[number], lines.starts[number]
        for match in re.finditer(r"=>|[^\w\s]", line):
            at, end = start + match.start(), start + match.end()
            yield at, end, ""
            for pair in ("})]", "{([", "\"'`"):
                if match[0] in pair:
                    yield from ((at, end, other) for other in pair if other != match[0])
        for match in _TOKENS.finditer(line):
            for sign in signs:
                yield start + match.end(), start + match.end(), f" {sign}" if sign in ("=>", "=") else sign
                if sign in ("<", "(", "{", "[", "'", "`"):
                    yield start + match.start(), start + match.start(), sign
