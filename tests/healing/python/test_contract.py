"""Routes and fields are healed to what the contract says."""

from __future__ import annotations

import ast
import json

import pytest

from gencode_graph.types import Finding
from tests.healing.python.shop import after, healed

ROUTER = "backend/app/routers/orders.py"
LIST = "backend/app/routers/__init__.py"
MODEL = "backend/app/models/order.py"
CONTRACT = {
    "openapi": "3.1.0",
    "paths": {
        "/api/orders": {"get": {"operationId": "list_orders"}, "post": {"operationId": "create_order"}},
        "/api/orders/{id}": {"get": {"operationId": "get_order"}, "patch": {"operationId": "update_order"}},
        "/api/bills": {"get": {"operationId": "list_bills"}},
    },
    "components": {
        "schemas": {
            "OrderRead": {"properties": {"id": {"type": "integer"}, "label": {"type": "string"}}, "required": ["id"]},
            "OrderCreate": {"properties": {"label": {"type": "string"}}},
        }
    },
}
APP = {
    "openapi.json": json.dumps(CONTRACT),
    "backend/app/__init__.py": "",
    "backend/app/models/__init__.py": "",
    MODEL: (
        "from pydantic import BaseModel\n\n\nclass OrderRead(BaseModel):\n    id: int\n"
        '    label: str = ""\n\n\nclass OrderCreate(BaseModel):\n    label: str = ""\n'
    ),
    "backend/app/main.py": (
        "from fastapi import FastAPI\n\nfrom app.routers import api\n\napp = FastAPI()\napp.include_router(api)\n"
    ),
    LIST: (
        'from fastapi import APIRouter\n\nfrom app.routers import bills, orders\n\napi = APIRouter(prefix="/api")\n'
        "for module in (bills, orders):\n    api.include_router(module.router)\n"
    ),
    "backend/app/routers/bills.py": (
        'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/bills")\n\n\n'
        '@router.get("")\ndef list_bills() -> list[str]:\n    return []\n'
    ),
    ROUTER: (
        'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/orders")\n\n\n'
        '@router.get("")\ndef list_orders() -> list[str]:\n    return []\n\n\n'
        '@router.post("", status_code=201)\ndef create_order() -> str:\n    return ""\n\n\n'
        '@router.get("/{id}")\ndef get_order(id: int) -> str:\n    return str(id)\n\n\n'
        '@router.patch("/{id}")\ndef update_order(id: int) -> str:\n    return str(id)\n'
    ),
}
FAULTS = [
    ("method of another route", ROUTER, 'router.get(""', 'router.post(""'),
    ("method", ROUTER, "router.patch", "router.put"),
    ("path", ROUTER, 'get("/{id}")', 'get("/one/{id}")'),
    ("path misspelt", ROUTER, 'get("/{id}")', 'get("{id}")'),
    ("prefix of a router", ROUTER, '"/orders"', '"/order"'),
    ("prefix of all", LIST, '"/api"', '"/v1"'),
    ("prefix left out", LIST, 'prefix="/api"', ""),
    ("router left out of the list", LIST, "in (bills, orders)", "in (bills,)"),
    ("decorator left out", ROUTER, '@router.patch("/{id}")\n', ""),
    ("field", MODEL, '    label: str = ""\n\n\n', '    lable: str = ""\n\n\n'),
    ("field called otherwise", MODEL, '    label: str = ""\n\n\n', '    caption: str = ""\n\n\n'),
    ("field left out", MODEL, '    label: str = ""\n\n\n', "\n\n"),
]


@pytest.mark.parametrize(("what", "path", "old", "new"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_differs_from_the_contract_is_put_right(what: str, path: str, old: str, new: str) -> None:
    assert old in APP[path]
    broken = {**APP, path: APP[path].replace(old, new, 1)}
    made = after(broken, healed(broken))
    assert ast.dump(ast.parse(made[path])) == ast.dump(ast.parse(APP[path]))


SAID = [
    ('/paths/~1api~1orders/get/operationId is "list_orders" in the contract and "all_orders" in the API',
     "def list_orders", "def all_orders"),
    ("/paths/~1api~1orders/post/responses/201 is in the contract, and the API does not have it",
     "status_code=201", "status_code=200"),
    ("/paths/~1api~1orders/post/responses/201 is in the contract, and the API does not have it",
     ', status_code=201', ""),
]  # fmt: skip


@pytest.mark.parametrize(("message", "old", "new"), SAID, ids=["name", "code", "code left out"])
def test_what_the_published_contract_says_is_put_right(message: str, old: str, new: str) -> None:
    broken = {**APP, ROUTER: APP[ROUTER].replace(old, new, 1)}
    finding = Finding(rule="contract/differs", message=message, path="backend/app")
    assert after(broken, healed(broken, finding))[ROUTER] == APP[ROUTER]


DIFFERENT = [
    ("null", "/components/schemas/OrderRead/properties/id/anyOf is in the API, and the contract does not have it",
     "id: int\n", "id: int | None\n"),
    ("default", "/components/schemas/OrderRead/properties/id/default is in the API, and the contract does not have it",
     "id: int\n", "id: int = 0\n"),
    ("type", '/components/schemas/OrderRead/properties/id/type is "integer" in the contract and "string" in the API',
     "id: int\n", "id: str\n"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "message", "old", "new"), DIFFERENT, ids=[one[0] for one in DIFFERENT])
def test_a_field_is_of_the_kind_that_the_contract_says(what: str, message: str, old: str, new: str) -> None:
    broken = {**APP, MODEL: APP[MODEL].replace(old, new, 1)}
    finding = Finding(rule="contract/differs", message=message, path="backend/app")
    assert after(broken, healed(broken, finding))[MODEL] == APP[MODEL]


def test_an_answer_that_the_contract_names_is_told() -> None:
    answers = 'LOST = {404: {"description": "Not found"}}\n'
    whole = {**APP, "backend/app/answers.py": answers}
    whole[ROUTER] = (
        APP[ROUTER]
        .replace('get("/{id}")', 'get("/{id}", responses={**LOST})')
        .replace("APIRouter\n", "APIRouter\n\nfrom app.answers import LOST\n", 1)
    )
    broken = {**whole, ROUTER: APP[ROUTER]}
    message = "/paths/~1api~1orders~1{id}/get/responses/404 is in the contract, and the API does not have it"
    finding = Finding(rule="contract/differs", message=message, path="backend/app")
    assert after(broken, healed(broken, finding)) == whole


def test_the_contract_is_not_changed_for_a_route_that_nobody_promised() -> None:
    more = '\n\n@router.delete("/{id}/everything")\ndef wipe(id: int) -> None:\n    return None\n'
    broken = {**APP, ROUTER: APP[ROUTER] + more}
    assert healed(broken).files == {}


def test_two_fields_that_could_be_meant_are_not_chosen_between() -> None:
    broken = {
        **APP,
        MODEL: APP[MODEL].replace('    label: str = ""\n\n\n', '    one: str = ""\n    two: str = ""\n\n\n', 1),
    }
    assert healed(broken).files == {}
