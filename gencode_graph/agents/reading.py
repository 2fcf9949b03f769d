"""From a model's answer to a draft: changed files, removed files, and what was wrong with the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gencode_graph.llm.answers import apply, read_answer
from gencode_graph.types import Draft, Finding, Origin, Reply

NOTHING = "NOTHING TO ADD"
NO_FILES = Finding(
    rule="answer/no-files",
    message="no file could be read out of the answer",
    hint=f"answer in one of the three forms, or with the line {NOTHING}",
)
UNCHANGED = Finding(
    rule="answer/no-change", message="the answer changes nothing", hint="the files already are as you gave them"
)
Inspect = Callable[..., tuple[Finding, ...]]


def draft_of(reply: Reply, files: Mapping[str, str], inspect: Inspect, *, afresh: bool = False) -> Draft:
    """The draft; one without files and findings means that the agent had nothing to add.

    ``inspect`` says what the workspace would refuse; a refused file is left out and is a finding.
    """
    origin: Origin = "model"
    if reply.finish in ("filter", "refusal"):
        why = Finding(rule=f"answer/{reply.finish}", message=f"{reply.model} did not answer: {reply.text[:300]}")
        return Draft(origin=origin, findings=(why,), afresh=afresh)
    answer = read_answer(reply.text, finish=reply.finish, known=files.keys())
    applied = apply(answer, files)
    findings = list(applied.findings)
    if not applied.files and not applied.removed and not findings and NOTHING not in reply.text:
        findings.append(UNCHANGED if answer.operations else NO_FILES)
    refused = [finding for finding in inspect(applied.files, origin=origin) if finding.severity == "error"]
    bad = {finding.path for finding in refused}
    return Draft(
        files={path: text for path, text in applied.files.items() if ascii(path)[1:-1] not in bad and path not in bad},
        removed=applied.removed,
        origin=origin,
        findings=(*findings, *refused),
        afresh=afresh,
    )
