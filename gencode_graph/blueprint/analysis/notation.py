"""The short notation of fields and relations in knowledge files: ``enum [todo blue | done green] default=todo``."""

from __future__ import annotations

import re
from typing import Any, Literal

from gencode_graph.blueprint.analysis.art import IMAGE_LENGTH
from gencode_graph.spec import FieldSpec, Option, Part, Relation, Snake

_FIELD = re.compile(r"(?P<type>[a-z]+)(?P<required>!?)\s*(?:\[(?P<options>.*)\])?(?P<rest>.*)", re.DOTALL)
_OPTION = re.compile(
    r"(?P<value>[a-z][a-z0-9_]*)(?:\s+\"(?P<label>[^\"]+)\")?(?:\s+(?P<tone>[a-z]+))?(?:\s+(?P<icon>[a-z0-9-]+))?"
)
_SETTING = re.compile(r"(?P<key>[a-z_]+)(?:=(?P<value>\"[^\"]*\"|\S+))?")
_RELATION = re.compile(r"(?P<kind>one|many)\s+(?P<target>[a-z][a-z0-9_]*)(?P<required>!?)(?:\s+(?P<more>.*))?")
_NUMBERS = ("integer", "decimal", "money", "rating")
_SETTINGS = {"default", "min", "max", "max_length", "pattern", "help", "label", "unique"}
_ABBREVIATIONS = {"url": "URL", "id": "ID", "isbn": "ISBN", "sku": "SKU", "ip": "IP", "vat": "VAT", "cpu": "CPU"} | {
    "ram": "RAM", "gps": "GPS", "vin": "VIN", "os": "OS", "mac": "MAC", "api": "API", "rsvp": "RSVP", "jlpt": "JLPT",
}  # fmt: skip


class RelationPlan(Part):
    """A relation that is kept where its target is in the app."""

    name: Snake
    target: Snake
    kind: str = "one"
    required: bool = False
    on_delete: Literal["cascade", "restrict"] = "cascade"
    """What happens here when the target goes, where it is required."""
    item: Snake | None = None
    label: str

    def relation(self, target: str, *, required: bool | None = None) -> Relation:
        """The relation to an entity of the app."""
        must = self.required if required is None else required
        return Relation(
            name=self.name,
            target=target,
            kind="many" if self.kind == "many" else "one",
            required=must and self.kind == "one",
            on_delete=self.on_delete if must and self.kind == "one" else "set_null",
            label=self.label,
            item=self.item,
        )


def sentence(name: str) -> str:
    """``due_date`` -> ``Due date``; abbreviations in capitals."""
    words = [_ABBREVIATIONS.get(word, word) for word in name.strip("_").split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def field(name: str, text: str) -> FieldSpec:
    """A field from its notation; ``ValueError`` says what is wrong with it."""
    found = _FIELD.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{name}: {text!r} is no field; write for instance 'string! max_length=80'")
    kind = found["type"]
    values: dict[str, Any] = {"name": name, "type": kind, "label": sentence(name), "required": bool(found["required"])}
    if kind == "image":
        values["max_length"] = IMAGE_LENGTH
    if found["options"] is not None:
        values["options"] = options(found["options"])
    for setting in _SETTING.finditer(found["rest"]):
        key, value = setting["key"], setting["value"]
        if key not in _SETTINGS:
            raise ValueError(f"{name}: unknown setting {key!r}; known are {', '.join(sorted(_SETTINGS))}")
        values[key] = _value(key, value, kind)
    if values.get("unique") and kind in ("string", "email", "url", "phone"):
        values["required"] = True
    return FieldSpec.model_validate(values)


def _value(key: str, value: str | None, kind: str) -> object:
    if key == "unique":
        return True
    if value is None:
        raise ValueError(f"{key} needs a value: {key}=...")
    text = value.strip('"') if value.startswith('"') else value
    if key in ("min", "max"):
        return float(text)
    if key == "max_length":
        return int(text)
    if key == "default" and kind == "boolean":
        return text == "true"
    if key == "default" and kind in _NUMBERS:
        return float(text) if kind in ("decimal", "money") else int(text)
    return text


def options(text: str) -> tuple[Option, ...]:
    """``todo blue circle | done "All done" green`` -> options in order."""
    made = []
    for part in text.split("|"):
        found = _OPTION.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"{part.strip()!r} is no option; write 'value tone icon' or 'value \"Label\" tone icon'")
        made.append(
            Option.model_validate(
                {
                    "value": found["value"],
                    "label": found["label"] or sentence(found["value"]),
                    "tone": found["tone"] or "slate",
                    "icon": found["icon"],
                }
            )
        )
    return tuple(made)


def relation(name: str, text: str) -> RelationPlan:
    """A relation from its notation: ``one project!``, ``one employee! restrict``, ``many label label``."""
    found = _RELATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{name}: {text!r} is no relation; write 'one TARGET', 'one TARGET!' or 'many TARGET ITEM'")
    more = (found["more"] or "").split()
    ends = [word for word in more if word in ("cascade", "restrict", "set_null")]
    items = [word for word in more if word not in ends]
    if len(items) != (1 if found["kind"] == "many" else 0):
        raise ValueError(f"{name}: {text!r}: a many relation needs one item, the singular of {name}; others have none")
    return RelationPlan(
        name=name,
        target=found["target"],
        kind=found["kind"],
        required=bool(found["required"]),
        on_delete="restrict" if "restrict" in ends else "cascade",
        item=items[0] if items else None,
        label=sentence(name),
    )
