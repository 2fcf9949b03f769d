"""AppSpec: what is sound goes round as JSON, what is not is refused with a sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gencode_graph.spec import AppSpec

SPECS = sorted(Path(__file__).with_name("specs").glob("*.json"))
Json = dict[str, Any]
BASE: Json = json.loads(Path(__file__).with_name("specs").joinpath("bugtracker.json").read_text())


def entity(spec: Json, name: str) -> Json:
    return next(e for e in spec["entities"] if e["name"] == name)


def field(spec: Json, path: str) -> Json:
    owner, name = path.split(".")
    return next(f for f in entity(spec, owner)["fields"] if f["name"] == name)


def relation(spec: Json, path: str) -> Json:
    owner, name = path.split(".")
    return next(r for r in entity(spec, owner)["relations"] if r["name"] == name)


def rule(spec: Json, owner: str, kind: str) -> Json:
    return next(r for r in entity(spec, owner)["rules"] if r["kind"] == kind)


def page(spec: Json, path: str) -> Json:
    return next(p for p in spec["pages"] if p.get("path", "/") == path)


def widget(spec: Json, key: str) -> Json:
    return next(w for w in page(spec, "/")["widgets"] if w["key"] == key)


def drop_page(spec: Json, path: str) -> None:
    spec["pages"] = [p for p in spec["pages"] if p.get("path") != path]


def more_fields(spec: Json, owner: str, **values: Any) -> None:
    entity(spec, owner)["fields"].append({"name": "more", "type": "string", "label": "More", **values})


BROKEN: dict[str, tuple[Callable[[Json], Any], str]] = {
    "entity twice": (lambda s: s["entities"].append(entity(s, "label")), "two entities are called label"),
    "reserved entity": (lambda s: entity(s, "label").update(name="class"), "the name is reserved"),
    "reserved plural": (lambda s: entity(s, "label").update(plural="health"), "the plural health is reserved"),
    "plural is the name": (lambda s: entity(s, "label").update(plural="label"), "name and plural must differ"),
    "plural of another": (lambda s: entity(s, "label").update(plural="issue"), "is the name of another entity"),
    "reserved field": (lambda s: field(s, "label.color").update(name="class"), "the name is reserved"),
    "pydantic's names": (lambda s: more_fields(s, "label", name="model_config"), "the name is reserved"),
    "field twice": (lambda s: more_fields(s, "label", name="name"), "the name is used twice"),
    "field and relation": (
        lambda s: more_fields(s, "issue", name="project_id"),
        "a relation is written under this name",
    ),
    "field and filter": (lambda s: more_fields(s, "issue", name="due_date_from"), "a list is filtered under this name"),
    "stamp and field": (lambda s: rule(s, "issue", "workflow").update(stamp="title"), "the name is used twice"),
    "title unknown": (lambda s: entity(s, "label").update(title="caption"), "the title caption has to be"),
    "title optional": (lambda s: field(s, "project.name").update(required=False), "has to be required"),
    "ref unknown": (lambda s: entity(s, "label").update(ref=["tint"]), "ref tint is no field"),
    "search a number": (lambda s: entity(s, "label").update(search=["color"]), "search color is no text field"),
    "sort by text": (lambda s: entity(s, "issue").update(sort="-description"), "cannot sort by description"),
    "part of nothing": (lambda s: entity(s, "comment").update(part_of="thread"), "part_of thread has to be"),
    "author of another kind": (lambda s: entity(s, "comment").update(author="issue"), "author issue has to be"),
    "author without people": (lambda s: s.update(user=None), "none is set"),
    "unknown user": (lambda s: s.update(user="people"), "there is no entity people"),
    "enum without options": (lambda s: field(s, "label.color").update(options=[]), "enum fields need them"),
    "options without enum": (lambda s: field(s, "label.name").update(options=[{"value": "a", "label": "A"}]), "enum"),
    "option twice": (
        lambda s: field(s, "label.color")["options"].append({"value": "red", "label": "R"}),
        "occurs twice",
    ),
    "default no option": (lambda s: field(s, "label.color").update(default="teal"), "is not one of its options"),
    "default of a date": (lambda s: field(s, "issue.due_date").update(default="today"), "does not fit a date field"),
    "default too high": (lambda s: more_fields(s, "label", type="integer", max=5, default=9), "outside min and max"),
    "length of a number": (lambda s: more_fields(s, "label", type="integer", max_length=3), "belongs to text"),
    "bounds of a text": (lambda s: field(s, "label.name").update(min=1), "min and max belong to"),
    "bounds crossed": (lambda s: more_fields(s, "label", type="integer", min=9, max=1), "min 9 is above max 1"),
    "half an integer": (lambda s: more_fields(s, "label", type="integer", min=0.5), "have to be whole"),
    "broken pattern": (lambda s: field(s, "project.key").update(pattern="["), "does not compile"),
    "own pattern": (lambda s: field(s, "project.key").update(pattern="(?P<a>x)"), "JavaScript and Python do not share"),
    "unique enum": (lambda s: field(s, "label.color").update(unique=True), "a enum field cannot be unique"),
    "unique but optional": (lambda s: more_fields(s, "label", unique=True), "has to be required"),
    "unique with default": (lambda s: field(s, "label.name").update(default="x"), "cannot have a default"),
    "dangling relation": (lambda s: relation(s, "issue.assignee").update(target="robot"), "there is no entity robot"),
    "many and required": (lambda s: relation(s, "issue.labels").update(required=True), "cannot be required"),
    "many without item": (lambda s: relation(s, "issue.labels").update(item=None), "needs its item"),
    "item is the name": (lambda s: relation(s, "issue.labels").update(item="labels"), "cannot be the same"),
    "item of a one": (lambda s: relation(s, "issue.assignee").update(item="user"), "item belongs to many"),
    "required and null": (lambda s: relation(s, "issue.project").update(on_delete="set_null"), "cannot become null"),
    "circle": (
        lambda s: (
            relation(s, "project.lead").update(required=True, on_delete="cascade")
            or entity(s, "user").update(
                relations=[
                    {"name": "home", "target": "project", "label": "Home", "required": True, "on_delete": "cascade"}
                ]
            )
        ),
        "go in a circle",
    ),
    "sequence per optional": (
        lambda s: rule(s, "issue", "sequence").update(per="assignee"),
        "no required one relation",
    ),
    "sequence of no ref": (lambda s: entity(s, "project").update(ref=[]), "has to be in the ref of project"),
    "sequence prefix": (lambda s: rule(s, "issue", "sequence").update(prefix="no good"), "use up to 8 capital letters"),
    "workflow on text": (lambda s: rule(s, "issue", "workflow").update(field="title"), "is no enum field"),
    "unknown final": (lambda s: rule(s, "issue", "workflow").update(final=["gone"]), "is not one of its options"),
    "aggregate of nothing": (
        lambda s: rule(s, "issue", "aggregate").update(via="author"),
        "is no one relation to issue",
    ),
    "sum of a text": (lambda s: rule(s, "issue", "aggregate").update(op="sum", of="body"), "needs a number field"),
    "together unknown": (
        lambda s: entity(s, "issue")["rules"].append({"kind": "unique_together", "fields": ["title", "mood"]}),
        "unique_together mood",
    ),
    "overlap of dates": (
        lambda s: entity(s, "issue")["rules"].append({"kind": "no_overlap", "start": "due_date", "end": "title"}),
        "is no required datetime field",
    ),
    "two pages at a path": (lambda s: page(s, "/labels").update(path="/users"), "two pages have the path /users"),
    "two boards": (lambda s: s["pages"].append({**page(s, "/board"), "path": "/again"}), "has two board pages"),
    "page of nothing": (lambda s: page(s, "/labels").update(entity="tag"), "there is no entity tag"),
    "path of the server": (lambda s: page(s, "/labels").update(path="/api"), "are taken"),
    "board by text": (lambda s: page(s, "/board").update(by="title"), "a board is by an enum field"),
    "filter by text": (lambda s: page(s, "/issues").update(filters=["title"]), "filter title is not"),
    "column unknown": (lambda s: page(s, "/issues").update(columns=["mood"]), "column mood is not"),
    "gallery without image": (lambda s: page(s, "/issues").update(style="gallery"), "a gallery needs an image field"),
    "detail path": (lambda s: page(s, "/issues/$id").update(path="/issue/$id"), "the path has to be /issues/$id"),
    "child of another": (lambda s: page(s, "/issues/$id").update(children=["label"]), "has no one relation to issue"),
    "thread nowhere": (lambda s: page(s, "/issues/$id").update(children=[]), "has to have it among its children"),
    "no list": (lambda s: drop_page(s, "/labels"), "label needs a list page"),
    "link to nothing": (lambda s: s["nav"][0]["paths"].append("/news"), "leads to /news, which is no page"),
    "no link": (lambda s: s["nav"][0]["paths"].remove("/board"), "nothing in the navigation leads to /board"),
    "widget twice": (lambda s: widget(s, "overdue").update(key="recent"), "the key occurs twice"),
    "widget by text": (lambda s: widget(s, "by_status").update(by="title"), "a breakdown is by an enum field"),
    "widget where": (lambda s: widget(s, "completed").update(where={"status": ["gone"]}), "is not one of its options"),
    "series of nothing": (lambda s: widget(s, "activity").update(series=[]), "a timeseries needs them"),
    "average of nothing": (lambda s: widget(s, "overdue").update(op="avg"), "avg needs a number field"),
    "seed of nothing": (lambda s: s["seeds"].update(robot=[{}]), "there is no such entity"),
    "seed key twice": (lambda s: s["seeds"]["user"][1].update({"$key": "maya"}), "two rows have the key maya"),
    "seed unknown field": (lambda s: s["seeds"]["label"][0].update(mood="x"), "is no field or relation"),
    "seed dangling": (lambda s: s["seeds"]["issue"][0].update(project="none"), "no project has this key"),
    "seed missing": (lambda s: s["seeds"]["issue"][0].pop("title"), "title is required"),
    "seed twice the unique": (lambda s: s["seeds"]["label"][1].update(name="bug"), "which is unique"),
    "seed off the pattern": (lambda s: s["seeds"]["project"][0].update(key="web"), "does not match"),
    "seed no time": (lambda s: s["seeds"]["issue"][0].update(created_at="now"), "has to be a time like"),
    "met for nothing": (lambda s: s["requirements"][0].update(evidence=[]), "met needs evidence"),
    "unmet for no reason": (lambda s: s["requirements"][0].update(status="unmet", evidence=[]), "needs the reason"),
    "evidence that is not there": (lambda s: s["requirements"][0].update(evidence=["page /x"]), "there is no page /x"),
    "field that is not there": (
        lambda s: s["requirements"][0].update(evidence=["field issue.mood"]),
        "there is no field issue.mood",
    ),
}


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_a_sound_spec_goes_round_as_json(path: Path) -> None:
    spec = AppSpec.model_validate_json(path.read_text(encoding="utf-8"))
    assert AppSpec.model_validate_json(spec.model_dump_json(exclude_defaults=True)) == spec
    assert AppSpec.model_validate(spec.model_dump()) == spec


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_spec_is_refused_with_a_sentence(case: str) -> None:
    change, sentence = BROKEN[case]
    broken = copy.deepcopy(BASE)
    change(broken)
    with pytest.raises(ValidationError) as refused:
        AppSpec.model_validate(broken)
    assert sentence in str(refused.value)


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        AppSpec.model_validate({**BASE, "colour": "red"})


def test_entities_are_found_by_name() -> None:
    spec = AppSpec.model_validate(BASE)
    assert spec.entity("issue").label == "Issue"
    with pytest.raises(KeyError):
        spec.entity("robot")


def test_a_spec_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        AppSpec.model_validate(BASE).name = "Other"
