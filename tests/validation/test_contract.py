"""Where two contracts differ is said as a sentence."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.types import Draft, Task
from gencode_graph.validation.contract import contract_typed, contract_valid, differences

TASK = Task(run_id="r", step="contracts", request="x", tree="")
NOBODY = cast("Services", None)
AGREED: dict[str, Any] = {"paths": {"/api/a": {"get": {"tags": ["a"]}}}, "info": {"title": "A"}}
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner))  # fmt: skip  # noqa: E501

CHANGES = {
    "a lost route": (lambda d: d["paths"].clear(), "/paths/~1api~1a is in the contract, and the API does not have it"),
    "a new route": (
        lambda d: d["paths"].update({"/b": {}}),
        "/paths/~1b is in the API, and the contract does not have it",
    ),
    "another title": (lambda d: d["info"].update(title="B"), '/info/title is "A" in the contract and "B" in the API'),
    "another list": (
        lambda d: d["paths"]["/api/a"]["get"]["tags"].append("b"),
        '/paths/~1api~1a/get/tags is ["a"] in the contract and ["a", "b"] in the API',
    ),
}


@pytest.mark.parametrize(("change", "sentence"), CHANGES.values(), ids=CHANGES)
def test_a_difference_is_a_sentence(change: Any, sentence: str) -> None:
    published = copy.deepcopy(AGREED)
    change(published)
    assert list(differences(AGREED, published)) == [sentence]


@pytest.mark.slow
@given(JSON, JSON)
def test_there_are_differences_exactly_where_documents_differ(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (not list(differences(one, other))) == (same or one == other)


async def test_a_document_that_is_no_openapi_is_refused() -> None:
    verdict = await contract_valid(TASK, Draft(files={"openapi.json": json.dumps({"openapi": "3.1.0"})}), NOBODY)
    assert {f.rule for f in verdict.findings} == {"contract/invalid"}


async def test_a_missing_document_is_a_finding() -> None:
    verdict = await contract_valid(TASK, Draft(), NOBODY)
    assert [f.rule for f in verdict.findings] == ["contract/missing"]


@pytest.mark.node
@pytest.mark.slow
async def test_a_contract_of_which_no_client_can_be_made_is_found(tmp_path: Path) -> None:
    good: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}}
    nowhere = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/x"}}}}}
    bad = good | {"paths": {"/a": {"get": {"responses": nowhere}}}}
    async with connect(Settings(workspace=tmp_path / "app"), "run") as services:
        said = [
            await contract_typed(TASK, Draft(files={"openapi.json": json.dumps(document)}), services)
            for document in (good, bad)
        ]
    assert [[finding.rule for finding in verdict.findings] for verdict in said] == [[], ["contract/untyped"]]
