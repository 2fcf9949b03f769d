"""The schemas of the contract: what is written, what is read, how lists are asked for, the dashboard."""

from __future__ import annotations

from typing import Any

from gencode_graph.blueprint.columns import NO_NUL, Column
from gencode_graph.blueprint.view import AppView, EntityView, RelationView, pascal
from gencode_graph.spec import Widget

Json = dict[str, Any]
_VALIDATION: Json = {
    "HTTPValidationError": {
        "properties": {
            "detail": {"items": {"$ref": "#/components/schemas/ValidationError"}, "type": "array", "title": "Detail"}
        },
        "type": "object",
        "title": "HTTPValidationError",
    },
    "ValidationError": {
        "properties": {
            "loc": {
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "type": "array",
                "title": "Location",
            },
            "msg": {"type": "string", "title": "Message"},
            "type": {"type": "string", "title": "Error Type"},
            "input": {"title": "Input"},
            "ctx": {"type": "object", "title": "Context"},
        },
        "type": "object",
        "required": ["loc", "msg", "type"],
        "title": "ValidationError",
    },
}
_UUID: Json = {"type": "string", "format": "uuid"}
_TIME: Json = {"type": "string", "format": "date-time"}


def title(name: str) -> str:
    """``project_id`` -> ``Project Id``, as pydantic writes it."""
    return name.title().replace("_", " ").strip()


def schemas(app: AppView) -> Json:
    """Schema name -> schema, for every schema that a route uses, sorted."""
    found: Json = {"ErrorBody": _object("ErrorBody", {"detail": _titled("detail", {"type": "string"})}), **_VALIDATION}
    for entity in app.entities:
        found |= _entity(entity)
    if app.dashboard:
        found |= _dashboard(app, app.dashboard.widgets)
    return dict(sorted(found.items()))


def parameters(entity: EntityView) -> Json:
    """Query parameter -> schema of a list route, in order."""
    whole: Json = {"type": "integer", "minimum": 1}
    found: Json = {
        "page": {**whole, "maximum": 10_000, "default": 1},
        "page_size": {**whole, "maximum": 100, "default": 20},
    }
    if entity.spec.search:
        found["q"] = _or_null({"type": "string", "maxLength": 200, "pattern": NO_NUL})
    for column in entity.columns:
        if column.type == "enum":
            found[column.name] = {"type": "array", "items": column.schema, "default": []}
        elif column.type == "boolean":
            found[column.name] = _or_null(column.read_schema)
        elif column.is_time:
            found[f"{column.name}_from"] = found[f"{column.name}_to"] = _or_null(column.read_schema)
    for relation in entity.relations:
        found[relation.param] = {"type": "array", "items": _UUID, "default": []}
    keys = [sign + key for key in entity.sort_keys for sign in ("", "-")]
    found["sort"] = {"enum": keys, "type": "string", "default": entity.spec.sort}
    return {name: {**schema, "title": title(name)} for name, schema in found.items()}


def _entity(entity: EntityView) -> Json:
    cls = entity.cls
    found: Json = {
        enum.cls: {"type": "string", "enum": [o.value for o in enum.options], "title": enum.cls}
        for enum in entity.enums
    }
    found[f"{cls}Create"] = _object(f"{cls}Create", *_created(entity))
    found[f"{cls}Update"] = _object(f"{cls}Update", _updated(entity), [])
    found[f"{cls}Read"] = _object(f"{cls}Read", _read(entity))
    if entity.referred:
        fields = {f.name: f for f in entity.ref_fields}
        plain = {name: _titled(name, _shown(entity.column(name))) for name in fields}
        found[f"{cls}Ref"] = _object(f"{cls}Ref", {"id": _titled("id", _UUID), **plain})
    number = {"type": "integer"}
    found[f"Page_{cls}Read_"] = _object(
        f"Page[{cls}Read]",
        {
            "items": _titled("items", {"items": _ref(f"{cls}Read"), "type": "array"}),
            **{name: _titled(name, number) for name in ("total", "page", "page_size", "pages")},
        },
    )
    return found


def _created(entity: EntityView) -> tuple[Json, list[str]]:
    found: Json = {}
    required: list[str] = []
    for column in entity.columns:
        schema = _titled(column.name, _or_null(column.schema) if column.nullable else column.schema)
        if column.must:
            required.append(column.name)
        elif not column.nullable:
            schema = {**schema, "default": column.default}
        found[column.name] = schema
    for relation in entity.relations:
        schema = _written(relation)
        if relation.spec.required:
            required.append(relation.column)
        elif relation.spec.kind == "many":
            schema = {**schema, "default": []}
        found[relation.column] = schema
    return found, required


