"""Repairs in general form: what changed between a draft that failed and one that passed, without the names of the case.

The lines of a change are kept with the names that the finding quotes replaced by ``{1}``, ``{2}`` ..., and with the
lines around them, so that the same change can be made where another finding of the kind names other things.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from gencode_graph.decisions import Context, Pattern
from gencode_graph.memory.same import general
from gencode_graph.types import Finding

MOST_FILES, MOST_LINES = 3, 40
"""A change of more than that is no repair in general form."""
AROUND = 1
"""Lines before and after a change that have to be there too."""
THE_FILE = "{path}"
"""The finding's own file."""
_QUOTED = re.compile(r"['\"`‘“]([A-Za-z_$@][\w$./@-]{0,80})['\"`’”]")
Edit = dict[str, Any]
"""``{"path", "before": [lines], "after": [lines], "lead": n, "tail": n}``: the first and the last lines are around."""


def signature(finding: Finding) -> str:
    """Equal for findings of the same kind, whatever they name and wherever they are."""
    names = _names(finding)
    return f"{finding.rule}|{general(_abstract(finding.message, names))}"


def generalised(
    finding: Finding, before: Mapping[str, str], after: Mapping[str, str], *, context: Context, proof: str
) -> Pattern | None:
    """The pattern that a repair comes to; None where the change is too large, or not of text that was there."""
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    if not changed or len(changed) > MOST_FILES or any(path not in before or path not in after for path in changed):
        return None
    names = _names(finding)
    edits: list[Edit] = []
    for path in changed:
        place = THE_FILE if path == finding.path else path
        edits += [{"path": place, **edit} for edit in _edits(before[path], after[path], names)]
    if sum(len(edit["before"]) + len(edit["after"]) for edit in edits) > MOST_LINES:
        return None
    key = json.dumps([signature(finding), edits])
    return Pattern(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        kind="repair",
        signature=signature(finding),
        text=f"{finding.rule} {finding.message}",
        context=context,
        body={"edits": edits},
        proof=proof,
        used=1,
        worked=1,
    )


def applied(pattern: Pattern, finding: Finding, files: Mapping[str, str]) -> dict[str, str]:
    """Path -> new text; empty unless every edit of the pattern has exactly one place."""
    names = _names(finding)
    done: dict[str, str] = {}
    for edit in pattern.body.get("edits", ()):
        path = finding.path if edit["path"] == THE_FILE else edit["path"]
        if path is None or path not in files:
            return {}
        text = _replaced(done.get(path, files[path]), edit, names)
        if text is None:
            return {}
        done[path] = text
    return {path: text for path, text in done.items() if text != files[path]}


def _edits(before: str, after: str, names: Sequence[str]) -> list[Edit]:
    old, new = before.splitlines(), after.splitlines()
    edits = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        lead, tail = min(AROUND, a), min(AROUND, len(old) - b)
        around = old[a - lead : a], old[b : b + tail]
        lines = ([*around[0], *middle, *around[1]] for middle in (old[a:b], new[c:d]))
        was, now = ([_abstract(line, names) for line in some] for some in lines)
        edits.append({"before": was, "after": now, "lead": lead, "tail": tail})
    return edits


def _replaced(text: str, edit: Edit, names: Sequence[str]) -> str | None:
    """The text with an edit made in its one place; without the lines around where there is none with them."""
    lines = text.splitlines(keepends=True)
    was, now = ([_concrete(line, names) for line in edit[side]] for side in ("before", "after"))
    lead, tail = edit["lead"], edit["tail"]
    for cut in (0, 1):
        old, new = (some[lead * cut : len(some) - tail * cut] for some in (was, now))
        if not old or any("{" in line and re.search(r"\{\d\}", line) for line in (*old, *new)):
            continue
        places = [i for i in range(len(lines) - len(old) + 1) if _alike(lines[i : i + len(old)], old)]
        if len(places) == 1:
            at = places[0]
            return "".join([*lines[:at], *(f"{line}\n" for line in new), *lines[at + len(old) :]])
    return None


def _alike(lines: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(line.rstrip() == other.rstrip() for line, other in zip(lines, wanted, strict=True))


def _names(finding: Finding) -> list[str]:
    """What the finding quotes, each once, in order."""
    return list(dict.fromkeys(_QUOTED.findall(finding.message)))[:9]


def _abstract(text: str, names: Sequence[str]) -> str:
    for number, name in enumerate(names, 1):
        text = re.sub(rf"(?<![\w$]){re.escape(name)}(?![\w$])", f"{{{number}}}", text)
    return text


def _concrete(text: str, names: Sequence[str]) -> str:
    return re.sub(r"\{([1-9])\}", lambda m: names[int(m[1]) - 1] if int(m[1]) <= len(names) else m[0], text)
