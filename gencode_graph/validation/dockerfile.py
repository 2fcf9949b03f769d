"""Dockerfiles: known instructions, stages that exist, nothing open at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from gencode_graph.validation.kinds import Problem

_INSTRUCTIONS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
_EXEC = ("CMD", "ENTRYPOINT", "RUN", "SHELL", "VOLUME", "COPY", "ADD")
_HEREDOC = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_FROM = re.compile(r"^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?$", re.IGNORECASE)


def problems(text: str) -> list[Problem]:
    """Nothing for a file that starts a stage, knows its instructions and says what to run."""
    steps = list(_steps(text))
    found = [step for step in steps if isinstance(step, Problem)]
    known = [step for step in steps if not isinstance(step, Problem)]
    names = [name for _, name, _ in known]
    for line, name, rest in known:
        if name not in _INSTRUCTIONS:
            found.append(Problem(message=f"{name!r} is no instruction", line=line))
        elif not rest:
            found.append(Problem(message=f"{name} says nothing", line=line, at_end=line == known[-1][0]))
        elif name in _EXEC and rest.startswith("[") and not _is_list(rest):
            found.append(Problem(message=f"the list of {name} is not valid JSON", line=line, at_end="]" not in rest))
    if "FROM" not in names:
        found.append(Problem(message="there is no FROM", line=1))
    elif not {"CMD", "ENTRYPOINT"} & set(names[len(names) - 1 - names[::-1].index("FROM") :]):
        found.append(Problem(message="the last stage has no CMD and no ENTRYPOINT", line=known[-1][0], at_end=True))
    return [*found, *_stages(known)]


def _steps(text: str) -> Iterator[tuple[int, str, str] | Problem]:
    """Line, instruction in capitals and the rest, joined over continued lines; a problem where something is open."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        start = at
        parts: list[str] = []
        while at < len(lines):
            line = lines[at].strip()
            at += 1
            if line.startswith("#") or (not line and parts):
                continue
            parts.append(line.removesuffix("\\").strip())
            if not line.endswith("\\"):
                break
        else:
            if parts:
                yield Problem(message="the last line is to be continued", line=len(lines), at_end=True)
        name, _, rest = " ".join(parts).strip().partition(" ")
        if not name:
            continue
        yield start + 1, name.upper(), rest.strip()
        for match in _HEREDOC.finditer(rest) if name.upper() in ("RUN", "COPY", "ADD") else ():
            while at < len(lines) and lines[at].strip() != match[2]:
                at += 1
            if at == len(lines):
                yield Problem(message=f"the text up to {match[2]} is never closed", line=start + 1, at_end=True)
            at += 1


def _stages(steps: list[tuple[int, str, str]]) -> list[Problem]:
    found: list[Problem] = []
    stages: set[str] = set()
    for line, name, rest in steps:
        if name == "FROM":
            match = _FROM.match(rest)
            if match is None:
                found.append(Problem(message="FROM is followed by `image` or `image AS name`", line=line))
            elif match[2]:
                stages.add(match[2].lower())
        source = re.search(r"--from=([\w.-]+)(?:\s|$)", rest) if name == "COPY" else None
        if source and not source[1].isdigit() and source[1].lower() not in stages and not _is_image(source[1]):
            found.append(Problem(message=f"no stage is named {source[1]}", line=line))
    return found


def _is_image(name: str) -> bool:
    """A name with a dot may be a registry's; a plain one next to named stages is taken for a stage."""
    return "." in name


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False
