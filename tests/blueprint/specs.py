"""The specs that the generator's tests share."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from gencode_graph.spec import AppSpec

FOLDER = Path(__file__).parents[1] / "specs"
SPECS = sorted(path.stem for path in FOLDER.glob("*.json"))


def document(name: str) -> dict[str, Any]:
    """A spec as JSON, to be changed."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def spec(name: str, *, circle: bool = False) -> AppSpec:
    """A spec; with ``circle`` the bug tracker's people belong to a project that a person leads."""
    data = document(name)
    if circle:
        people = next(e for e in data["entities"] if e["name"] == "user")
        people["relations"] = [{"name": "team", "target": "project", "label": "Team", "on_delete": "restrict"}]
        data["entities"].reverse()
    return AppSpec.model_validate(data)


def smallest() -> AppSpec:
    """One entity with one field, and no more pages than it needs."""
    field = {"name": "text", "type": "text", "label": "Text", "required": True}
    note = {"name": "note", "plural": "notes", "label": "Note", "label_plural": "Notes", "title": "text"}
    return AppSpec.model_validate(
        {
            "name": "Notes",
            "tagline": "Notes",
            "archetype": "saas_app",
            "entities": [note | {"fields": [field]}],
            "pages": [{"kind": "list", "entity": "note", "path": "/notes", "title": "Notes"}],
            "nav": [{"paths": ["/notes"]}],
        }
    )
