"""Layout: indentation, and the colon at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.python.slips.slip import Change, Slip, code_end, indent_of

_STEP = 4
_OPENS = re.compile(
    r"\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b(?!.*:\s*(?:#.*)?$)"
)


def layout(slip: Slip) -> Iterator[Change]:
    """Changes for what Python says of indentation and colons."""
    if "tab" in slip.message.lower() or "\t" in slip.text:
        yield 0.5, slip.text.expandtabs(_STEP)
        yield 0.7, slip.text.expandtabs(8)
    yield from _colon(slip)
    if "expected an indented block" in slip.message:
        yield from _indented(slip)
    if "indent" in slip.message:
        yield from _snapped(slip)


def _colon(slip: Slip) -> Iterator[Change]:
    for number in range(slip.line, max(slip.line - 3, 0), -1):
        line = slip.here(number)
        end = code_end(line)
        opens = _OPENS.match(line[:end]) or (number == slip.line and re.match(r"\s*\)", line))
        if opens and not line[:end].endswith(":"):
            bare = line[:end].rstrip(";,.{=")
            yield 0.9, slip.with_line(f"{line[:end]}:{line[end:]}", number)
            if bare != line[:end]:
                yield 0.9, slip.with_line(f"{bare.rstrip()}:{line[end:]}", number)
        if opens and "expected ':'" in slip.message:
            for match in re.finditer(r"\)(?= )|\b(?:else|try|finally)\b(?= )", line[:end]):
                yield 1.2, slip.with_line(f"{line[: match.end()]}:{line[match.end() :]}", number)


def _indented(slip: Slip) -> Iterator[Change]:
    """The lines behind the opening one further in: one, two or all up to where the indentation goes back."""
    found = re.search(r"on line (\d+)", slip.message)
    opening = int(found[1]) if found else slip.line - 1
    base = indent_of(slip.here(opening))
    run: list[int] = []
    for number in range(slip.line, len(slip.lines) + 1):
        line = slip.here(number)
        if line.strip() and indent_of(line) < base:
            break
        if (
            line.strip()
            and number > slip.line
            and base == 0
            and re.match(r"(?:def|class|@|async def|from|import)\b", line)
        ):
            break
        run.append(number)
    shift = " " * _STEP
    first_ends = re.match(r"\s*(?:return|raise|continue|break|pass)\b", slip.here()) is not None
    branch = re.match(r"\s*(?:if|elif|else|except)\b", slip.here(opening)) is not None
    whole = 1 if first_ends or branch else len(run)
    for count in sorted({len(run), 1, 2, 3, *range(4, min(len(run), 40))}, key=lambda n: (n != whole, n)):
        if 0 < count <= len(run):
            new = [f"{shift}{slip.here(n)}" if slip.here(n).strip() else "" for n in run[:count]]
            yield 1.0 + 0.02 * (count != whole) + 0.002 * count, slip.with_lines(run[0], new)


def _snapped(slip: Slip) -> Iterator[Change]:
    """The line, alone or with those that hang on it, at one of the levels in use above."""
    line = slip.here()
    now = indent_of(line)
    above = [one for one in slip.lines[: slip.line - 1] if one.strip() and not one.strip().startswith("#")]
    last = above[-1] if above else ""
    levels = {0, indent_of(last), indent_of(last) + _STEP} | {indent_of(one) for one in above[-30:]}
    hanging = [slip.line]
    for number in range(slip.line + 1, len(slip.lines) + 1):
        if slip.here(number).strip() and indent_of(slip.here(number)) < now:
            break
        hanging.append(number)
    ends = re.match(r"\s*(?:return|raise|continue|break)\b", last) is not None
    for level in sorted(levels - {now}, key=lambda one: (abs(one - now), one != indent_of(last))):
        cost = 1.0 + 0.05 * abs(level - now) + 0.3 * (ends and level >= indent_of(last))
        yield cost, slip.with_line(" " * level + line.lstrip())
        moved = [_shifted(slip.here(number), level - now) for number in hanging]
        yield cost + 0.1, slip.with_lines(slip.line, moved)
    opening = slip.here(slip.line - 1)
    if "unexpected indent" in slip.message and above:
        number = max(n for n in range(1, slip.line) if slip.here(n) == last)
        yield 1.0, slip.with_line(" " * now + last.lstrip(), number)
    if "unexpected indent" in slip.message and re.match(r"\s*\w", opening):
        yield 1.5, slip.with_line(opening.rstrip() + ":", slip.line - 1)


def _shifted(line: str, by: int) -> str:
    return " " * max(indent_of(line) + by, 0) + line.lstrip() if line.strip() else ""
