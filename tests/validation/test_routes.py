"""The routes of the backend, read off its source, against those of the contract."""

from __future__ import annotations

import json

from gencode_graph.validation.routes import routes

CONTRACT = {
    "openapi": "3.1.0",
    "paths": {"/api/items": {"get": {}, "post": {}}, "/api/items/{id}": {"get": {}}, "/api/health": {"get": {}}},
}
ITEMS = (
    "from fastapi import APIRouter\nrouter = APIRouter(prefix='/items', tags=['items'])\n"
    "@router.get('')\ndef list_items(): ...\n"
    "@router.post('', status_code=201)\nasync def create_item(): ...\n"
    "@router.get('/{item_id}')\ndef get_item(item_id: int): ...\n"
)
LOOP = (
    "from app.routers import items\napi = APIRouter(prefix='/api')\n"
    "for module in (items,):\n    api.include_router(module.router)\n"
)
MAIN = (
    "from fastapi import FastAPI\nfrom app.routers import api\napp = FastAPI()\napp.include_router(api)\n"
    "@app.get('/api/health')\ndef health(): ...\n"
    "@app.get('/{path:path}', include_in_schema=False)\ndef spa(path: str): ...\n"
)
APP = {
    "openapi.json": json.dumps(CONTRACT),
    "backend/app/routers/items.py": ITEMS,
    "backend/app/routers/__init__.py": LOOP,
    "backend/app/main.py": MAIN,
}


def judged(changes: dict[str, str], without: str = "") -> list[tuple[str, str]]:
    files = {path: text for path, text in (APP | changes).items() if path != without}
    return [(f.rule.removeprefix("contract/"), f.message) for f in routes(files)]


def test_the_same_routes_on_both_sides_are_right() -> None:
    assert judged({}) == []


def test_a_route_that_the_contract_lacks_is_found() -> None:
    more = ITEMS + "@router.delete('/{id}')\ndef remove(id: int): ...\n"
    assert judged({"backend/app/routers/items.py": more}) == [
        ("route-extra", "DELETE /api/items/{id} is not in openapi.json")
    ]


def test_a_route_that_the_backend_lacks_is_found_where_it_belongs() -> None:
    less = ITEMS.replace("@router.post('', status_code=201)\n", "")
    assert judged({"backend/app/routers/items.py": less}) == [
        ("route-missing", "no router has POST /api/items, which openapi.json promises")
    ]
    (finding,) = routes(APP | {"backend/app/routers/items.py": less})
    assert finding.path == "backend/app/routers/items.py"


def test_a_router_that_nobody_includes_has_other_paths() -> None:
    found = judged({"backend/app/routers/__init__.py": "api = APIRouter(prefix='/api')\n"})
    assert ("route-extra", "GET /items is not in openapi.json") in found
    assert ("route-missing", "no router has GET /api/items, which openapi.json promises") in found


def test_routers_may_be_included_by_name() -> None:
    named = "from .items import router as items\napi = APIRouter()\napi.include_router(items, prefix='/api')\n"
    assert judged({"backend/app/routers/__init__.py": named}) == []


def test_before_the_wiring_nothing_is_missing() -> None:
    assert judged({}, without="backend/app/main.py") == []


def test_what_is_computed_is_left_to_the_check_that_runs_the_app() -> None:
    assert judged({"backend/app/routers/__init__.py": LOOP.replace("'/api'", "PREFIX")}) == []
