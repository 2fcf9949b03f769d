"""What the running app does with rows, seen from outside: asked over HTTP, compared here, where no code of it runs.

Code that runs beside its own tests can make them say anything; it cannot make this comparison say anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from gencode_graph.blueprint.view import EntityView
from gencode_graph.spec import AppSpec
from gencode_graph.types import Finding
from gencode_graph.validation.contract import compared

Answer = tuple[int, str]
"""Status, 0 where nothing answered, and text."""
_PLAIN = ("string", "text", "enum", "boolean", "integer", "rating")
"""Types whose values come back as they were sent."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; ``@{n}`` in its address stands for the id of the row that the n-th answer has."""

    url: str
    method: str = "GET"
    body: Any = None


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is asked of an app about one kind of row, and what is known of it."""

    entity: EntityView
    body: Mapping[str, Any]
    change: Mapping[str, Any]
    """What a change sets; empty where no field can take just any text."""
    bare: bool
    """Whether an empty body has to be refused."""

    def requests(self, base: str) -> list[Request]:
        """In an order that leaves no row behind; they have to be the first that are asked."""
        rows = f"{base}{self.entity.route}"
        return [
            Request(url=f"{base}/api/openapi.json"),
            Request(url=f"{rows}?page_size=1"),
            Request(url=rows, method="POST", body=dict(self.body)),
            Request(url=f"{rows}/@{{2}}"),
            Request(url=f"{rows}/@{{2}}", method="PATCH", body=dict(self.change)),
            Request(url=f"{rows}/@{{2}}"),
            Request(url=f"{rows}?page_size=1"),
            Request(url=rows, method="POST", body={}),
            Request(url=f"{rows}/{uuid4()}"),
            Request(url=f"{rows}/@{{2}}", method="DELETE"),
            Request(url=f"{rows}/@{{2}}"),
            Request(url=f"{rows}?page_size=1"),
        ]

    def judged(self, answers: Sequence[Answer]) -> list[Finding]:
        """A finding for each answer that is not what these requests have to be answered with."""
        at = self.entity.route
        wrong = [f"{at}: {what}" for what in self._wrong(answers)]
        hint = "the app has to do what its tests claim when it is asked over HTTP"
        return [Finding(rule="app/behaves", message=it, path="backend/app/routers", hint=hint) for it in wrong]

    def _wrong(self, answers: Sequence[Answer]) -> Iterator[str]:
        _, before, made, read, changed, reread, more, bare, unknown, deleted, gone, after = answers
        expected = {"POST": (made, 201), "GET": (read, 200), "PATCH": (changed, 200), "DELETE": (deleted, 204)}
        for method, ((status, text), right) in expected.items():
            if status != right:
                yield f"{method} was answered with {status} instead of {right}: {text[:300]}"
                return
        row = _object(made)
        yield from _differs("the row that POST answers with", self._known(), row)
        yield from _differs("the row read after POST", {**self._known(), "id": row.get("id")}, _object(read))
        yield from _differs("the row that PATCH answers with", self.change, _object(changed))
        yield from _differs("the row read after PATCH", {**self._known(), **self.change}, _object(reread))
        if bare[0] != 422 and self.bare:
            yield f"POST of an empty body was answered with {bare[0]} instead of 422"
        for what, (status, _) in {"a row that never was": unknown, "a deleted row": gone}.items():
            if status != 404:
                yield f"GET of {what} was answered with {status} instead of 404"
        totals = [_object(it).get("total") for it in (before, more, after)]
        first = totals[0]
        if type(first) is not int or totals != [first, first + 1, first]:
            yield f"the list counted {totals} rows before POST, after it and after DELETE"

    def _known(self) -> dict[str, Any]:
        """What of the body has to come back as it was sent."""
        plain = {field.name for field in self.entity.spec.fields if field.type in _PLAIN}
        return {name: value for name, value in self.body.items() if name in plain}


def script_for(entity: EntityView, body: Mapping[str, Any]) -> Script:
    """What to ask about rows like ``body``."""
    free = [f for f in entity.spec.fields if f.type in ("string", "text") and not (f.pattern or f.unique)]
    change = {field.name: f"{uuid4().hex[:8]} row"[: field.max_length or 140].strip() for field in free[:1]}
    needed = any(f.required and f.default is None and f.type not in ("enum", "boolean") for f in entity.spec.fields)
    return Script(entity=entity, body=body, change=change, bare=needed)


def published(answer: Answer, agreed: Any, spec: AppSpec | None) -> list[Finding]:
    """A finding for each place where what the running app says of its API is not what was agreed."""
    if answer[0] != 200:
        said = [f"GET /api/openapi.json was answered with {answer[0]}"]
    else:
        said = list(compared(agreed, _object(answer), spec))[:5]
    return [Finding(rule="app/contract", message=it, path="backend/app") for it in said]


def _differs(what: str, expected: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        there = row.get(name)
        same = there.strip() == value.strip() if isinstance(there, str) and isinstance(value, str) else there == value
        if not same or type(there) is not type(value):
            yield f"{what} has {json.dumps(there)[:100]} as its {name} instead of {json.dumps(value)[:100]}"


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer[1])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
