"""AppSpec -> the OpenAPI 3.1 document that the generated API publishes, from the spec alone."""

from __future__ import annotations

from typing import Any

from gencode_graph.blueprint.contract_schemas import parameters, schemas
from gencode_graph.blueprint.view import AppView, EntityView
from gencode_graph.spec import AppSpec

Json = dict[str, Any]
_DESCRIPTIONS = {
    "200": "Successful Response",
    "201": "Successful Response",
    "204": "Successful Response",
    "400": "Unreadable body",
    "404": "Not found",
    "409": "Conflict",
    "422": "Validation Error",
}


def openapi(spec: AppSpec) -> Json:
    """The whole document, as JSON values."""
    app = AppView(spec)
    paths: Json = {}
    if app.dashboard:
        paths["/api/dashboard"] = {
            "get": {
                "tags": ["dashboard"],
                "summary": "Figures for the dashboard",
                "operationId": "get_dashboard",
                "responses": _responses("200", _ref("Dashboard")),
            }
        }
    for entity in app.entities:
        paths[entity.route] = {"get": _list(entity), "post": _create(entity)}
        paths[entity.route + "/{id}"] = {"get": _get(entity), "patch": _update(entity), "delete": _delete(entity)}
    paths["/api/health"] = {
        "get": {
            "tags": ["health"],
            "summary": "Liveness check",
            "operationId": "health",
            "responses": _responses(
                "200", {"additionalProperties": {"type": "string"}, "type": "object", "title": "Response Health"}
            ),
        }
    }
    info = {"title": spec.name, "description": spec.tagline, "version": "0.1.0"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas(app)}}


def _list(entity: EntityView) -> Json:
    return {
        "tags": [entity.plural],
        "summary": f"List {entity.nouns}",
        "operationId": f"list_{entity.plural}",
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in parameters(entity).items()
        ],
        "responses": _responses("200", _ref(f"Page_{entity.cls}Read_"), "422"),
    }


def _create(entity: EntityView) -> Json:
    missing = ["404"] if entity.relations else []
    return {
        "tags": [entity.plural],
        "summary": f"Create {entity.a_noun}",
        "operationId": f"create_{entity.name}",
        "requestBody": _body(f"{entity.cls}Create"),
        "responses": _responses("201", _ref(f"{entity.cls}Read"), "400", *missing, "409", "422"),
    }


def _get(entity: EntityView) -> Json:
    return {
        "tags": [entity.plural],
        "summary": f"Get {entity.a_noun}",
        "operationId": f"get_{entity.name}",
        "parameters": [_ID],
        "responses": _responses("200", _ref(f"{entity.cls}Read"), "404", "422"),
    }


def _update(entity: EntityView) -> Json:
    return {
        "tags": [entity.plural],
        "summary": f"Update {entity.a_noun}",
        "operationId": f"update_{entity.name}",
        "parameters": [_ID],
        "requestBody": _body(f"{entity.cls}Update"),
        "responses": _responses("200", _ref(f"{entity.cls}Read"), "400", "404", "409", "422"),
    }


def _delete(entity: EntityView) -> Json:
    return {
        "tags": [entity.plural],
        "summary": f"Delete {entity.a_noun}",
        "operationId": f"delete_{entity.name}",
        "parameters": [_ID],
        "responses": _responses("204", None, "404", "409", "422"),
    }


_ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid", "title": "Id"},
}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def _body(name: str) -> Json:
    return {"required": True, **_content(_ref(name))}


def _responses(status: str, schema: Json | None, *errors: str) -> Json:
    answers: Json = {status: {"description": _DESCRIPTIONS[status], **(_content(schema) if schema else {})}}
    for error in errors:
        body = _ref("HTTPValidationError" if error == "422" else "ErrorBody")
        answers[error] = {"description": _DESCRIPTIONS[error], **_content(body)}
    return answers