def _updated(entity: EntityView) -> Json:
    found = {c.name: _titled(c.name, _or_null(c.schema) if c.nullable else c.schema) for c in entity.columns}
    found |= {r.column: _written(r) for r in entity.relations}
    if entity.board:
        found["position"] = _titled("position", {"type": "number", "minimum": -1e9, "maximum": 1e9})
    return found


def _written(relation: RelationView) -> Json:
    if relation.spec.kind == "many":
        return _titled(relation.column, {"items": _UUID, "type": "array", "maxItems": 100})
    return _titled(relation.column, _UUID if relation.spec.required else _or_null(_UUID))


def _read(entity: EntityView) -> Json:
    found: Json = {"id": _titled("id", _UUID)}
    if entity.sequence:
        found["number"] = _titled("number", {"type": "integer"})
    found |= {c.name: _titled(c.name, _shown(c)) for c in entity.columns}
    for relation in entity.relations:
        ref = _ref(f"{relation.target.cls}Ref")
        if relation.spec.kind == "many":
            found[relation.name] = _titled(relation.name, {"items": ref, "type": "array"})
            continue
        found[relation.column] = _titled(relation.column, _UUID if relation.spec.required else _or_null(_UUID))
        found[relation.name] = ref if relation.spec.required else _or_null(ref)
    found |= {rule.stamp: _titled(rule.stamp, _or_null(_TIME)) for rule in entity.workflows}
    for rule in entity.aggregates:
        kind = "integer" if rule.op == "count" else "number"
        found[rule.field] = {**_titled(rule.field, {"type": kind}), "default": 0}
    if entity.board:
        found["position"] = _titled("position", {"type": "number"})
    return found | {name: _titled(name, _TIME) for name in ("created_at", "updated_at")}


def _shown(column: Column) -> Json:
    return _or_null(column.read_schema) if column.nullable else column.read_schema


def _dashboard(app: AppView, widgets: tuple[Widget, ...]) -> Json:
    found: Json = {}
    shapes: Json = {}
    uuid, text, number = _titled("id", _UUID), _titled("name", {"type": "string"}), {"type": "number"}
    whole = {"type": "integer"}
    for widget in widgets:
        name = f"Dashboard{pascal(widget.key)}"
        if widget.kind == "stat":
            shapes[widget.key] = _ref("DashboardStat")
            past = {n: _titled(n, _or_null(whole)) for n in ("current", "previous")}
            found["DashboardStat"] = _object("DashboardStat", {"value": _titled("value", number), **past})
        elif widget.kind == "timeseries":
            shapes[widget.key] = _many(widget.key, f"{name}Day")
            days = {"day": _titled("day", {"type": "string", "format": "date"})}
            days |= {series: _titled(series, whole) for series in widget.series}
            found[f"{name}Day"] = _object(f"{name}Day", days)
        elif widget.kind == "breakdown":
            shapes[widget.key] = _many(widget.key, f"{name}Share")
            key = app.entity(widget.entity).enum(widget.by or "").cls
            found[f"{name}Share"] = _object(f"{name}Share", {"key": _ref(key), "value": _titled("value", number)})
        elif widget.kind == "ranking":
            shapes[widget.key] = _many(widget.key, "DashboardRank")
            rank = {"id": uuid, "name": text, "value": _titled("value", number)}
            found["DashboardRank"] = _object("DashboardRank", rank)
        else:
            shapes[widget.key] = _many(widget.key, f"{app.entity(widget.entity).cls}Read")
    return {**found, "Dashboard": _object("Dashboard", shapes)}


def _many(name: str, schema: str) -> Json:
    return _titled(name, {"items": _ref(schema), "type": "array"})


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _titled(name: str, schema: Json) -> Json:
    """With the title that pydantic gives; a bare reference has none."""
    bare = "$ref" in schema or any("$ref" in part for part in schema.get("anyOf", ()))
    return schema if bare else {**schema, "title": title(name)}


def _object(name: str, properties: Json, required: list[str] | None = None) -> Json:
    needed = list(properties) if required is None else required
    return {
        "properties": properties,
        "type": "object",
        **({"required": needed} if needed else {}),
        "title": name,
    }
