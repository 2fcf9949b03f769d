"""Which pages and parts of pages an app has, and how they lead to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gencode_graph.blueprint import icons
from gencode_graph.blueprint.naming import noun, pascal
from gencode_graph.blueprint.shown import Item, figures, is_person, items, lead_enum, progress
from gencode_graph.blueprint.view import AppView, EntityView, RelationView
from gencode_graph.spec import FieldSpec, ListPage, Option, Page


def nested(entity: EntityView) -> RelationView | None:
    """The relation to the record that this one is written inside of."""
    return entity.relation(entity.spec.part_of) if entity.spec.part_of else None


def is_thread(entity: EntityView) -> bool:
    """Whether the rows are messages: part of something, by an author, named by a long text, and little else."""
    title = entity.field(entity.spec.title)
    extra = [f for f in entity.spec.fields if f.required and f.name != entity.spec.title]
    return bool(nested(entity) and entity.spec.author and title and title.type == "text" and not extra)


def is_lines(entity: EntityView) -> bool:
    """Whether the rows are a small list inside the page of another record."""
    return any(r.owner == entity for e in entity.app.entities for r in child_parts(e)) and not is_thread(entity)


def children(entity: EntityView) -> list[RelationView]:
    """Relations of the rows that a record's page shows, in order."""
    if not entity.detail_page:
        return []
    found = []
    for name in entity.detail_page.children:
        child = entity.app.entity(name)
        links = [r for r in child.ones if r.target == entity]
        inside = [r for r in links if r.name == child.spec.part_of]
        found += inside or links
    return found


def child_parts(entity: EntityView) -> list[RelationView]:
    """Those children that are written inside the record: threads and small lists."""
    return [r for r in children(entity) if r.owner.spec.part_of == r.name]


def child_tables(entity: EntityView) -> list[RelationView]:
    """Those children that are shown as tables of their own."""
    return [r for r in children(entity) if r.owner.spec.part_of != r.name]


def detail_figures(entity: EntityView) -> list[Item]:
    """Figures at the top of a record's page, without those that only count what stands below."""
    below = {r.owner.name for r in children(entity)}
    plain = {a.field for a in entity.aggregates if a.op == "count" and not a.where and a.source in below}
    done = progress(entity)
    return [i for i in figures(entity) if i.name not in plain or (done and i.name == done.whole)]


def owners(relations: Iterable[RelationView]) -> list[EntityView]:
    """The entities whose relations these are, each once."""
    return list(dict.fromkeys(r.owner for r in relations))


def _several(relation: RelationView) -> bool:
    return sum(r.owner == relation.owner for r in child_tables(relation.target)) > 1


def child_name(relation: RelationView) -> str:
    """The component of a child table, after its parent's name: ``Issues``, ``MatchesHomeTeam``."""
    return relation.owner.cls_plural + (pascal(relation.name) if _several(relation) else "") + "Section"


def child_label(relation: RelationView) -> str:
    """Its heading: ``Issues``, ``Matches (home team)``."""
    label = relation.owner.spec.label_plural
    return f"{label} ({noun(relation.spec.label)})" if _several(relation) else label


def is_child(entity: EntityView) -> bool:
    """Whether the entity's table stands on the page of another record."""
    return any(r.owner == entity for e in entity.app.entities for r in child_tables(e))


def has_list(entity: EntityView) -> bool:
    """Whether the entity's list is shown anywhere."""
    return bool(entity.list_page) or is_child(entity)


def is_shown(entity: EntityView) -> bool:
    """Whether records are made by hand somewhere, in a dialog."""
    pages = entity.board or entity.calendar or entity.detail_page
    return bool(has_list(entity) or pages or is_lines(entity))


def is_target(entity: EntityView) -> bool:
    """Whether a form or a filter offers records of this entity."""
    return any(r.target == entity for e in entity.app.entities for r in e.relations)


def is_target_of(entity: EntityView, kind: str) -> bool:
    """Whether ``one`` or ``many`` relations lead here."""
    return any(r.target == entity and r.spec.kind == kind for e in entity.app.entities for r in e.relations)


def targets(entity: EntityView) -> list[EntityView]:
    """What its relations lead to, each once."""
    return list(dict.fromkeys(r.target for r in entity.relations))


def filters(entity: EntityView) -> list[Item]:
    """What lists, boards and calendars of the entity are filtered by."""
    found = [p for p in (entity.list_page, entity.board, entity.calendar) if p]
    names: Iterable[str] = dict.fromkeys(n for p in found for n in p.filters)
    if not entity.list_page:
        extra = [e.field.name for e in entity.enums][:2]
        names = dict.fromkeys([*names, *extra])
    known = items(entity)
    return [known[n] for n in names if n in known]


def list_filters(entity: EntityView) -> list[Item]:
    """Filters of the table."""
    return [i for i in filters(entity) if not entity.list_page or i.name in entity.list_page.filters]


