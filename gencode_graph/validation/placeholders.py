"""Code that is not there: what a comment leaves out, notes to self, empty bodies, filler text."""

from __future__ import annotations

import asyncio
import re

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Severity, Task, Verdict
from gencode_graph.validation.bodies import empty_bodies
from gencode_graph.validation.comments import comments
from gencode_graph.validation.kinds import CODE, SCRIPTS, Kind, kind_of, shown, texts
from gencode_graph.validation.scripts import matches, source_of, tree

_PARTS = (
    r"(?:code|file|component|function|implementation|class|method|module|style|import|route|endpoint|handler|logic"
    r"|field|test|rule|propert\w+|page|markup|jsx|form|section|content|definition|line|setup|config\w*|body|item)s?"
)
_LEFT_OUT = re.compile(
    rf"^(?:\.{{3}}|…)\s*(?:$|(?:and )?(?:the )?(?:existing|rest|remaining|other|previous|same|unchanged|more|keep"
    rf"|omitted|additional|your|similar|{_PARTS})\b)"
    rf"|^(?:the )?rest of (?:(?:the|your|this) )?(?:\w+ )?{_PARTS}\b.{{0,40}}$"
    rf"|^(?:keep |all )?(?:the |your )?(?:existing|remaining|other|previous|unchanged|same)(?: \w+)? {_PARTS}\b"
    r".{0,12}(?:here|unchanged|stays?|remains?|same|omitted|as before|goes?|continues?|\.\.\.|…)"
    r"|^(?:existing|remaining|previous|unchanged|other) code\W*$"
    r"|^(?:(?:remains? |everything else |all else )?(?:is |stays? )?(?:unchanged|the same(?: as before)?)"
    r"|same as before|as before)\W*$"
    r"|\b(?:omitted|shortened|truncated|left out|abbreviated) for (?:brevity|clarity|simplicity)\b"
    r"|^(?:(?:add|put|insert|write|place) )?(?:your|the|more|actual|real|rest of the) (?:\w+ ){0,2}"
    rf"(?:{_PARTS}|styles?) (?:goes |go )?here\b"
    rf"|^(?:implementation|{_PARTS}) (?:goes |go )here\b|^implement(?:ation)? (?:this|me|here|later)\b"
    r"|\bto be (?:implemented|filled in|continued)(?: later)?\W*$"
    r"|\bfill (?:this|me) in\b|^similar(?:ly)? for (?:the )?other"
    r"|\bin a real (?:app|application|implementation|world|project|system)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\W*(?:TODO|FIXME|XXX|HACK)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"lorem ipsum|\bcoming soon\b|\byour code (?:goes )?here\b|\bnot (?:yet )?implemented\b", re.IGNORECASE
)
_NOTED: tuple[Kind, ...] = (*CODE, "yaml", "toml", "dockerfile")


async def placeholders(task: Task, draft: Draft, services: Services) -> Verdict:
    """No placeholder in any code file of the draft, and nothing that may be one."""
    return await asyncio.to_thread(_strict, draft)


def _strict(draft: Draft) -> Verdict:
    found = [finding for path, text in texts(draft.files).items() for finding in find_placeholders(path, text)]
    return Verdict(findings=tuple(finding.model_copy(update={"severity": "error"}) for finding in found))


def find_placeholders(path: str, text: str) -> list[Finding]:
    """Errors where code is certainly left out; warnings for notes to self, filler and empty bodies."""
    kind = kind_of(path)
    if kind not in _NOTED:
        return []
    found: dict[int, Finding] = {}

    def say(line: int, what: str, severity: Severity) -> None:
        if line not in found or found[line].severity != "error":
            found[line] = Finding(
                rule="placeholder",
                message=shown(what, 100),
                severity=severity,
                path=path,
                line=line,
                hint="write the code itself",
            )

    notes = []
    said = dict(comments(kind, text))
    for line, words in said.items():
        if words in ("...", "…") and line - 1 in said and line + 1 in said:
            continue  # it shortens a list inside a longer comment
        if _NOTE.match(words):
            notes.append(line)
            say(line, words, "warning")
        elif _LEFT_OUT.search(words):
            say(line, words, "error")
    for match in _FILLER.finditer(text):
        say(text.count("\n", 0, match.start()) + 1, match[0], "warning")
    for line, name, certain in empty_bodies(kind, text, notes):
        say(line, f"the body of {name} is empty", "error" if certain else "warning")
    for line in _dots(kind, text):
        say(line, "... stands where elements should", "error")
    return [found[line] for line in sorted(found)]


def _dots(kind: Kind, text: str) -> list[int]:
    """Lines of JSX text that is three dots on a line of their own."""
    if kind not in SCRIPTS:
        return []
    nodes = matches(kind, "(jsx_text) @text", tree(kind, text).root_node).get("text", []) if kind == "tsx" else []
    lines = []
    for node in nodes:
        source = source_of(node)
        if source.strip() in ("...", "…") and "\n" in source:
            lines.append(node.start_point[0] + 1 + source[: source.index(source.strip())].count("\n"))
    return lines
