"""A model's answer on its way to disk: read, applied, inspected, judged by the gates, stored. Nothing else writes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gencode_graph.agents.reading import draft_of
from gencode_graph.errors import PathError
from gencode_graph.types import Draft, Finding, Finish, Reply, Usage
from gencode_graph.validation import integrity, preflight
from gencode_graph.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What came of an answer."""

    stored: frozenset[str]
    """Paths that a step would write; none once there is an error, as the draft is then refused."""
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[str]:
        """The rules that were broken."""
        return [finding.rule for finding in self.findings if finding.severity == "error"]

    @property
    def warnings(self) -> list[str]:
        """What only deserves a look."""
        return [finding.rule for finding in self.findings if finding.severity == "warning"]


def travel(text: str, folder: Path, *, before: Mapping[str, str] | None = None, finish: Finish = "stop") -> Arrival:
    """An answer through all that a model's answer passes before anything is written or run."""
    reply = Reply(text=text, finish=finish, model="test:model", usage=Usage())
    with contextlib.closing(Workspace.open(folder / "app", create=True)) as workspace:
        return _arrived(reply, workspace, before or {})


def _arrived(reply: Reply, workspace: Workspace, before: Mapping[str, str]) -> Arrival:
    draft = draft_of(reply, before, workspace.inspect)
    findings = [*draft.findings, *judged(draft, workspace, before)]
    refused = any(finding.severity == "error" for finding in findings)
    if refused:
        return Arrival(stored=frozenset(), findings=tuple(findings))
    try:
        tree = workspace.write(draft.files, origin=draft.origin)
    except PathError as error:  # pragma: no cover - inspection says the same before
        raise AssertionError(f"inspection let pass what cannot be stored: {error}") from error
    return Arrival(stored=frozenset(workspace.paths(tree)), findings=tuple(findings))


def judged(draft: Draft, workspace: Workspace, before: Mapping[str, str]) -> list[Finding]:
    """What the gates that need nothing but the files say."""
    found = [*integrity.whole(draft.files), *workspace.inspect(draft.files, origin=draft.origin)]
    return [*found, *preflight.judge(draft.files, {**before, **draft.files})]


def listing(*files: tuple[str, str]) -> str:
    """An answer that lists files as JSON: any path can be written in it."""
    return json.dumps({"files": [{"path": path, "content": content} for path, content in files]})


def fenced(path: str, content: str) -> str:
    """An answer with one file in a fence."""
    fence = "`" * 5
    return f"I add a file.\n\n{fence}text path={path}\n{content}\n{fence}\n"
