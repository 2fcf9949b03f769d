"""Well-known kinds of records, read from the YAML files of ``blueprint/knowledge``."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from gencode_graph.blueprint.analysis import notation
from gencode_graph.blueprint.analysis.notation import RelationPlan
from gencode_graph.errors import WiringError
from gencode_graph.spec import FieldSpec, Part, Snake
from gencode_graph.spec_names import ENTITY_WORDS

FOLDER = Path(__file__).resolve().parents[1] / "knowledge"


class FlowPlan(Part):
    """A field that moves towards final values."""

    field: Snake
    final: tuple[Snake, ...]
    stamp: Snake = "completed_at"


class SequencePlan(Part):
    """How rows are numbered for people."""

    per: Snake | None = None
    prefix: str = ""


class SpanPlan(Part):
    """Times that must not overlap."""

    start: Snake
    end: Snake
    scope: tuple[Snake, ...] = ()


class FigurePlan(Part):
    """A figure that is computed from the rows of another kind."""

    label: str
    op: Literal["count", "sum", "avg"] = "count"
    source: Snake
    via: Snake
    of: Snake | None = None
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Concept(Part):
    """One kind of record as the knowledge has it: what an app may take from it, depending on its company."""

    name: Snake
    words: tuple[str, ...] = ()
    """Singular words and phrases that mean it; the first is its label."""
    plural: str | None = None
    icon: str = "circle"
    about: str = ""
    title: Snake = "name"
    ref: tuple[Snake, ...] = ()
    person: bool = False
    look: Literal["table", "cards", "gallery"] = "table"
    fields: tuple[FieldSpec, ...]
    relations: tuple[RelationPlan, ...] = ()
    part_of: tuple[Snake, ...] = ()
    """A relation, or the kinds it may be part of, the best first."""
    author: Snake | None = None
    workflow: FlowPlan | None = None
    sequence: SequencePlan | None = None
    unique_together: tuple[tuple[Snake, ...], ...] = ()
    no_overlap: SpanPlan | None = None
    aggregates: dict[Snake, FigurePlan] = Field(default_factory=dict)
    needs: tuple[Snake, ...] = ()
    brings: tuple[Snake, ...] = ()
    board: Snake | None = None
    calendar: Snake | None = None
    dashboard: tuple[dict[str, Any], ...] = ()
    seeds: tuple[dict[str, Any], ...] = ()
    seeds_with: dict[Snake, tuple[dict[str, Any], ...]] = Field(default_factory=dict)
    """Another kind -> the rows to tell instead where that one is in the app."""
    repeats: bool = False
    """Whether its rows may say the same on different days, so that there can be more than are told."""
    invented: str = ""
    """The kind of noun it was made from, where the knowledge does not have it."""

    @field_validator("fields", mode="before")
    @classmethod
    def _fields(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            return tuple(notation.field(name, str(text)) for name, text in value.items())
        return value

    @field_validator("relations", mode="before")
    @classmethod
    def _relations(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            return tuple(notation.relation(name, str(text)) for name, text in value.items())
        return value or ()

    @field_validator("part_of", mode="before")
    @classmethod
    def _part_of(cls, value: Any) -> Any:
        return () if value is None else (value,) if isinstance(value, str) else value

    @field_validator("words", "ref", "needs", "brings", "unique_together", "dashboard", "seeds", mode="before")
    @classmethod
    def _empty(cls, value: Any) -> Any:
        return () if value is None else value

    @field_validator("aggregates", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return {} if value is None else value

    @model_validator(mode="after")
    def _sound(self) -> Concept:
        fields = {f.name: f for f in self.fields}
        title = fields.get(self.title)
        if title is None or title.type not in ("string", "text", "email") or not title.required:
            raise ValueError(f"the title {self.title} has to be a required string, text or email field")
        names = {*fields, *(r.name for r in self.relations)}
        for name in (self.board, self.workflow and self.workflow.field):
            if name is not None and (name not in fields or fields[name].type != "enum"):
                raise ValueError(f"{name} is no enum field")
        if self.calendar and (self.calendar not in fields or fields[self.calendar].type not in ("date", "datetime")):
            raise ValueError(f"calendar {self.calendar} is no date field")
        if self.look == "gallery" and not any(f.type == "image" for f in self.fields):
            raise ValueError("a gallery needs an image field")
        for index, row in enumerate([*self.seeds, *chain(*self.seeds_with.values())]):
            unknown = sorted(set(row) - names - {"created_at", "updated_at", "$key"})
            if unknown:
                raise ValueError(f"seed {index + 1} has {', '.join(unknown)}, which is no field or relation")
        return self

    def told(self, company: Container[str]) -> tuple[dict[str, Any], ...]:
        """The rows to tell in an app of these kinds."""
        return next((rows for name, rows in self.seeds_with.items() if name in company), self.seeds)

    @property
    def label(self) -> str:
        """Its name for people: ``Bug report``."""
        text = self.words[0] if self.words else self.name.replace("_", " ")
        return text[:1].upper() + text[1:]


LOOK = "words.yaml"
"""The one file there that holds no concepts."""


@cache
def read(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping; ``WiringError`` says where it cannot be read."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {})
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise WiringError(f"{path.name} cannot be read: {error}") from error


@cache
def concepts() -> dict[str, Concept]:
    """Everything known: name -> concept. ``WiringError`` names the file and the entry that cannot be read."""
    known: dict[str, Concept] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name == LOOK:
            continue
        entries = read(path)
        for name, entry in entries.items():
            if name in known:
                raise WiringError(f"{path.name}: {name} is described twice; remove one")
            known[name] = _concept(path.name, name, entry)
    return known


def _concept(file: str, name: str, entry: Any) -> Concept:
    if name in ENTITY_WORDS:
        raise WiringError(f"{file}: {name} is a reserved name; say what kind, for instance work_{name}")
    if not isinstance(entry, Mapping):
        raise WiringError(f"{file}: {name} has to be a mapping")
    try:
        return Concept.model_validate({"name": name, **entry})
    except (ValidationError, ValueError) as error:
        said = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}".lstrip(": ") for e in error.errors()
        ) if isinstance(error, ValidationError) else str(error)  # fmt: skip
        raise WiringError(f"{file}: {name}: {said}") from error
