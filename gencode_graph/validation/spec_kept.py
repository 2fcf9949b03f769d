"""A model's AppSpec has all that the built-in one has, and the generator can make an app of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from gencode_graph.errors import GencodeError
from gencode_graph.services import SPEC_FILE, Services
from gencode_graph.spec import AppSpec, Entity, Page
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.syntax import syntax


async def spec_kept(task: Task, draft: Draft, services: Services) -> Verdict:
    """Entities, their fields, relations and rules, pages and requirements of the built-in AppSpec are still there."""
    if draft.origin == "builtin" or task.builtin is None or task.spec is None:
        return Verdict()
    first = await services.spec(task.builtin)
    lost = sorted(_parts(first) - _parts(task.spec)) if first else []
    hint = "put it back; a specification may add and refine, everything else was built and tested already"
    return Verdict(
        findings=tuple(
            Finding(rule="spec/lost", message=f"the {what} is gone", path=SPEC_FILE, hint=hint) for what in lost
        )
    )


async def spec_builds(task: Task, draft: Draft, services: Services) -> Verdict:
    """The generator makes files of a model's AppSpec, and they parse."""
    if draft.origin == "builtin" or task.spec is None:
        return Verdict()
    return Verdict(findings=tuple(await asyncio.to_thread(_build, task.spec)))


def _build(spec: AppSpec) -> list[Finding]:
    from gencode_graph.blueprint.render import render_all

    try:
        files = texts(render_all(spec))
    except GencodeError as error:
        return [Finding(rule="spec/unbuildable", message=str(error), path=SPEC_FILE)]
    return [finding for path, text in files.items() for finding in syntax(path, text) if finding.severity == "error"]


def _parts(spec: AppSpec) -> set[str]:
    """What a specification consists of, in words."""
    entities = {part for entity in spec.entities for part in _of(entity)}
    return entities | {_page(page) for page in spec.pages} | {f"requirement {r.text!r}" for r in spec.requirements}


def _of(entity: Entity) -> Iterator[str]:
    name = entity.name
    yield f"entity {name}"
    yield from (f"field {name}.{field.name}" for field in entity.fields)
    yield from (f"option {name}.{field.name}={it.value}" for field in entity.fields for it in field.options)
    yield from (f"relation {name}.{relation.name}" for relation in entity.relations)
    yield from (f"rule {name}.{rule.kind}" for rule in entity.rules)


def _page(page: Page) -> str:
    return f"{page.kind} page" if page.kind == "dashboard" else f"{page.kind} page of {page.entity}"