def page_filters(entity: EntityView, names: Iterable[str]) -> list[Item]:
    """Filters of a board or calendar."""
    known = items(entity)
    return [known[n] for n in names if n in known]


def page_at(app: AppView, path: str) -> Page | None:
    """The page of a path."""
    return next((p for p in app.spec.pages if p.path == path), None)


def paths(app: AppView) -> list[str]:
    """Every page that needs no record."""
    return [p.path for p in app.spec.pages if p.kind != "detail"]


def home(app: AppView) -> str:
    """Where the app starts: ``/`` if there is a page, else the first link."""
    return "/" if page_at(app, "/") else app.spec.nav[0].paths[0]


def searched(app: AppView) -> list[EntityView]:
    """What the command palette finds: records that can be searched and have a page."""
    order = dict.fromkeys(p.entity for p in app.spec.pages if isinstance(p, ListPage))
    return [e for n in order if (e := app.entity(n)).spec.search and e.detail_page][:3]


def palette_hint(app: AppView) -> str:
    """What can be typed there."""
    names = [noun(e.spec.label_plural) for e in searched(app)]
    return "Search " + (f"{', '.join(names)} and pages…" if names else "pages…")


def shortcut(app: AppView) -> EntityView | None:
    """What the sidebar lists for quick access: few records that others belong to."""
    for entity in app.entities:
        page = entity.list_page
        if page and page.style == "cards" and entity.detail_page and child_tables(entity) and not is_person(entity):
            return entity
    return None


def live_option(entity: EntityView) -> tuple[str, Option] | None:
    """(field, value) of the records that are in use, where a value says so."""
    lead = lead_enum(entity)
    found = next((o for o in lead.options if o.value in ("active", "open", "current", "live")), None) if lead else None
    return (lead.name, found) if lead and found else None


def hero_entity(app: AppView) -> EntityView | None:
    """What a landing page leads to."""
    order = [app.entity(p.entity) for p in app.spec.pages if isinstance(p, ListPage)]
    return next((e for e in order if not is_person(e)), order[0] if order else None)


def nav_icons(app: AppView) -> list[str]:
    """Icons of the links, each once."""
    paths = [path for group in app.spec.nav for path in group.paths]
    return sorted(
        {icons.component(page.icon) for path in paths if (page := page_at(app, path)) and page.kind != "detail"}
    )


def option_icons(entity: EntityView) -> list[str]:
    """Icons of the enums' options, each once."""
    return sorted({icons.component(o.icon) for e in entity.enums for o in e.options if o.icon})


def choice_sort(entity: EntityView) -> str:
    """The order in which records are offered."""
    return entity.spec.title if entity.spec.title in entity.sort_keys else entity.spec.sort


def sort_options(entity: EntityView) -> list[tuple[str, str]]:
    """(key, label) of the orders that cards are offered in, the usual one first."""
    known = items(entity)
    found = {"-created_at": "Newest first", "-updated_at": "Recently updated"}
    if entity.spec.title in entity.sort_keys:
        found[entity.spec.title] = known[entity.spec.title].label
    for item in known.values():
        if item.sort and item.kind in ("money", "rating", "date", "datetime", "integer"):
            found[f"-{item.name}" if item.kind == "rating" else item.name] = item.label
    usual = entity.spec.sort
    key = usual.lstrip("-")
    name = found.pop(usual, "") or (known[key].label if key in known else "Usual order")
    return [(usual, name), *list(found.items())[:6]]


def end_of(entity: EntityView, start: FieldSpec) -> FieldSpec | None:
    """The field that says when something ends that starts then."""
    name = next((span.end for span in entity.overlaps if span.start == start.name), None)
    return entity.field(name) if name else None


def sample_ref(entity: EntityView) -> str:
    """What a reference looks like: ``WEB-12``."""
    prefix = re.sub(r"[^\w.]", "", entity.sequence.prefix) if entity.sequence else ""
    return f"{'ABC' if '.' in prefix else prefix}-12" if prefix else "#12"


def deletion_note(entity: EntityView) -> str:
    """What goes along with a record."""
    gone = dict.fromkeys(r.owner.nouns for r in entity.incoming if r.spec.on_delete == "cascade" and r.owner != entity)
    what = f"It and its {' and '.join(list(gone)[:2])}" if gone else "It"
    return f"{what} will be removed for good."


def related(entity: EntityView) -> list[str]:
    """Slugs of everything whose answers may change with a row of this entity."""
    seen: list[EntityView] = []
    queue = [entity]
    while queue:
        current = queue.pop(0)
        if current in seen:
            continue
        seen.append(current)
        queue += [r.owner for r in current.incoming if r.spec.on_delete == "cascade"]
    touched = list(seen)
    for changed in seen:
        touched += [e for e in entity.app.entities if any(r.target == changed for r in e.relations)]
        touched += [e for e in entity.app.entities if any(a.source == changed.name for a in e.aggregates)]
    return [e.slug for e in dict.fromkeys(touched)] + (["dashboard"] if entity.app.dashboard else [])
