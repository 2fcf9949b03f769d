"""Variables of style sheets and of the environment that nothing defines, and that are close to one that is defined."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, kind_of

NEAR = 0.8
_DEFINED = re.compile(r"(--[A-Za-z][\w-]*)[\"'`\]]*\s*[:,]|@property\s+(--[\w-]+)|setProperty\(\s*[\"'`](--[\w-]+)")
_USED = re.compile(r"var\(\s*(--[A-Za-z][\w-]*)\s*\)")
_FOREIGN = ("--radix-", "--tw-", "--base-", "--sonner-", "--toast-")
"""What libraries define as they run."""
_ENVIRONMENT = re.compile(r"import\.meta\.env\.(VITE_\w+)")
_DECLARED = re.compile(r"\b(VITE_\w+)\b")


def variables(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each use of a variable that is misspelt; others may be defined where nobody can see it."""
    web = {path: text for path, text in files.items() if path.startswith("frontend/")}
    return [*_of_styles(web), *_of_environment(web)]


def _of_styles(files: Mapping[str, str]) -> Iterator[Finding]:
    sheets = {path: text for path, text in files.items() if kind_of(path) in ("css", *SCRIPTS) and "--" in text}
    known = {name for text in sheets.values() for found in _DEFINED.findall(text) for name in found if name}
    for path, text in sheets.items():
        for match in _USED.finditer(text):
            if match[1] not in known and not match[1].startswith(_FOREIGN):
                yield from _misspelt("css/variable", match, path, text, known)


def _of_environment(files: Mapping[str, str]) -> Iterator[Finding]:
    places = [path for path in files if path.endswith((".d.ts", "vite.config.ts")) or "/.env" in path]
    known = {name for path in places for name in _DECLARED.findall(files[path])}
    for path, text in files.items():
        for match in _ENVIRONMENT.finditer(text) if kind_of(path) in SCRIPTS and path not in places else ():
            if match[1] not in known:
                yield from _misspelt("env/variable", match, path, text, known)


def _misspelt(rule: str, match: re.Match[str], path: str, text: str, known: set[str]) -> Iterator[Finding]:
    near = difflib.get_close_matches(match[1], sorted(known), n=2, cutoff=NEAR)
    ratios = [difflib.SequenceMatcher(None, match[1], one).ratio() for one in near]
    if near and (len(near) == 1 or ratios[0] - ratios[1] > 0.03):
        line = text.count("\n", 0, match.start()) + 1
        message = f"{match[1]} is defined nowhere; did you mean {near[0]}?"
        yield Finding(rule=rule, message=message, path=path, line=line, hint=f"write {near[0]}")
