"""The AppSpec that the analysis wrote is sound, and what it says of the request."""

from __future__ import annotations

from pydantic import ValidationError

from gencode_graph.services import SPEC_FILE, Services
from gencode_graph.spec import AppSpec
from gencode_graph.types import Draft, Finding, Task, Verdict


async def spec_valid(task: Task, draft: Draft, services: Services) -> Verdict:
    """``appspec.json`` holds a valid AppSpec; every requirement that is not met becomes a note."""
    text = draft.files.get(SPEC_FILE)
    if text is None:
        return Verdict(findings=(Finding(rule="spec/missing", message=f"{SPEC_FILE} was not written"),))
    try:
        spec = AppSpec.model_validate_json(text)
    except ValidationError as error:
        return Verdict(
            findings=tuple(
                Finding(
                    rule="spec/invalid",
                    message=f"{'.'.join(map(str, e['loc'])) or 'spec'}: {e['msg']}",
                    path=SPEC_FILE,
                )
                for e in error.errors()
            )
        )
    open_ends = [r for r in spec.requirements if r.status != "met"]
    return Verdict(
        findings=tuple(
            Finding(rule=f"requirement/{r.status}", message=r.text, severity="note", hint="; ".join(r.evidence) or None)
            for r in open_ends
        ),
        figures={"app": {"name": spec.name, "archetype": spec.archetype, "vibe": spec.vibe}},
    )
