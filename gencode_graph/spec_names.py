"""Names that an AppSpec may not use, and names that would meet in the code made from it."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gencode_graph.spec import AppSpec, Entity

_SCRIPT_WORDS = """
arguments await break case catch class const constructor continue debugger default delete do else enum eval export
extends false finally for function if implements import in instanceof interface let new null package private protected
prototype public return static super switch this throw true try typeof undefined var void while with yield
"""
_FIELD_WORDS = """
id created_at updated_at q sort page page_size metadata registry self cls root ref bool bytes date datetime decimal dict
float int list object set str time tuple uuid copy json schema validate construct field fields model_config model_fields
relationship mapped_column property
"""
_ENTITY_WORDS = """
api app array base boolean bool calendar column config dashboard data date datetime decimal dict entity error error_body
field float form function health index int integer item key list literal main map mapped metadata mock model module name
number object option page page_params patch_model path promise property props query read_model record ref registry
relationship request response root route router row schema seed self session set state str string symbol table test text
time tuple type updated uuid value view window dashboard_stat dashboard_rank numeric enums
"""
_SCRIPT = frozenset(_SCRIPT_WORDS.split())
_PYTHON = frozenset(word.lower() for word in keyword.kwlist) | frozenset(["match_args"])
FIELD_WORDS = _SCRIPT | _PYTHON | frozenset(_FIELD_WORDS.split())
"""Names that no field, relation or rule-added column may have."""
ENTITY_WORDS = _SCRIPT | _PYTHON | frozenset(_ENTITY_WORDS.split())
"""Names that no entity may have: they mean something else in the code that is made from it."""
_SCHEMAS = ("", "Create", "Update", "Read", "Ref", "ListParams")
_PLURALS = frozenset(["dashboard", "health", "docs", "openapi", "api", "assets"])


def pascal(name: str) -> str:
    """``bug_report`` -> ``BugReport``."""
    return "".join(word.capitalize() for word in name.split("_"))


def twice(names: Iterable[str]) -> list[str]:
    """The names that occur more than once, sorted."""
    return sorted(name for name, n in Counter(names).items() if n > 1)


def added(entity: Entity, spec: AppSpec) -> list[str]:
    """Names that rules and pages add to an entity's rows."""
    names: list[str] = []
    for rule in entity.rules:
        if rule.kind == "workflow":
            names.append(rule.stamp)
        elif rule.kind == "aggregate":
            names.append(rule.field)
        elif rule.kind == "sequence":
            names.append("number")
    if any(page.kind == "board" and page.entity == entity.name for page in spec.pages):
        names.append("position")
    return names


def name_problems(spec: AppSpec) -> Iterator[str]:
    """Reserved, repeated and colliding names, as sentences."""
    singles, plurals = [e.name for e in spec.entities], [e.plural for e in spec.entities]
    for name in twice(singles):
        yield f"two entities are called {name}: rename one"
    for name in twice(plurals):
        yield f"two entities have the plural {name}: rename one"
    for entity in spec.entities:
        if entity.name in ENTITY_WORDS:
            yield f"entity {entity.name}: the name is reserved; say what kind, for instance work_{entity.name}"
        if entity.plural in ENTITY_WORDS | _PLURALS:
            yield f"entity {entity.name}: the plural {entity.plural} is reserved"
        if entity.plural == entity.name:
            yield f"entity {entity.name}: name and plural must differ, for instance {entity.name}_items"
        if entity.plural in singles and entity.plural != entity.name:
            yield f"entity {entity.name}: its plural {entity.plural} is the name of another entity"
        yield from _columns(entity, spec)
    yield from _classes(spec)
    tables = [*plurals, *(f"{e.name}_{r.name}" for e in spec.entities for r in e.relations if r.kind == "many")]
    for name in twice(set(plurals)) or [t for t in twice(tables) if t not in twice(plurals)]:
        yield f"two tables would be called {name}: rename the entity or the relation"


def _classes(spec: AppSpec) -> Iterator[str]:
    classes: list[tuple[str, str]] = []
    for entity in spec.entities:
        cls = pascal(entity.name)
        classes += [(cls + suffix, entity.name) for suffix in _SCHEMAS]
        classes += [(cls + pascal(f.name), f"{entity.name}.{f.name}") for f in entity.fields if f.type == "enum"]
    names = [entity.name for entity in spec.entities]
    for name in twice(cls for cls, _ in classes):
        owners = [owner for cls, owner in classes if cls == name]
        if len(set(owners)) > 1 or owners[0] not in twice(names):
            yield f"two classes would be called {name} (of {' and '.join(dict.fromkeys(owners))}): rename one"


def _columns(entity: Entity, spec: AppSpec) -> Iterator[str]:
    own = [f.name for f in entity.fields] + [r.name for r in entity.relations] + added(entity, spec)
    for name in dict.fromkeys(own):
        if name in FIELD_WORDS or name.startswith(("model_validate", "model_dump", "model_parse")):
            yield f"{entity.name}.{name}: the name is reserved; choose another"
    for name in twice(own):
        yield f"{entity.name}.{name}: the name is used twice (fields, relations, stamps and figures share one space)"
    params = [f"{r.name}_id" if r.kind == "one" else f"{r.item}_id" for r in entity.relations]
    columns = [p if r.kind == "one" else f"{p}s" for p, r in zip(params, entity.relations, strict=True)]
    for name in sorted({*twice(params), *twice(columns)} | set(own) & {*params, *columns}):
        yield f"{entity.name}.{name}: a relation is written under this name; choose another"
    for field in entity.fields:
        if field.type in ("date", "datetime"):
            for name in (f"{field.name}_from", f"{field.name}_to"):
                if name in own:
                    yield f"{entity.name}.{name}: a list is filtered under this name; choose another"
